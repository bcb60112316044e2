/* What acting writes, apart from the learner, so that several threads may act greedily by what one
 * learner knows. */
#ifndef HD_GRADIENT_RL_SCRATCH_H
#define HD_GRADIENT_RL_SCRATCH_H

#include "gradient_rl.h"

typedef struct hd__gradient_rl_scratch {
  float *plain, *seen, *x, *state, *above, *out;
  int32_t *line;
  bool *fresh;
  hd__tape tape;
  float *spikes[HD_STACK_LAYERS];
} hd__gradient_rl_scratch;

void hd__gradient_rl_scratch_lay_out(hd__gradient_rl_scratch *scratch, hd__arena *arena,
                                     hd__gradient_rl *rl);
/* `copy` acts as `deep` does now (hd__gradient_rl_decide), with this scratch, until `deep` learns
 * on. */
void hd__gradient_rl_copy_actor(hd__gradient_rl *copy, const hd__gradient_rl *rl,
                                const hd__gradient_rl_scratch *scratch);

#endif
