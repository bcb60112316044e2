/* Agents that own a weight each: against a plain Q-learner, and on payments known beforehand. */
#include "search/search_fixture.h"

#include "random.h"
#include "synapse_payment.h"

static hd_ctx *ctx;
static float zeros[64];

static const float *view(const trial *t, const char *name) {
  for (int i = 0; i < t->arena.n_views; i++) {
    if (strcmp(t->arena.view[i].name, name) == 0) {
      return t->arena.view[i].data;
    }
  }
  return NULL;
}

/* ---- the reference ---- */

enum { N = 35, BINS = 4, GENERATIONS = 200 };

/* A table for every synapse, by weight, the last payment and the last move. */
static float Q[N][BINS][3][3][3];

static int bin_of(float w) { return w < -0.02f ? 0 : w < 0.0f ? 1 : w < 0.02f ? 2 : 3; }

static float largest(const float *q) { return fmaxf(q[0], fmaxf(q[1], q[2])); }

static int pick(const float *q, uint32_t lot) {
  int best[3], n = 0;
  for (int a = 0; a < 3; a++) {
    if (q[a] == largest(q)) {
      best[n++] = a;
    }
  }
  return best[(uint64_t)lot * (uint64_t)n >> 32];
}

static void tables_are_a_plain_q_learner(void) {
  hd__search_def def = small_def(11);
  def.w_max = 0.04f;
  def.alpha = 0.1f;
  def.bias_steps = 2.0f;
  def.agent.actions = def.agent.rewards = 1;
  def.agent.weight_bins = BINS;
  def.agent.position = HD_POSITION_FULL;
  trial t;
  CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_OK);
  float w[N] = {0};
  int a[N], past_a[N], was_bin[N], was_a[N], R = 0, was_R = 0;
  double last = 0;
  memset(Q, 0, sizeof Q);
  for (int g = 0; g < GENERATIONS; g++) {
    const double J = quadratic(N, w);
    was_R = R;
    R = g == 0 ? 0 : J > last ? 1 : -1;
    last = J;
    const float epsilon = g < 100 ? 0.5f + (0.1f - 0.5f) * ((float)g / 100.0f) : 0.1f;
    const hd__key moves = hd__key_make(11, HD_STREAM_SEARCH, 0, (uint64_t)g);
    const hd__key ties = hd__key_make(11, HD_STREAM_SEARCH, 1, (uint64_t)g);
    for (int k = 0; k < N; k++) {
      past_a[k] = g == 0 ? 1 : a[k];
      float *q = Q[k][bin_of(w[k])][R + 1][past_a[k]];
      if (g > 0) {
        float *old = &Q[k][was_bin[k]][was_R + 1][was_a[k]][a[k]];
        *old += 0.1f * ((float)R + 0.9f * largest(q) - *old);
      }
      const float u = 3.0f * hd__uniform16(moves, (uint32_t)k);
      was_bin[k] = bin_of(w[k]);
      was_a[k] = past_a[k];
      a[k] = u >= 3.0f * epsilon  ? pick(q, hd__word(ties, (uint32_t)k))
             : u < epsilon        ? 0
             : u < 2.0f * epsilon ? 1
                                  : 2;
      const bool is_bias = (k >= 16 && k < 20) || k >= 32;
      w[k] = fminf(fmaxf(w[k] + (float)(a[k] - 1) * 0.01f * (is_bias ? 2 : 1), -0.04f), 0.04f);
    }
    t.search.epsilon = epsilon;
    run_generations(&t.search, 1, quadratic);
    CHECK(memcmp(t.search.w, w, sizeof w) == 0);
  }
  /* The library's table runs over move, payment, weight, place; ours over place first. */
  const float *policy = view(&t, "policy");
  int n_differ = 0;
  for (int i = 0; i < 3 * 3 * BINS * N * 3; i++) {
    const int move = i % 3, k = i / 3 % N, bin = i / 3 / N % BINS;
    const int pay = i / 3 / N / BINS % 3, past = i / 3 / N / BINS / 3;
    n_differ += policy[i] != Q[k][bin][pay][past][move];
  }
  CHECK(n_differ == 0);
  close_trial(&t);
}

