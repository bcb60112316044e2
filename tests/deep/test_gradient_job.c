/* Gradients of a batch are those of its blocks, each summed by itself, added in order; however many
 * workers share them out, and whatever fits the memory limit. */
#include "../train/learners.h"
#include "any_loss.h"
#include "gradient_job.h"

enum { ROWS = 3 * HD_BATCH_BLOCK + 5, JOBS = 2, SEEDS = 3, MOST_THREADS = 3 };

static hd_ctx *ctx;

/* The plain form: a tape as long as the batch, and a pass for every block. */
static void plain_gradient(rig *g, float *G) {
  const hd__stack *stack = &g->stack;
  const size_t size = sizeof(float) * stack->n_weights;
  float *block = aligned_alloc(64, (size + 63) / 64 * 64);
  memset(G, 0, size);
  for (int at = 0; at < g->rows; at += HD_BATCH_BLOCK) {
    const int rows = g->rows - at < HD_BATCH_BLOCK ? g->rows - at : HD_BATCH_BLOCK;
    int32_t index[HD_BATCH_BLOCK];
    _Alignas(64) float by_out[HD_BATCH_BLOCK * 2 * HD_LANES] = {0};
    const hd__pass pass = {.rows = rows,
                           .decisions = 1,
                           .x = g->x + at * stack->in_pad,
                           .x_stride = stack->in_pad,
                           .is_kept = true,
                           .out = g->out};
    for (int k = 0; k < rows; k++) {
      index[k] = at + k;
    }
    hd__stack_forward(stack, &g->prepared, &g->tape, &pass);
    any_loss(g, 0, rows, index, stack->out_pad, g->out, by_out);
    memset(block, 0, size);
    hd__stack_backward(stack, &g->prepared, &g->tape, &pass, by_out, block, NULL);
    for (size_t i = 0; i < stack->n_weights; i++) {
      G[i] += block[i];
    }
  }
  free(block);
}

/* Two jobs at once, of all rows and of some, by n_threads threads besides this one. */
static bool is_same(rig *g, const float *want, int n_threads, size_t room) {
  const hd__stack *stack = &g->stack;
  hd__workers *workers = NULL;
  hd__arena arena = {0};
  hd__model model[JOBS];
  hd__gradient_job job[JOBS];
  const hd__batch_def def = {.use = HD_BATCH_LEARNS,
                             .units = ROWS,
                             .decisions = 1,
                             .room = room,
                             .n_workers = n_threads + 1};
  CHECK(n_threads == 0 || hd__workers_create(ctx, n_threads, &workers) == HD_OK);
  for (int round = 0; round < 2; round++) {
    for (int k = 0; k < JOBS; k++) {
      model[k] = (hd__model){.stack = *stack, .weights = g->weights, .ready = g->prepared};
      model[k].G = HD_TAKE(&arena, float, stack->n_weights);
      hd__batch_lay_out(&model[k].batch, &arena, stack, &def);
      job[k] = (hd__gradient_job){
          .model = &model[k], .source.x = g->x, .n = g->rows, .loss = any_loss, .user = g};
    }
    CHECK(round == 1 || hd__arena_commit(ctx, &arena) == HD_OK);
  }
  bool same = true;
  for (int again = 0; again < 2; again++) {
    hd__gradient_jobs_run(workers, JOBS, job);
    for (int k = 0; k < JOBS; k++) {
      same = same && memcmp(model[k].G, want, sizeof(float) * stack->n_weights) == 0;
    }
  }
  hd__arena_free(ctx, &arena);
  hd__workers_destroy(workers);
  return same;
}

static void every_number_of_workers(const hd__stack_def *def, const hd__kernel *kernel,
                                    uint32_t seed, int rows) {
  rig g;
  rig_open(&g, def, kernel, rows, 1);
  rig_fill(&g, seed);
  hd__stack_prepare(&g.stack, g.weights, g.statistics, &g.prepared);
  float *want = malloc(sizeof(float) * g.stack.n_weights);
  plain_gradient(&g, want);
  for (int n_threads = 0; n_threads <= MOST_THREADS; n_threads += 1 + n_threads) {
    CHECK(is_same(&g, want, n_threads, SIZE_MAX));
    CHECK(is_same(&g, want, n_threads, hd__tape_size(&g.stack, 3, 1, true)));
  }
  free(want);
  rig_close(&g);
}

static void every_cell(const hd__kernel *kernel) {
  for (int kind = 0; kind < CELL_KINDS; kind += 23) {
    hd__stack_def def = any_stack(kind, 900 + (uint32_t)kind);
    def.has_timed_input = false;
    def.is_carried = false;
    every_number_of_workers(&def, kernel, (uint32_t)kind, ROWS - kind);
  }
  for (uint32_t seed = 0; seed < SEEDS; seed++) {
    const hd__stack_def def = any_control(seed % 2 == 0 ? HD_UNIT_relu : HD_UNIT_tanh, seed);
    every_number_of_workers(&def, kernel, seed, ROWS);
  }
}

static void workers_change_no_bit(void) { each_isa(every_cell); }

int main(void) {
  ctx = open_ctx();
  RUN(workers_change_no_bit);
  hd_ctx_destroy(ctx);
  return test_end();
}
