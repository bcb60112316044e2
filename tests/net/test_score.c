/* The score: what every agent adds to its eligibility is the derivative of the log-probability of
 * what it did, and its mean times the return is the derivative of the mean return. */
#include "twin.h"

static const float obs[CASE_OBS] = {0.8f, -0.6f};

/* Any function of what happened will do as a return. */
static double return_of(unsigned outcome, int action) {
  const uint64_t z = hd__mix64(outcome * 7919u + (unsigned)action + 1);
  return (double)(z >> 40) / (double)(1 << 24) * 2 - 1;
}

/* Force the draws so that the neurons do what the bits of `outcome` say; returns their number. */
static int set_draws(const hd__net *net, unsigned outcome) {
  int bit = 0;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    for (int t = layer->onset; t < net->def.substeps; t++) {
      for (int j = 0; j < layer->n_pad; j++) {
        const bool fires = layer->live[j] > 0 && (outcome >> bit & 1);
        force[layer->noise_at + (uint32_t)(t * layer->n_pad + j)] = fires ? 1e-12f : 1 - 6e-8f;
        bit += layer->live[j] > 0;
      }
    }
  }
  return bit;
}

/* Did they? A neuron that rests cannot fire, so some outcomes never happen. */
static bool has_happened(const hd__net *net, unsigned outcome) {
  int bit = 0;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    for (int t = layer->onset; t < net->def.substeps; t++) {
      for (int j = 0; j < layer->n_pad; j++) {
        const bool fired = layer->b[t * layer->n_pad + j] > 0;
        if (layer->live[j] > 0 && fired != (outcome >> bit++ & 1) && !layer->is_mean) {
          return false;
        }
      }
    }
  }
  return true;
}

/* The probability of what happened, action included. */
static double probability(twin *w) { return exp(twin_value(w)); }

/* Sum over everything that can happen: the return's derivative, the mean of return times score in
 * the twin, and the same with the network's own eligibilities. */
static void enumerate_seed(const net_case *c, uint64_t seed) {
  static const hd__policy policy = {.tau = 1};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, c, seed, 1.2f);
  subject_force(&s);
  const size_t n = s.net.n_weights;
  double *truth = calloc(n, sizeof *truth), *mean = calloc(n, sizeof *mean);
  double *found = calloc(n, sizeof *found), total = 0, largest = 0, gap = 0;
  bool *real = real_weights(&s.net);
  const int n_bits = set_draws(&s.net, 0), n_actions = s.net.has_linear ? s.net.def.n_actions : 1;
  for (unsigned outcome = 0; outcome < 1u << n_bits; outcome++) {
    set_draws(&s.net, outcome);
    hd__net_decide(&s.net, 1, obs, (hd__random_base[]){hd__random_base_make(0, 0, 0)}, &policy,
                   &s.decision);
    for (int a = 0; a < n_actions && has_happened(&s.net, outcome); a++) {
      s.decision.action[0] = a;
      subject_eligibility(&s, &policy);
      twin w;
      twin_open(&w, &s, SPIKE, 1);
      const double p = probability(&w), G = return_of(outcome, a);
      gap = w.p_gap > gap ? w.p_gap : gap;
      total += p;
      for (size_t i = 0; p > 0 && i < n; i++) {
        if (real[i]) {
          truth[i] += G * slope(&w, i, probability);
          mean[i] += G * p * slope(&w, i, twin_value);
        }
        found[i] += G * p * (double)s.E[i];
      }
      twin_close(&w);
    }
  }
  CHECK_NEAR(total, 1, 1e-12);
  CHECK(gap < 2e-6); /* the network's sigma and exp in single precision */
  for (size_t i = 0; i < n; i++) {
    CHECK_NEAR(mean[i], truth[i], 1e-9);
    CHECK_NEAR(found[i], truth[i], 2e-6); /* products and sums in single precision */
    largest = fabs(truth[i]) > largest ? fabs(truth[i]) : largest;
    CHECK(real[i] || found[i] == 0);
  }
  CHECK(largest > 1e-2);
  free(truth);
  free(mean);
  free(found);
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static void enumerate(const net_case *c) { enumerate_seed(c, 5); }

