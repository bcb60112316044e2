/* Logits and probabilities of a part's targets from spikes, or probabilities, below; and what is
 * kept of them to learn from. */
#include <string.h>

#include "settle_internal.h"

/* ---- weights as effects on logits ---- */

static float settle_parts_weight(const hd__net *net, const hd__wiring *w, int feature, int target) {
  const size_t at = w->is_rows ? (size_t)feature * (size_t)w->n_post + (size_t)target
                               : (size_t)target * (size_t)w->x_stride + (size_t)feature;
  return net->weights[w->at + at];
}

/* d logit / d drive of the targets of part k. */
static float settle_parts_gain(const hd__net *net, int k) {
  return hd__settle_is_softmax(net, k) ? 1.0f / net->def.temperature
                                       : hd__layer_gain(net, &net->layer[k], 0)[0];
}

void hd__settle_read_weights(hd__net *net, int k) {
  const hd__wiring *w = hd__settle_wiring(net, k);
  const float silence = net->def.neuron->silence, gain = settle_parts_gain(net, k);
  float *base = net->settling.base[k], *effect = net->settling.effect[k];
  const int n = hd__settle_targets(net, k), lanes = hd__settle_lanes(net, k);
  for (int j = 0; j < n; j++) {
    base[j] = net->def.has_bias ? gain * settle_parts_weight(net, w, w->n_x - 1, j) : 0.0f;
  }
  for (int i = 0; i < w->n_source; i++, effect += lanes) {
    for (int j = 0; j < n; j++) {
      const float weight = gain * settle_parts_weight(net, w, i, j);
      effect[j] = (1.0f - silence) * weight;
      base[j] += silence * weight;
    }
  }
}

void hd__settle_find_logits(hd__net *net, int k) {
  const hd__settling *self = &net->settling;
  const int lanes = hd__settle_lanes(net, k);
  net->kernel->rows_drive(1, net->layer[k - 1].n, lanes, self->effect[k], self->state[k - 1], lanes,
                          self->logit[k]);
  net->kernel->axpy(lanes, 1.0f, self->base[k], self->logit[k]);
}

/* Every choice by itself. */
static void settle_parts_softmax(const hd__net *net, const float *logit, float *p) {
  const int n = net->n_alternatives;
  for (int at = 0; at < net->def.n_actions; at += n) {
    const float log_sum = hd__settle_log_sum(logit + at, n);
    for (int a = at; a < at + n; a++) {
      p[a] = hd__expf(logit[a] - log_sum);
    }
  }
}

void hd__settle_find_p(hd__net *net, int k) {
  const hd__settling *self = &net->settling;
  const int lanes = hd__settle_lanes(net, k);
  hd__settle_find_logits(net, k);
  if (hd__settle_is_softmax(net, k)) {
    settle_parts_softmax(net, self->logit[k], self->p[k]);
    return;
  }
  memcpy(self->p[k], self->logit[k], sizeof(float) * (size_t)lanes);
  net->kernel->sigmoid(lanes, self->p[k]);
}

float hd__settle_log_sum(const float *logit, int n) {
  float top = logit[0], sum = 0.0f;
  for (int j = 1; j < n; j++) {
    top = hd__maxf(top, logit[j]);
  }
  for (int j = 0; j < n; j++) {
    sum += hd__expf(logit[j] - top);
  }
  return top + hd__logf(sum);
}

/* ---- what is learned from ---- */

/* Place of a row's features and factors in a slice of part k. */
static size_t settle_parts_slot(const hd__net *net, int row, int slice) {
  return (size_t)(slice * net->rows + row);
}

/* Features of part k: the spikes below at hand, or their means. */
static void settle_parts_keep_features(const hd__net *net, int k, int row, int slice,
                                       hd__part *part) {
  const hd__wiring *w = hd__settle_wiring(net, k);
  const float silence = net->def.neuron->silence, *state = net->settling.state[k - 1];
  float *x = part->x + settle_parts_slot(net, row, slice) * (size_t)w->x_stride;
  for (int i = 0; i < w->n_source; i++) {
    x[i] = silence + (1.0f - silence) * state[i];
  }
  if (net->def.has_bias) {
    x[w->n_x - 1] = 1.0f;
  }
}

/* Factors of part k += by (did - p) d logit / d drive. */
static void settle_parts_keep_factors(const hd__net *net, int k, int row, int slice, float by,
                                      const float *did, hd__part *part) {
  const float scale = by * settle_parts_gain(net, k), *p = net->settling.p[k];
  float *g = part->g + settle_parts_slot(net, row, slice) * (size_t)hd__settle_lanes(net, k);
  for (int j = 0; j < hd__settle_targets(net, k); j++) {
    g[j] += scale * (did[j] - p[j]);
  }
}

void hd__settle_keep(hd__net *net, int k, int row, int slice, float by, const float *did,
                     hd__decision *decision) {
  if (k > 0) {
    settle_parts_keep_features(net, k, row, slice, &decision->part[k]);
  }
  settle_parts_keep_factors(net, k, row, slice, by, did, &decision->part[k]);
}
