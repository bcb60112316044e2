#include "replay.h"

#include <string.h>

#include "mathf.h"

void hd__replay_lay_out(hd__replay *replay, hd__arena *arena) {
  const hd__replay_def *def = &replay->def;
  const int64_t n = def->capacity;
  HD_ASSERT(n >= (int64_t)def->B * def->n_step);
  replay->written = hd__arena_field(arena, "replay.written", "I64", 1, 1);
  replay->growing = hd__arena_field(arena, "replay.growing", "I32", 1, def->B);
  replay->obs = hd__arena_field(arena, "replay.obs", "F32", n, def->n_obs);
  replay->action = hd__arena_field(arena, "replay.action", "F32", n, def->n_act);
  replay->reward = hd__arena_field(arena, "replay.reward", "F32", 1, n);
  replay->discount = hd__arena_field(arena, "replay.discount", "F32", 1, n);
  replay->next = hd__arena_field(arena, "replay.next", "F32", n, def->n_obs);
  if (def->priority > 0.0f) {
    const int64_t leaves = hd__sum_tree_leaves(n);
    replay->highest = hd__arena_field(arena, "replay.highest", "F64", 1, 1);
    replay->tree = (hd__sum_tree){
        .n_leaves = leaves, .node = hd__arena_field(arena, "replay.priority", "F64", 2, leaves)};
  }
}

void hd__replay_batch_lay_out(const hd__replay *replay, hd__arena *arena, int n,
                              hd__replay_batch *batch) {
  const size_t rows = (size_t)n, n_obs = (size_t)replay->def.n_obs;
  *batch = (hd__replay_batch){.n = n,
                              .row = HD_TAKE(arena, int32_t, rows),
                              .weight = HD_TAKE(arena, float, rows),
                              .obs = HD_TAKE(arena, float, rows *n_obs),
                              .next = HD_TAKE(arena, float, rows *n_obs),
                              .action = HD_TAKE(arena, float, rows *(size_t)replay->def.n_act),
                              .reward = HD_TAKE(arena, float, rows),
                              .discount = HD_TAKE(arena, float, rows)};
}

void hd__replay_start(hd__replay *replay) {
  *replay->written = 0;
  memset(replay->growing, 0, sizeof(int32_t) * (size_t)replay->def.B);
  if (replay->def.priority > 0.0f) {
    *replay->highest = 1.0;
    memset(replay->tree.node, 0, sizeof(double) * 2 * (size_t)replay->tree.n_leaves);
  }
}

bool hd__replay_is_consistent(const hd__replay *replay) {
  const hd__replay_def *def = &replay->def;
  bool is_consistent = *replay->written >= 0 && *replay->written % def->B == 0;
  for (int b = 0; b < def->B; b++) {
    is_consistent = is_consistent && replay->growing[b] >= 0 && replay->growing[b] < def->n_step &&
                    (int64_t)replay->growing[b] * def->B <= *replay->written;
  }
  return is_consistent && (!(def->priority > 0.0f) ||
                           hd__sum_tree_is_consistent(&replay->tree, hd__replay_count(replay)));
}

static void replay_copy_row(float *to, int64_t i, const float *from, int64_t k, int n) {
  memcpy(to + i * n, from + k * n, sizeof(float) * (size_t)n);
}

/* A transition that ended where another step followed ends after that step. */
static void replay_extend_transition(hd__replay *replay, int64_t row, float reward,
                                     const float *next, int b, bool terminated) {
  const float discount = replay->discount[row];
  replay->reward[row] += discount * reward;
  replay->discount[row] = terminated ? 0.0f : discount * replay->def.gamma;
  replay_copy_row(replay->next, row, next, b, replay->def.n_obs);
}

void hd__replay_add(hd__replay *replay, const float *obs, const float *action, const double *reward,
                    const float *next, const bool *terminated, const bool *truncated) {
  const hd__replay_def *def = &replay->def;
  for (int b = 0; b < def->B; b++) {
    const int64_t number = *replay->written + b, row = number % def->capacity;
    replay_copy_row(replay->obs, row, obs, b, def->n_obs);
    replay_copy_row(replay->action, row, action, b, def->n_act);
    replay->reward[row] = 0.0f;
    replay->discount[row] = 1.0f;
    for (int k = 0; k <= replay->growing[b]; k++) {
      replay_extend_transition(replay, (number - (int64_t)k * def->B) % def->capacity,
                               (float)reward[b], next, b, terminated[b]);
    }
    const bool is_over = terminated[b] || truncated[b];
    const int growing = replay->growing[b] + 1;
    replay->growing[b] = is_over ? 0 : growing < def->n_step ? growing : def->n_step - 1;
    if (def->priority > 0.0f) {
      hd__sum_tree_set(&replay->tree, row, *replay->highest);
    }
  }
  *replay->written += def->B;
}

static void replay_sample_uniformly(const hd__replay *replay, hd__key key,
                                    hd__replay_batch *batch) {
  const uint64_t count = (uint64_t)hd__replay_count(replay);
  for (int i = 0; i < batch->n; i++) {
    batch->row[i] = (int32_t)((hd__word(key, (uint32_t)i) * count) >> 32);
    batch->weight[i] = 1.0f;
  }
}

/* One from each of n equal parts of the sum. */
static void replay_sample_by_priority(const hd__replay *replay, hd__key key, float beta,
                                      hd__replay_batch *batch) {
  const double total = hd__sum_tree_total(&replay->tree), part = total / batch->n;
  const double mean = total / (double)hd__replay_count(replay);
  float highest = 0.0f;
  for (int i = 0; i < batch->n; i++) {
    const double position = part * (i + hd__uniform53(key, (uint32_t)i));
    const int64_t row = hd__sum_tree_find(&replay->tree, position);
    const double rarity = mean / hd__sum_tree_get(&replay->tree, row);
    batch->row[i] = (int32_t)row;
    batch->weight[i] = hd__expf(beta * hd__logf((float)rarity));
    highest = hd__maxf(highest, batch->weight[i]);
  }
  for (int i = 0; i < batch->n; i++) {
    batch->weight[i] /= highest;
  }
}

void hd__replay_choose(const hd__replay *replay, hd__key key, float beta, hd__replay_batch *batch) {
  HD_ASSERT(*replay->written > 0);
  if (replay->def.priority > 0.0f) {
    replay_sample_by_priority(replay, key, beta, batch);
  } else {
    replay_sample_uniformly(replay, key, batch);
  }
}

void hd__replay_copy(const hd__replay *replay, hd__replay_batch *batch, int at, int n) {
  for (int i = at; i < at + n; i++) {
    const int64_t row = batch->row[i];
    replay_copy_row(batch->obs, i, replay->obs, row, replay->def.n_obs);
    replay_copy_row(batch->next, i, replay->next, row, replay->def.n_obs);
    replay_copy_row(batch->action, i, replay->action, row, replay->def.n_act);
    batch->reward[i] = replay->reward[row];
    batch->discount[i] = replay->discount[row];
  }
}

void hd__replay_set_priorities(hd__replay *replay, const hd__replay_batch *batch,
                               const float *error) {
  for (int i = 0; i < batch->n; i++) {
    const float size = (error[i] < 0.0f ? -error[i] : error[i]) + 1e-6f;
    const double priority = (double)hd__expf(replay->def.priority * hd__logf(size));
    hd__sum_tree_set(&replay->tree, batch->row[i], priority);
    *replay->highest = priority > *replay->highest ? priority : *replay->highest;
  }
}
