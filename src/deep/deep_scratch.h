/* What acting writes, apart from the learner, so that several threads may act greedily by what one
 * learner knows. */
#ifndef HD_DEEP_SCRATCH_H
#define HD_DEEP_SCRATCH_H

#include "deep.h"

typedef struct hd__deep_scratch {
  float *plain, *x, *state, *out;
  int32_t *line;
  bool *fresh;
  hd__tape tape;
  float *spikes[HD_STACK_LAYERS];
} hd__deep_scratch;

void hd__deep_scratch_lay_out(hd__deep_scratch *scratch, hd__arena *arena, hd__deep *deep);
/* `copy` acts as `deep` does now (hd__deep_decide), with this scratch, until `deep` learns on. */
void hd__deep_copy_actor(hd__deep *copy, const hd__deep *deep, const hd__deep_scratch *scratch);

#endif
