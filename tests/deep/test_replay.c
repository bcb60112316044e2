/* What is remembered is what happened, and is drawn as often as it should be. */
#include "replay.h"
#include "test.h"

enum { STEPS = 120, MOST_B = 3 };

/* What happened: a number for every observation, so that a row can be told from all others. */
typedef struct history {
  int B;
  float obs[MOST_B][STEPS], next[MOST_B][STEPS];
  double reward[MOST_B][STEPS];
  bool terminated[MOST_B][STEPS], truncated[MOST_B][STEPS];
} history;

static void sample(const hd__replay *replay, hd__key key, float beta, hd__replay_batch *batch) {
  hd__replay_choose(replay, key, beta, batch);
  hd__replay_copy(replay, batch, 0, batch->n);
}

static history happen(int B) {
  history h = {.B = B};
  for (int b = 0; b < B; b++) {
    for (int t = 0; t < STEPS; t++) {
      const uint32_t draw = hd__word(hd__key_make(5, HD_STREAM_ENV, (uint64_t)b, 0), (uint32_t)t);
      const bool is_new = t == 0 || h.terminated[b][t - 1] || h.truncated[b][t - 1];
      h.obs[b][t] = is_new ? (float)(1000 * (b + 1) + t) + 0.5f : h.next[b][t - 1];
      h.next[b][t] = (float)(1000 * (b + 1) + t + 1);
      h.reward[b][t] = (double)(draw % 7) - 3.0;
      h.terminated[b][t] = draw % 11 == 0;
      h.truncated[b][t] = draw % 13 == 0;
    }
  }
  return h;
}

static hd__arena arena;
static hd_ctx *ctx;

static hd__replay open_replay(hd__replay_def def, int n, hd__replay_batch *batch) {
  hd__replay replay = {.def = def};
  const hd_ctx_def context = hd_ctx_def_default();
  CHECK(hd_ctx_create(&context, &ctx) == HD_OK);
  hd__replay_lay_out(&replay, &arena);
  hd__replay_batch_lay_out(&replay, &arena, n, batch);
  CHECK(hd__arena_commit(ctx, &arena) == HD_OK);
  hd__replay_lay_out(&replay, &arena);
  hd__replay_batch_lay_out(&replay, &arena, n, batch);
  hd__replay_start(&replay);
  return replay;
}

static void close_replay(void) {
  hd__arena_free(ctx, &arena);
  hd_ctx_destroy(ctx);
}

static void add(hd__replay *replay, const history *h, int t) {
  float obs[MOST_B], action[MOST_B], next[MOST_B];
  double reward[MOST_B];
  bool terminated[MOST_B], truncated[MOST_B];
  for (int b = 0; b < h->B; b++) {
    obs[b] = h->obs[b][t];
    action[b] = (float)(t % 4);
    reward[b] = h->reward[b][t];
    next[b] = h->next[b][t];
    terminated[b] = h->terminated[b][t];
    truncated[b] = h->truncated[b][t];
  }
  hd__replay_add(replay, obs, action, reward, next, terminated, truncated);
}

/* The sum by its definition: from step t on, while the episode lasts, n steps, and up to `now`. */
static void check_row(const hd__replay *replay, const history *h, int64_t row, int b, int t, int n,
                      int now) {
  const double gamma = (double)replay->def.gamma;
  double sum = 0.0, discount = 1.0;
  int last = t;
  for (int k = t; k < t + n && k < now; k++) {
    sum += discount * h->reward[b][k];
    discount *= gamma;
    last = k;
    if (h->terminated[b][k] || h->truncated[b][k]) {
      discount *= h->terminated[b][k] ? 0.0 : 1.0;
      break;
    }
  }
  CHECK(replay->obs[row] == h->obs[b][t]);
  CHECK(replay->next[row] == h->next[b][last]);
  CHECK(replay->action[row] == (float)(t % 4));
  CHECK_NEAR((double)replay->reward[row], sum, 5e-6);        /* of five floats up to 15 */
  CHECK_NEAR((double)replay->discount[row], discount, 3e-7); /* a product of five */
}

