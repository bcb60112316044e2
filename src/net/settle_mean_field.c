/* Probabilities of hidden spikes that agree with each other and with what was chosen. */
#include <string.h>

#include "settle_internal.h"

/* Step size of learned feedback, and the share of its old value that a probability keeps in a
 * round. */
static const float FEEDBACK_RATE = 0.01f, DAMPING = 0.5f;

/* Feedback follows how the neuron's own noise moves its targets:
 *   F_ik += rate (n_i (sum_j n_j effect_jk) - p_i (1 - p_i) F_ik),   n_i = b_i - p_i,
 * whose mean comes to rest where F is the effect itself. */
static void settle_mean_field_learn(hd__net *net, int k) {
  const hd__settling *self = &net->settling;
  const int n = net->layer[k - 1].n, lanes = hd__settle_lanes(net, k);
  float *noise = self->q, *moved = self->other, *F = self->feedback[k];
  for (int i = 0; i < n; i++) {
    noise[i] = self->state[k - 1][i] - self->p[k - 1][i];
  }
  net->kernel->rows_drive(1, n, lanes, self->effect[k], noise, lanes, moved);
  for (int i = 0; i < n; i++, F += lanes) {
    const float p = self->p[k - 1][i];
    net->kernel->scale(lanes, 1.0f - FEEDBACK_RATE * p * (1.0f - p), F);
    net->kernel->axpy(lanes, FEEDBACK_RATE * noise[i], moved, F);
  }
}

/* One round of hidden layer l: its probabilities given the layers below and above. */
static void settle_mean_field_relax(hd__net *net, int l) {
  const hd__settling *self = &net->settling;
  const int lanes = hd__settle_lanes(net, l + 1);
  if (l > 0) {
    hd__settle_find_p(net, l);
  }
  hd__settle_find_p(net, l + 1);
  for (int k = 0; k < lanes; k++) {
    self->error[k] = self->state[l + 1][k] - self->p[l + 1][k];
  }
  net->kernel->rows_back(net->layer[l].n, lanes, self->feedback[l + 1], self->error, self->q);
  for (int i = 0; i < net->layer[l].n; i++) {
    const float q = hd__settle_shift(self->p[l][i], self->q[i]);
    self->state[l][i] = DAMPING * self->state[l][i] + (1.0f - DAMPING) * q;
  }
}

/* Probabilities given the input alone take the place of hidden spikes. */
static void settle_mean_field_expect(hd__net *net) {
  const hd__settling *self = &net->settling;
  for (int l = 0; l < net->def.n_hidden; l++) {
    if (l > 0) {
      hd__settle_find_p(net, l);
    }
    memcpy(self->state[l], self->p[l], sizeof(float) * (size_t)net->layer[l].n_pad);
  }
}

void hd__settle_mean_field(hd__net *net, int row, hd__decision *decision) {
  const int n_hidden = net->def.n_hidden;
  for (int k = 1; net->def.feedback == HD_FEEDBACK_LEARNED && k <= n_hidden; k++) {
    settle_mean_field_learn(net, k);
  }
  settle_mean_field_expect(net);
  for (int round = 0; round < net->def.settle_rounds; round++) {
    for (int l = n_hidden - 1; l >= 0; l--) {
      settle_mean_field_relax(net, l);
    }
  }
  for (int k = 0; k <= n_hidden; k++) {
    if (k > 0) {
      hd__settle_find_p(net, k);
    }
    hd__settle_keep(net, k, row, 0, 1.0f, net->settling.state[k], decision);
  }
}
