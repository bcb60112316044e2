/* Settling: what hidden neurons learn from is the gradient of the log-probability of what was
 * chosen, given the input alone, with less noise than the spikes that they drew. */
#include "twin.h"

static const float obs[CASE_OBS] = {0.8f, -0.6f};
static const hd__policy policy = {.tau = 1};

#define NET(...) \
  { .coding = "raw", .rule = "pgcn", .n_hidden = 1, .hidden = {3}, __VA_ARGS__ }

static void decide(subject *s, uint64_t step) {
  hd__net_decide(&s->net, 1, obs, (hd__random_base[]){hd__random_base_make(7, 0, step)}, &policy,
                 &s->decision);
}

/* ---- the exact gradient ---- */

/* Force the draws so that the neurons do what the bits of `outcome` say, action neurons fire or not
 * as `top` says; returns the number of hidden neurons. */
static int set_draws(const hd__net *net, unsigned outcome, bool top) {
  int bit = 0;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    for (int j = 0; j < layer->n; j++) {
      const bool fires = l < net->def.n_hidden ? outcome >> bit++ & 1 : top;
      force[layer->noise_at + (uint32_t)j] = fires ? 1e-12f : 1 - 6e-8f;
    }
  }
  return bit;
}

/* The gradient of log P(action | input), or of the log-probability that all action neurons fire:
 * the mean over all that hidden neurons may do, each by its probability given that choice. */
