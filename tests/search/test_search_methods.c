/* Methods of search on problems whose answers are known. */
#include "search/search_fixture.h"

#include "connectivity.h"
#include "search_internal.h"

static hd_ctx *ctx;
static float zeros[1024];

static double end_of(const char *name, const hd__search_def *def, int generations, objective f) {
  trial t;
  CHECK(open_trial(&t, ctx, name, def, zeros) == HD_OK);
  run_generations(&t.search, generations, f);
  const double value = f(t.search.n, t.search.w);
  close_trial(&t);
  return value;
}

static void ranks(void) {
  float rank[5];
  hd__search_ranks(5, (double[]){3, -1, 7, 3, 5}, rank);
  const float want[] = {-0.125f, -0.5f, 0.5f, -0.125f, 0.25f};
  for (int i = 0; i < 5; i++) {
    CHECK(rank[i] == want[i]);
  }
  hd__search_ranks(1, (double[]){2}, rank);
  CHECK(rank[0] == 0.0f);
}

/* The start is worth -1.4. The slope along random directions vanishes with the distance, so spsa
 * arrives; the others keep an unrest of their own: steps that never shrink, or Adam's. */
static void quadratics(void) {
  hd__search_def def = small_def(1);
  CHECK_NEAR(quadratic(35, zeros), -1.4, 1e-6);
  def.alpha = 0.01f;
  CHECK(end_of("nes", &def, 300, quadratic) > -0.02);
  CHECK(end_of("random-walk", &def, 4000, quadratic) < -1.0);
  def.step = 0.005f;
  CHECK(end_of("alopex", &def, 4000, quadratic) > -0.05);
  def.sigma = 0.02f;
  def.alpha = 0.05f;
  CHECK(end_of("spsa", &def, 500, quadratic) > -1e-6);
  CHECK(end_of("one-plus-one", &def, 4000, quadratic) > -0.02);
  def.temperature = 1e-4f;
  CHECK(end_of("metropolis", &def, 4000, quadratic) > -0.02);
}

/* On a slope the expected step of spsa is alpha times the gradient; with +-1 directions it is so
 * for one weight exactly. */
static double slope(int n, const float *w) {
  (void)n;
  return 3.0 * (double)w[0];
}

static void spsa_follows_a_slope(void) {
  hd__search_def def = small_def(1);
  def.n_layers = 1;
  def.layer[0] = (hd__search_layer){1, 1, false};
  def.alpha = 0.5f;
  def.population = 6;
  trial t;
  CHECK(open_trial(&t, ctx, "spsa", &def, zeros) == HD_OK);
  run_generations(&t.search, 1, slope);
  CHECK_NEAR((double)t.search.w[0], 1.5, 1e-5);
  close_trial(&t);
}

/* One generation of nes written out: ranks, sum over pairs, Adam's first step is alpha's sign. */
static void nes_by_hand(void) {
  hd__search_def def = small_def(3);
  def.n_layers = 1;
  def.layer[0] = (hd__search_layer){1, 1, false};
  def.population = 4;
  trial t;
  CHECK(open_trial(&t, ctx, "nes", &def, zeros) == HD_OK);
  _Alignas(64) float plus[16], minus[16];
  hd__search_ask(&t.search, 0, plus);
  hd__search_ask(&t.search, 1, minus);
  CHECK(plus[0] == -minus[0]);
  run_generations(&t.search, 1, slope);
  CHECK_NEAR((double)t.search.w[0], (double)def.alpha, 1e-6);
  close_trial(&t);
}

/* Weights that matter much are known to a finer measure than those that do not matter. */
static double steep(int n, const float *w) {
  double sum = 0.0;
  for (int k = 0; k < n; k++) {
    const double d = (double)(w[k] - target(k));
    sum -= (k % 2 == 0 ? 10.0 : 0.001) * d * d;
  }
  return sum;
}

