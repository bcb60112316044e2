/* Spikes -> action. */
#include <string.h>

#include "settle.h"

/* ---- linear readouts: softmax over means, or over a leaky membrane ---- */

/* Weight of substep t in a membrane's logit: the impulse response of v <- v + (z - v) / tau. */
static float choose_response(const hd__net *net, int age) {
  const float keep = 1.0f - 1.0f / net->def.membrane_tau;
  float share = 1.0f / net->def.membrane_tau;
  for (int i = 0; i < age; i++) {
    share *= keep;
  }
  return share;
}

/* share[t]: how much the spikes of substep t count in a logit read out at `end` or as a mean. */
static void choose_shares(const hd__net *net, int onset, int end, float *share) {
  const int T = net->def.substeps;
  const float mean = 1.0f / (float)(T - onset);
  for (int t = 0; t < T; t++) {
    share[t] = 0.0f;
    if (t < onset) {
      continue;
    }
    switch (net->def.readout) {
      case HD_READ_MEMBRANE_MEAN:
        for (int later = t; later < T; later++) {
          share[t] += mean * choose_response(net, later - t);
        }
        break;
      case HD_READ_MEMBRANE_LAST:
      case HD_READ_MEMBRANE_MAX:
        share[t] = t <= end ? choose_response(net, end - t) : 0.0f;
        break;
      default:
        share[t] = mean;
    }
  }
}

static int choose_read_onset(const hd__net *net) {
  return net->n_layers > 0 ? net->layer[net->n_layers - 1].onset : 0;
}

void hd__net_start_readout(hd__net *net) {
  choose_shares(net, choose_read_onset(net), net->def.substeps - 1, net->share);
}

/* What a linear readout reads: [T][rows][pad]. */
static const float *choose_read_from(const hd__net *net, int *pad) {
  const hd__layer *last = net->n_layers > 0 ? &net->layer[net->n_layers - 1] : NULL;
  *pad = last != NULL ? last->n_pad : HD_PAD(net->def.code.n);
  return last != NULL ? last->y : net->input;
}

/* x = sum_t share[t] y(t), then the bias. */
static void choose_read_features(const hd__net *net, int row, const float *share, float *x) {
  const hd__wiring *w = &net->linear;
  int pad;
  const float *source = choose_read_from(net, &pad) + row * pad;
  memset(x, 0, sizeof(float) * (size_t)w->x_stride);
  for (int t = 0; t < net->def.substeps; t++) {
    if (share[t] != 0.0f) {
      net->kernel->axpy(HD_PAD(w->n_source), share[t], source + t * net->rows * pad, x);
    }
  }
  if (net->def.has_bias) {
    x[w->n_x - 1] = 1.0f;
  }
}

/* Beside what a layer summed up already. */
static void choose_read_bias(const hd__net *net, float *x) {
  const hd__wiring *w = &net->linear;
  if (net->def.has_bias && x[w->n_x - 1] != 1.0f) { /* a store here would stall what loads x */
    x[w->n_x - 1] = 1.0f;
  }
}

/* The same where the layer gives the mean of its spikes. */
static void choose_read_mean(const hd__net *net, int row, float *x) {
  int pad;
  const float *source = choose_read_from(net, &pad);
  memcpy(x, source + (choose_read_onset(net) * net->rows + row) * pad,
         sizeof(float) * (size_t)HD_PAD(net->linear.n_source));
  choose_read_bias(net, x);
}

/* Logits of one row whose membrane is read where it is highest, action by action. */
static void choose_logits_max(const hd__net *net, int row, float *x, float *logit) {
  const hd__wiring *w = &net->linear;
  const int T = net->def.substeps, A = net->def.n_actions;
  float *share = net->share_max + net->def.batch * A * T;
  for (int end = choose_read_onset(net); end < T; end++) {
    choose_shares(net, choose_read_onset(net), end, share);
    choose_read_features(net, row, share, net->membrane);
    for (int a = 0; a < A; a++) {
      const float v = net->kernel->dot(
          w->x_stride, net->weights + w->at + (size_t)a * (size_t)w->x_stride, net->membrane);
      if (end == choose_read_onset(net) || v > logit[a]) {
        logit[a] = v;
        memcpy(x + a * w->x_stride, net->membrane, sizeof(float) * (size_t)w->x_stride);
        memcpy(net->share_max + (row * A + a) * T, share, sizeof(float) * (size_t)T);
      }
    }
  }
}

