/* What the files of settling share. Part k >= 1 has the neurons of hidden layer k - 1 as sources;
 * its targets are neurons, or the actions of a softmax. */
#ifndef HD_SETTLE_INTERNAL_H
#define HD_SETTLE_INTERNAL_H

#include "mathf.h"
#include "settle.h"

static inline bool hd__settle_is_softmax(const hd__net *net, int k) { return k == net->n_layers; }

static inline const hd__wiring *hd__settle_wiring(const hd__net *net, int k) {
  return hd__settle_is_softmax(net, k) ? &net->linear : &net->layer[k].in;
}

static inline int hd__settle_targets(const hd__net *net, int k) {
  return hd__settle_is_softmax(net, k) ? net->def.n_actions : net->layer[k].n;
}

/* Targets with padding. */
static inline int hd__settle_lanes(const hd__net *net, int k) {
  return hd__settle_is_softmax(net, k) ? HD_PAD(net->def.n_actions) : net->layer[k].n_pad;
}

/* sigma(logit p + by) */
static inline float hd__settle_shift(float p, float by) {
  const float r = p * hd__expf(by);
  return r / (r + (1.0f - p));
}

/* The weights of part k as effects of a spike on logits. */
void hd__settle_read_weights(hd__net *net, int k);

/* Logits of the targets of part k, from the spikes at hand or their probabilities. */
void hd__settle_find_logits(hd__net *net, int k);

/* ln(sum over n of exp logit) */
float hd__settle_log_sum(const float *logit, int n);

/* Probabilities of part k's targets given the layer below: of a spike, or of the actions. */
void hd__settle_find_p(hd__net *net, int k);

/* A slice of what part k learns from: what is at hand below, and by (did - p) d logit / d drive. */
void hd__settle_keep(hd__net *net, int k, int row, int slice, float by, const float *did,
                     hd__decision *decision);

/* Are the targets of part k action neurons that are summed out? */
static inline bool hd__settle_is_votes(const hd__net *net, int k) {
  return hd__net_sums_votes(net) && k == net->def.n_hidden;
}

/* ln P(action of every choice [n_choices] | logits of the action neurons) */
float hd__settle_votes_log_p(const hd__net *net, const int *action, const float *logit);

/* Probabilities of action neurons given the spikes below and the actions taken go to q. */
void hd__settle_votes(const hd__net *net, const int *action);

/* One row, which has been loaded. */
void hd__settle_gibbs(hd__net *net, int row, hd__decision *decision);
void hd__settle_mean_field(hd__net *net, int row, hd__decision *decision);

#endif
