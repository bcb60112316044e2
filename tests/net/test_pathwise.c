/* Gradients through the spikes themselves: backward pass against differences of the twin, means
 * over many draws against sums over all that can happen. */
#include "twin.h"

static const float obs[CASE_OBS] = {0.8f, -0.6f};

/* Single precision: some hundred products a derivative, and p, relaxed spikes and surrogates that
 * are off by up to 2e-6. */
static const double TOLERANCE = 1e-4;

/* Draws for which no two instants of a membrane are within the step of the differences of each
 * other's height, where a maximum has no derivative. */
enum { DRAW = 2 };

static void compare(const net_case *c, twin_mode mode, float tau) {
  const hd__policy policy = {.tau = tau, .is_relaxed = mode == RELAXED};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, c, 3, 0.9f);
  bool *real = real_weights(&s.net);
  const size_t hidden = hd__net_readout_at(&s.net);
  double largest = 0;
  for (uint64_t k = 0; k < 3; k++) {
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(DRAW, 0, k)}, &policy,
                   &s.decision);
    subject_eligibility(&s, &policy);
    twin w;
    twin_open(&w, &s, mode, (double)tau);
    for (size_t i = 0; i < s.net.n_weights; i++) {
      const double want = real[i] ? slope(&w, i, twin_value) : 0;
      CHECK_NEAR((double)s.E[i], want, TOLERANCE * (0.1 + fabs(want)));
      largest = i < hidden && fabs(want) > largest ? fabs(want) : largest;
    }
    twin_close(&w);
  }
  CHECK(largest > 0.01);
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* One and two hidden layers, with and without memory in the synapses, every linear readout. */
static void compare_shapes(const char *rule, const char *neuron, twin_mode mode, float tau) {
  net_case c = {.rule = rule, .neuron = neuron, .hidden = {6, 17}, .n_actions = 3};
  if (strcmp(neuron, "lif-escape") == 0) { /* keep p where single precision has its logit */
    c.set[0] = "delta";
    c.value[0] = 1.0f;
    c.set[1] = "rho0";
    c.value[1] = 0.4f;
  }
  static const char *const codings[] = {"raw", "rate", "tiles"};
  static const hd__readout readouts[] = {HD_READ_SOFTMAX, HD_READ_MEMBRANE_LAST,
                                         HD_READ_MEMBRANE_MEAN, HD_READ_MEMBRANE_MAX};
  for (int k = 0; k < 4; k++) {
    for (c.n_hidden = 1; c.n_hidden <= 2; c.n_hidden++) {
      c.readout = readouts[k];
      c.coding = codings[(k + c.n_hidden) % 3];
      c.substeps = 3;
      c.taps = c.self_taps = c.n_basis = 0;
      compare(&c, mode, tau);
      c.coding = codings[(k + c.n_hidden) % 2];
      c.substeps = 8;
      c.taps = 3;
      c.n_basis = k % 2 * 2;
      c.self_taps = k / 2;
      compare(&c, mode, tau);
    }
  }
}

static void soft_spikes(void) {
  compare_shapes("reparam-soft", "ising", RELAXED, 0.7f);
  compare_shapes("reparam-soft", "bernoulli", RELAXED, 1.5f);
  compare_shapes("reparam-soft", "lif-escape", RELAXED, 1.0f);
}

static void straight_through(void) {
  compare_shapes("reparam-st", "ising", RELAXED_SLOPE, 1.0f);
  compare_shapes("reparam-st", "glm", RELAXED_SLOPE, 0.7f);
  compare_shapes("reparam-st", "lif-escape", RELAXED_SLOPE, 1.0f);
}

static void mean_straight_through(void) {
  compare_shapes("reparam-mean", "ising", MEAN, 1.0f);
  compare_shapes("reparam-mean", "lif-escape", MEAN, 1.0f);
}

/* Spikes that are not drawn carry their surrogate derivative; the reset is not differentiated. */
static void surrogate_derivatives(void) {
  compare_shapes("reparam-mean", "lif", SURROGATE, 1.0f);
  compare_shapes("reparam-mean", "if", SURROGATE, 1.0f);
  for (int reset = 0; reset < 2; reset++) {
    compare(&(net_case){.coding = "rate",
                        .rule = "reparam-st",
                        .neuron = "lif",
                        .n_hidden = 2,
                        .hidden = {9, 5},
                        .substeps = 12,
                        .n_actions = 2,
                        .set = {"reset", "t_ref"},
                        .value = {(float)reset, 2}},
            SURROGATE, 1);
  }
}

/* Through the synaptic current, and through the threshold that past spikes raised. */
static void currents_and_adaptation(void) {
  static const char *const models[] = {"cuba", "alif"};
  for (int m = 0; m < 2; m++) {
    compare_shapes("reparam-mean", models[m], SURROGATE, 1.0f);
    for (int reset = 0; reset < 2; reset++) {
      compare(&(net_case){.coding = "rate",
                          .rule = "reparam-st",
                          .neuron = models[m],
                          .n_hidden = 2,
                          .hidden = {9, 5},
                          .substeps = 12,
                          .n_actions = 2,
                          .set = {"reset", "tau_a", "adapt"},
                          .value = {(float)reset, 4, 0.7f}},
              SURROGATE, 1);
    }
  }
}