static void choose_logits_linear(hd__net *net, hd__part *part) {
  const hd__wiring *w = &net->linear;
  const int A = net->def.n_actions, stride = HD_PAD(A);
  const float *W = net->weights + w->at;
  if (w->is_sparse) {
    for (int row = 0; row < net->rows; row++) {
      net->kernel->rows_lines(net->def.code.n_active + net->def.has_bias, w->n_post,
                              part->line + row * (net->def.code.n_active + 1), W,
                              net->logit + row * stride);
    }
    return;
  }
  const bool is_mean = net->n_layers > 0 && net->layer[net->n_layers - 1].is_mean;
  for (int row = 0; row < net->rows; row++) {
    if (net->def.readout == HD_READ_MEMBRANE_MAX) {
      choose_logits_max(net, row, part->x + row * A * w->x_stride, net->logit + row * stride);
    } else if (net->is_read) {
      choose_read_bias(net, part->x + row * w->x_stride);
    } else if (is_mean) {
      choose_read_mean(net, row, part->x + row * w->x_stride);
    } else {
      choose_read_features(net, row, net->share, part->x + row * w->x_stride);
    }
  }
  if (net->def.readout != HD_READ_MEMBRANE_MAX) {
    net->kernel->heads(net->rows, A, w->x_stride, W, part->x, w->x_stride, net->logit, stride);
  }
}

/* How many of the sums pi_0, pi_0 + pi_1, ... lie at or below u; without a branch, which nobody
 * could predict. */
static int choose_draw_action(const float *pi, int A, float u) {
  float sum = 0.0f;
  int action = 0;
  for (int a = 0; a < A - 1; a++) {
    sum += pi[a];
    action += u >= sum;
  }
  return action;
}

/* ---- readouts that count output spikes ---- */

/* Output spikes of every row, neuron by neuron, into the drive, which is spent by now. */
static void choose_sum_spikes(hd__net *net) {
  hd__layer *out = &net->layer[net->n_layers - 1];
  const size_t n = hd__at(net, out, 1);
  memset(out->drive, 0, sizeof(float) * n);
  for (int t = out->onset; t < net->def.substeps; t++) {
    net->kernel->axpy((int)n, 1.0f, out->b + hd__at(net, out, t), out->drive);
  }
}

/* Spikes of one network for each action. */
static void choose_count_spikes(const hd__net *net, int row, int net_index, float *count) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const int lanes = out->n_block / net->def.nets * out->block_stride;
  const float *spikes = out->drive + row * out->n_pad;
  memset(count, 0, sizeof(float) * (size_t)net->def.n_actions);
  for (int lane = net_index * lanes; lane < (net_index + 1) * lanes; lane++) {
    count[net->action_of[lane]] += spikes[lane];
  }
}

static float choose_largest(const float *x, int n) {
  float top = x[0];
  for (int i = 1; i < n; i++) {
    top = hd__maxf(top, x[i]);
  }
  return top;
}

/* The vote of a network by the spikes of its outputs: shared among the most active ones. */
static void choose_vote(int n, const float *count, float *votes) {
  const float top = choose_largest(count, n);
  float n_top = 0.0f;
  for (int a = 0; a < n; a++) {
    n_top += count[a] == top ? 1.0f : 0.0f;
  }
  for (int a = 0; top > 0.0f && a < n; a++) {
    votes[a] += count[a] == top ? 1.0f / n_top : 0.0f;
  }
}

/* One vote a network and choice; a silent network abstains. */
static void choose_votes_networks(hd__net *net, int row) {
  const int A = net->def.n_actions, n = net->n_alternatives;
  memset(net->votes, 0, sizeof(float) * (size_t)A);
  for (int k = 0; k < net->def.nets; k++) {
    choose_count_spikes(net, row, k, net->one);
    for (int at = 0; at < A; at += n) {
      choose_vote(n, net->one + at, net->votes + at);
    }
  }
}

