/* Attention-gated networks: one hidden layer of logistic units and units that remember, and one
 * output per action. Which synapses may change is said by the action that was chosen: it alone
 * sends feedback into the hidden layer, and tags the synapses that made it.
 *
 *   x(t)                            coded observation, and a 1
 *   u_j = sum_i V_ij x_i            of regular units
 *   u_m(t) = u_m(t-1) + sum_i M_im d_i(t)   of memory units,
 *                                   d = ([x(t) - x(t-1)]+, [x(t-1) - x(t)]+)
 *   p = sigma(u),   y = p (rates), or the share of substeps with a spike of probability p
 *   q_a = sum_j W_aj y_j            over both kinds, and a 1
 *
 * When action s is chosen, each tag fades to `keep` of itself (gamma lambda), and then
 *
 *   tag W_sj += y_j,   tag V_ij += x_i p_j (1 - p_j) W_sj,   tag M_im += D_i p_m (1 - p_m) W_sm
 *
 * D the sum of d since the episode began. Every weight moves by alpha times a global signal times
 * its tag. Feedback has the weights of W; Rombouts et al. have feedback weights that learn by the
 * same rule and so become equal to them.
 * Sources: Roelfsema & van Ooyen 2005 (AGREL: no memory units, no traces); Rombouts, Bohte &
 * Roelfsema 2015 (AuGMEnT). That units spike is Hedon's own. */
#ifndef HD_GATED_NET_H
#define HD_GATED_NET_H

#include "arena.h"
#include "kernel.h"
#include "random.h"

typedef struct hd__gated_def {
  int n_in, n_regular, n_memory, n_actions;
  int substeps; /* in which spikes are drawn; 0: units hand on their rates */
} hd__gated_def;

/* One environment's part: what it remembers, and what its synapses are tagged with. */
typedef struct hd__gated_row {
  float *u;      /* [n_memory] */
  float *before; /* [n_in] x of the step before */
  float *sum;    /* [2 n_in] D */
  float *tag;    /* [n_weights]; NULL: nobody learns */
} hd__gated_row;

/* What a row's units did in the decision at hand. */
typedef struct hd__gated_step {
  float *x;  /* [x_pad] */
  float *p;  /* [h_pad] regular units, then memory units */
  float *y;  /* [h_pad] the same, and a 1 */
  float *q;  /* [n_actions] */
  float *pi; /* [n_actions] scratch of who chooses: probabilities */
} hd__gated_step;

typedef struct hd__gated_net {
  hd__gated_def def;
  const hd__kernel *kernel;
  int n_hidden; /* units of both kinds */
  int x_pad, h_pad;
  size_t at_memory, at_out, n_weights; /* V from 0 on [n_in + 1][h_pad], M [2 n_in][h_pad], W
                                          [n_actions][h_pad] */
  float *w;                            /* [n_weights] */
} hd__gated_net;

void hd__gated_compile(hd__gated_net *net, const hd__gated_def *def, const hd__kernel *kernel);
hd__gated_step hd__gated_lay_out_step(const hd__gated_net *net, hd__arena *arena);

/* Initial weights: normal or uniform numbers times a scale. */
void hd__gated_start(hd__gated_net *net, uint64_t seed, bool is_uniform, float scale,
                     float out_scale);

/* An episode begins. */
void hd__gated_begin(const hd__gated_net *net, const hd__gated_row *row);

/* Decide by weights w: step->x [n_in] is given, all else is written; the row remembers x. */
void hd__gated_forward(const hd__gated_net *net, const float *w, const hd__gated_row *row,
                       hd__key key, const hd__gated_step *step);

/* Tag the synapses that made action s. */
void hd__gated_tag(const hd__gated_net *net, const hd__gated_row *row, const hd__gated_step *step,
                   int s, float keep);

/* w += a tag; hidden synapses only if they learn. */
void hd__gated_learn(hd__gated_net *net, const hd__gated_row *row, float a, bool learns_hidden);

#endif
