#include "trail.h"

#include <string.h>

bool hd__trail_pays(const hd__stack *stack, int rows, size_t room) {
  const size_t most = room < HD_BATCH_PIECE ? room : HD_BATCH_PIECE;
  return hd__tape_size(stack, rows, 1, true) <= most;
}

void hd__trail_lay_out(hd__trail *trail, hd__arena *arena, const hd__stack *stack, int rows,
                       const float *x) {
  *trail = (hd__trail){.rows = rows, .x = x};
  hd__tape_lay_out(stack, arena, rows, 1, true, &trail->tape);
  trail->out = HD_TAKE(arena, float, rows * stack->out_pad);
  trail->g = HD_TAKE(arena, float, rows * stack->out_pad);
  trail->index = HD_TAKE(arena, int32_t, rows);
  for (int k = 0; trail->index != NULL && k < rows; k++) {
    trail->index[k] = k;
  }
}

hd__pass hd__trail_pass(const hd__trail *trail, const hd__stack *stack, int at, int rows) {
  return (hd__pass){.rows = rows,
                    .decisions = 1,
                    .x = trail->x + (size_t)at * (size_t)stack->in_pad,
                    .x_stride = stack->in_pad,
                    .is_kept = true,
                    .out = trail->out + (size_t)at * (size_t)stack->out_pad};
}

const float *hd__trail_answer(hd__trail *trail, hd__model *model, int at, int rows,
                              bool is_acting) {
  const hd__stack *stack = &model->stack;
  if (trail->made < at) {
    hd__tape tape = hd__tape_from(stack, &trail->tape, trail->made, &trail->tape);
    const hd__pass again = hd__trail_pass(trail, stack, trail->made, at - trail->made);
    hd__stack_forward(stack, &model->ready, &tape, &again);
  }
  hd__tape tape = hd__tape_from(stack, &trail->tape, at, &trail->tape);
  hd__pass pass = hd__trail_pass(trail, stack, at, rows);
  if (is_acting) {
    pass.total = model->spikes;
    model->counted += stack->def.cell.activation == HD_ACTIVATION_SPIKE ? rows * stack->def.T : 0;
  }
  hd__stack_forward(stack, &model->ready, &tape, &pass);
  if (is_acting && model->running != NULL) {
    hd__stack_note(stack, &model->ready, &tape, rows, model->running);
  }
  trail->made = at + rows;
  return pass.out;
}