/* Minus the substep of an action's first spike; silence comes last. */
static void choose_votes_first(hd__net *net, int row) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const int T = net->def.substeps;
  for (int a = 0; a < net->def.n_actions; a++) {
    net->votes[a] = -(float)T;
  }
  for (int t = T - 1; t >= out->onset; t--) {
    const float *b = out->b + hd__at(net, out, t) + row * out->n_pad;
    for (int block = 0; block < out->n_block; block++) {
      for (int k = 0; k < out->per_block; k++) {
        if (b[block * out->block_stride + k] > 0) {
          net->votes[net->action_of[block * out->block_stride + k]] = -(float)t;
        }
      }
    }
  }
}

static hd__key choose_action_key(const hd__random_base *draw) {
  return hd__key_at(draw->action, draw->step);
}

/* Draws of choice k of a decision. */
enum { CHOOSE_ACTION, CHOOSE_EXPLORES, CHOOSE_EXPLORED, CHOOSE_DRAWS };

static float choose_draw(const hd__random_base *draw, int k, int use) {
  return hd__uniform24(choose_action_key(draw), (uint32_t)(k * CHOOSE_DRAWS + use));
}

/* Choice k, the action with most votes; ties are broken by a draw, which is made only then. No
 * branch asks which action it is, since nobody could predict that. */
static int choose_most_voted(const float *votes, int A, const hd__random_base *draw, int k) {
  float top = votes[0];
  int first = 0, n_top = 1;
  for (int a = 1; a < A; a++) {
    const int is_more = votes[a] > top;
    n_top += (votes[a] == top) + is_more * (1 - n_top);
    first += is_more * (a - first);
    top = hd__maxf(top, votes[a]);
  }
  if (n_top == 1) {
    return first;
  }
  const int wanted = (int)(choose_draw(draw, k, CHOOSE_ACTION) * (float)n_top);
  int passed = 0;
  for (int a = 0, tied = 0; a < A; a++) {
    tied += votes[a] == top;
    passed += tied <= wanted;
  }
  return passed;
}

/* Probabilities of the actions of every choice alone: rows of their own for the kernel. */
static void choose_softmax_several(const hd__net *net) {
  const int n = net->n_alternatives, C = net->def.n_choices, stride = HD_PAD(n);
  const size_t size = sizeof(float) * (size_t)n;
  for (int row = 0; row < net->rows; row++) {
    for (int k = 0; k < C; k++) {
      memcpy(net->logit_alone + (row * C + k) * stride,
             net->logit + row * HD_PAD(net->def.n_actions) + k * n, size);
    }
  }
  net->kernel->softmax(net->rows * C, n, stride, net->def.temperature, net->logit_alone,
                       net->pi_alone);
  for (int row = 0; row < net->rows; row++) {
    for (int k = 0; k < C; k++) {
      memcpy(net->pi + row * HD_PAD(net->def.n_actions) + k * n,
             net->pi_alone + (row * C + k) * stride, size);
    }
  }
}

static void choose_softmax(const hd__net *net) {
  const int A = net->def.n_actions;
  if (net->def.n_choices > 1) {
    choose_softmax_several(net);
    return;
  }
  net->kernel->softmax(net->rows, A, HD_PAD(A), net->def.temperature, net->logit, net->pi);
}

/* Every choice of a row: the action with most votes. */
static void choose_all_most_voted(const hd__net *net, const float *votes,
                                  const hd__random_base *draw, int *action) {
  const int n = net->n_alternatives;
  for (int k = 0; k < net->def.n_choices; k++) {
    action[k] = choose_most_voted(votes + k * n, n, draw, k);
  }
}

static void choose_all_drawn(const hd__net *net, const float *pi, const hd__random_base *draw,
                             int *action) {
  const int n = net->n_alternatives;
  for (int k = 0; k < net->def.n_choices; k++) {
    action[k] = choose_draw_action(pi + k * n, n, choose_draw(draw, k, CHOOSE_ACTION));
  }
}

