/* Which function steps a neuron model: the kernels' of built-in models, or that of a model that a
 * program registered. */
#ifndef HD_NEURON_STEP_H
#define HD_NEURON_STEP_H

#include "kernel.h"
#include "neuron_own.h"

static inline hd__neuron_step_fn hd__neuron_step_of(const hd__kernel *kernel,
                                                    const hd__neuron_desc *neuron) {
  return neuron->own != NULL ? hd__neuron_own_step : kernel->neuron[neuron->id];
}

#endif
