#include "gradient_rl_scratch.h"

#include <string.h>

void hd__gradient_rl_scratch_lay_out(hd__gradient_rl_scratch *scratch, hd__arena *arena,
                                     hd__gradient_rl *rl) {
  const hd__stack *stack = &hd__gradient_rl_eval_model(rl)->stack;
  const int rows = rl->eval_rows;
  scratch->plain = HD_TAKE(arena, float, rl->env->n_obs);
  scratch->line = HD_TAKE(arena, int32_t, rl->code.n_active + 1);
  scratch->x = HD_TAKE(arena, float, rows *hd__gradient_rl_n_in(rl));
  scratch->seen = HD_TAKE(arena, float, rows *hd__gradient_rl_n_seen(rl));
  scratch->fresh = HD_TAKE(arena, bool, rows);
  scratch->state = stack->def.is_carried ? HD_TAKE(arena, float, rows * stack->n_state) : NULL;
  scratch->above = stack->n_above > 0 ? HD_TAKE(arena, float, rows * stack->n_above) : NULL;
  scratch->out = HD_TAKE(arena, float, rows * stack->out_pad);
  hd__tape_lay_out(stack, arena, rows, 1, false, &scratch->tape);
  for (int l = 0; l < stack->def.n_layers; l++) {
    scratch->spikes[l] = HD_TAKE(arena, float, stack->layer[l].n_pad);
  }
}

void hd__gradient_rl_copy_actor(hd__gradient_rl *copy, const hd__gradient_rl *rl,
                                const hd__gradient_rl_scratch *scratch) {
  *copy = *rl;
  copy->plain = scratch->plain;
  copy->line = scratch->line;
  copy->seen = scratch->seen;
  copy->x = scratch->x;
  copy->eval_fresh = scratch->fresh;
  copy->eval_carried = scratch->state;
  copy->eval_above = scratch->above;
  hd__model *model = hd__gradient_rl_eval_model(copy);
  model->tape = scratch->tape;
  model->out = scratch->out;
  memcpy(model->spikes, scratch->spikes, sizeof model->spikes);
}