static void exact(net_case c, int action, float scale, double *gradient) {
  hd_ctx *ctx = case_ctx();
  subject s;
  c.settle = HD_SETTLE_NONE;
  subject_open(&s, ctx, &c, 5, scale);
  subject_force(&s);
  bool *real = real_weights(&s.net);
  memset(gradient, 0, sizeof(double) * s.net.n_weights);
  double total = 0;
  const int n_bits = set_draws(&s.net, 0, true);
  for (unsigned outcome = 0; outcome < 1u << n_bits; outcome++) {
    set_draws(&s.net, outcome, true);
    decide(&s, 0);
    s.decision.action[0] = action;
    twin w;
    twin_open(&w, &s, SPIKE, 1);
    const double p = exp(twin_value(&w));
    total += p;
    for (size_t i = 0; i < s.net.n_weights; i++) {
      gradient[i] += real[i] ? p * slope(&w, i, twin_value) : 0;
    }
    twin_close(&w);
  }
  for (size_t i = 0; i < s.net.n_weights; i++) {
    gradient[i] /= total;
  }
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* P(choices | spikes of the action neurons): of the first choice `action`, of others the first
 * alternative. */
static double votes_p(const hd__net *net, int action) {
  const hd__layer *out = &net->layer[net->n_layers - 1];
  int votes[CASE_ACTIONS_MAX] = {0};
  for (int j = 0; j < out->n; j++) {
    int *vote = &votes[net->action_of[j]];
    *vote = net->def.readout == HD_READ_FIRST ? *vote || out->b[j] > 0 : *vote + (out->b[j] > 0);
  }
  double p = 1;
  for (int at = 0; at < net->def.n_actions; at += net->n_alternatives) {
    const int taken = votes[at + (at == 0 ? action : 0)];
    int n_more = 0, n_as_many = 0;
    for (int a = at; a < at + net->n_alternatives; a++) {
      n_more += votes[a] > taken;
      n_as_many += votes[a] == taken;
    }
    p *= n_more > 0 ? 0 : 1.0 / n_as_many;
  }
  return p;
}

/* Probability of all spikes that were drawn. */
static double spikes_p(const hd__net *net) {
  double p = 1;
  for (int l = 0; l < net->n_layers; l++) {
    for (int j = 0; j < net->layer[l].n; j++) {
      const double fires = (double)hd__layer_p(net, &net->layer[l], 0)[j];
      p *= net->layer[l].b[j] > 0 ? fires : 1 - fires;
    }
  }
  return p;
}

/* The gradient of log P(choices | input) where action neurons are settled as well: the mean of all
 * neurons' scores over all that they may do, each by its probability given the choices. */
static void exact_votes(net_case c, int action, float scale, double *gradient) {
  hd_ctx *ctx = case_ctx();
  subject s;
  c.settle = HD_SETTLE_NONE;
  subject_open(&s, ctx, &c, 5, scale);
  subject_force(&s);
  memset(gradient, 0, sizeof(double) * s.net.n_weights);
  double total = 0;
  int n_bits = 0;
  for (int l = 0; l < s.net.n_layers; l++) {
    n_bits += s.net.layer[l].n;
  }
  for (unsigned outcome = 0; outcome < 1u << n_bits; outcome++) {
    unsigned bits = outcome;
    for (int l = 0; l < s.net.n_layers; l++) {
      for (int j = 0; j < s.net.layer[l].n; j++, bits >>= 1) {
        force[s.net.layer[l].noise_at + (uint32_t)j] = bits & 1 ? 1e-12f : 1 - 6e-8f;
      }
    }
    decide(&s, 0);
    const double p = spikes_p(&s.net) * votes_p(&s.net, action);
    subject_eligibility(&s, &policy);
    total += p;
    for (size_t i = 0; i < s.net.n_weights; i++) {
      gradient[i] += p * (double)s.E[i];
    }
  }
  for (size_t i = 0; i < s.net.n_weights; i++) {
    gradient[i] /= total;
  }
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void exact_of(net_case c, int action, float scale, double *gradient) {
  (c.settle_votes ? exact_votes : exact)(c, action, scale, gradient);
}

/* Does a decision end as the exact gradient assumes? */
static bool is_chosen(const subject *s, int action) {
  if (s->net.has_linear ||
      s->net.def.settle_votes) { /* of several choices the others are the first alternative */
    bool is = s->decision.action[0] == action;
    for (int k = 1; k < s->net.def.n_choices; k++) {
      is &= s->decision.action[k] == 0;
    }
    return is;
  }
  const hd__layer *out = &s->net.layer[s->net.n_layers - 1];
  for (int j = 0; j < out->n; j++) {
    if (out->b[j] == 0) {
      return false;
    }
  }
  return true;
}

enum { N_MAX = 512 };

/* Mean of the settled eligibilities over so many decisions that end alike; deviations of the mean
 * go to `error`. */
static size_t estimate(const net_case *c, int action, float scale, int n, double *mean,
                       double *error) {
  double squares[N_MAX] = {0};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, c, 5, scale);
  const size_t n_weights = s.net.n_weights;
  CHECK(n_weights <= N_MAX);
  memset(mean, 0, sizeof(double) * n_weights);
  uint64_t step = 0;
  for (int k = 0; k < n; step++) {
    decide(&s, step);
    if (!is_chosen(&s, action)) {
      continue;
    }
    subject_eligibility(&s, &policy);
    for (size_t i = 0; i < n_weights; i++) {
      mean[i] += (double)s.E[i];
      squares[i] += (double)s.E[i] * (double)s.E[i];
    }
    k++;
  }
  for (size_t i = 0; i < n_weights; i++) {
    mean[i] /= n;
    error[i] = sqrt(fmax(squares[i] / n - mean[i] * mean[i], 0) / n);
  }
  subject_close(&s);
  hd_ctx_destroy(ctx);
  return n_weights;
}

static double largest_gap(size_t n, const double *x, const double *y) {
  double gap = 0;
  for (size_t i = 0; i < n; i++) {
    gap = fmax(gap, fabs(x[i] - y[i]));
  }
  return gap;
}

/* As rounds grow the redrawn eligibility of decisions is the gradient, to `tolerance` after 16
 * times 65,536 rounds. */
static void gibbs_is_the_gradient(net_case c, double tolerance) {
  double want[N_MAX], mean[N_MAX], error[N_MAX], gap[2];
  exact_of(c, 1, 0.9f, want);
  c.settle = HD_SETTLE_GIBBS;
  size_t n = 0;
  for (int k = 0; k < 2; k++) {
    c.settle_rounds = 64 << (10 * k);
    n = estimate(&c, 1, 0.9f, 16, mean, error);
    gap[k] = largest_gap(n, mean, want);
  }
  CHECK(gap[1] < tolerance);
  CHECK(gap[0] > 3 * gap[1]);
  memset(mean, 0, sizeof mean);
  CHECK(largest_gap(n, want, mean) > 0.1);
}

/* After any number of rounds its mean over decisions is. */
static void gibbs_has_the_right_mean(net_case c) {
  double want[N_MAX], mean[N_MAX], error[N_MAX], noise[2] = {0};
  exact_of(c, 1, 1.2f, want);
  c.settle = HD_SETTLE_GIBBS;
  for (int k = 0; k < 2; k++) {
    c.settle_rounds = 1 + 7 * k;
    const size_t n = estimate(&c, 1, 1.2f, 6000, mean, error);
    for (size_t i = 0; i < n; i++) {
      CHECK_NEAR(mean[i], want[i], 4.5 * error[i] + 2e-6);
      noise[k] += error[i] * error[i];
    }
  }
  CHECK(noise[1] < noise[0]);
}

static void check_gibbs(net_case c, double tolerance) {
  gibbs_is_the_gradient(c, tolerance);
  gibbs_has_the_right_mean(c);
}

static void two_three_one(void) {
  check_gibbs((net_case)NET(.neuron = "bernoulli", .readout = HD_READ_COUNT, .n_actions = 1), 1e-3);
  check_gibbs((net_case)NET(.neuron = "ising", .readout = HD_READ_COUNT, .n_actions = 1), 1e-3);
}

static void softmax(void) {
  check_gibbs((net_case)NET(.neuron = "bernoulli", .n_actions = 3), 1e-3);
  gibbs_has_the_right_mean((net_case)NET(.neuron = "ising", .n_actions = 2, .temperature = 0.6f));
}

static void two_hidden_layers(void) {
  net_case c = NET(.neuron = "ising", .n_actions = 3);
  c.n_hidden = 2;
  c.hidden[1] = 2;
  check_gibbs(c, 5e-3);
  c.no_bias = true;
  c.readout = HD_READ_COUNT;
  c.n_actions = 2;
  gibbs_has_the_right_mean(c);
}

/* Several choices at once: the mean over decisions that end alike is that of the spikes as drawn.
 */
static void several_choices(void) {
  double drawn[N_MAX], mean[N_MAX], drawn_error[N_MAX], error[N_MAX], size = 0;
  net_case c = NET(.neuron = "ising", .n_actions = 4, .n_choices = 2);
  estimate(&c, 1, 1.2f, 12000, drawn, drawn_error);
  c.settle = HD_SETTLE_GIBBS;
  c.settle_rounds = 2;
  const size_t n = estimate(&c, 1, 1.2f, 4000, mean, error);
  for (size_t i = 0; i < n; i++) {
    CHECK_NEAR(mean[i], drawn[i], 4.5 * hypot(error[i], drawn_error[i]) + 2e-6);
    size = fmax(size, fabs(mean[i]));
  }
  CHECK(size > 0.1);
}

/* Action neurons that learn from what they most probably did, given the action. */
static void votes(void) {
  net_case c = NET(.neuron = "ising", .readout = HD_READ_COUNT, .n_actions = 3, .action_neurons = 2,
                   .settle_votes = true);
  check_gibbs(c, 2e-3);
  c.neuron = "bernoulli";
  c.readout = HD_READ_FIRST;
  gibbs_has_the_right_mean(c);
  c.readout = HD_READ_VOTE;
  c.n_actions = 4;
  c.n_choices = 2;
  gibbs_has_the_right_mean(c);
}

/* Probabilities of the action neurons' spikes given what the layer below was redrawn to, `p`, and
 * given the choices as well, `q`: by all that action neurons may do. Returns the probability of the
 * choices. */
static double plain_votes(const subject *s, int action, double *p, double *q) {
  const hd__layer *out = &s->net.layer[1];
  const hd__wiring *in = &out->in;
  const float *W = s->net.weights + in->at, *x = s->decision.part[1].x;
  double total = 0;
  for (int j = 0; j < out->n; j++) {
    double u = 0;
    for (int i = 0; i < in->n_x; i++) {
      u += (double)W[in->is_rows ? i * in->n_post + j : j * in->x_stride + i] * (double)x[i];
    }
    p[j] = 1 / (1 + exp(-2 * u)); /* of neurons that are -1 or +1 */
    q[j] = 0;
  }
  for (unsigned outcome = 0; outcome < 1u << out->n; outcome++) {
    double likely = 1;
    for (int j = 0; j < out->n; j++) {
      out->b[j] = (float)(outcome >> j & 1);
      likely *= out->b[j] > 0 ? p[j] : 1 - p[j];
    }
    likely *= votes_p(&s->net, action);
    total += likely;
    for (int j = 0; j < out->n; j++) {
      q[j] += out->b[j] > 0 ? likely : 0;
    }
  }
  for (int j = 0; j < out->n; j++) {
    q[j] /= total;
  }
  return total;
}

/* Nothing of what action neurons learn is left to chance, but for the spikes below them. */
static void check_summed_out(net_case c) {
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 5, 1.2f);
  double told = 0;
  for (uint64_t step = 0, n = 0; n < 8; step++) {
    double p[TWIN_N], q[TWIN_N];
    decide(&s, step);
    if (!is_chosen(&s, 1)) {
      continue;
    }
    n++;
    subject_eligibility(&s, &policy);
    plain_votes(&s, 1, p, q);
    for (int j = 0; j < s.net.layer[1].n; j++) {
      CHECK_NEAR((double)s.decision.part[1].g[j], 2 * (q[j] - p[j]), 2e-6);
      told = fmax(told, fabs(q[j] - p[j]));
    }
  }
  CHECK(told > 0.1);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void action_neurons_are_summed_out(void) {
  net_case c = NET(.neuron = "ising", .readout = HD_READ_COUNT, .n_actions = 4, .action_neurons = 3,
                   .settle_votes = true, .settle = HD_SETTLE_GIBBS);
  check_summed_out(c);
  c.n_choices = 2;
  check_summed_out(c);
  c.readout = HD_READ_FIRST;
  check_summed_out(c);
}

/* A greedy action is the most probable one given the hidden spikes, whatever action neurons draw.
 */
static void greedy_is_the_most_probable(void) {
  net_case c = NET(.neuron = "ising", .readout = HD_READ_COUNT, .n_actions = 3, .action_neurons = 3,
                   .settle_votes = true, .settle = HD_SETTLE_GIBBS);
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 5, 0.6f);
  const hd__policy greedy = {.tau = 1, .is_greedy = true};
  bool took[3] = {false};
  for (uint64_t step = 0; step < 40; step++) {
    double p[TWIN_N], q[TWIN_N];
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(7, 0, step)}, &greedy,
                   &s.decision);
    const int action = s.decision.action[0];
    const double taken = plain_votes(&s, action, p, q);
    took[action] = true;
    for (int a = 0; a < 3; a++) {
      CHECK(plain_votes(&s, a, p, q) < taken + 1e-6);
    }
  }
  CHECK(took[0] + took[1] + took[2] > 1); /* hidden neurons go on to draw */
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void place_cells(void) {
  net_case c = NET(.neuron = "bernoulli", .n_actions = 3);
  c.coding = "tiles";
  gibbs_has_the_right_mean(c);
}