#define NET_2_3_1                                                                          \
  .coding = "raw", .rule = "pgcn", .n_hidden = 1, .hidden = {3}, .readout = HD_READ_COUNT, \
  .n_actions = 1

static void two_three_one_bernoulli(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "bernoulli"});
}

static void two_three_one_ising(void) { enumerate(&(net_case){NET_2_3_1, .neuron = "ising"}); }

static void several_substeps(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "bernoulli", .substeps = 2});
}

static void glm_with_memory_and_history(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "glm", .substeps = 4, .taps = 2, .self_taps = 2});
}

static void glm_on_raised_cosines(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "glm", .substeps = 5, .taps = 3, .n_basis = 2});
}

static void escape_noise_soft_reset(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "lif-escape", .substeps = 3, .set = {"reset"},
                        .value = {1}});
}

static void escape_noise_hard_reset(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "lif-escape", .substeps = 3});
}

static void escape_noise_refractory(void) {
  for (int reset = 0; reset < 2; reset++) {
    enumerate(&(net_case){NET_2_3_1, .neuron = "lif-escape", .substeps = 3,
                          .set = {"reset", "t_ref"}, .value = {(float)reset, 1}});
  }
}

static void softmax_at_any_temperature(void) {
  for (int k = 0; k < 2; k++) {
    enumerate(&(net_case){.coding = "raw",
                          .rule = "pgcn",
                          .neuron = "ising",
                          .n_hidden = 1,
                          .hidden = {3},
                          .substeps = 2,
                          .n_actions = 3,
                          .temperature = k == 0 ? 1 : 0.4f});
  }
}

/* The seed is one for which no two instants of a membrane are within the step of the differences
 * of each other's height, where a maximum has no derivative. */
static void membrane_readouts(void) {
  for (int k = HD_READ_MEMBRANE_LAST; k <= HD_READ_MEMBRANE_MAX; k++) {
    enumerate_seed(&(net_case){.coding = "raw",
                               .rule = "pgcn",
                               .neuron = "bernoulli",
                               .n_hidden = 1,
                               .hidden = {3},
                               .substeps = 3,
                               .n_actions = 2,
                               .readout = (hd__readout)k,
                               .membrane_tau = 1.7f},
                   6);
  }
}

static void networks_that_vote(void) {
  enumerate(&(net_case){NET_2_3_1, .neuron = "ising", .nets = 2});
  net_case c = {NET_2_3_1, .neuron = "bernoulli", .is_modular = true};
  c.n_actions = 2;
  c.readout = HD_READ_VOTE;
  enumerate(&c);
}

/* ---- single decisions of larger networks: eligibility = derivative of the log-probability ---- */

static void compare(const net_case *c, uint64_t seed) {
  static const hd__policy policy = {.tau = 1};
  static const float state[1] = {3};
  hd_ctx *ctx = case_ctx();
  subject s;
  subject_open(&s, ctx, c, seed, 0.8f);
  bool *real = real_weights(&s.net);
  double largest = 0;
  for (uint64_t k = 0; k < 4; k++) {
    hd__net_decide(&s.net, 1, c->is_finite ? state : obs,
                   (hd__random_base[]){hd__random_base_make(seed, 0, k)}, &policy, &s.decision);
    subject_eligibility(&s, &policy);
    twin w;
    twin_open(&w, &s, SPIKE, 1);
    CHECK(w.p_gap < 5e-6);
    for (size_t i = 0; i < s.net.n_weights; i++) {
      const double want = real[i] ? slope(&w, i, twin_value) : 0;
      CHECK_NEAR((double)s.E[i], want, 2e-5 * (1 + fabs(want)));
      largest = fabs(want) > largest ? fabs(want) : largest;
    }
    twin_close(&w);
  }
  CHECK(largest > 0.1);
  free(real);
  subject_close(&s);
  hd_ctx_destroy(ctx);
}

static const char *const drawing[] = {"bernoulli", "ising", "glm", "lif-escape"};

