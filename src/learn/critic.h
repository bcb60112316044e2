/* The value function: features of the observation, and a linear readout of them.
 *
 * Dense features carry the square root of their relative step size, so that one step size serves
 * all (Fourier: 1 / ||c||, Konidaris et al. 2011); sparse ones are a list of lines. */
#ifndef HD_CRITIC_H
#define HD_CRITIC_H

#include "arena.h"
#include "coding.h"
#include "config.h"
#include "kernel.h"

typedef struct hd__critic {
  int kind; /* hd__critic_* */
  hd__code code;
  const hd__kernel *kernel;
  bool is_sparse;
  bool has_bias;
  int substeps;     /* of a spiking critic */
  int n;            /* weights, padded */
  float step_scale; /* 1 / active lines */
  float *w;         /* [n] */
  float *root;      /* [n] square roots of relative step sizes, or NULL */
} hd__critic;

/* Features of one observation: dense values or lines. */
typedef struct hd__phi {
  float *x;      /* [n] */
  int32_t *line; /* [n_active] */
} hd__phi;

hd_status hd__critic_compile(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                             hd__critic *critic);
void hd__critic_lay_out(hd__critic *critic, hd__arena *arena);
/* Kept features are listed, and so saved. */
void hd__critic_lay_out_phi(const hd__critic *critic, hd__arena *arena, bool is_kept, hd__phi *phi);
void hd__critic_start(hd__critic *critic);

/* Write the features of an observation; a spiking critic draws under the key. */
void hd__critic_features(const hd__critic *critic, const float *obs, hd__key key,
                         const hd__phi *phi);
float hd__critic_value(const hd__critic *critic, const hd__phi *phi);
/* E += scale * phi */
void hd__critic_add(const hd__critic *critic, const hd__phi *phi, float scale, float *E);
void hd__critic_copy(const hd__critic *critic, const hd__phi *from, const hd__phi *to);

#endif
