/* Any loss that depends on the outputs of a rig. */
#ifndef HD_ANY_LOSS_H
#define HD_ANY_LOSS_H

#include "../grad/grads.h"

static inline void any_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                            const float *out, float *g) {
  const rig *from = user;
  (void)worker;
  for (int k = 0; k < n; k++) {
    for (int a = 0; a < from->stack.def.n_out; a++) {
      const size_t at = (size_t)(k * out_pad + a);
      g[at] = from->g_out[(size_t)(index[k] * out_pad + a)] + 0.5f * out[at];
    }
  }
}

#endif
