/* Learning from what acting left gives the bits of learning that goes forwards again. */
#include "../train/learners.h"
#include "any_loss.h"
#include "gradient_job.h"

enum { STEPS = 9, WIDE = 5 }; /* more rows than a block has */

typedef struct learned {
  float *G, *total;
} learned;

static void lay_out(hd__arena *arena, const hd__stack *stack, learned *l) {
  l->G = HD_TAKE(arena, float, stack->n_weights);
  l->total = HD_TAKE(arena, float, stack->layer[0].n_pad);
}

static hd__batch_def whole(const rig *g) {
  return (hd__batch_def){
      .use = HD_BATCH_LEARNS, .units = g->rows, .decisions = 1, .room = SIZE_MAX, .n_workers = 1};
}

/* Acts in steps of `wide` rows, forgets all but the last ones, and learns. */
static void by_trail(rig *g, hd__arena *arena, int wide, hd__rollout_tape *rollout, learned *l) {
  const hd__stack *stack = &g->stack;
  hd__model model = {.stack = *stack, .weights = g->weights, .G = l->G, .ready = g->prepared};
  model.spikes[0] = l->total;
  const int rows = g->rows;
  const hd__batch_def def = whole(g);
  hd__rollout_tape_lay_out(rollout, arena, stack, rows, g->x);
  hd__batch_lay_out(&model.batch, arena, stack, &def);
  if (l->G == NULL) {
    return;
  }
  for (int at = 0; at < rows; at += wide) {
    if (at + 2 * wide >= rows) {
      rollout->made = 0; /* as after loading */
    }
    hd__rollout_tape_forward(rollout, &model, at, rows - at < wide ? rows - at : wide, true);
  }
  const hd__gradient_job job = {
      .model = &model, .rollout = rollout, .n = rows, .loss = any_loss, .user = g};
  hd__gradient_jobs_run(NULL, 1, &job);
}

/* Acts as algorithms without a rollout tape do, and learns in one piece. */
static void by_batch(rig *g, hd__arena *arena, learned *l) {
  const hd__stack *stack = &g->stack;
  hd__model model = {.stack = *stack, .weights = g->weights, .G = l->G, .ready = g->prepared};
  model.spikes[0] = l->total;
  hd__tape_lay_out(stack, arena, g->rows, 1, false, &model.tape);
  model.out = HD_TAKE(arena, float, g->rows * stack->out_pad);
  const hd__batch_def def = whole(g);
  hd__batch_lay_out(&model.batch, arena, stack, &def);
  if (l->G == NULL) {
    return;
  }
  const hd__gradient_job job = {
      .model = &model, .source.x = g->x, .n = g->rows, .loss = any_loss, .user = g};
  hd__model_act(&model, g->rows, g->x, NULL, NULL);
  hd__gradient_jobs_run(NULL, 1, &job);
}

static bool is_same(const hd__stack_def *def, const hd__kernel *kernel, uint32_t seed) {
  rig g;
  rig_open(&g, def, kernel, any(seed, 30, 2, STEPS * WIDE), 1);
  rig_fill(&g, seed);
  hd__stack_prepare(&g.stack, g.weights, g.statistics, &g.prepared);
  hd__arena arena = {0};
  hd__rollout_tape rollout = {0};
  learned one = {0}, two = {0};
  for (int round = 0; round < 2; round++) {
    lay_out(&arena, &g.stack, &one);
    lay_out(&arena, &g.stack, &two);
    by_trail(&g, &arena, any(seed, 31, 1, WIDE), &rollout, &one);
    by_batch(&g, &arena, &two);
    CHECK(round == 1 || hd__arena_commit(g.ctx, &arena) == HD_OK);
  }
  const size_t n = sizeof(float) * (size_t)g.stack.layer[0].n_pad;
  bool moved = false;
  for (size_t k = 0; k < g.stack.n_weights; k++) {
    moved = moved || one.G[k] != 0.0f;
  }
  CHECK(moved);
  const bool same = memcmp(one.G, two.G, sizeof(float) * g.stack.n_weights) == 0;
  /* What learning goes through again counts no spike. */
  const bool counts = memcmp(one.total, two.total, n) == 0;
  hd__arena_free(g.ctx, &arena);
  rig_close(&g);
  return same && counts;
}

static void every_cell(const hd__kernel *kernel) {
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    hd__stack_def def = any_stack(kind, 500 + (uint32_t)kind);
    def.has_timed_input = false;
    def.is_carried = false;
    if (!is_same(&def, kernel, (uint32_t)kind)) {
      printf("  cell %d\n", kind);
      test_failures++;
    }
  }
  for (uint32_t seed = 0; seed < 8; seed++) {
    const hd__stack_def def =
        any_control(seed % 2 == 0 ? HD_UNIT_relu : HD_UNIT_tanh, seed);
    CHECK(is_same(&def, kernel, seed));
  }
}

static void acting_and_learning_share_a_tape(void) { each_isa(every_cell); }

/* A rollout tape is not saved: the loaded learner makes again what it needs. */
static void a_rollout_goes_on_where_it_was_left(void) {
  static const char *const methods[] = {"a2c", "a2c-relu"};
  for (int k = 0; k < 2; k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *whole = open_session(ctx, "CartPole-v1", methods[k], "envs=4 rollout=8", 3);
    const char *path = HD_TEST_TMP "/rollout_tape.hd";
    hd_session *other = NULL;
    advance(whole, 4 * 21, 4);
    CHECK(hd_session_save(whole, path) == HD_OK);
    CHECK(hd_session_load(ctx, path, &other) == HD_OK);
    advance(whole, 4 * 40, 4);
    advance(other, 4 * 40, 4);
    CHECK(hd_session_hash(whole) == hd_session_hash(other));
    hd_session_destroy(other);
    hd_session_destroy(whole);
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(acting_and_learning_share_a_tape);
  RUN(a_rollout_goes_on_where_it_was_left);
  return test_end();
}