/* ---- features ---- */

static double mean_of_w(int n, const float *w) {
  double sum = 0.0;
  for (int k = 0; k < n; k++) {
    sum += (double)w[k];
  }
  return sum / n;
}

/* A feature that never changes is no feature, to the bit. */
static void a_constant_feature_changes_nothing(void) {
  hd__search_def def = small_def(3);
  trial without, with;
  CHECK(open_trial(&without, ctx, "synapse-agent", &def, zeros) == HD_OK);
  def.agent.dynamics = 1u << HD_DYNAMIC_RATE_PRE;
  CHECK(open_trial(&with, ctx, "synapse-agent", &def, zeros) == HD_OK);
  run_generations(&without.search, 300, quadratic);
  run_generations(&with.search, 300, quadratic);
  CHECK(memcmp(without.search.w, with.search.w, sizeof(float) * N) == 0);
  close_trial(&without);
  close_trial(&with);
}

/* A feature drawn at random: the values under its three cases have the same expectation. */
static void a_random_feature_carries_no_information(void) {
  enum { SEEDS = 100 };
  double difference[SEEDS], mean = 0.0, square = 0.0, size = 0.0;
  for (int seed = 0; seed < SEEDS; seed++) {
    hd__search_def def = small_def((uint64_t)seed);
    def.agent = (hd__agent_def){.dynamics = 1u << HD_DYNAMIC_SIGNAL, .hidden = 1};
    def.alpha = 0.02f;
    def.w_max = 100.0f;
    trial t;
    CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_OK);
    t.search.epsilon = 1.0f;
    for (int g = 0; g < 200; g++) {
      const hd__key key = hd__key_make((uint64_t)seed, HD_STREAM_FEATURE, 0, (uint64_t)g);
      for (int k = 0; k < N; k++) {
        t.search.dynamics[HD_DYNAMIC_SIGNAL][k] = hd__uniform24(key, (uint32_t)k) - 0.5f;
      }
      run_generations(&t.search, 1, mean_of_w);
    }
    const float *q = view(&t, "policy"); /* rows: negative, zero, positive */
    difference[seed] = (double)((q[2] - q[0]) - (q[8] - q[6]));
    size += (double)(q[2] - q[0] + q[8] - q[6]) / 2.0;
    mean += difference[seed];
    square += difference[seed] * difference[seed];
    close_trial(&t);
  }
  mean /= SEEDS;
  CHECK_NEAR(mean, 0.0, 4 * sqrt(square / SEEDS / SEEDS));
  CHECK(size / SEEDS > 0.05); /* while moving up is known to pay */
}

/* The sign of what helps, shown to everyone: one shared table of 9 learns to follow it. */
static void agents_use_an_informative_feature(void) {
  static const hd__values_kind kinds[] = {HD_VALUES_TABLE, HD_VALUES_LINEAR, HD_VALUES_NETWORK,
                                          HD_VALUES_SPIKING};
  for (int i = 0; i < 4; i++) {
    hd__search_def def = small_def(5);
    def.agent = (hd__agent_def){.dynamics = 1u << HD_DYNAMIC_SIGNAL,
                                .values = kinds[i],
                                .payment = HD_PAYMENT_DELTA,
                                .hidden = 8};
    def.alpha = 0.02f;
    trial t;
    CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_OK);
    for (int g = 0; g < 1000; g++) {
      for (int k = 0; k < N; k++) {
        t.search.dynamics[HD_DYNAMIC_SIGNAL][k] = t.search.w[k] < target(k) ? 1.0f : -1.0f;
      }
      t.search.epsilon = g < 500 ? 0.4f : 0.1f;
      run_generations(&t.search, 1, quadratic);
    }
    /* every weight within a few steps of .01 of its target; the start is worth -1.4 */
    CHECK(quadratic(N, t.search.w) > -N * 0.02 * 0.02);
    close_trial(&t);
  }
}

/* ---- policies ---- */

