/* Neuron models that a program registered (hedon/neuron.h), as the library describes its own. */
#ifndef HD_NEURON_OWN_H
#define HD_NEURON_OWN_H

#include "context_internal.h"
#include "neuron.h"

/* Keep a model that makes sense (neuron_register.c).  Errors  NOMEM. */
hd_status hd__neuron_own_add(hd_ctx *ctx, const hd_neuron_desc *desc);
int hd__neuron_own_count(const hd_ctx *ctx);
const hd__neuron_desc *hd__neuron_own_at(const hd_ctx *ctx, int index);

/* Derived values of a registered model; `neuron` has one. */
void hd__neuron_own_derive(const hd__neuron_desc *neuron, void *derived, const float *params,
                           float dt_ms);
/* A substep of a registered model, as the kernels step built-in ones (hd__neuron_step_fn). */
void hd__neuron_own_step(const void *derived, int n, const float *drive, const float *noise,
                         const float *live, float *state, float *b, float *p, float *gain);

#endif
