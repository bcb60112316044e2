/* Hidden spikes are redrawn in turn, each by its probability given the input, all other spikes and
 * what was chosen. Source: Geman & Geman 1984. */
#include <string.h>

#include "settle_internal.h"

/* Log-probability of what the targets of part k did, or of what they chose, if these were their
 * logits. */
static float settle_gibbs_log_p(const hd__net *net, int k, const int *action, const float *logit) {
  const float *did = net->settling.state[k];
  const int n = hd__settle_targets(net, k);
  float sum = 0.0f;
  if (hd__settle_is_votes(net, k)) {
    return hd__settle_votes_log_p(net, action, logit);
  }
  for (int j = 0; j < n; j++) {
    sum += did[j] * logit[j];
  }
  if (hd__settle_is_softmax(net, k)) {
    for (int at = 0; at < n; at += net->n_alternatives) {
      sum -= hd__settle_log_sum(logit + at, net->n_alternatives);
    }
    return sum;
  }
  for (int j = 0; j < n; j++) {
    sum -= hd__maxf(logit[j], 0.0f) +
           hd__logf(1.0f + hd__expf(logit[j] > 0.0f ? -logit[j] : logit[j]));
  }
  return sum;
}

/* Redraw every neuron of hidden layer l in turn, given all others; its probabilities go to q. */
static void settle_gibbs_redraw(hd__net *net, int l, const int *action, hd__key key,
                                uint32_t draw) {
  const hd__settling *self = &net->settling;
  const int lanes = hd__settle_lanes(net, l + 1), n = hd__settle_targets(net, l + 1);
  const float *effect = self->effect[l + 1];
  float *logit = self->logit[l + 1], *state = self->state[l];
  hd__settle_find_logits(net, l + 1);
  float log_p = settle_gibbs_log_p(net, l + 1, action, logit);
  for (int i = 0; i < net->layer[l].n; i++, effect += lanes) {
    const float turn = state[i] > 0.0f ? -1.0f : 1.0f;
    for (int j = 0; j < n; j++) {
      self->other[j] = logit[j] + turn * effect[j];
    }
    const float other = settle_gibbs_log_p(net, l + 1, action, self->other);
    self->q[i] = hd__settle_shift(self->p[l][i], turn * (other - log_p));
    const float fires = hd__uniform24(key, draw + (uint32_t)i) < self->q[i] ? 1.0f : 0.0f;
    if (fires != state[i]) {
      state[i] = fires;
      log_p = other;
      memcpy(logit, self->other, sizeof(float) * (size_t)n);
    }
  }
}

/* What the choice learns from: spikes of action neurons as drawn, or their probabilities given the
 * action; or the action. */
static void settle_gibbs_top(hd__net *net, int row, int round, hd__decision *decision) {
  const hd__settling *self = &net->settling;
  const int top = net->def.n_hidden;
  const bool is_votes = hd__settle_is_votes(net, top);
  hd__settle_find_p(net, top);
  if (is_votes) {
    hd__settle_votes(net, decision->action + row * net->def.n_choices);
  }
  hd__settle_keep(net, top, row, round, 1.0f / (float)net->def.settle_rounds,
                  is_votes ? self->q : self->state[top], decision);
}

void hd__settle_gibbs(hd__net *net, int row, hd__decision *decision) {
  const hd__settling *self = &net->settling;
  const int rounds = net->def.settle_rounds;
  const float share = 1.0f / (float)rounds;
  const int *action = decision->action + row * net->def.n_choices;
  const hd__layer *last = &net->layer[net->n_layers - 1];
  uint32_t draw = last->noise_at + (uint32_t)last->n_pad; /* after those of the spikes */
  for (int round = 0; round < rounds; round++) {
    for (int l = 0; l < net->def.n_hidden; l++) {
      if (l > 0) {
        hd__settle_find_p(net, l);
      }
      settle_gibbs_redraw(net, l, action, net->key[row], draw);
      draw += (uint32_t)net->layer[l].n_pad;
      hd__settle_keep(net, l, row, l > 0 ? round : 0, share, self->q, decision);
    }
    settle_gibbs_top(net, row, round, decision);
  }
}
