/* The loops, behind one table per instruction set. Arrays are 64-byte aligned and padded to a
 * multiple of HD_LANES; every n below is such a multiple. Sums over lanes run in a fixed order:
 * HD_LANES partial sums, then a fixed tree, whatever the vector width. */
#ifndef HD_KERNEL_H
#define HD_KERNEL_H

#include "random.h"

enum { HD_LANES = 16 };

#define HD_PAD(n) (((n) + HD_LANES - 1) / HD_LANES * HD_LANES)

/* One substep of n neurons of one model.
 *
 *   drive  [n]           read     input of the substep
 *   noise  [n]           read     uniform draws in (0,1); NULL for a deterministic model
 *   live   [n]           read     1, or 0 in padding lanes, which then never fire
 *   state  [n_state][n]  read and written
 *   b, p, gain  [n]      written  as hd__fire */
typedef void (*hd__neuron_step_fn)(const void *derived, int n, const float *drive,
                                   const float *noise, const float *live, float *state, float *b,
                                   float *p, float *gain);

typedef struct hd__kernel {
  hd__neuron_step_fn const *neuron; /* by hd__neuron_desc.id */
} hd__kernel;

const hd__kernel *hd__kernel_for(int isa);

#endif
