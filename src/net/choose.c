/* Spikes -> action. */
#include <string.h>

#include "net.h"

/* ---- linear readouts: softmax over means, or over a leaky membrane ---- */

/* Weight of substep t in a membrane's logit: the impulse response of v <- v + (z - v) / tau. */
static float response(const hd__net *net, int age) {
  const float keep = 1.0f - 1.0f / net->def.membrane_tau;
  float share = 1.0f / net->def.membrane_tau;
  for (int i = 0; i < age; i++) {
    share *= keep;
  }
  return share;
}

/* share[t]: how much the spikes of substep t count in a logit read out at `end` or as a mean. */
static void shares(const hd__net *net, int onset, int end, float *share) {
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
          share[t] += mean * response(net, later - t);
        }
        break;
      case HD_READ_MEMBRANE_LAST:
      case HD_READ_MEMBRANE_MAX:
        share[t] = t <= end ? response(net, end - t) : 0.0f;
        break;
      default:
        share[t] = mean;
    }
  }
}

/* x = sum_t share[t] y(t), then the bias. */
static void read_features(const hd__net *net, const float *source, int pad, const float *share,
                          float *x) {
  const hd__wiring *w = &net->linear;
  memset(x, 0, sizeof(float) * (size_t)w->x_stride);
  for (int t = 0; t < net->def.substeps; t++) {
    if (share[t] != 0.0f) {
      net->kernel->axpy(HD_PAD(w->n_source), share[t], source + (size_t)t * (size_t)pad, x);
    }
  }
  if (net->def.has_bias) {
    x[w->n_x - 1] = 1.0f;
  }
}

/* The same where the layer gives the mean of its spikes. */
static void read_mean(const hd__net *net, const float *mean, float *x) {
  const hd__wiring *w = &net->linear;
  memcpy(x, mean, sizeof(float) * (size_t)HD_PAD(w->n_source));
  if (net->def.has_bias) {
    x[w->n_x - 1] = 1.0f;
  }
}

static float read_logit(const hd__net *net, int a, const float *x) {
  const hd__wiring *w = &net->linear;
  return net->kernel->dot(w->x_stride, net->weights + w->at + (size_t)a * (size_t)w->x_stride, x);
}

static void logits_linear(hd__net *net, hd__part *part) {
  const hd__wiring *w = &net->linear;
  const int T = net->def.substeps, A = net->def.n_actions;
  if (w->is_sparse) {
    net->kernel->rows_lines(net->def.code.n_active + net->def.has_bias, w->n_post, part->line,
                            net->weights + w->at, net->logit);
    return;
  }
  const hd__layer *last = net->n_layers > 0 ? &net->layer[net->n_layers - 1] : NULL;
  const float *source = last != NULL ? last->y : net->input;
  const int pad = last != NULL ? last->n_pad : HD_PAD(net->def.code.n);
  const int onset = last != NULL ? last->onset : 0;
  if (net->def.readout != HD_READ_MEMBRANE_MAX) {
    shares(net, onset, T - 1, net->share);
    if (last != NULL && last->is_mean) {
      read_mean(net, source + (size_t)onset * (size_t)pad, part->x);
    } else {
      read_features(net, source, pad, net->share, part->x);
    }
    net->kernel->cols_drive(A, w->x_stride, net->weights + w->at, part->x, net->logit);
    return;
  }
  for (int end = onset; end < T; end++) {
    float *share = net->share + A * T;
    shares(net, onset, end, share);
    read_features(net, source, pad, share, net->membrane);
    for (int a = 0; a < A; a++) {
      const float v = read_logit(net, a, net->membrane);
      if (end == onset || v > net->logit[a]) {
        net->logit[a] = v;
        memcpy(part->x + (size_t)a * (size_t)w->x_stride, net->membrane,
               sizeof(float) * (size_t)w->x_stride);
        memcpy(net->share + a * T, share, sizeof(float) * (size_t)T);
      }
    }
  }
}

/* pi = softmax(logit / temperature). */
static void softmax(hd__net *net) {
  const int A = net->def.n_actions;
  float top = net->logit[0], sum = 0.0f;
  for (int a = 1; a < A; a++) {
    top = hd__maxf(top, net->logit[a]);
  }
  for (int a = 0; a < A; a++) {
    net->pi[a] = hd__expf((net->logit[a] - top) / net->def.temperature);
    sum += net->pi[a];
  }
  for (int a = 0; a < A; a++) {
    net->pi[a] /= sum;
  }
}

static int draw_action(const float *pi, int A, float u) {
  int a = 0;
  for (float sum = pi[0]; a < A - 1 && u >= sum; sum += pi[a]) {
    a++;
  }
  return a;
}