static void a_frozen_policy_acts_as_it_learned(void) {
  hd__search_def def = small_def(6);
  def.agent.position = HD_POSITION_LAYER;
  trial teacher, pupil;
  CHECK(open_trial(&teacher, ctx, "synapse-agent", &def, zeros) == HD_OK);
  run_generations(&teacher.search, 100, quadratic);
  def.agent.is_frozen = true;
  CHECK(open_trial(&pupil, ctx, "synapse-agent", &def, zeros) == HD_OK);
  int64_t n, n_pupil;
  const float *from = hd__synapse_policy(&teacher.search, &n);
  float *to = hd__synapse_policy(&pupil.search, &n_pupil);
  CHECK(n == n_pupil && n == 81 * 4 * 2 * 3);
  memcpy(to, from, sizeof(float) * (size_t)n);
  run_generations(&pupil.search, 100, quadratic);
  CHECK(memcmp(to, from, sizeof(float) * (size_t)n) == 0);
  CHECK(pupil.search.counters->generation == 100);
  close_trial(&teacher);
  close_trial(&pupil);
}

static void policies_are_shared_as_asked(void) {
  static const int want[] = {1, 2, 7};
  for (int sharing = HD_SHARING_ONE; sharing <= HD_SHARING_UNIT; sharing++) {
    hd__search_def def = small_def(6);
    def.agent = (hd__agent_def){.actions = 1, .hidden = 1, .sharing = (hd__sharing)sharing};
    trial t;
    int64_t n;
    CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_OK);
    hd__synapse_policy(&t.search, &n);
    CHECK(n == 9 * want[sharing]);
    close_trial(&t);
  }
}

/* ---- payments ---- */

static void payments(void) {
  static const double returns[] = {1.0, 3.0, 3.0, 2.0};
  static const float want[][4] = {[HD_PAYMENT_SIGN] = {0, 1, -1, -1},
                                  [HD_PAYMENT_SIGN_ZERO] = {0, 1, 0, -1},
                                  /* changes 2, 0, -1 over the roots of 4, 2, 5/3 */
                                  [HD_PAYMENT_DELTA] = {0, 1, 0, -0.77459667f},
                                  /* above the means 1, 2, 7/3 before: 2, 1, -1/3 over the roots
                                   * of 4, 5/2, 46/27 */
                                  [HD_PAYMENT_RETURN] = {0, 1, 0.63245553f, -0.25537696f}};
  for (int kind = HD_PAYMENT_SIGN; kind <= HD_PAYMENT_RETURN; kind++) {
    hd__return_statistics statistics = {0};
    for (int g = 0; g < 4; g++) {
      const float pay = hd__payment_next((hd__payment)kind, &statistics, returns[g]);
      CHECK_NEAR((double)pay, (double)want[kind][g], 1e-6);
    }
  }
}

/* Paid for what its own move did, every synapse of a slope soon goes up, whatever the others do. */
static void counterfactual_payments_are_exact(void) {
  hd__search_def def = small_def(7);
  def.agent = (hd__agent_def){.payment = HD_PAYMENT_COUNTERFACTUAL, .hidden = 1};
  def.alpha = 0.1f;
  trial t;
  CHECK(open_trial(&t, ctx, "synapse-agent", &def, zeros) == HD_OK);
  t.search.epsilon = 0.5f;
  CHECK(t.search.n_candidates == 1 + N);
  run_generations(&t.search, 20, mean_of_w);
  const float *q = view(&t, "policy");
  CHECK_NEAR((double)q[1], 0.0, 1e-6);
  CHECK(q[0] < -0.9f && q[2] > 0.9f);
  close_trial(&t);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(tables_are_a_plain_q_learner);
  RUN(a_constant_feature_changes_nothing);
  RUN(a_random_feature_carries_no_information);
  RUN(agents_use_an_informative_feature);
  RUN(a_frozen_policy_acts_as_it_learned);
  RUN(policies_are_shared_as_asked);
  RUN(payments);
  RUN(counterfactual_payments_are_exact);
  hd_ctx_destroy(ctx);
  return test_end();
}