/* ---- what is kept ---- */

/* The eligibility is the sum of features times factors over all that is kept, also where the spikes
 * that were drawn at first were so few that the forward pass went by their bits. */
static void redrawn_spikes_are_learned_from(void) {
  net_case c =
      NET(.neuron = "bernoulli", .n_actions = 2, .settle = HD_SETTLE_GIBBS, .settle_rounds = 3);
  c.n_hidden = 2;
  c.hidden[0] = 40;
  c.hidden[1] = 17;
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 5, 0.5f);
  const hd__layer *first = &s.net.layer[0], *second = &s.net.layer[1];
  for (int j = 0; j < first->n; j++) { /* hardly any neuron of the first layer fires */
    s.net.weights[first->in.at + (size_t)((first->in.n_x - 1) * first->n_pad + j)] = -3;
  }
  const hd__part *part = &s.decision.part[1];
  bool was_few = false;
  for (uint64_t step = 0; step < 5; step++) {
    decide(&s, step);
    was_few |= part->has_few;
    subject_eligibility(&s, &policy);
    for (int i = 0; i < second->in.n_x; i++) {
      for (int j = 0; j < second->n; j++) {
        double want = 0;
        for (int round = 0; round < 3; round++) {
          want += (double)part->x[round * second->in.x_stride + i] *
                  (double)part->g[round * second->n_pad + j];
        }
        const size_t at = second->in.at + (size_t)(i * second->n_pad + j);
        CHECK_NEAR((double)s.E[at], want, 1e-6);
      }
    }
  }
  CHECK(was_few);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* ---- mean field ---- */