static void own_deviations(void) {
  hd__search_def def = small_def(1);
  def.population = 32;
  def.alpha_sigma = 1.0f;
  trial t;
  CHECK(open_trial(&t, ctx, "nes", &def, zeros) == HD_OK);
  run_generations(&t.search, 300, steep);
  double fine = 0.0, coarse = 0.0;
  for (int i = 0; i < t.arena.n_views; i++) {
    if (strcmp(t.arena.view[i].name, "search.log_sigma") == 0) {
      const float *log_sigma = t.arena.view[i].data;
      for (int k = 0; k < t.search.n; k++) {
        *(k % 2 == 0 ? &fine : &coarse) += (double)log_sigma[k];
      }
    }
  }
  CHECK(fine / 18.0 < coarse / 17.0 - 1.0);
  close_trial(&t);
}

/* Alopex against the paper's equations, written out in double. */
static void alopex_by_hand(void) {
  enum { N = 35, GENERATIONS = 100, PERIOD = 10 };
  hd__search_def def = small_def(9);
  trial t;
  CHECK(open_trial(&t, ctx, "alopex", &def, zeros) == HD_OK);
  float w[N] = {0};
  double dw[N] = {0}, last = quadratic(N, w), temperature = 0.0, sum = 0.0;
  for (int g = 0; g < GENERATIONS; g++) {
    const double J = quadratic(N, w), dE = last - J;
    last = J;
    sum += fabs(dE);
    temperature = temperature == 0.0 ? fabs(dE) : temperature;
    if (g > 0 && g % PERIOD == 0) {
      temperature = sum / PERIOD;
      sum = 0.0;
    }
    const hd__key key = hd__key_make(9, HD_STREAM_SEARCH, 0, (uint64_t)g);
    for (int k = 0; k < N; k++) {
      const double C = dw[k] * dE / 0.01;
      const double p_down = temperature > 0.0 ? 1.0 / (1.0 + exp(-C / temperature)) : 0.5;
      dw[k] = (double)hd__uniform16(key, (uint32_t)k) < p_down ? -0.01 : 0.01;
      w[k] += (float)dw[k];
    }
    run_generations(&t.search, 1, quadratic);
    for (int k = 0; k < N; k++) {
      CHECK(t.search.w[k] == w[k]);
    }
  }
  close_trial(&t);
}

/* Accepting with probability exp(dJ / T), a weight settles into the distribution exp(J / T): for
 * J = -w^2 its variance is T / 2. */
static double bowl(int n, const float *w) {
  (void)n;
  return -(double)w[0] * (double)w[0];
}

static void metropolis_settles_at_its_temperature(void) {
  enum { GENERATIONS = 40000 };
  hd__search_def def = small_def(4);
  def.n_layers = 1;
  def.layer[0] = (hd__search_layer){1, 1, false};
  def.temperature = 0.5f;
  def.sigma = 1.0f;
  trial t;
  CHECK(open_trial(&t, ctx, "metropolis", &def, zeros) == HD_OK);
  double square = 0.0;
  for (int g = 0; g < GENERATIONS; g++) {
    run_generations(&t.search, 1, bowl);
    square += (double)t.search.w[0] * (double)t.search.w[0];
  }
  /* w^2 has deviation sqrt(2) / 4, and some ten generations make one independent draw */
  CHECK_NEAR(square / GENERATIONS, 0.25, 4 * 0.354 / sqrt(GENERATIONS / 10.0));
  close_trial(&t);
}

/* ---- connectivity ---- */

enum { BITS = 6 };

/* Anything that is not linear in the connections. */
static double score(const float *theta) {
  return (double)(theta[0] * theta[1] - 2.0f * theta[2] + theta[3] * theta[4] * theta[5] +
                  0.5f * theta[0] * (1.0f - theta[5]));
}

/* The sum over all 64 networks, weighted by their probability. */
static double expectation(const double *rho, float *G) {
  double mean = 0.0;
  float rho_f[BITS];
  for (int k = 0; k < BITS; k++) {
    rho_f[k] = (float)rho[k];
  }
  for (int code = 0; code < 1 << BITS; code++) {
    float theta[BITS];
    double p = 1.0;
    for (int k = 0; k < BITS; k++) {
      theta[k] = (float)(code >> k & 1);
      p *= code >> k & 1 ? rho[k] : 1.0 - rho[k];
    }
    mean += p * score(theta);
    if (G != NULL) {
      hd__connectivity_add(BITS, (float)(p * score(theta)), theta, rho_f, G);
    }
  }
  return mean;
}

