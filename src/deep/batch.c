#include "batch.h"

#include <string.h>

/* Pieces are at most a HD_BATCH_PIECE, but rows enough to share a weight if they fit the limit. */
enum { LEAST_ROWS = 8, MIB = 1 << 20 };

static int divide_up(int n, int by) { return (n + by - 1) / by; }

/* How units go through: so many at once, each in so many segments; rows 0: they do not fit. */
typedef struct partition {
  int rows, segments, segment;
} partition;

/* What a unit in segments needs. */
static size_t need(const hd__stack *stack, const partition *cut) {
  const size_t states = (size_t)(2 * cut->segments + 1) * (size_t)stack->n_state;
  return hd__tape_size(stack, 1, cut->segment, true) + sizeof(float) * states;
}

static partition cut_at(int decisions, int segments) {
  const int segment = divide_up(decisions, segments);
  return (partition){1, divide_up(decisions, segment), segment};
}

/* Whole if that fits, else in as few segments as do. */
static partition cut_of(const hd__stack *stack, int units, int decisions, size_t room) {
  const size_t one = hd__tape_size(stack, 1, decisions, true);
  const int fit = (int)(HD_BATCH_PIECE / one);
  int rows = fit < LEAST_ROWS ? LEAST_ROWS : fit;
  rows = rows < units ? rows : units;
  while (rows > 0 && hd__tape_size(stack, rows, decisions, true) > room) {
    rows--;
  }
  if (rows > 0) {
    return (partition){rows, 1, decisions};
  }
  for (int segments = 2; segments <= decisions; segments++) {
    const partition cut = cut_at(decisions, segments);
    if (need(stack, &cut) <= room) {
      return cut;
    }
  }
  return (partition){0};
}

hd_status hd__batch_check(hd_ctx *ctx, const hd__stack *stack, int decisions, size_t room) {
  if (cut_of(stack, 1, decisions, room).rows > 0) {
    return HD_OK;
  }
  size_t least = SIZE_MAX;
  for (int segments = 1; segments <= decisions; segments++) {
    const partition cut = cut_at(decisions, segments);
    const size_t size = need(stack, &cut);
    least = size < least ? size : least;
  }
  return hd__fail(ctx, HD_RANGE,
                  "gradients need %zu MiB, however a rollout is cut, and memory_limit is %zu; "
                  "raise it, or use a shorter rollout or a smaller network",
                  (least + MIB - 1) / MIB, room / MIB);
}

void hd__batch_lay_out(hd__batch *batch, hd__arena *arena, const hd__stack *stack, int units,
                       int decisions, size_t room) {
  const partition cut = cut_of(stack, units, decisions, room);
  const int rows = cut.rows, many = rows * decisions;
  batch->decisions = decisions;
  batch->rows = rows;
  batch->segments = cut.segments;
  batch->segment = cut.segment;
  hd__tape_lay_out(stack, arena, rows, cut.segment, true, &batch->tape);
  batch->state = stack->def.is_carried ? HD_TAKE(arena, float, rows * stack->n_state) : NULL;
  batch->out = HD_TAKE(arena, float, many * stack->out_pad);
  batch->g = HD_TAKE(arena, float, many * stack->out_pad);
  batch->index = HD_TAKE(arena, int32_t, many);
  if (cut.segments == 1) {
    batch->x = HD_TAKE(arena, float, many * stack->in_pad);
    batch->fresh = HD_TAKE(arena, bool, many);
  } else {
    batch->before = HD_TAKE(arena, float, cut.segments * stack->n_state);
    batch->by = HD_TAKE(arena, float, (cut.segments + 1) * stack->n_state);
  }
}

static void gather(hd__batch *batch, const hd__stack *stack, const hd__batch_source *source, int n,
                   const int32_t *list) {
  const size_t x = (size_t)(batch->decisions * stack->in_pad);
  const size_t d = (size_t)batch->decisions, state = (size_t)stack->n_state;
  for (int k = 0; k < n; k++) {
    const size_t unit = (size_t)list[k], row = (size_t)k;
    memcpy(batch->x + row * x, source->x + unit * x, sizeof(float) * x);
    if (source->fresh != NULL) {
      memcpy(batch->fresh + row * d, source->fresh + unit * d, sizeof(bool) * d);
    }
    if (source->state != NULL) {
      memcpy(batch->state + row * state, source->state + unit * state, sizeof(float) * state);
    }
  }
}