static void rows_are_sums_over_n_steps(void) {
  for (int B = 1; B <= MOST_B; B++) {
    const history h = happen(B);
    for (int n = 1; n <= 5; n++) {
      hd__replay_batch batch;
      hd__replay replay = open_replay(
          (hd__replay_def){
              .capacity = 31, .B = B, .n_obs = 1, .n_act = 1, .n_step = n, .gamma = 0.9f},
          8, &batch);
      for (int now = 1; now <= STEPS; now++) {
        add(&replay, &h, now - 1);
        const int64_t written = *replay.written, kept = hd__replay_count(&replay);
        CHECK(written == (int64_t)now * B && kept == (written < 31 ? written : 31));
        for (int64_t i = written - kept; i < written; i++) {
          check_row(&replay, &h, i % 31, (int)(i % B), (int)(i / B), n, now);
        }
        CHECK(hd__replay_is_consistent(&replay));
      }
      close_replay();
    }
  }
}

static void a_batch_is_copied_from_its_rows(void) {
  const history h = happen(2);
  hd__replay_batch batch;
  hd__replay replay = open_replay(
      (hd__replay_def){.capacity = 50, .B = 2, .n_obs = 1, .n_act = 1, .n_step = 2, .gamma = 1.0f},
      64, &batch);
  int seen[50] = {0};
  for (int t = 0; t < 40; t++) {
    add(&replay, &h, t);
    sample(&replay, hd__key_make(1, HD_STREAM_REPLAY, 0, (uint64_t)t), 0.0f, &batch);
    for (int i = 0; i < batch.n; i++) {
      const int row = batch.row[i];
      CHECK(row >= 0 && row < hd__replay_count(&replay));
      CHECK(batch.obs[i] == replay.obs[row] && batch.next[i] == replay.next[row]);
      CHECK(batch.action[i] == replay.action[row] && batch.reward[i] == replay.reward[row]);
      CHECK(batch.discount[i] == replay.discount[row] && batch.weight[i] == 1.0f);
      seen[row]++;
    }
  }
  for (int row = 0; row < 50; row++) {
    CHECK(seen[row] > 0);
  }
  close_replay();
}

/* 20000 draws of 50 rows: 400 each, deviation 19.8; five of them, for 50 rows. */
static void all_are_drawn_alike(void) {
  const history h = happen(1);
  hd__replay_batch batch;
  hd__replay replay = open_replay(
      (hd__replay_def){.capacity = 50, .B = 1, .n_obs = 1, .n_act = 1, .n_step = 1, .gamma = 1.0f},
      100, &batch);
  for (int t = 0; t < STEPS; t++) {
    add(&replay, &h, t);
  }
  int seen[50] = {0};
  for (uint64_t t = 0; t < 200; t++) {
    sample(&replay, hd__key_make(2, HD_STREAM_REPLAY, 0, t), 0.0f, &batch);
    for (int i = 0; i < batch.n; i++) {
      seen[batch.row[i]]++;
    }
  }
  for (int row = 0; row < 50; row++) {
    CHECK_NEAR(seen[row], 400, 100);
  }
  close_replay();
}

/* Whole numbers: every position from a half on, one apart, finds a number as often as it is big. */
static void a_tree_finds_each_as_often_as_it_is_big(void) {
  for (int n = 1; n <= 40; n++) {
    double node[2 * 64] = {0};
    hd__sum_tree tree = {.n_leaves = hd__sum_tree_leaves(n), .node = node};
    int value[40], found[64] = {0}, total = 0;
    CHECK(tree.n_leaves >= n && tree.n_leaves < 2 * n);
    for (int round = 0; round < 2; round++) { /* set, and set anew */
      total = 0;
      for (int i = 0; i < n; i++) {
        value[i] =
            (int)(hd__word(hd__key_make(3, HD_STREAM_REPLAY, (uint64_t)round, 0), (uint32_t)i) % 6);
        value[i] += i == 0;
        total += value[i];
        hd__sum_tree_set(&tree, i, value[i]);
      }
    }
    CHECK(hd__sum_tree_total(&tree) == total);
    for (int k = 0; k < total; k++) {
      found[hd__sum_tree_find(&tree, k + 0.5)]++;
    }
    for (int i = 0; i < n; i++) {
      CHECK(found[i] == value[i] && hd__sum_tree_get(&tree, i) == value[i]);
    }
    CHECK(value[hd__sum_tree_find(&tree, total)] > 0); /* past the end: the last that is not 0 */
  }
}

