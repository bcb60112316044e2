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
  int substeps;     /* of random spikes */
  int n;            /* weights, padded */
  float step_scale; /* 1 / active lines */
  float *w;         /* [n] */
  float *root;      /* [n] square roots of relative step sizes, or NULL */
} hd__critic;

/* Features of a row or more of observations: dense values or lines. */
typedef struct hd__phi {
  float *x;      /* [rows][n] */
  int32_t *line; /* [rows][n_active] */
} hd__phi;

hd_status hd__critic_compile(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                             hd__critic *critic);
void hd__critic_lay_out(hd__critic *critic, hd__arena *arena);
/* The first `kept` rows are listed, and so saved. */
hd__phi hd__critic_lay_out_phi(const hd__critic *critic, hd__arena *arena, int rows, int kept);
void hd__critic_start(hd__critic *critic);

/* The features from a row on. */
hd__phi hd__phi_from(const hd__critic *critic, const hd__phi *phi, int row);

/* Write the features of `rows` observations; random spikes are drawn under the keys, others do not
 * look at them. */
void hd__critic_features(const hd__critic *critic, int rows, const float *obs, const hd__key *key,
                         const hd__phi *phi);
/* value[row] = V */
void hd__critic_values(const hd__critic *critic, int rows, const hd__phi *phi, float *value);
/* E += sum over rows of scale[row] phi[row] */
void hd__critic_add(const hd__critic *critic, int rows, const hd__phi *phi, const float *scale,
                    float *E);
void hd__critic_copy(const hd__critic *critic, int rows, const hd__phi *from, const hd__phi *to);

#endif