/* q of one hidden layer under a softmax by the equations alone, in double precision. */
static void plain_mean_field(const subject *s, int action, double *q) {
  const hd__net *net = &s->net;
  const hd__layer *layer = &net->layer[0];
  const int n = layer->n, A = net->def.n_actions;
  const double silence = (double)net->def.neuron->silence, span = 1 - silence;
  const float *V = net->weights + net->linear.at;
  const int stride = net->linear.x_stride;
  for (int i = 0; i < n; i++) {
    q[i] = (double)layer->p[i];
  }
  for (int round = 0; round < 200; round++) {
    double logit[CASE_ACTIONS_MAX], sum = 0;
    for (int a = 0; a < A; a++) {
      logit[a] = (double)V[a * stride + net->linear.n_x - 1];
      for (int i = 0; i < n; i++) {
        logit[a] += (double)V[a * stride + i] * (silence + span * q[i]);
      }
      logit[a] /= (double)net->def.temperature;
      sum += exp(logit[a]);
    }
    for (int i = 0; i < n; i++) {
      double u = log((double)layer->p[i]) - log1p(-(double)layer->p[i]);
      for (int a = 0; a < A; a++) {
        const double error = (a == action) - exp(logit[a]) / sum;
        u += span * (double)V[a * stride + i] / (double)net->def.temperature * error;
      }
      q[i] = 0.5 * q[i] + 0.5 / (1 + exp(-u));
    }
  }
}

