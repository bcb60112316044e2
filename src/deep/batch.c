#include "batch.h"

#include <string.h>

/* Pieces are about as large as half a second-level cache, but rows enough to share a weight. */
enum { PIECE = 1 << 19, LEAST_ROWS = 8 };

static int rows_of(const hd__stack *stack, int units, int decisions) {
  const size_t one = hd__tape_size(stack, 1, decisions, true);
  const int fit = (int)(PIECE / one), rows = fit < LEAST_ROWS ? LEAST_ROWS : fit;
  return rows < units ? rows : units;
}

hd_status hd__batch_check(hd_ctx *ctx, const hd__stack *stack, int decisions,
                          const hd__settings *s) {
  const double need = (double)hd__tape_size(stack, 1, decisions, true) / 1048576.0;
  if (need * LEAST_ROWS > (double)s->memory_limit) {
    return hd__fail(ctx, HD_RANGE,
                    "gradients through %d decisions in a row need %.0f MiB, and memory_limit is "
                    "%lld; use a shorter rollout, or raise it",
                    decisions, need * LEAST_ROWS, (long long)s->memory_limit);
  }
  return HD_OK;
}

void hd__batch_lay_out(hd__batch *batch, hd__arena *arena, const hd__stack *stack, int units,
                       int decisions) {
  const int rows = rows_of(stack, units, decisions);
  batch->rows = rows;
  batch->decisions = decisions;
  hd__tape_lay_out(stack, arena, rows, decisions, true, &batch->tape);
  batch->x = HD_TAKE(arena, float, rows *decisions * stack->in_pad);
  batch->fresh = HD_TAKE(arena, bool, rows *decisions);
  batch->state = stack->def.is_carried ? HD_TAKE(arena, float, rows * stack->n_state) : NULL;
  batch->out = HD_TAKE(arena, float, rows *decisions * stack->out_pad);
  batch->g = HD_TAKE(arena, float, rows *decisions * stack->out_pad);
  batch->index = HD_TAKE(arena, int32_t, rows * decisions);
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

static void learn_piece(hd__batch *batch, hd__model *model, const hd__batch_source *source, int n,
                        const int32_t *list, hd__loss_fn loss, void *user) {
  const hd__stack *stack = &model->stack;
  const size_t out = (size_t)stack->out_pad;
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
  memset(batch->g, 0, sizeof(float) * (size_t)(n * batch->decisions) * out);
  for (int k = 0; k < n; k++) {
    for (int d = 0; d < batch->decisions; d++) {
      batch->index[k * batch->decisions + d] = list[k] * batch->decisions + d;
    }
  }
  loss(user, n * batch->decisions, batch->index, stack->out_pad, batch->out, batch->g);
  hd__stack_backward(stack, &model->ready, &batch->tape, &pass, batch->g, model->G, NULL);
}

void hd__batch_learn(hd__batch *batch, hd__model *model, const hd__batch_source *source, int n,
                     const int32_t *list, hd__loss_fn loss, void *user) {
  for (int at = 0; at < n; at += batch->rows) {
    const int rows = n - at < batch->rows ? n - at : batch->rows;
    learn_piece(batch, model, source, rows, list + at, loss, user);
  }
}
