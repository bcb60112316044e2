/* The value function: features of the observation, and a linear readout of them.
 *
 * Dense features carry the square root of their relative step size, so that one step size serves
 * all (Fourier: 1 / ||c||, Konidaris et al. 2011); sparse ones are a list of lines.
 *
 * critic = place reads the lines of the input's own coding, whose cells are learned; who owns both
 * hands the table over (code.table) when memory is laid out.
 *
 * critic = learned-spikes is a population of neurons whose input weights learn as well:
 *
 *   V = b + sum_i w_i s_i,  s_i the share of substeps in which neuron i fires,
 *   each time with probability p_i = sigma(sum_j W_ij z_j)
 *   dV/dw_i = s_i,  dV/dW_ij = w_i p_i (1 - p_i) z_j
 *
 * so that each synapse learns by three factors: the TD error, what came in, and by how much the
 * neuron would fire more, times its weight in the value. Its "features" are this gradient. After
 * Frémaux et al. 2013, whose neurons have equal weights in the value and escape noise in
 * continuous time. */
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
  int substeps;       /* in which spikes are drawn */
  int n;              /* weights, padded */
  int n_readout;      /* of them are the readout's; the rest are input weights that learn */
  bool is_normalised; /* dense features: step_scale is 1 / their mean squared length */
  float step_scale;   /* sparse features: 1 / active lines */
  float *w;           /* [n] */
  float *root;        /* [n] square roots of relative step sizes, or NULL */
} hd__critic;

/* Features of a row or more of observations: dense values or lines. */
typedef struct hd__phi {
  float *x;      /* [rows][n] */
  int32_t *line; /* [rows][n_active] */
  float *rest; /* [rows] V less w . x where x is a gradient, at the weights it was taken; or NULL */
} hd__phi;

/* Are its features drawn, under keys? */
bool hd__critic_draws(const hd__critic *critic);

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
/* value[row] = V; where x is a gradient and weights have moved since, V to first order. */
void hd__critic_values(const hd__critic *critic, int rows, const hd__phi *phi, float *value);
/* E += sum over rows of scale[row] phi[row] */
void hd__critic_add(const hd__critic *critic, int rows, const hd__phi *phi, const float *scale,
                    float *E);
/* Are these rows features that the critic may have? */
bool hd__critic_is_consistent(const hd__critic *critic, int rows, const hd__phi *phi);
void hd__critic_copy(const hd__critic *critic, int rows, const hd__phi *from, const hd__phi *to);

#endif
