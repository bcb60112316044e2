/* Sequences whose tape does not fit are cut in segments, and nothing shows it but the memory. */
#include "../train/learners.h"
#include "any_loss.h"
#include "gradient_job.h"

enum { ROUNDS = 2, UNITS = 3, DECISIONS = 9 };

static int tried, as_long_as_wanted;

/* The gradient of all units within so much room; returns the segments. */
static int gradient_within(rig *g, size_t room) {
  const hd__stack *stack = &g->stack;
  hd__model model = {.stack = *stack, .weights = g->weights, .G = g->G, .ready = g->prepared};
  const hd__batch_def def = {.use = HD_BATCH_LEARNS,
                             .units = g->rows,
                             .decisions = g->decisions,
                             .room = room,
                             .n_workers = 1};
  const hd__gradient_job job = {.model = &model,
                                .source = {g->x, g->fresh, g->state},
                                .n = g->rows,
                                .loss = any_loss,
                                .user = g};
  hd__arena arena = {0};
  hd__batch_lay_out(&model.batch, &arena, stack, &def);
  CHECK(hd__arena_commit(g->ctx, &arena) == HD_OK);
  hd__batch_lay_out(&model.batch, &arena, stack, &def);
  hd__gradient_jobs_run(NULL, 1, &job);
  hd__stack_finish(stack, &g->prepared, g->G);
  hd__arena_free(g->ctx, &arena);
  return model.batch.segments;
}

/* Segments of every length, from all but one decision down to a single one. */
static bool is_whole(const hd__stack_def *def, const hd__kernel *kernel, uint32_t seed) {
  rig g;
  rig_open(&g, def, kernel, any(seed, 30, 1, UNITS), any(seed, 31, 2, DECISIONS));
  rig_fill(&g, seed);
  const hd__stack *stack = &g.stack;
  hd__stack_prepare(stack, g.weights, g.statistics, &g.prepared);
  const size_t size = sizeof(float) * stack->n_weights;
  float *whole = malloc(size);
  bool is_same = gradient_within(&g, SIZE_MAX) == 1;
  memcpy(whole, g.G, size);
  for (int length = g.decisions - 1; length > 0; length--) {
    const int segments = (g.decisions + length - 1) / length;
    const size_t states = sizeof(float) * (size_t)((2 * segments + 1) * stack->n_state);
    const size_t room = hd__tape_size(stack, 1, length, true) + states;
    const int made = gradient_within(&g, room);
    is_same = is_same && memcmp(whole, g.G, size) == 0;
    as_long_as_wanted += made == segments;
    tried++;
  }
  CHECK(hd__batch_check(g.ctx, stack, g.decisions, hd__tape_size(stack, 1, 1, true)) == HD_RANGE);
  free(whole);
  rig_close(&g);
  return is_same;
}

static void every_cell(const hd__kernel *kernel) {
  for (int kind = 0; kind < CELL_KINDS; kind++) {
    for (uint32_t round = 0; round < ROUNDS; round++) {
      const uint32_t seed = ROUNDS * (uint32_t)kind + round;
      hd__stack_def def = any_stack(kind, seed);
      def.has_timed_input = false;
      def.is_carried = true;
      if (!is_whole(&def, kernel, seed)) {
        printf("  cell %d, seed %u\n", kind, seed);
        test_failures++;
      }
    }
  }
}

static void segments_give_the_gradient_of_the_whole(void) {
  each_isa(every_cell);
  printf("  %d of %d cuts as asked\n", as_long_as_wanted, tried);
  CHECK(as_long_as_wanted > tried * 4 / 5); /* some small ones fit whole */
}

/* ---- in training ---- */

/* A learner after three updates: its memory and its hash. */
static size_t train(const char *method, const char *settings, int memory_limit, uint64_t *hash) {
  hd_ctx *ctx = open_ctx();
  char all[256];
  snprintf(all, sizeof all, "carry=true rollout=64 envs=2 %s memory_limit=%d", settings,
           memory_limit);
  hd_session *session = open_session(ctx, "CartPole-v1", method, all, 4);
  advance(session, 384, 384);
  size_t bytes = 0;
  CHECK(hd_config_memory(hd_session_config(session), &bytes) == HD_OK);
  *hash = hd_session_hash(session);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return bytes;
}

/* Whole, a rollout of one environment takes 1 to 3 MiB. */
static void a_mebibyte_is_enough_and_changes_nothing(void) {
  static const char *const runs[][2] = {
      {"a2c", "substeps=8 hidden=256"},
      {"a2c", "substeps=8 hidden=128,96 recurrent=true learn_tau=true learn_threshold=true"},
      {"a2c", "substeps=8 hidden=128,96 max_delay=6"},
      {"ppo", "substeps=16 hidden=256 ppo.minibatch=64 ppo.epochs=2 learn_tau=true"},
  };
  for (int k = 0; k < (int)(sizeof runs / sizeof *runs); k++) {
    uint64_t whole, cut;
    const size_t most = train(runs[k][0], runs[k][1], 1024, &whole);
    const size_t least = train(runs[k][0], runs[k][1], 1, &cut);
    printf("  %s %s: %zu KiB, cut %zu KiB\n", runs[k][0], runs[k][1], most >> 10, least >> 10);
    CHECK(whole == cut);
    CHECK(most > least + (1 << 19));
  }
}

/* A decision has to fit, whatever the rollout. */
static void what_cannot_fit_is_refused(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = NULL;
  CHECK(try_session(ctx, "CartPole-v1", "a2c",
                    "carry=true rollout=8 substeps=64 hidden=2048 memory_limit=1", 1,
                    &session) == HD_RANGE);
  CHECK(session == NULL && strstr(hd_ctx_error(ctx), "memory_limit") != NULL);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(segments_give_the_gradient_of_the_whole);
  RUN(a_mebibyte_is_enough_and_changes_nothing);
  RUN(what_cannot_fit_is_refused);
  return test_end();
}