/* Actions by the logits of every row. */
static void choose_linear(hd__net *net, const hd__random_base *draw, const hd__policy *policy,
                          hd__decision *decision) {
  const int stride = HD_PAD(net->def.n_actions);
  choose_logits_linear(net, &decision->part[net->n_layers]);
  if (!policy->is_greedy || !policy->is_bare) {
    choose_softmax(net);
  }
  for (int row = 0; row < net->rows; row++) {
    int *action = decision->action + row * net->def.n_choices;
    if (policy->is_greedy) {
      choose_all_most_voted(net, net->logit + row * stride, &draw[row], action);
    } else {
      choose_all_drawn(net, net->pi + row * stride, &draw[row], action);
    }
  }
}

float hd__net_log_pi(const hd__net *net, const hd__decision *decision, int row) {
  const float *pi = net->pi + row * HD_PAD(net->def.n_actions);
  float sum = 0.0f;
  for (int k = 0; k < net->def.n_choices; k++) {
    sum += hd__logf(hd__maxf(pi[hd__net_chosen(net, decision, row, k)], 1e-30f));
  }
  return sum;
}

/* Actions by the number of spikes that speak for them. */
static void choose_count(hd__net *net, const hd__random_base *draw, hd__decision *decision) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const int A = net->def.n_actions, stride = HD_PAD(A);
  net->kernel->heads(net->rows, A, out->n_pad, net->speaks, out->drive, out->n_pad, net->logit,
                     stride);
  for (int row = 0; row < net->rows; row++) {
    choose_all_most_voted(net, net->logit + row * stride, &draw[row],
                          decision->action + row * net->def.n_choices);
  }
}

/* The most probable action, where action neurons are summed out: what they drew does not matter. */
static void choose_likeliest(hd__net *net, const hd__random_base *draw, hd__decision *decision) {
  for (int row = 0; row < net->rows; row++) {
    hd__settle_votes_chances(net, row, net->votes);
    choose_all_most_voted(net, net->votes, &draw[row], decision->action + row * net->def.n_choices);
  }
}

/* Actions by the votes of every row. */
static void choose_votes(hd__net *net, const hd__random_base *draw, const hd__policy *policy,
                         hd__decision *decision) {
  if (policy->is_greedy && hd__net_sums_votes(net)) {
    choose_likeliest(net, draw, decision);
    return;
  }
  choose_sum_spikes(net);
  if (net->def.readout == HD_READ_COUNT) {
    choose_count(net, draw, decision);
    return;
  }
  for (int row = 0; row < net->rows; row++) {
    (net->def.readout == HD_READ_VOTE ? choose_votes_networks : choose_votes_first)(net, row);
    choose_all_most_voted(net, net->votes, &draw[row], decision->action + row * net->def.n_choices);
  }
}

/* With probability epsilon, each choice by itself, any of its actions. */
static void choose_explore(const hd__net *net, const hd__random_base *draw, float epsilon,
                           int *action) {
  for (int k = 0; k < net->def.n_choices; k++) {
    if (choose_draw(draw, k, CHOOSE_EXPLORES) < epsilon) {
      action[k] = (int)(choose_draw(draw, k, CHOOSE_EXPLORED) * (float)net->n_alternatives);
    }
  }
}

void hd__net_choose(hd__net *net, const hd__random_base *draw, const hd__policy *policy,
                    hd__decision *decision) {
  if (net->has_linear) {
    choose_linear(net, draw, policy, decision);
  } else {
    choose_votes(net, draw, policy, decision);
  }
  for (int row = 0; !policy->is_greedy && policy->epsilon > 0.0f && row < net->rows; row++) {
    choose_explore(net, &draw[row], policy->epsilon, decision->action + row * net->def.n_choices);
  }
}

void hd__net_decide(hd__net *net, int rows, const float *obs, const hd__random_base *draw,
                    const hd__policy *policy, hd__decision *decision) {
  net->rows = decision->rows = rows;
  hd__net_forward(net, obs, draw, policy, decision);
  hd__net_choose(net, draw, policy, decision);
}
