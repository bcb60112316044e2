/* Action neurons are summed out: the probability of the action that was taken, given the spikes
 * below, is that of all the ways in which its neurons may have outvoted the others, and an action
 * neuron is told its own share in them. No draw of theirs is part of the noise.
 *
 * How many neurons of an action fire has the distribution of a sum of independent draws that are
 * not equally probable; neurons join it one after the other. Source: Barlow & Heidtmann 1984. */
#include <string.h>

#include "settle_internal.h"

/* Votes that an action may have, but for none: of the first to spike, at the only substep, one. */
static int settle_votes_most(const hd__net *net) {
  return net->def.readout == HD_READ_FIRST ? 1 : net->def.action_neurons;
}

/* Numbers of votes, padded. */
static int settle_votes_stride(const hd__net *net) { return HD_PAD(net->def.action_neurons + 1); }

/* chance [most + 1] of every number of votes of n neurons: one more, which fires with probability
 * p. */
static void settle_votes_join(float *chance, int n, int most, float p) {
  const int last = n < most ? n + 1 : most;
  const float all = n < most ? 0.0f : chance[most];
  float before = 0.0f;
  for (int c = 0; c <= last; c++) {
    const float here = chance[c];
    chance[c] = here * (1.0f - p) + before * p;
    before = here;
  }
  chance[last] += all * p;
}

/* The same of the neurons of action a; one of them is sure to fire, unless it is negative. */
static void settle_votes_count(const hd__net *net, const float *p, int a, int sure, float *chance) {
  const int K = net->def.action_neurons, most = settle_votes_most(net);
  memset(chance, 0, sizeof(float) * (size_t)settle_votes_stride(net));
  chance[0] = 1.0f;
  for (int k = 0; k < K; k++) {
    settle_votes_join(chance, k, most, a * K + k == sure ? 1.0f : p[a * K + k]);
  }
}

/* below[c] = chance of fewer than c votes */
static void settle_votes_find_below(const float *chance, int n, float *below) {
  float sum = 0.0f;
  for (int c = 0; c < n; c++) {
    below[c] = sum;
    sum += chance[c];
  }
}

/* way[m][c] of m others with as many votes as c, and the rest with fewer: one more other, which has
 * as many with probability here[c] and fewer with below[c]. Before, m was at most `degree`. */
static void settle_votes_meet(int n, int degree, const float *here, const float *below,
                              float *way) {
  memset(way + (degree + 1) * n, 0, sizeof(float) * (size_t)n);
  for (int m = degree + 1; m > 0; m--) {
    for (int c = 0; c < n; c++) {
      way[m * n + c] = way[m * n + c] * below[c] + way[(m - 1) * n + c] * here[c];
    }
  }
  for (int c = 0; c < n; c++) {
    way[c] *= below[c];
  }
}

/* win[c] = P(an action of c votes is taken | chances of the others); of m + 1 that tie a draw takes
 * one. */
static void settle_votes_find_wins(const hd__net *net, int action, float *win) {
  const hd__settling *self = &net->settling;
  const int n = settle_votes_stride(net), A = net->n_alternatives;
  for (int c = 0; c < n; c++) {
    self->way[c] = 1.0f;
  }
  for (int a = 0, degree = 0; a < A; a++) {
    if (a != action) {
      const float *here = self->chance + a * n;
      settle_votes_find_below(here, n, self->below);
      settle_votes_meet(n, degree++, here, self->below, self->way);
    }
  }
  memcpy(win, self->way, sizeof(float) * (size_t)n);
  for (int m = 1; m < A; m++) {
    const float share = 1.0f / (float)(m + 1);
    for (int c = 0; c < n; c++) {
      win[c] += share * self->way[m * n + c];
    }
  }
}

/* P(action | chances of its votes) */
static float settle_votes_p(const hd__net *net, const float *win, const float *chance) {
  float p = 0.0f;
  for (int c = 0; c <= settle_votes_most(net); c++) {
    p += win[c] * chance[c];
  }
  return p;
}

/* Of one choice, whose first alternative is `first`: chances of all, ways to win of the one taken.
 * Returns its probability. */
static float settle_votes_choice(const hd__net *net, const float *p, int first, int action) {
  const int stride = settle_votes_stride(net);
  const hd__settling *self = &net->settling;
  for (int a = 0; a < net->n_alternatives; a++) {
    settle_votes_count(net, p, first + a, -1, self->chance + a * stride);
  }
  settle_votes_find_wins(net, action, self->win);
  return settle_votes_p(net, self->win, self->chance + action * stride);
}

float hd__settle_votes_log_p(const hd__net *net, const int *action, const float *logit) {
  const int n = net->n_alternatives, lanes = net->layer[net->def.n_hidden].n_pad;
  float *p = net->settling.fires, sum = 0.0f;
  memcpy(p, logit, sizeof(float) * (size_t)lanes);
  net->kernel->sigmoid(lanes, p);
  for (int k = 0; k < net->def.n_choices; k++) {
    const float taken = settle_votes_choice(net, p, k * n, action[k]);
    sum += hd__logf(hd__maxf(taken, 1e-30f));
  }
  return sum;
}

/* What the neurons of one alternative most probably did: of the one taken a neuron that is sure to
 * fire has other chances to win, of another one it leaves fewer. */
static void settle_votes_tell(const hd__net *net, int first, int action, int a, float taken) {
  const int K = net->def.action_neurons, stride = settle_votes_stride(net);
  const hd__settling *self = &net->settling;
  const float *p = self->p[net->def.n_hidden];
  float *chance = self->chance + a * stride;
  for (int j = (first + a) * K; j < (first + a + 1) * K; j++) {
    settle_votes_count(net, p, first + a, j, chance);
    if (a != action) {
      settle_votes_find_wins(net, action, self->win);
    }
    const float fires = settle_votes_p(net, self->win, self->chance + action * stride);
    self->q[j] = taken > 0.0f ? hd__minf(p[j] * fires / taken, 1.0f) : p[j];
  }
  settle_votes_count(net, p, first + a, -1, chance);
  settle_votes_find_wins(net, action, self->win);
}

void hd__settle_votes(const hd__net *net, const int *action) {
  const int n = net->n_alternatives;
  const float *p = net->settling.p[net->def.n_hidden];
  for (int k = 0; k < net->def.n_choices; k++) {
    const float taken = settle_votes_choice(net, p, k * n, action[k]);
    for (int a = 0; a < n; a++) {
      settle_votes_tell(net, k * n, action[k], a, taken);
    }
  }
}

void hd__settle_votes_chances(const hd__net *net, int row, float *chance) {
  const hd__layer *out = &net->layer[net->def.n_hidden];
  const float *p = hd__layer_p(net, out, 0) + row * out->n_pad;
  const int n = net->n_alternatives;
  for (int a = 0; a < net->def.n_actions; a++) {
    chance[a] = settle_votes_choice(net, p, a / n * n, a % n);
  }
}