static void mean_field_agrees_with_itself(void) {
  net_case c = NET(.neuron = "ising", .n_actions = 3, .temperature = 0.7f,
                   .settle = HD_SETTLE_MEAN_FIELD, .settle_rounds = 60);
  c.hidden[0] = 20;
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 5, 0.5f);
  double moved = 0;
  for (uint64_t step = 0; step < 4; step++) {
    double q[TWIN_N];
    decide(&s, step);
    subject_eligibility(&s, &policy);
    plain_mean_field(&s, s.decision.action[0], q);
    for (int i = 0; i < 20; i++) {
      const double want = 2 * (q[i] - (double)s.net.layer[0].p[i]);
      CHECK_NEAR((double)s.decision.part[0].g[i], want, 1e-5);
      CHECK_NEAR((double)s.decision.part[1].x[i], 2 * q[i] - 1, 1e-5);
      moved = fmax(moved, fabs(want));
    }
  }
  CHECK(moved > 0.05);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static double cosine(size_t n, const double *x, const double *y) {
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < n; i++) {
    xx += x[i] * x[i];
    yy += y[i] * y[i];
    xy += x[i] * y[i];
  }
  return xy / sqrt(xx * yy);
}

/* It is not the gradient, but near it where no single spike decides. */
static void mean_field_is_near_the_gradient(void) {
  net_case c =
      NET(.neuron = "ising", .n_actions = 3, .settle = HD_SETTLE_MEAN_FIELD, .settle_rounds = 20);
  c.hidden[0] = 4;
  for (c.n_hidden = 1; c.n_hidden <= 2; c.n_hidden++) {
    c.hidden[1] = 3;
    double want[N_MAX], mean[N_MAX], error[N_MAX], gap[2];
    for (int k = 0; k < 2; k++) {
      const float scale = k == 0 ? 0.8f : 0.2f;
      exact(c, 1, scale, want);
      const size_t n = estimate(&c, 1, scale, 1, mean, error);
      CHECK(cosine(n, want, mean) > (k == 0 ? 0.85 : 0.98));
      gap[k] = largest_gap(n, want, mean);
    }
    CHECK(gap[1] < gap[0]);
  }
}

