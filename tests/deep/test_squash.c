/* The squashed normal policy against integrals and differences in double, and the noise that
 * explores. */
#include "noise.h"
#include "squash.h"
#include "test.h"

static const double means[] = {0, 0.7, -2.5}, logs[] = {-1.2, 0, 0.4};

/* ln of the density of tanh(u) at tanh(u), u normal. */
static double log_density(double u, double mean, double log_deviation) {
  const double e = (u - mean) / exp(log_deviation), a = tanh(u);
  return -0.5 * e * e - log_deviation - 0.5 * log(2 * 3.14159265358979324) - log1p(-a * a);
}

static void density_is_that_of_a_change_of_variable(void) {
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      for (double e = -3; e <= 3; e += 0.25) {
        const hd__squashed drawn = hd__squash((float)means[i], (float)logs[j], (float)e);
        const double u = means[i] + exp(logs[j]) * e;
        CHECK_NEAR((double)drawn.action, tanh(u), 1e-6); /* u up to 7 in floats, times a slope */
        /* 1 - tanh^2 in double is exact enough up to here; sums up to 16 in floats, five terms. */
        if (fabs(u) < 8) {
          CHECK_NEAR((double)drawn.log_p, log_density(u, means[i], logs[j]), 5e-6);
        }
      }
    }
  }
  /* Where tanh is 1 in float, the slope is not yet 0: 4 e^(-2u). */
  CHECK_NEAR((double)hd__log_slope_of_tanh(20), log(4) - 40, 4e-6); /* a rounding below 64 */
}

/* Over a in (-1, 1) the density integrates to 1: midpoint rule over u, da = (1 - a^2) du. */
static void density_integrates_to_one(void) {
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      const double deviation = exp(logs[j]), step = 0.01;
      double sum = 0;
      for (double e = -6; e < 6; e += step) {
        const hd__squashed drawn = hd__squash((float)means[i], (float)logs[j], (float)e);
        const double slope = exp((double)hd__log_slope_of_tanh((float)(means[i] + deviation * e)));
        sum += exp((double)drawn.log_p) * slope * deviation * step;
      }
      CHECK_NEAR(sum, 1, 2e-6); /* exponentials of floats up to 16; beyond 6 there is 2e-9 */
    }
  }
}

/* A loss of one draw whose deviate stays: 0.8 sin(2 a) - 0.3 ln p. */
static double loss(double mean, double log_deviation, double e) {
  const double u = mean + exp(log_deviation) * e;
  return 0.8 * sin(2 * tanh(u)) - 0.3 * log_density(u, mean, log_deviation);
}

/* By the mean, floats of order 1 and a few roundings; by the logarithm, that times the spread,
 * which is up to 3. Differences of doubles over 2 h are good to 1e-9. */
static void gradients_are_the_slopes(void) {
  const double h = 1e-5;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      for (double e = -2; e <= 2; e += 0.5) {
        const hd__squashed drawn = hd__squash((float)means[i], (float)logs[j], (float)e);
        const float by_action = (float)(1.6 * cos(2 * (double)drawn.action));
        float by_mean, by_log;
        hd__squash_back(&drawn, (float)logs[j], by_action, -0.3f, &by_mean, &by_log);
        CHECK_NEAR((double)by_mean,
                   (loss(means[i] + h, logs[j], e) - loss(means[i] - h, logs[j], e)) / (2 * h),
                   2e-6);
        CHECK_NEAR((double)by_log,
                   (loss(means[i], logs[j] + h, e) - loss(means[i], logs[j] - h, e)) / (2 * h),
                   6e-6);
      }
    }
  }
}

static void beyond_its_bounds_a_deviation_has_no_gradient(void) {
  float by_mean, by_log;
  const hd__squashed wide = hd__squash(0, 5, 0.1f), widest = hd__squash(0, 2, 0.1f);
  CHECK(wide.action == widest.action && wide.log_p == widest.log_p);
  hd__squash_back(&wide, 5, 1, 1, &by_mean, &by_log);
  CHECK(by_mean != 0 && by_log == 0);
}

enum { DRAWS = 20000 };

static void noise_is_normal_and_remembers(void) {
  static const float memory[] = {0, 0.9f};
  for (int i = 0; i < 2; i++) {
    float x[3], drawn[HD_LANES] __attribute__((aligned(64)));
    hd__noise noise;
    hd__noise_compile(&noise, hd__kernel_for(0), 3, memory[i]);
    noise.x = x;
    noise.drawn = drawn;
    hd__noise_start(&noise, 0, hd__key_make(1, HD_STREAM_ACTION, 0, 0));
    double sum = 0, squares = 0, products = 0, before = 0;
    for (int t = 1; t <= DRAWS; t++) {
      const double now =
          (double)hd__noise_next(&noise, 0, hd__key_make(1, HD_STREAM_ACTION, 0, (uint64_t)t))[1];
      sum += now;
      squares += now * now;
      products += now * before;
      before = now;
    }
    /* Of a chain with memory m, as many draws are worth (1 - m) / (1 + m) of independent ones; four
     * standard errors. */
    const double m = (double)memory[i], effective = DRAWS * (1 - m) / (1 + m);
    CHECK_NEAR(sum / DRAWS, 0, 4 / sqrt(effective));
    CHECK_NEAR(squares / DRAWS, 1, 4 * sqrt(2 / effective));
    CHECK_NEAR(products / squares, m, 4 * sqrt((1 - m * m) / DRAWS) + 1e-3);
  }
}

/* To what noise.h promises. */
static void quantiles_become_uniform(void) {
  for (double x = -5; x <= 5; x += 0.01) {
    CHECK_NEAR((double)hd__uniform_of_normal((float)x), erf(x / sqrt(2.0)), 4e-4);
  }
}

int main(void) {
  RUN(density_is_that_of_a_change_of_variable);
  RUN(density_integrates_to_one);
  RUN(gradients_are_the_slopes);
  RUN(beyond_its_bounds_a_deviation_has_no_gradient);
  RUN(noise_is_normal_and_remembers);
  RUN(quantiles_become_uniform);
  return test_end();
}
