/* From which membrane potential on a learner's neurons fire. */
#ifndef CLI_THRESHOLD_H
#define CLI_THRESHOLD_H

#include "hedon/hedon.h"

/* The threshold of a substep is base + adapt a / rho, where a (the state of that name) is taken
 * after the substep, less the substep's own spike: a(t) = rho a(t-1) + s(t) of src/neuron/alif.h.
 */
typedef struct threshold {
  bool is_known; /* the model has one, and it is the same for all neurons */
  bool adapts;
  float base, adapt, rho;
} threshold;

threshold threshold_of(const hd_config *config);

#endif
