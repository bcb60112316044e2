/* rate, poisson, gauss, latency, sxk: patterns where they are fixed, rates where they are drawn. */
#include "code_fixture.h"

enum { STEPS = 20000 };

static _Alignas(64) float x[256], s[256], state[256];

/* Mean spikes per substep of every line over STEPS substeps. */
static void mean_rates(const hd__code *code, const float *obs, double *rate) {
  memset(state, 0, sizeof state);
  code->desc->encode(code, obs, x);
  for (int i = 0; i < code->n; i++) {
    rate[i] = 0;
  }
  for (int t = 0; t < STEPS; t++) {
    code->desc->spikes(code, x, t, fixture_key(t), state, s);
    for (int i = 0; i < code->n; i++) {
      CHECK(s[i] == 0.0f || s[i] == 1.0f);
      rate[i] += (double)s[i] / STEPS;
    }
  }
}

/* Four standard errors of a Bernoulli mean, and the rounding of the sum. */
static double four_errors(double p) { return 4 * sqrt(p * (1 - p) / STEPS) + 1e-9; }

static void rate_fires_with_gain_times_value(void) {
  hd__code code;
  hd__code_def def = fixture_def(&cart);
  def.gain = 0.5f;
  CHECK(fixture_open("rate", &def, &code) == HD_OK && code.n == 4);
  double rate[4];
  mean_rates(&code, (const float[]){1.2f, -1.0f, -5.0f, 5.0f}, rate);
  const double want[] = {0.375, 0.125, 0, 0.5};
  for (int i = 0; i < 4; i++) {
    CHECK_NEAR(rate[i], want[i], four_errors(want[i]));
  }
  def.gain = 3.0f;
  CHECK(fixture_open("rate", &def, &code) == HD_OK);
  mean_rates(&code, (const float[]){1.2f, -1.0f, -5.0f, 5.0f}, rate);
  CHECK_NEAR(rate[0], 1, four_errors(1));
  CHECK_NEAR(rate[1], 0.75, four_errors(0.75));
}

static void poisson_fires_with_its_rate_whatever_the_substep(void) {
  for (int k = 0; k < 2; k++) {
    hd__code code;
    hd__code_def def = fixture_def(&cart);
    def.gain = 0.8f; /* spikes per ms at the top of the range */
    def.dt_ms = k == 0 ? 0.5f : 2.0f;
    CHECK(fixture_open("poisson", &def, &code) == HD_OK && code.n == 4);
    double rate[4];
    mean_rates(&code, (const float[]){1.2f, -1.0f, -5.0f, 5.0f}, rate);
    const double unit[] = {0.75, 0.25, 0, 1};
    for (int i = 0; i < 4; i++) {
      const double p = 1 - exp(-0.8 * unit[i] * (double)def.dt_ms);
      CHECK_NEAR(rate[i], p, four_errors(p));
    }
  }
}

static double bump(double place, int j) { return exp(-0.5 * (place - j) * (place - j)); }

static void gauss_units_sit_one_width_apart(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.bins = 7;
  CHECK(fixture_open("gauss", &def, &code) == HD_OK && code.n == 14 && code.n_state == 14);
  code.desc->encode(&code, (const float[]){-0.75f, 9.0f}, x);
  for (int j = 0; j < 7; j++) {
    CHECK_NEAR(x[j], bump(1.5, j), 1e-6);
    CHECK_NEAR(x[7 + j], bump(6, j), 1e-6); /* beyond the range: as at its end */
  }
  CHECK_NEAR(x[13], 1, 0);
}

static void gauss_is_regular(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("gauss", &def, &code) == HD_OK);
  double rate[20];
  mean_rates(&code, (const float[]){-0.31f, 0.01f}, rate);
  for (int i = 0; i < 20; i++) {
    /* Off by the spike that is due, and by 20000 roundings of the integrator. */
    CHECK_NEAR(rate[i], (double)x[i], 2.0 / STEPS);
  }
  /* Every k-th substep at 1/k, without losing one to rounding. */
  for (int k = 2; k <= 64; k++) {
    memset(state, 0, sizeof state);
    for (int i = 0; i < code.n; i++) {
      x[i] = 1.0f / (float)k;
    }
    for (int t = 0; t < 10 * k; t++) {
      code.desc->spikes(&code, x, t, fixture_key(t), state, s);
      CHECK(s[0] == (t % k == k - 1 ? 1.0f : 0.0f));
    }
  }
}

