#include "rollout_tape.h"

#include <string.h>

bool hd__rollout_tape_pays_off(const hd__stack *stack, int rows, size_t room) {
  const size_t most = room < HD_BATCH_PIECE ? room : HD_BATCH_PIECE;
  return hd__tape_size(stack, rows, 1, true) <= most;
}

void hd__rollout_tape_lay_out(hd__rollout_tape *rollout, hd__arena *arena, const hd__stack *stack,
                              int rows, const float *x) {
  *rollout = (hd__rollout_tape){.rows = rows, .x = x};
  hd__tape_lay_out(stack, arena, rows, 1, true, &rollout->tape);
  rollout->out = HD_TAKE(arena, float, rows * stack->out_pad);
  rollout->g = HD_TAKE(arena, float, rows * stack->out_pad);
  rollout->index = HD_TAKE(arena, int32_t, rows);
  for (int k = 0; rollout->index != NULL && k < rows; k++) {
    rollout->index[k] = k;
  }
}

hd__pass hd__rollout_tape_pass(const hd__rollout_tape *rollout, const hd__stack *stack, int at,
                               int rows) {
  return (hd__pass){.rows = rows,
                    .decisions = 1,
                    .x = rollout->x + (size_t)at * (size_t)stack->in_pad,
                    .x_stride = stack->in_pad,
                    .is_kept = true,
                    .out = rollout->out + (size_t)at * (size_t)stack->out_pad};
}

const float *hd__rollout_tape_forward(hd__rollout_tape *rollout, hd__model *model, int at, int rows,
                                      bool is_acting) {
  const hd__stack *stack = &model->stack;
  hd__tape tape;
  if (rollout->made < at) {
    hd__tape_from(stack, &rollout->tape, rollout->made, &rollout->tape, &tape);
    const hd__pass again = hd__rollout_tape_pass(rollout, stack, rollout->made, at - rollout->made);
    hd__stack_forward(stack, &model->ready, &tape, &again);
  }
  hd__tape_from(stack, &rollout->tape, at, &rollout->tape, &tape);
  hd__pass pass = hd__rollout_tape_pass(rollout, stack, at, rows);
  if (is_acting) {
    pass.total = model->spikes;
    model->counted += stack->def.cell.unit == HD_UNIT_NONE ? rows * stack->def.T : 0;
  }
  hd__stack_forward(stack, &model->ready, &tape, &pass);
  if (is_acting && model->running != NULL) {
    hd__stack_update_statistics(stack, &model->ready, &tape, rows, model->running);
  }
  rollout->made = at + rows;
  return pass.out;
}