/* Losses of the units named in list [n], of outputs that are there. */
static void blame(hd__batch *batch, const hd__stack *stack, int n, const int32_t *list,
                  hd__loss_fn loss, void *user) {
  const int D = batch->decisions, pad = stack->out_pad;
  memset(batch->g, 0, sizeof(float) * (size_t)(n * D) * (size_t)pad);
  for (int k = 0; k < n; k++) {
    for (int d = 0; d < D; d++) {
      batch->index[k * D + d] = list[k] * D + d;
    }
  }
  loss(user, n * D, batch->index, pad, batch->out, batch->g);
}

static void learn_piece(hd__batch *batch, hd__model *model, const hd__batch_source *source, int n,
                        const int32_t *list, hd__loss_fn loss, void *user) {
  const hd__stack *stack = &model->stack;
  const hd__pass pass = {.rows = n,
                         .decisions = batch->decisions,
                         .x = batch->x,
                         .x_stride = stack->in_pad,
                         .fresh = source->fresh != NULL ? batch->fresh : NULL,
                         .state = source->state != NULL ? batch->state : NULL,
                         .is_kept = true,
                         .out = batch->out};
  gather(batch, stack, source, n, list);
  hd__stack_forward(stack, &model->ready, &batch->tape, &pass);
  blame(batch, stack, n, list, loss, user);
  hd__stack_backward(stack, &model->ready, &batch->tape, &pass, batch->g, model->G, NULL);
}

/* ---- segments ---- */

static hd__pass segment_pass(const hd__batch *batch, const hd__stack *stack,
                             const hd__batch_source *source, int unit, int k, bool is_kept) {
  const int first = k * batch->segment, left = batch->decisions - first;
  const size_t at = (size_t)unit * (size_t)batch->decisions + (size_t)first;
  return (hd__pass){.rows = 1,
                    .decisions = left < batch->segment ? left : batch->segment,
                    .x = source->x + at * (size_t)stack->in_pad,
                    .x_stride = stack->in_pad,
                    .fresh = source->fresh + at,
                    .state = batch->state,
                    .is_kept = is_kept,
                    .out = batch->out + (size_t)first * (size_t)stack->out_pad};
}

/* Forwards again and then backwards, with the gradient by the state after the segment known; that
 * by the state before it becomes known. */
static void learn_segment(hd__batch *batch, hd__model *model, const hd__batch_source *source,
                          int unit, int k, hd__stack_sums sums) {
  const hd__stack *stack = &model->stack;
  const size_t state = (size_t)stack->n_state, size = sizeof(float) * state;
  float *by = batch->by + (size_t)k * state;
  hd__pass pass = segment_pass(batch, stack, source, unit, k, true);
  memcpy(batch->state, batch->before + (size_t)k * state, size);
  hd__stack_forward(stack, &model->ready, &batch->tape, &pass);
  memcpy(by, by + state, size);
  pass.g_state = by;
  pass.sums = sums;
  const float *g = batch->g + (size_t)(k * batch->segment) * (size_t)stack->out_pad;
  hd__stack_backward(stack, &model->ready, &batch->tape, &pass, g, model->G, NULL);
}

static void learn_unit(hd__batch *batch, hd__model *model, const hd__batch_source *source,
                       int32_t unit, hd__loss_fn loss, void *user) {
  const hd__stack *stack = &model->stack;
  const size_t state = (size_t)stack->n_state, size = sizeof(float) * state;
  HD_ASSERT(source->fresh != NULL && source->state != NULL);
  memcpy(batch->state, source->state + (size_t)unit * state, size);
  for (int k = 0; k < batch->segments; k++) {
    memcpy(batch->before + (size_t)k * state, batch->state, size);
    const hd__pass pass = segment_pass(batch, stack, source, unit, k, false);
    hd__stack_forward(stack, &model->ready, &batch->tape, &pass);
  }
  blame(batch, stack, 1, &unit, loss, user);
  memset(batch->by + (size_t)batch->segments * state, 0, size);
  const int least = stack->def.learns_tau || stack->def.learns_threshold ? 0 : 1;
  for (int k = batch->segments - 1; k >= least; k--) {
    learn_segment(batch, model, source, unit, k, HD_STACK_CELLS);
  }
  for (int k = 0; k < batch->segments; k++) {
    learn_segment(batch, model, source, unit, k, HD_STACK_WEIGHTS);
  }
}

void hd__batch_learn(hd__batch *batch, hd__model *model, const hd__batch_source *source, int n,
                     const int32_t *list, hd__loss_fn loss, void *user) {
  for (int k = 0; batch->segments > 1 && k < n; k++) {
    learn_unit(batch, model, source, list[k], loss, user);
  }
  for (int at = 0; batch->segments == 1 && at < n; at += batch->rows) {
    const int rows = n - at < batch->rows ? n - at : batch->rows;
    learn_piece(batch, model, source, rows, list + at, loss, user);
  }
}