/* dE[f]/drho = E[(theta - rho) f] / (rho (1 - rho)), against differences of the expectation, which
 * is linear in each rho, so they are exact. */
static void gradient_identity(void) {
  double rho[BITS] = {0.3, 0.6, 0.5, 0.8, 0.15, 0.7};
  float G[BITS] = {0};
  expectation(rho, G);
  for (int k = 0; k < BITS; k++) {
    const double here = rho[k];
    rho[k] = here + 0.01;
    const double above = expectation(rho, NULL);
    rho[k] = here - 0.01;
    const double below = expectation(rho, NULL);
    rho[k] = here;
    /* single-precision sums of 64 terms of size 1 */
    CHECK_NEAR((double)G[k] / (here * (1.0 - here)), (above - below) / 0.02, 2e-5);
  }
}

/* Return: how many connections are as wanted. */
static double wanted(int n, const float *w) {
  int right = 0;
  for (int k = 0; k < n; k++) {
    right += (w[k] != 0.0f) == (k % 3 == 0);
  }
  return right;
}

static void connectivity_finds_the_network(void) {
  hd__search_def def = small_def(1);
  def.population = 64;
  def.alpha = 0.05f;
  CHECK(end_of("evolving-connectivity", &def, 100, wanted) == 35.0);
  def.trust = 0.5f;
  CHECK(end_of("ec-trust", &def, 100, wanted) == 35.0);
}

/* A generation's networks have the connections that their probabilities promise. */
static void draws_follow_rho(void) {
  enum { MEMBERS = 4000 };
  hd__search_def def = small_def(5);
  def.population = MEMBERS;
  trial t;
  CHECK(open_trial(&t, ctx, "evolving-connectivity", &def, zeros) == HD_OK);
  hd__connectivity *on = t.search.state;
  _Alignas(64) float w[64];
  int count[64] = {0};
  for (int k = 0; k < 35; k++) {
    on->rho[k] = 0.02f + 0.96f * (float)k / 34.0f;
  }
  for (int m = 0; m < MEMBERS; m++) {
    hd__search_ask(&t.search, m, w);
    for (int k = 0; k < 35; k++) {
      count[k] += w[k] != 0.0f;
    }
  }
  for (int k = 0; k < 35; k++) {
    const double p = (double)on->rho[k];
    CHECK_NEAR((double)count[k] / MEMBERS, p, 4.5 * sqrt(p * (1 - p) / MEMBERS));
  }
  close_trial(&t);
}

/* Where returns are noise, the bounded step stays near its start; where they are signal it goes
 * far. */
static double noise(int n, const float *w) {
  uint64_t hash = 0;
  for (int k = 0; k < n; k++) {
    hash = hd__mix64(hash + (w[k] != 0.0f));
  }
  return (double)(hash >> 40);
}

static double travelled(objective f) {
  hd__search_def def = small_def(2);
  def.population = 32;
  def.trust = 0.05f;
  trial t;
  CHECK(open_trial(&t, ctx, "ec-trust", &def, zeros) == HD_OK);
  run_generations(&t.search, 20, f);
  const hd__connectivity *on = t.search.state;
  double far = 0.0;
  for (int k = 0; k < t.search.n; k++) {
    far += fabs((double)on->rho[k] - 0.5);
  }
  close_trial(&t);
  return far / t.search.n;
}

static void trust_grows_with_the_signal(void) { CHECK(travelled(wanted) > 3.0 * travelled(noise)); }

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(ranks);
  RUN(quadratics);
  RUN(spsa_follows_a_slope);
  RUN(nes_by_hand);
  RUN(own_deviations);
  RUN(alopex_by_hand);
  RUN(metropolis_settles_at_its_temperature);
  RUN(gradient_identity);
  RUN(connectivity_finds_the_network);
  RUN(draws_follow_rho);
  RUN(trust_grows_with_the_signal);
  hd_ctx_destroy(ctx);
  return test_end();
}