static hd__replay prioritised(hd__replay_batch *batch, float alpha) {
  const history h = happen(1);
  hd__replay replay = open_replay((hd__replay_def){.capacity = 8,
                                                   .B = 1,
                                                   .n_obs = 1,
                                                   .n_act = 1,
                                                   .n_step = 1,
                                                   .gamma = 1.0f,
                                                   .priority = alpha},
                                  40, batch);
  for (int t = 0; t < 8; t++) {
    add(&replay, &h, t);
  }
  hd__replay_batch one = *batch;
  one.n = 8;
  const float error[] = {1, -1, 2, -3, 4, 9, 0, 20};
  for (int i = 0; i < 8; i++) {
    one.row[i] = i;
  }
  hd__replay_set_priorities(&replay, &one, error);
  return replay;
}

/* Priorities 1 1 2 3 4 9 0 20 sum to 40: parts of the sum are one long, so each is found as often
 * as it is big, whatever is drawn within the parts. */
static void the_surprising_is_drawn_more(void) {
  hd__replay_batch batch;
  const hd__replay replay = prioritised(&batch, 1.0f);
  const double want[] = {1, 1, 2, 3, 4, 9, 0, 20};
  int seen[8] = {0};
  for (uint64_t t = 0; t < 10; t++) {
    sample(&replay, hd__key_make(4, HD_STREAM_REPLAY, 0, t), 1.0f, &batch);
    for (int i = 0; i < batch.n; i++) {
      seen[batch.row[i]]++;
      /* weights make up for chances: 1 / priority, the highest of the batch 1; priorities are
       * 1e-6 above whole numbers */
      CHECK_NEAR((double)batch.weight[i] * want[batch.row[i]], 1.0, 2e-6);
    }
  }
  for (int row = 0; row < 8; row++) {
    CHECK_NEAR(seen[row], 10 * want[row], 1); /* 1e-6 more than a whole number shifts the parts */
  }
  close_replay();
}

static void exponents_flatten_priorities_and_weights(void) {
  hd__replay_batch batch;
  hd__replay replay = prioritised(&batch, 0.5f);
  const double root[] = {1, 1, 1.41421356, 1.73205081, 2, 3, 0.001, 4.47213595};
  for (int row = 0; row < 8; row++) {
    CHECK_NEAR(hd__sum_tree_get(&replay.tree, row), root[row], 1e-6); /* of 1e-6 more */
  }
  sample(&replay, hd__key_make(4, HD_STREAM_REPLAY, 0, 0), 0.4f, &batch);
  double rarest = 1e9;
  for (int i = 0; i < batch.n; i++) {
    rarest = fmin(rarest, hd__sum_tree_get(&replay.tree, batch.row[i]));
  }
  for (int i = 0; i < batch.n; i++) {
    const double share = hd__sum_tree_get(&replay.tree, batch.row[i]) / rarest;
    CHECK_NEAR((double)batch.weight[i], pow(share, -0.4), 5e-7); /* a power of floats, below 1 */
  }
  CHECK(hd__replay_is_consistent(&replay));
  replay.tree.node[3] += 1;
  CHECK(!hd__replay_is_consistent(&replay)); /* a sum that is not one */
  replay.tree.node[3] -= 1;
  const history h = happen(1);
  add(&replay, &h, 8); /* what is new counts as much as the most surprising so far */
  CHECK(hd__sum_tree_get(&replay.tree, 0) == hd__sum_tree_get(&replay.tree, 7));
  close_replay();
}

int main(void) {
  RUN(rows_are_sums_over_n_steps);
  RUN(a_batch_is_copied_from_its_rows);
  RUN(all_are_drawn_alike);
  RUN(a_tree_finds_each_as_often_as_it_is_big);
  RUN(the_surprising_is_drawn_more);
  RUN(exponents_flatten_priorities_and_weights);
  return test_end();
}