/* ---- readouts that count output spikes ---- */

/* Output spikes of the decision, neuron by neuron, into the drive, which is spent by now. */
static void sum_spikes(hd__net *net) {
  hd__layer *out = &net->layer[net->n_layers - 1];
  memset(out->drive, 0, sizeof(float) * (size_t)out->n_pad);
  for (int t = out->onset; t < net->def.substeps; t++) {
    net->kernel->axpy(out->n_pad, 1.0f, out->b + (size_t)t * (size_t)out->n_pad, out->drive);
  }
}

static void count_spikes(const hd__net *net, int net_index, float *count) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const int lanes = out->n_block / net->def.nets * out->block_stride;
  memset(count, 0, sizeof(float) * (size_t)net->def.n_actions);
  for (int lane = net_index * lanes; lane < (net_index + 1) * lanes; lane++) {
    count[net->action_of[lane]] += out->drive[lane];
  }
}

static float largest(const float *x, int n) {
  float top = x[0];
  for (int i = 1; i < n; i++) {
    top = hd__maxf(top, x[i]);
  }
  return top;
}

/* Spikes of all networks. */
static void votes_count(hd__net *net) {
  float *one = net->pi;
  memset(net->votes, 0, sizeof(float) * (size_t)net->def.n_actions);
  for (int k = 0; k < net->def.nets; k++) {
    count_spikes(net, k, one);
    for (int a = 0; a < net->def.n_actions; a++) {
      net->votes[a] += one[a];
    }
  }
}

/* One vote a network, shared among its most active outputs; a silent network abstains. */
static void votes_networks(hd__net *net) {
  const int A = net->def.n_actions;
  float *one = net->pi;
  memset(net->votes, 0, sizeof(float) * (size_t)A);
  for (int k = 0; k < net->def.nets; k++) {
    count_spikes(net, k, one);
    const float top = largest(one, A);
    float n_top = 0.0f;
    for (int a = 0; a < A; a++) {
      n_top += one[a] == top ? 1.0f : 0.0f;
    }
    for (int a = 0; top > 0.0f && a < A; a++) {
      net->votes[a] += one[a] == top ? 1.0f / n_top : 0.0f;
    }
  }
}

/* Minus the substep of an action's first spike; silence comes last. */
static void votes_first(hd__net *net) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  const int T = net->def.substeps;
  for (int a = 0; a < net->def.n_actions; a++) {
    net->votes[a] = -(float)T;
  }
  for (int t = T - 1; t >= out->onset; t--) {
    for (int block = 0; block < out->n_block; block++) {
      for (int k = 0; k < out->per_block; k++) {
        if (out->b[(size_t)t * (size_t)out->n_pad + (size_t)(block * out->block_stride + k)] > 0) {
          net->votes[net->action_of[block * out->block_stride + k]] = -(float)t;
        }
      }
    }
  }
}

/* The action with most votes, ties broken by the draw u. */
static int most_voted(const float *votes, int A, float u) {
  const float top = largest(votes, A);
  int n_top = 0;
  for (int a = 0; a < A; a++) {
    n_top += votes[a] == top;
  }
  int wanted = (int)(u * (float)n_top);
  for (int a = 0; a < A; a++) {
    if (votes[a] == top && wanted-- == 0) {
      return a;
    }
  }
  return A - 1;
}

void hd__net_choose(hd__net *net, hd__draw draw, const hd__policy *policy, hd__decision *decision) {
  const int A = net->def.n_actions;
  const hd__key key = hd__key_make(draw.seed, HD_STREAM_ACTION, draw.env, draw.step);
  const float u = hd__uniform24(key, 0);
  if (net->has_linear) {
    logits_linear(net, &decision->part[net->n_layers]);
    softmax(net);
    decision->action =
        policy->is_greedy ? most_voted(net->logit, A, u) : draw_action(net->pi, A, u);
  } else {
    static void (*const count[])(hd__net *) = {[HD_READ_COUNT] = votes_count,
                                               [HD_READ_VOTE] = votes_networks,
                                               [HD_READ_FIRST] = votes_first};
    sum_spikes(net);
    count[net->def.readout](net);
    decision->action = most_voted(net->votes, A, u);
  }
  if (!policy->is_greedy && hd__uniform24(key, 1) < policy->epsilon) {
    decision->action = (int)(hd__uniform24(key, 2) * (float)A);
  }
}

void hd__net_decide(hd__net *net, const float *obs, hd__draw draw, const hd__policy *policy,
                    hd__decision *decision) {
  hd__net_forward(net, obs, draw, policy, decision);
  hd__net_choose(net, draw, policy, decision);
}
