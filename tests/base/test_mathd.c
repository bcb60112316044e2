#include "mathd.h"
#include "test.h"

/* Error in units of the last place against long double, which has 11 bits more. */
static double ulps(double got, long double want) {
  const double rounded = fabs((double)want);
  const double unit = nextafter(rounded, INFINITY) - rounded;
  return (double)fabsl(((long double)got - want) / (long double)unit);
}

static double worst(double x, double so_far) {
  double sine, cosine;
  hd__sincos(x, &sine, &cosine);
  const double a = ulps(sine, sinl((long double)x)), b = ulps(cosine, cosl((long double)x));
  return fmax(so_far, fmax(a, b));
}

static void sin_and_cos_over_four_ranges(void) {
  static const double range[] = {0.3, 3.2, 100, 1e5};
  for (int k = 0; k < 4; k++) {
    double error = 0;
    const int n = 200001;
    for (int i = 0; i < n; i++) {
      error = worst(range[k] * (2.0 * i / (n - 1) - 1), error);
    }
    printf("  |x| < %g: %.3f ulp\n", range[k], error);
    CHECK(error < 0.8);
  }
}

/* The doubles nearest to multiples of pi/2 lose the most digits in the reduction. */
static void sin_and_cos_beside_their_zeros(void) {
  double error = 0;
  for (int k = 1; k < 63662; k++) {
    const double x = (double)(k * 1.57079632679489661923132169163975144L);
    error = worst(x, worst(nextafter(x, 0), worst(nextafter(x, INFINITY), error)));
  }
  printf("  beside multiples of pi/2: %.3f ulp\n", error);
  CHECK(error < 0.8);
}

static void small_arguments_pass(void) {
  CHECK(hd__sin(0.0) == 0.0 && hd__cos(0.0) == 1.0);
  CHECK(hd__sin(1e-20) == 1e-20 && hd__cos(1e-20) == 1.0);
  CHECK(hd__sin(-0.7) == -hd__sin(0.7) && hd__cos(-0.7) == hd__cos(0.7));
}

int main(void) {
  RUN(sin_and_cos_over_four_ranges);
  RUN(sin_and_cos_beside_their_zeros);
  RUN(small_arguments_pass);
  return test_end();
}