/* Feedback that learns from noise comes near the weights that lead up; random feedback stays. */
static void feedback_learns(void) {
  net_case c = NET(.neuron = "ising", .n_actions = 3, .settle = HD_SETTLE_MEAN_FIELD);
  c.n_hidden = 2;
  c.hidden[0] = 8;
  c.hidden[1] = 6;
  for (c.feedback = HD_FEEDBACK_RANDOM; c.feedback <= HD_FEEDBACK_LEARNED; c.feedback++) {
    hd_ctx *ctx = case_ctx();
    subject s;
    subject_open(&s, ctx, &c, 5, 0.6f);
    for (int k = 1; k < 3; k++) {
      double was[N_MAX], is[N_MAX], effect[N_MAX];
      const size_t n = (size_t)(s.net.layer[k - 1].n * HD_LANES);
      const float *F = s.net.settling.feedback[k];
      for (size_t i = 0; i < n; i++) {
        was[i] = (double)F[i];
      }
      for (uint64_t step = 0; step < 2000; step++) {
        decide(&s, step);
        hd__net_factors(&s.net, &policy, &s.decision);
      }
      for (size_t i = 0; i < n; i++) {
        is[i] = (double)F[i];
        effect[i] = (double)s.net.settling.effect[k][i];
      }
      const bool learns = c.feedback == HD_FEEDBACK_LEARNED;
      CHECK(learns ? cosine(n, is, effect) > 0.9 : largest_gap(n, is, was) == 0);
    }
    subject_close(&s);
    hd_ctx_destroy(ctx);
  }
}

/* ---- noise ---- */

/* Total variance of the hidden layer's return times eligibility, at a readout whose logits differ
 * by about `sure` over the spikes that may be drawn. */
static double variance(int width, hd__settle_mode settle, float sure) {
  enum { DECISIONS = 400 };
  net_case c = NET(.neuron = "ising", .n_actions = 4, .settle = settle, .settle_rounds = 4);
  c.hidden[0] = width;
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 5, 1.0f);
  for (size_t i = s.net.linear.at; i < s.net.n_weights; i++) {
    s.net.weights[i] *= sure * 1.73f / sqrtf((float)width);
  }
  const size_t n = hd__net_readout_at(&s.net);
  double *sum = calloc(n, sizeof *sum), squares = 0, means = 0;
  for (uint64_t step = 0; step < DECISIONS; step++) {
    decide(&s, step);
    subject_eligibility(&s, &policy);
    const double G = s.decision.action[0] == 0 ? 1 : -0.5;
    for (size_t i = 0; i < n; i++) {
      const double x = G * (double)s.E[i];
      sum[i] += x;
      squares += x * x;
    }
  }
  for (size_t i = 0; i < n; i++) {
    means += sum[i] / DECISIONS * sum[i] / DECISIONS;
  }
  free(sum);
  subject_close(&s);
  hd_ctx_destroy(ctx);
  return squares / DECISIONS - means;
}

static void variance_falls(void) {
  static const int widths[] = {16, 64, 256};
  static const float sure[] = {1, 3};
  for (int k = 0; k < 2; k++) {
    for (int i = 0; i < 3; i++) {
      const double plain = variance(widths[i], HD_SETTLE_NONE, sure[k]);
      const double gibbs = variance(widths[i], HD_SETTLE_GIBBS, sure[k]);
      const double mean_field = variance(widths[i], HD_SETTLE_MEAN_FIELD, sure[k]);
      printf(
          "  %3d neurons, logits +-%.0f: variance of pgcn %.3g, of gibbs %.3g (%.1f times less), "
          "of the mean field %.3g (%.1f times less)\n",
          widths[i], (double)sure[k], plain, gibbs, plain / gibbs, mean_field, plain / mean_field);
      CHECK(widths[i] < 256 || plain > 5 * gibbs);
      CHECK(widths[i] < 256 || plain > 5 * mean_field);
    }
  }
}

int main(void) {
  RUN(two_three_one);
  RUN(softmax);
  RUN(two_hidden_layers);
  RUN(several_choices);
  RUN(votes);
  RUN(action_neurons_are_summed_out);
  RUN(greedy_is_the_most_probable);
  RUN(place_cells);
  RUN(redrawn_spikes_are_learned_from);
  RUN(mean_field_agrees_with_itself);
  RUN(mean_field_is_near_the_gradient);
  RUN(feedback_learns);
  RUN(variance_falls);
  return test_end();
}
