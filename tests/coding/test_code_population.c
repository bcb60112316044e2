/* Populations over normalised observations, against the formulas in double. */
#include "code_fixture.h"

enum { BINS = 10, T = 5 };

static _Alignas(64) float x[64], s[64], state[64];

static double activity(double value, int j) {
  const double centre = -3 + 6.0 * j / (BINS - 1);
  return exp(-0.5 * (value - centre) * (value - centre) / 0.15);
}

static void units_sit_evenly_on_six_deviations(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  const float obs[] = {0.37f, -40.0f};
  CHECK(fixture_open("population", &def, &code) == HD_OK && code.n == 2 * BINS);
  code.desc->encode(&code, obs, x);
  for (int j = 0; j < BINS; j++) {
    CHECK_NEAR((double)x[j], activity(0.37, j), 1e-6);
    CHECK_NEAR((double)x[BINS + j], activity(-3, j), 1e-6); /* beyond the end: as at it */
  }
  def.range = 2;
  def.gain = 0.5f;
  CHECK(fixture_open("population", &def, &code) == HD_OK);
  code.desc->encode(&code, (const float[]){0.74f, 0.0f}, x);
  for (int j = 0; j < BINS; j++) {
    CHECK_NEAR((double)x[j], 0.5 * activity(0.37, j), 1e-6);
  }
}

static void encoders_integrate_and_fire(void) {
  hd__code code;
  const hd__code_def def = fixture_def(&car);
  CHECK(fixture_open("population-spikes", &def, &code) == HD_OK && code.n_state == code.n);
  for (float value = -4; value < 4; value += 0.173f) {
    const float obs[] = {value, -value};
    double v[2 * BINS] = {0};
    int spikes = 0;
    memset(state, 0, sizeof state);
    code.desc->encode(&code, obs, x);
    for (int t = 0; t < T; t++) {
      code.desc->spikes(&code, x, t, fixture_key(t), state, s);
      for (int i = 0; i < 2 * BINS; i++) {
        v[i] += (double)x[i];
        const int fires = v[i] > 0.999;
        v[i] -= 0.999 * fires;
        CHECK(s[i] == (float)fires);
        spikes += fires;
      }
    }
    CHECK(spikes > 0);
  }
}

static void a_population_needs_two_units(void) {
  hd__code code;
  hd__code_def def = fixture_def(&car);
  def.bins = 1;
  CHECK(fixture_open("population", &def, &code) == HD_RANGE);
}

int main(void) {
  RUN(units_sit_evenly_on_six_deviations);
  RUN(encoders_integrate_and_fire);
  RUN(a_population_needs_two_units);
  return test_end();
}