static void two_layers_with_spiking_input(void) {
  for (int m = 0; m < 4; m++) {
    compare(&(net_case){.coding = "rate",
                        .rule = "pgcn",
                        .neuron = drawing[m],
                        .n_hidden = 2,
                        .hidden = {20, 5},
                        .substeps = 6,
                        .n_actions = 3},
            1);
  }
}

static void taps_and_history_through_two_layers(void) {
  for (int m = 0; m < 4; m++) {
    for (int n_basis = 0; n_basis <= 2; n_basis += 2) {
      compare(&(net_case){.coding = "rate",
                          .rule = "pgcn",
                          .neuron = drawing[m],
                          .n_hidden = 2,
                          .hidden = {4, 17},
                          .substeps = 8,
                          .taps = 3,
                          .self_taps = 2,
                          .n_basis = n_basis,
                          .n_actions = 2},
              2);
    }
  }
}

static void lines_that_are_on(void) {
  for (int n_hidden = 0; n_hidden < 3; n_hidden++) {
    compare(&(net_case){.coding = "tiles",
                        .rule = "pgcn",
                        .neuron = "ising",
                        .n_hidden = n_hidden,
                        .hidden = {6, 3},
                        .substeps = 3,
                        .n_actions = 3},
            3);
    compare(&(net_case){.coding = "onehot",
                        .is_finite = true,
                        .rule = "pgcn",
                        .neuron = "bernoulli",
                        .n_hidden = n_hidden,
                        .hidden = {18, 3},
                        .substeps = 2,
                        .n_actions = 2},
            4);
    compare(&(net_case){.coding = "tiles",
                        .rule = "pgcn",
                        .neuron = "glm",
                        .n_hidden = n_hidden,
                        .hidden = {5, 18},
                        .substeps = 7,
                        .taps = 3,
                        .self_taps = 2,
                        .n_actions = 3},
            3);
  }
}

static void private_blocks_of_many_networks(void) {
  for (int m = 0; m < 4; m++) {
    compare(&(net_case){.coding = "raw",
                        .rule = "pgcn",
                        .neuron = drawing[m],
                        .n_hidden = 2,
                        .hidden = {3, 2},
                        .nets = 2,
                        .is_modular = true,
                        .substeps = 3,
                        .n_actions = 3,
                        .action_neurons = 2,
                        .readout = HD_READ_COUNT},
            5);
  }
}

static void no_bias(void) {
  compare(&(net_case){.coding = "raw",
                      .rule = "pgcn",
                      .neuron = "bernoulli",
                      .n_hidden = 1,
                      .hidden = {16},
                      .no_bias = true,
                      .substeps = 2,
                      .n_actions = 2},
          6);
}

/* A membrane that forgets, is set back or lowered, and rests: resets and refractory periods are
 * followed exactly, with spiking input too. */
static void membranes_remember(void) {
  for (int reset = 0; reset < 2; reset++) {
    for (int t_ref = 0; t_ref < 3; t_ref++) {
      compare(&(net_case){.coding = "rate",
                          .rule = "pgcn",
                          .neuron = "lif-escape",
                          .n_hidden = 2,
                          .hidden = {7, 4},
                          .substeps = 10,
                          .n_actions = 2,
                          .set = {"reset", "t_ref", "rho0"},
                          .value = {(float)reset, (float)t_ref, 0.5f}},
              8);
    }
  }
}

int main(void) {
  RUN(two_three_one_bernoulli);
  RUN(two_three_one_ising);
  RUN(several_substeps);
  RUN(glm_with_memory_and_history);
  RUN(glm_on_raised_cosines);
  RUN(escape_noise_soft_reset);
  RUN(escape_noise_hard_reset);
  RUN(escape_noise_refractory);
  RUN(softmax_at_any_temperature);
  RUN(membrane_readouts);
  RUN(networks_that_vote);
  RUN(two_layers_with_spiking_input);
  RUN(taps_and_history_through_two_layers);
  RUN(lines_that_are_on);
  RUN(private_blocks_of_many_networks);
  RUN(no_bias);
  RUN(membranes_remember);
  return test_end();
}