/* ---- means ---- */

static const double reward[2] = {1.0, -0.6};

static double action_probability(twin *w) { return exp(twin_value(w)); }

/* The mean of reward times eligibility over all draws and actions. The draw of a neuron is cut
 * where its spike begins, and either side into K slices of which the middle stands for all. */
static void exact_mean(const net_case *c, twin_mode mode, float tau, int K, double *mean) {
  enum { LANES = 2 };
  const hd__policy policy = {.tau = tau, .is_relaxed = mode == RELAXED};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, c, 8, 1.0f);
  subject_force(&s);
  bool *real = real_weights(&s.net);
  memset(mean, 0, sizeof(double) * s.net.n_weights);
  hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &policy,
                 &s.decision);
  const double p[LANES] = {(double)hd__layer_p(&s.net, &s.net.layer[0], 0)[0],
                           (double)hd__layer_p(&s.net, &s.net.layer[0], 0)[1]};
  for (int cut = 0; cut < 4 * K * K; cut++) {
    double weight = 1;
    for (int j = 0; j < LANES; j++) {
      const int mine = j == 0 ? cut % (2 * K) : cut / (2 * K);
      const double share = ((double)(mine % K) + 0.5) / K;
      const bool fires = mine < K;
      force[j] = (float)(fires ? share * p[j] : p[j] + share * (1 - p[j]));
      weight *= (fires ? p[j] : 1 - p[j]) / K;
    }
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &policy,
                   &s.decision);
    for (int a = 0; a < 2; a++) {
      s.decision.action[0] = a;
      twin w;
      twin_open(&w, &s, mode, (double)tau);
      for (size_t i = 0; i < s.net.n_weights; i++) {
        if (real[i]) {
          mean[i] += weight * reward[a] *
                     (mode == RELAXED ? slope(&w, i, action_probability)
                                      : (double)s.net.pi[a] * slope(&w, i, twin_value));
        }
      }
      twin_close(&w);
    }
  }
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* The network's own mean over independent decisions lies within 4 standard errors. */
static void compare_means(const char *rule, twin_mode mode, float tau, int K) {
  enum { DRAWS = 60000, WEIGHTS = 512 };
  const net_case c = {.coding = "raw",
                      .rule = rule,
                      .neuron = "bernoulli",
                      .n_hidden = 1,
                      .hidden = {2},
                      .n_actions = 2};
  const hd__policy policy = {.tau = tau, .is_relaxed = mode == RELAXED};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, &c, 8, 1.0f);
  double mean[WEIGHTS], sum[WEIGHTS] = {0}, squares[WEIGHTS] = {0}, largest = 0;
  CHECK(s.net.n_weights <= WEIGHTS);
  exact_mean(&c, mode, tau, K, mean);
  for (uint64_t k = 0; k < DRAWS; k++) {
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(2, 0, k)}, &policy,
                   &s.decision);
    subject_eligibility(&s, &policy);
    for (size_t i = 0; i < s.net.n_weights; i++) {
      const double x = reward[s.decision.action[0]] * (double)s.E[i];
      sum[i] += x;
      squares[i] += x * x;
    }
  }
  for (size_t i = 0; i < s.net.n_weights; i++) {
    const double m = sum[i] / DRAWS, variance = squares[i] / DRAWS - m * m;
    CHECK_NEAR(m, mean[i], 4 * sqrt(variance / DRAWS) + 1e-6);
    largest = fabs(mean[i]) > largest ? fabs(mean[i]) : largest;
  }
  CHECK(largest > 0.02);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

/* The score's mean is the gradient of the mean reward (shown by enumeration in test_score). */
static void mean_of_the_score(void) { compare_means("pgcn", SPIKE, 1, 1); }

/* The relaxed estimator's mean is the gradient of the mean reward of the relaxed network. */
static void mean_of_soft(void) { compare_means("reparam-soft", RELAXED, 0.8f, 12); }

/* The straight-through estimators have means of their own, which are no gradient. */
static void mean_of_straight_through(void) { compare_means("reparam-st", RELAXED_SLOPE, 0.8f, 12); }

static void mean_of_mean_straight_through(void) { compare_means("reparam-mean", MEAN, 1, 1); }

int main(void) {
  RUN(soft_spikes);
  RUN(straight_through);
  RUN(mean_straight_through);
  RUN(surrogate_derivatives);
  RUN(currents_and_adaptation);
  RUN(mean_of_the_score);
  RUN(mean_of_soft);
  RUN(mean_of_straight_through);
  RUN(mean_of_mean_straight_through);
  return test_end();
}
