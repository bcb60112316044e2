/* Spikes of action neurons are redrawn in turn, each by its probability given the spikes below it,
 * all other action neurons and the action that was taken: a neuron without which another action
 * would have won has fired, and one that changes nothing is told nothing. Source of redrawing:
 * Geman & Geman 1984. */
#include <string.h>

#include "settle_internal.h"

/* The vote of so many spikes: the first to spike, at the only substep, has spiked or has not. */
static float settle_votes_of(const hd__net *net, float spikes) {
  return net->def.readout == HD_READ_FIRST ? hd__minf(spikes, 1.0f) : spikes;
}

/* P(action of a choice | spikes for each of its alternatives); ties are broken by a draw. */
static float settle_votes_p(const hd__net *net, const float *spikes, int action) {
  const float taken = settle_votes_of(net, spikes[action]);
  int n_top = 0;
  for (int a = 0; a < net->n_alternatives; a++) {
    const float vote = settle_votes_of(net, spikes[a]);
    if (vote > taken) {
      return 0.0f;
    }
    n_top += vote == taken;
  }
  return 1.0f / (float)n_top;
}

/* Spikes for each action. */
static void settle_votes_count(const hd__net *net, const float *state, float *spikes) {
  memset(spikes, 0, sizeof(float) * (size_t)net->def.n_actions);
  for (int j = 0; j < net->layer[net->def.n_hidden].n; j++) {
    spikes[net->action_of[j]] += state[j];
  }
}

void hd__settle_votes(hd__net *net, const int *action, hd__key key, uint32_t draw) {
  const hd__settling *self = &net->settling;
  const int top = net->def.n_hidden, n = net->n_alternatives;
  float *state = self->state[top];
  settle_votes_count(net, state, net->votes);
  for (int j = 0; j < net->layer[top].n; j++) {
    const int choice = net->action_of[j] / n;
    const float p = self->p[top][j];
    float *spikes = net->votes + choice * n, *own = &net->votes[net->action_of[j]];
    *own -= state[j];
    const float silent = (1.0f - p) * settle_votes_p(net, spikes, action[choice]);
    *own += 1.0f;
    const float fires = p * settle_votes_p(net, spikes, action[choice]);
    self->q[j] = fires + silent > 0.0f ? fires / (fires + silent) : state[j];
    state[j] = hd__uniform24(key, draw + (uint32_t)j) < self->q[j] ? 1.0f : 0.0f;
    *own += state[j] - 1.0f;
  }
}
