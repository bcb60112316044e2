/* Our elementary functions against libm in double, in units of the last place of the result. The
 * bounds are the worst errors found over every 97th float of the range, rounded up; the test looks
 * at every 485th. */
#include "mathf.h"
#include "normal.h"
#include "test.h"

static double error_ulp(float got, double want) {
  int exponent;
  frexp(want, &exponent);
  const double ulp = ldexp(1, exponent - 24);
  return fabs((double)got - want) / fmax(ulp, ldexp(1, -149));
}

/* Worst error over every 485th float bit pattern within [low, high]. */
static double worst(float (*f)(float), double (*exact)(double), float low, float high) {
  double max = 0, at = 0;
  for (uint64_t bits = 0; bits < 1ull << 32; bits += 485) {
    const float x = hd__from_bits((uint32_t)bits);
    if (x >= low && x <= high) {
      const double error = error_ulp(f(x), exact((double)x));
      at = error > max ? (double)x : at;
      max = error > max ? error : max;
    }
  }
  printf("  %.2f ulp at %g\n", max, at);
  return max;
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static void exp_is_within_one_ulp(void) { CHECK(worst(hd__expf, exp, -87, 88) < 1.0); }

static void exp_is_clamped(void) {
  CHECK(hd__expf(-1e30f) == hd__expf(-87) && hd__expf(1e30f) == hd__expf(88));
  CHECK(isfinite(hd__expf(88)) && hd__expf(0) == 1);
}

static void expm1_is_accurate_near_zero(void) {
  CHECK(worst(hd__expm1f, expm1, -87, 88) < 3.5);
  CHECK(hd__expm1f(0) == 0);
}

static void log_is_within_one_ulp(void) { CHECK(worst(hd__logf, log, 1.2e-38f, 3e38f) < 1.0); }

/* The one rounding of x log2(e) is an error of half an ulp of a number that grows with |x|: it
 * costs up to |x| ulps of the exponential, which is all there is left of the function at -87. */
static void sigmoid_keeps_its_tail(void) {
  CHECK(worst(hd__sigmoidf, sigmoid, -1, 100) < 2.6);
  CHECK(worst(hd__sigmoidf, sigmoid, -10, 100) < 9.5);
  CHECK(worst(hd__sigmoidf, sigmoid, -87, 100) < 65);
  CHECK(hd__sigmoidf(0) == 0.5f);
}

static void tanh_is_accurate_near_zero(void) { CHECK(worst(hd__tanhf, tanh, -100, 100) < 3.2); }

static void sine_and_cosine_of_turns(void) {
  const double turn = 2 * 3.14159265358979323846;
  double absolute = 0, near = 0;
  for (int i = -1000000; i <= 1000000; i++) {
    const float x = (float)i * 2.74e-6f;
    float s, c;
    hd__sincos_turnf(x, &s, &c);
    absolute = fmax(absolute, fabs((double)s - sin(turn * (double)x)));
    absolute = fmax(absolute, fabs((double)c - cos(turn * (double)x)));
    if (x > -0.125f && x < 0.125f) {
      near = fmax(near, error_ulp(s, sin(turn * (double)x)));
    }
  }
  printf("  %.3g absolute, %.2f ulp of the sine near 0\n", absolute, near);
  CHECK(absolute < 1e-7 && near < 2.0);
  float s, c;
  hd__sincos_turnf(524288.25f, &s, &c);
  CHECK(s == 1 && c == 0);
}

static void atan2_in_every_quadrant(void) {
  double max = 0;
  for (int i = 0; i < 2000; i++) {
    for (int j = 0; j < 500; j++) {
      const float x = (float)(exp(0.08 * j - 20) * (i % 2 ? -1 : 1));
      const float y = (float)(exp(0.02 * i - 20) * (i % 4 > 1 ? -1 : 1));
      max = fmax(max, error_ulp(hd__atan2f(y, x), atan2((double)y, (double)x)));
    }
  }
  printf("  %.2f ulp\n", max);
  CHECK(max < 3.0);
  CHECK(hd__atan2f(0, 0) == 0 && hd__atan2f(0, 1) == 0);
  CHECK_NEAR(hd__atan2f(0, -1), 3.14159265358979, 1e-6);
  CHECK_NEAR(hd__atan2f(1, 0), 1.57079632679490, 1e-6);
  CHECK_NEAR(hd__atan2f(-1, 0), -1.57079632679490, 1e-6);
}

static void rounding_is_to_even(void) {
  CHECK(hd__roundf(0.5f) == 0 && hd__roundf(1.5f) == 2 && hd__roundf(-2.5f) == -2);
  CHECK(hd__roundf(2.49f) == 2 && hd__roundf(-7.51f) == -8);
}

static void normal_deviates_have_normal_moments(void) {
  enum { DRAWS = 200000 };
  const hd__key key = hd__key_make(1, HD_STREAM_FEATURE, 0, 0);
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  int within = 0;
  for (uint32_t i = 0; i < DRAWS; i++) {
    const double z = (double)hd__normalf(key, i);
    m1 += z / DRAWS;
    m2 += z * z / DRAWS;
    m3 += z * z * z / DRAWS;
    m4 += z * z * z * z / DRAWS;
    within += fabs(z) < 1;
  }
  /* Variances of z, z^2, z^3, z^4: 1, 2, 15, 96. */
  CHECK_NEAR(m1, 0, 4 * sqrt(1.0 / DRAWS));
  CHECK_NEAR(m2, 1, 4 * sqrt(2.0 / DRAWS));
  CHECK_NEAR(m3, 0, 4 * sqrt(15.0 / DRAWS));
  CHECK_NEAR(m4, 3, 4 * sqrt(96.0 / DRAWS));
  CHECK_NEAR(within / (double)DRAWS, 0.682689, 4 * sqrt(0.2166 / DRAWS));
}

int main(void) {
  RUN(exp_is_within_one_ulp);
  RUN(exp_is_clamped);
  RUN(expm1_is_accurate_near_zero);
  RUN(log_is_within_one_ulp);
  RUN(sigmoid_keeps_its_tail);
  RUN(tanh_is_accurate_near_zero);
  RUN(sine_and_cosine_of_turns);
  RUN(atan2_in_every_quadrant);
  RUN(rounding_is_to_even);
  RUN(normal_deviates_have_normal_moments);
  return test_end();
}
