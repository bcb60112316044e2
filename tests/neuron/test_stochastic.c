/* bernoulli, ising, glm, lif-escape: probabilities, gains, and the draw. */
#include "neuron_fixture.h"

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double logit(double p) { return log(p) - log1p(-p); }

/* P(b = 1 | u) of the logistic models in double, and of lif-escape from rest with defaults. */
static double logistic_p(double beta, double u) { return sigmoid(beta * u); }
static double escape_h(double u) { return exp((5 * (1 - exp(-0.2)) * u - 1) / (double)0.3f); }
/* ln p - ln(1 - p) for p = 1 - exp(-h), without ever forming 1 - p. */
static double escape_logit(double h) { return log(-expm1(-h)) + h; }

typedef struct logistic {
  const char *name;
  double beta;
} logistic;
static const logistic models[] = {{"bernoulli", 1}, {"ising", 2}, {"glm", 1}};

static void frequency_is_the_sigmoid(void) {
  enum { DRAWS = 50000 };
  for (int m = 0; m < 3; m++) {
    for (int k = -3; k <= 3; k++) {
      probe n = probe_of(models[m].name);
      probe_start(&n, 1);
      const hd__key key = hd__key_make(3, HD_STREAM_SPIKE, (uint32_t)m, (uint64_t)(k + 3));
      const float u = 0.4f * (float)k;
      int spikes = 0;
      for (uint32_t i = 0; i < DRAWS; i++) {
        spikes += probe_step(&n, u, hd__uniform16(key, i)).b > 0;
      }
      const double p = logistic_p(models[m].beta, (double)u);
      CHECK_NEAR(spikes / (double)DRAWS, p, 4 * sqrt(p * (1 - p) / DRAWS));
    }
  }
}

static void gain_is_the_slope_of_the_logit(void) {
  const double e = 1e-5;
  for (int k = -20; k <= 20; k++) {
    const float u = 0.1f * (float)k;
    for (int m = 0; m < 3; m++) {
      probe n = probe_of(models[m].name);
      probe_start(&n, 1);
      const hd__fire fire = probe_step(&n, u, 0.5f);
      const double beta = models[m].beta;
      const double slope =
          (logit(logistic_p(beta, (double)u + e)) - logit(logistic_p(beta, (double)u - e))) /
          (2 * e);
      CHECK_NEAR(fire.gain, slope, 1e-6);
      CHECK_NEAR(fire.p, logistic_p(beta, (double)u), 1e-6);
    }
    probe n = probe_of("lif-escape");
    probe_start(&n, 1);
    const hd__fire fire = probe_step(&n, u, 0.5f);
    const double slope =
        (escape_logit(escape_h((double)u + e)) - escape_logit(escape_h((double)u - e))) / (2 * e);
    /* h is an exponential of numbers rounded to 6e-8 and as large as 10. */
    CHECK_NEAR(fire.gain / slope, 1, 3e-6);
    CHECK_NEAR(fire.p, -expm1(-escape_h((double)u)), 1e-6);
  }
}

static void escape_gain_is_finite_everywhere(void) {
  const float drives[] = {-1e6f, -1e3f, -30, 30, 1e3f, 1e6f};
  for (int k = 0; k < 6; k++) {
    probe n = probe_of("lif-escape");
    probe_set(&n, "delta", 1e-3f);
    probe_set(&n, "rho0", 1e-6f);
    probe_start(&n, 0.1f);
    const hd__fire fire = probe_step(&n, drives[k], 0.5f);
    CHECK(isfinite(fire.gain) && fire.gain > 0);
    CHECK(fire.p > 0 && fire.p <= 1);
    /* The score (b - p) gain vanishes where the outcome is certain. */
    CHECK(isfinite((fire.b - fire.p) * fire.gain));
  }
}

static void escape_rate_is_the_membranes(void) {
  enum { DRAWS = 40000 };
  probe n = probe_of("lif-escape");
  probe_set(&n, "rho0", 0.5f);
  probe_set(&n, "delta", 0.4f);
  for (int k = 0; k < 4; k++) {
    const float u = 0.4f * (float)k;
    const hd__key key = hd__key_make(4, HD_STREAM_SPIKE, 0, (uint64_t)k);
    int spikes = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
      probe_start(&n, 2);
      spikes += probe_step(&n, u, hd__uniform24(key, i)).b > 0;
    }
    const double v = 5 * (1 - exp(-0.4)) * (double)u;
    const double p = 1 - exp(-0.5 * exp((v - 1) / 0.4) * 2);
    CHECK_NEAR(spikes / (double)DRAWS, p, 4 * sqrt(p * (1 - p) / DRAWS));
  }
}

/* b = 1[beta u + L > 0] with L = ln((1-noise)/noise): the draw, seen as a noisy threshold, which
 * is what lets a gradient pass through it. Checked for every noise value there is. */
static void the_draw_is_a_noisy_threshold(void) {
  const float drives[] = {-2.3f, -0.71f, -0.1f, 0.0f, 0.33f, 0.9f, 1.7f};
  for (int m = 0; m < 3; m++) {
    probe n = probe_of(models[m].name);
    probe_start(&n, 1);
    for (int k = 0; k < 7; k++) {
      int fired = 0;
      for (int i = 0; i < 65536; i++) {
        const float noise = ((float)i + 0.5f) / 65536.0f;
        const double L = log((1 - (double)noise) / (double)noise);
        const int want = models[m].beta * (double)drives[k] + L > 0;
        CHECK((probe_step(&n, drives[k], noise).b > 0) == want);
        fired += want;
      }
      const double p = logistic_p(models[m].beta, (double)drives[k]);
      CHECK_NEAR(fired / 65536.0, p, 0.5 / 65536 + 1e-9);
    }
  }
}

int main(void) {
  RUN(frequency_is_the_sigmoid);
  RUN(gain_is_the_slope_of_the_logit);
  RUN(escape_gain_is_finite_everywhere);
  RUN(escape_rate_is_the_membranes);
  RUN(the_draw_is_a_noisy_threshold);
  return test_end();
}