static void gauss_stochastic_fires_with_its_activation(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("gauss-stochastic", &def, &code) == HD_OK && code.n == 20);
  double rate[20];
  mean_rates(&code, (const float[]){-0.31f, 0.01f}, rate);
  for (int i = 0; i < 20; i++) {
    const double p = (double)x[i];
    CHECK_NEAR(rate[i], p, four_errors(p) + 1.0 / STEPS);
  }
}

static void latency_is_one_spike_earlier_for_more(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&cart); /* eight substeps */
  CHECK(fixture_open("latency", &def, &code) == HD_OK && code.n == 4);
  code.desc->encode(&code, (const float[]){2.4f, -2.0f, 0.03f, -0.63f}, x);
  /* (1 - unit) of seven steps: 0, 7, 3.0 and 4.5 - a little. */
  const int want[] = {0, 7, 3, 5};
  for (int i = 0; i < 4; i++) {
    for (int t = 0; t < 8; t++) {
      code.desc->spikes(&code, x, t, fixture_key(t), state, s);
      CHECK(s[i] == (t == want[i] ? 1.0f : 0.0f));
    }
  }
}

static void sxk_is_the_recorded_code(void) {
  static const hd_dim obs[] = {{"state", "", 119, 0, 0}};
  static const hd_env_desc all = {.name = "all", .obs = obs, .n_obs = 1};
  hd__code code;
  hd__code_def def = fixture_def(&all);
  def.substeps = 5;
  CHECK(fixture_open("sxk", &def, &code) == HD_OK && code.n == 3);
  FILE *file = fopen(HD_TEST_DATA "/subsets.txt", "r");
  CHECK(file != NULL);
  char row[64], want[3][8];
  int number, states = 0;
  while (file != NULL && fgets(row, sizeof row, file) != NULL) {
    if (sscanf(row, "sxk %d %5s %5s %5s", &number, want[0], want[1], want[2]) == 4) {
      code.desc->encode(&code, (const float[]){(float)number}, x);
      for (int t = 0; t < 5; t++) {
        code.desc->spikes(&code, x, t, fixture_key(t), state, s);
        for (int i = 0; i < 3; i++) {
          CHECK(s[i] == (want[i][t] == '+' ? 1.0f : -1.0f));
        }
      }
      states++;
    }
  }
  CHECK(states == 119);
  if (file != NULL) {
    fclose(file);
  }
}

static void sxk_grows_with_the_states(void) {
  static const hd_dim obs[] = {{"state", "", 500, 0, 0}};
  static const hd_env_desc taxi = {.name = "taxi", .obs = obs, .n_obs = 1};
  hd__code code;
  hd__code_def def = fixture_def(&taxi);
  def.substeps = 5; /* 251 states at most */
  CHECK(fixture_open("sxk", &def, &code) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(fixture_ctx()), "500 states") != NULL);
  def.substeps = 6; /* 15 pairs; C(15,3) = 455, C(15,4) = 1365 */
  CHECK(fixture_open("sxk", &def, &code) == HD_OK && code.n == 4);
  def.env = &cart;
  CHECK(fixture_open("sxk", &def, &code) == HD_CONFLICT);
}

int main(void) {
  RUN(rate_fires_with_gain_times_value);
  RUN(poisson_fires_with_its_rate_whatever_the_substep);
  RUN(gauss_units_sit_one_width_apart);
  RUN(gauss_is_regular);
  RUN(gauss_stochastic_fires_with_its_activation);
  RUN(latency_is_one_spike_earlier_for_more);
  RUN(sxk_is_the_recorded_code);
  RUN(sxk_grows_with_the_states);
  return test_end();
}
