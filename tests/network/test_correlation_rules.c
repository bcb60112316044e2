/* Rules that correlate spikes with a global signal, each by hand on a dozen spikes: sums over pairs
 * of spikes, and over what neurons that draw were expected to do, in double precision. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"

enum { STEPS = 40, SOURCES = 2, SIGNAL_EVERY = 7 };

/* A dozen spikes: two sources, and a target that a current makes fire. */
static const int before_at[SOURCES][6] = {{2, 9, 17, 18, 30, 36}, {5, 9, 22, 30, -99, -99}};
static const int target_at[4] = {9, 12, 20, 31};

/* A target that nothing but the current makes fire. */
#define FORCED "reset=0 v_th=100"

static hd_ctx *ctx;
static double dt = 1; /* length of a substep, ms */

static bool is_in(const int *list, int n, int t) {
  for (int k = 0; k < n; k++) {
    if (list[k] == t) {
      return true;
    }
  }
  return false;
}

static hd_network *make(const char *rule, const char *params, const char *neuron,
                        const char *neuron_params, float rate) {
  const hd_population_def population[] = {
      {.name = "in", .neuron = "input", .n = SOURCES},
      {.name = "out", .neuron = neuron, .n = 1, .params = neuron_params}};
  const hd_projection_def projection = {.source = "in",
                                        .target = "out",
                                        .name = "j",
                                        .rule = rule,
                                        .rule_params = params,
                                        .rate = rate};
  hd_network_def def = hd_network_def_default();
  def.population = population;
  def.n_populations = 2;
  def.projection = &projection;
  def.n_projections = 1;
  def.seed = 4;
  def.dt_ms = dt;
  hd_network *network = NULL;
  if (hd_network_create(ctx, &def, &network) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  return network;
}

static void give(hd_network *network, int t) {
  float value[SOURCES];
  for (int i = 0; i < SOURCES; i++) {
    value[i] = is_in(before_at[i], 6, t) ? 1.0f : 0.0f;
  }
  CHECK(hd_network_write(network, "in.value", value, SOURCES) == HD_OK);
}

static void step(hd_network *network, int t) {
  const float current = is_in(target_at, 4, t) ? 500.0f : 0.0f;
  give(network, t);
  CHECK(hd_network_write(network, "out.current", &current, 1) == HD_OK);
  CHECK(hd_network_step(network, 1) == HD_OK);
}

static float read_one(hd_network *network, const char *view, int i) {
  float values[SOURCES];
  CHECK(hd_network_read(network, view, values, SOURCES) == HD_OK);
  return values[i];
}

/* ---- pairs of spikes ---- */

typedef struct pair_case {
  const char *rule, *params;
  double tau_plus, tau_minus, a_plus, a_minus, tau_e; /* tau_e = 0: no trace */
  double by;
  bool is_nearest, is_causal;
} pair_case;

static const pair_case pair_cases[] = {
    {"mstdp", NULL, 20, 20, 1, -1, 0, 1, false, false},
    {"mstdp", "tau_plus=10 a_minus=-0.5 causal=1", 10, 20, 1, -0.5, 0, 1, false, true},
    {"mstdp", "a_minus=1 nearest=1", 20, 20, 1, 1, 0, 1, true, false},
    {"mstdpet", NULL, 20, 20, 1, -1, 25, 1 / 25.0, false, false},
    {"mstdpet", "causal=1 nearest=1 tau_z=50", 20, 20, 1, -1, 50, 1 / 50.0, true, true},
    {"mstdpet", "a_minus=1 tau_minus=30", 20, 30, 1, 1, 25, 1 / 25.0, false, false},
    {"dopamine-stdp", NULL, 20, 20, 0.1, -0.15, 1000, 1, true, false},
    {"dopamine-stdp", "nearest=0 causal=1 tau_e=100", 20, 20, 0.1, -0.15, 100, 1, false, true},
};
enum { PAIR_CASES = sizeof pair_cases / sizeof pair_cases[0] };

/* What spikes of `list` up to `last` have left at t. */
static double left_of(const int *list, int n, int t, int last, double tau, bool is_nearest) {
  double sum = 0;
  for (int u = 0; u <= last; u++) {
    if (is_in(list, n, u)) {
      sum = (is_nearest ? 0 : sum) + exp(-(t - u) * dt / tau);
    }
  }
  return sum;
}

static double zeta_of(const pair_case *c, int i, int t) {
  double zeta = 0;
  if (is_in(target_at, 4, t)) {
    zeta += c->a_plus * left_of(before_at[i], 6, t, t, c->tau_plus, c->is_nearest);
  }
  if (is_in(before_at[i], 6, t)) {
    zeta += c->a_minus *
            left_of(target_at, 4, t, c->is_causal ? t - 1 : t, c->tau_minus, c->is_nearest);
  }
  return zeta;
}

static double pair_e(const pair_case *c, int i, int t) {
  double e = c->tau_e == 0 ? zeta_of(c, i, t) : 0;
  for (int u = 0; c->tau_e > 0 && u <= t; u++) {
    e += exp(-(t - u) * dt / c->tau_e) * zeta_of(c, i, u);
  }
  return c->by * e;
}

static void pairs_of_spikes_give_the_eligibility(void) {
  for (int k = 0; k < PAIR_CASES; k++) {
    const pair_case *c = &pair_cases[k];
    hd_network *network = make(c->rule, c->params, "if", FORCED, 0);
    double largest = 0;
    for (int t = 0; t < STEPS; t++) {
      step(network, t);
      for (int i = 0; i < SOURCES; i++) {
        const double want = pair_e(c, i, t);
        CHECK_NEAR((double)read_one(network, "j.e", i), want, 1e-6);
        largest = fmax(largest, fabs(want));
      }
    }
    CHECK(largest > 0.03);
    hd_network_destroy(network);
  }
}

/* A pair of spikes at every distance: where both signs are alike the window is even. */
static void windows_are_symmetric_or_not(void) {
  hd_network *even = make("mstdpet", "a_minus=1 tau_z=15000", "if", FORCED, 0);
  hd_network *odd = make("mstdpet", "tau_z=15000", "if", FORCED, 0);
  for (int distance = 1; distance < 15; distance++) {
    double e[2][2]; /* [network][order] */
    for (int order = 0; order < 2; order++) {
      hd_network *const both[] = {even, odd};
      for (int n = 0; n < 2; n++) {
        hd_network_reset(both[n]);
        for (int t = 0; t <= 20 + distance; t++) {
          const float value[2] = {t == (order == 0 ? 20 : 20 + distance), 0};
          const float current = t == (order == 0 ? 20 + distance : 20) ? 500.0f : 0.0f;
          CHECK(hd_network_write(both[n], "in.value", value, 2) == HD_OK);
          CHECK(hd_network_write(both[n], "out.current", &current, 1) == HD_OK);
          CHECK(hd_network_step(both[n], 1) == HD_OK);
        }
        e[n][order] = 15e3 * (double)read_one(both[n], "j.e", 0);
      }
    }
    CHECK_NEAR(e[0][0], exp(-distance * dt / 20.0), 1e-6);
    CHECK_NEAR(e[0][1], e[0][0], 1e-6);
    CHECK_NEAR(e[1][1], -e[0][0], 1e-6);
  }
  hd_network_destroy(even);
  hd_network_destroy(odd);
}

/* ---- signals ---- */

static double clip(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

/* Dopamine rises with every signal and sinks in between; weights stay between 0 and 4. */
static void check_dopamine(const char *params, bool is_bounded) {
  const pair_case *c = &pair_cases[6];
  hd_network *network = make("dopamine-stdp", params, "if", FORCED, 5.0f);
  double d = 0, w[SOURCES] = {0, 0};
  bool has_moved = false, was_cut = false;
  for (int t = 0; t < STEPS; t++) {
    step(network, t);
    d *= exp(-dt / 30.0);
    if (t % SIGNAL_EVERY == 0) {
      const float signal = t % 2 == 0 ? 1.5f : -0.2f;
      d += (double)signal;
      CHECK(hd_network_signal(network, &signal) == HD_OK);
      for (int i = 0; i < SOURCES; i++) {
        const double moved = w[i] + 5 * (0.02 + d) * pair_e(c, i, t);
        w[i] = is_bounded ? clip(moved, 0, 4) : moved;
        was_cut |= moved < 0;
        has_moved |= w[i] > 0.01;
        CHECK_NEAR((double)read_one(network, "j.weight", i), w[i], 1e-6 * fmax(1, fabs(w[i])));
      }
    }
  }
  CHECK(has_moved && was_cut);
  hd_network_destroy(network);
}

static void dopamine_turns_eligibility_into_weights(void) {
  check_dopamine("tonic=0.02 tau_d=30", true);
  check_dopamine("tonic=0.02 tau_d=30 bounds=0", false);
}

/* One signal of 2 at rate 0.5 moves the weights by what is written into e. */
static void move(hd_network *network, float *w, float e_0, float e_1) {
  const float e[2] = {e_0, e_1}, signal = 2.0f;
  CHECK(hd_network_write(network, "j.weight", w, 2) == HD_OK);
  CHECK(hd_network_write(network, "j.e", e, 2) == HD_OK);
  CHECK(hd_network_signal(network, &signal) == HD_OK);
  CHECK(hd_network_read(network, "j.weight", w, 2) == HD_OK);
}

/* Nothing is scaled before anything was seen; silence and a spike in every substep then are as far
 * from the target rate as they have lasted. */
static void rates_are_held_by_scaling(void) {
  const char *const params = "homeostasis=0.125 target_rate=100 tau_rate=50";
  hd_network *network = make("mstdpet", params, "if", FORCED, 0.5f);
  float w[2] = {0.5f, -0.5f}, excess;
  move(network, w, 0, 0);
  CHECK(w[0] == 0.5f && w[1] == -0.5f);
  CHECK(hd_network_step(network, 5) == HD_OK);
  const double silent = 1 - exp(-5 * dt / 50), later = exp(-10 * dt / 50);
  move(network, w, 0, 0);
  CHECK_NEAR(w[0], 0.5 * (1 + 0.125 * silent), 1e-6);
  CHECK_NEAR(w[1], -0.5 * (1 - 0.125 * silent), 1e-6);
  const float current = 500.0f;
  CHECK(hd_network_write(network, "out.current", &current, 1) == HD_OK);
  CHECK(hd_network_step(network, 10) == HD_OK);
  CHECK(hd_network_read(network, "j.post.excess", &excess, 1) == HD_OK);
  const double want = -100 * silent * later + (1000 / dt - 100) * (1 - later);
  CHECK_NEAR(excess, want, 1e-3);
  w[0] = 0.5f, w[1] = 0.25f;
  move(network, w, 0, 0);
  CHECK_NEAR(w[0], 0.5 * (1 - 0.125 * want / 100), 1e-5);
  hd_network_destroy(network);
}

/* The rate of a neuron that draws, over the last quarter of what it is told at every substep, and
 * begins anew as often as said. */
static double held_rate(const char *params, float w, int64_t every) {
  enum { N = 40000 };
  hd_network *network = make("td-ltp", params, "lif-escape", "tau_m=8 rho0=0.05 delta=0.5", 0);
  const float weights[SOURCES] = {w, w}, on[SOURCES] = {1, 1}, signal = 0;
  double spikes = 0;
  float b;
  CHECK(hd_network_write(network, "j.weight", weights, SOURCES) == HD_OK);
  CHECK(hd_network_write(network, "in.value", on, SOURCES) == HD_OK);
  for (int64_t t = 0; t < N; t++) {
    CHECK(hd_network_step(network, 1) == HD_OK && hd_network_signal(network, &signal) == HD_OK);
    CHECK(hd_network_read(network, "out.spike", &b, 1) == HD_OK);
    spikes += t >= N * 3 / 4 ? (double)b : 0;
    if (t % every == every - 1) {
      CHECK(hd_network_reset_row(network, 0) == HD_OK);
    }
  }
  hd_network_destroy(network);
  return 1000 * spikes / (N / 4 * dt);
}

/* From weights that are too small and from such that are too large, over long and short episodes. */
static void rates_reach_their_target(void) {
  static const char *const params = "bounds=0 homeostasis=0.02 target_rate=40 tau_rate=200";
  static const float from[] = {0.05f, 6};
  static const int64_t every[] = {40000, 25};
  for (int k = 0; k < 4; k++) {
    CHECK_NEAR(held_rate(params, from[k / 2], every[k % 2]), 40, 8);
  }
}

/* ---- neurons that draw ---- */

/* What the source's spikes have left in a membrane that a spike resets, and the eligibility. */
typedef struct drawn {
  double xbar[SOURCES], e[SOURCES];
  bool has_fired;
} drawn;

static void drawn_arrive(drawn *d, int t, double keep) {
  for (int i = 0; i < SOURCES; i++) {
    d->xbar[i] = (d->has_fired ? 0 : keep * d->xbar[i]) + is_in(before_at[i], 6, t);
  }
}

static hd_network *make_drawing(const char *rule, const char *params, float rate) {
  hd_network *network = make(rule, params, "lif-escape", "tau_m=8 r_m=8 rho0=0.3 delta=4", rate);
  const float w[SOURCES] = {1.0f, 0.7f};
  CHECK(hd_network_write(network, "j.weight", w, SOURCES) == HD_OK);
  return network;
}

/* One substep; returns gain (b - share p) of the target, `of_p` divides p. */
static double step_drawing(hd_network *network, int t, double tau_c, int *spikes, drawn *d) {
  float b, p, gain;
  give(network, t);
  CHECK(hd_network_step(network, 1) == HD_OK);
  CHECK(hd_network_read(network, "out.spike", &b, 1) == HD_OK);
  CHECK(hd_network_read(network, "out.p", &p, 1) == HD_OK);
  CHECK(hd_network_read(network, "out.gain", &gain, 1) == HD_OK);
  drawn_arrive(d, t, exp(-dt / 8.0));
  d->has_fired = b > 0;
  *spikes += b > 0;
  return (double)gain * ((double)b - (double)p / (1 + (double)p * tau_c / dt));
}

static void r_max_sums_surprise(void) {
  static const struct {
    const char *params;
    double tau_c, tau_e;
  } cases[] = {{NULL, 5, 25}, {"tau_c=0 tau_e=100", 0, 100}, {"tau_c=1000", 1000, 25}};
  for (int k = 0; k < 3; k++) {
    hd_network *network = make_drawing("r-max", cases[k].params, 0.5f);
    drawn d = {0};
    int spikes = 0;
    for (int t = 0; t < STEPS; t++) {
      const double surprise = step_drawing(network, t, cases[k].tau_c, &spikes, &d);
      for (int i = 0; i < SOURCES; i++) {
        d.e[i] = exp(-dt / cases[k].tau_e) * d.e[i] + surprise * d.xbar[i];
        CHECK_NEAR((double)read_one(network, "j.e", i), d.e[i], 1e-6);
      }
    }
    CHECK(spikes > 2);
    const float signal = -2.0f;
    CHECK(hd_network_signal(network, &signal) == HD_OK);
    CHECK_NEAR((double)read_one(network, "j.weight", 0), 1 - d.e[0], 1e-6);
    hd_network_destroy(network);
  }
}

static void olpomdp_keeps_scores_of_decisions(void) {
  hd_network *network = make_drawing("olpomdp", "beta=0.5", 0.25f);
  drawn d = {0};
  double sum[SOURCES] = {0}, w = 1;
  int spikes = 0;
  for (int t = 0; t < STEPS; t++) {
    const double score = step_drawing(network, t, 0, &spikes, &d);
    for (int i = 0; i < SOURCES; i++) {
      sum[i] += score * d.xbar[i];
    }
    if (t % SIGNAL_EVERY == SIGNAL_EVERY - 1) {
      const float signal = 0.1f * (float)(t % 3) - 0.1f;
      CHECK(hd_network_signal(network, &signal) == HD_OK);
      for (int i = 0; i < SOURCES; i++) {
        d.e[i] = 0.5 * d.e[i] + sum[i];
        sum[i] = 0;
        CHECK_NEAR((double)read_one(network, "j.e", i), d.e[i], 1e-6);
      }
      w += 0.25 * (double)signal * d.e[0];
      CHECK_NEAR((double)read_one(network, "j.weight", 0), w, 1e-6);
    }
  }
  CHECK(spikes > 2);
  hd_network_destroy(network);
}

/* ---- episodes ---- */

/* An episode with signals; what is left of the rule and the weights in the end, as `state`. */
static void episode(hd_network *network, bool draws, float *state) {
  for (int t = 0; t < STEPS; t++) {
    const float signal = t % SIGNAL_EVERY == 0 ? 0.5f : -0.1f;
    if (draws) {
      give(network, t);
      CHECK(hd_network_step(network, 1) == HD_OK);
    } else {
      step(network, t);
    }
    CHECK(hd_network_signal(network, &signal) == HD_OK);
  }
  CHECK(hd_network_save_row(network, 0, state) == HD_OK);
}

static void two_episodes_equal_two_single_ones(void) {
  int n_rules = 0;
  for (int k = 0; k < hd_rule_count(ctx); k++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, k);
    const bool draws = (rule->needs & HD_RULE_STOCHASTIC) != 0;
    if (rule->needs & ~(unsigned)(HD_RULE_STOCHASTIC | HD_RULE_SPARSE | HD_RULE_AFFINE)) {
      continue; /* asks for what a network of a program's own has not */
    }
    hd_network *first =
        draws ? make_drawing(rule->name, NULL, 0.1f) : make(rule->name, NULL, "if", FORCED, 0.1f);
    hd_network *second =
        draws ? make_drawing(rule->name, NULL, 0.1f) : make(rule->name, NULL, "if", FORCED, 0.1f);
    const size_t n = hd_network_state_size(first);
    float *in_a_row = calloc(n, sizeof(float)), *alone = calloc(n, sizeof(float)), w[2], want[2];
    episode(first, draws, in_a_row);
    CHECK(hd_network_read(first, "j.weight", w, 2) == HD_OK);
    hd_network_reset(first); /* draws begin anew as well */
    episode(first, draws, in_a_row);
    CHECK(hd_network_write(second, "j.weight", w, 2) == HD_OK);
    episode(second, draws, alone);
    CHECK(memcmp(in_a_row, alone, n * sizeof(float)) == 0);
    CHECK(hd_network_read(first, "j.weight", w, 2) == HD_OK);
    CHECK(hd_network_read(second, "j.weight", want, 2) == HD_OK);
    CHECK(memcmp(w, want, sizeof w) == 0);
    n_rules++;
    free(in_a_row);
    free(alone);
    hd_network_destroy(first);
    hd_network_destroy(second);
  }
  CHECK(n_rules >= 8);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  for (dt = 1; dt > 0.4; dt /= 2) { /* substeps of 1 ms, and of half of it */
    RUN(pairs_of_spikes_give_the_eligibility);
    RUN(windows_are_symmetric_or_not);
    RUN(dopamine_turns_eligibility_into_weights);
    RUN(rates_are_held_by_scaling);
    RUN(r_max_sums_surprise);
    RUN(olpomdp_keeps_scores_of_decisions);
  }
  dt = 1;
  RUN(rates_reach_their_target);
  RUN(two_episodes_equal_two_single_ones);
  hd_ctx_destroy(ctx);
  return test_end();
}
