#include <stdlib.h>

#include "random.h"
#include "statistics.h"
#include "test.h"

/* k, n, and the interval worked out from Wilson's formula with z = 1.959964. */
static void wilson_intervals(void) {
  static const struct {
    int k, n;
    double low, high;
  } cases[] = {{8, 10, 0.490162, 0.943318},
               {30, 30, 0.886487, 1},
               {0, 20, 0, 0.161125},
               {1, 2, 0.094531, 0.905469},
               {0, 0, 0, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const hd__interval interval = hd__wilson(cases[i].k, cases[i].n);
    CHECK_NEAR(interval.low, cases[i].low, 1e-6);
    CHECK_NEAR(interval.high, cases[i].high, 1e-6);
  }
}

static void medians_and_interquartile_means(void) {
  const double x[] = {1, 2, 3, 4, 5, 6, 7, 100};
  CHECK_NEAR(hd__median(x, 8), 4.5, 0);
  CHECK_NEAR(hd__median(x, 7), 4, 0);
  CHECK_NEAR(hd__median(x, 1), 1, 0);
  CHECK(isnan(hd__median(x, 0)));
  CHECK_NEAR(hd__iqm(x, 8), 4.5, 0); /* 3 4 5 6 */
  CHECK_NEAR(hd__iqm(x, 7), 4, 0);   /* 2 .. 6 */
  CHECK_NEAR(hd__iqm(x, 3), 2, 0);   /* all three */
  CHECK_NEAR(hd__iqm(x, 1), 1, 0);
  CHECK(isnan(hd__iqm(x, 0)));
}

static void sorting(void) {
  double x[3000];
  const hd__key key = hd__key_make(3, HD_STREAM_STUDY, 1, 1);
  for (int n = 0; n < 3000; n += n < 40 ? 1 : 987) {
    double sum = 0, after = 0;
    for (int i = 0; i < n; i++) {
      x[i] = (double)(hd__word(key, (uint32_t)i) % 500);
      sum += x[i];
    }
    hd__sort(x, n);
    for (int i = 0; i < n; i++) {
      after += x[i];
      CHECK(i == 0 || x[i - 1] <= x[i]);
    }
    CHECK_NEAR(after, sum, 0);
  }
}

/* Standard normal values: the mean of the middle half has variance 1.195 / n (the influence
 * function's: E min(z^2, c^2) / 0.25 with c = 0.6745), so the interval is 2 x 1.96 x 1.093 /
 * sqrt(n) wide. 400 values and 2000 resamples leave some 5 % of that to chance each. */
static void the_bootstrap_interval_is_as_wide_as_theory_says(void) {
  enum { N = 400 };
  static double x[N], scratch[HD_RESAMPLES + N];
  for (uint32_t i = 0; i < N; i++) {
    const hd__key key = hd__key_make(11, HD_STREAM_STUDY, 2, i);
    double sum = -6;
    for (uint32_t k = 0; k < 12; k++) {
      sum += (double)hd__uniform24(key, k);
    }
    x[i] = sum;
  }
  hd__sort(x, N);
  const hd__interval interval = hd__iqm_interval(x, N, 1, scratch);
  const double width = 2 * 1.96 * 1.093 / sqrt(N);
  CHECK_NEAR(interval.high - interval.low, width, 0.15 * width);
  CHECK(interval.low < hd__iqm(x, N) && hd__iqm(x, N) < interval.high);
}

static void few_values_have_an_interval_too(void) {
  static double scratch[HD_RESAMPLES + 4];
  const double same[] = {5, 5, 5, 5}, two[] = {0, 10};
  hd__interval interval = hd__iqm_interval(same, 4, 1, scratch);
  CHECK(interval.low == 5 && interval.high == 5);
  interval = hd__iqm_interval(two, 2, 1, scratch);
  CHECK(interval.low == 0 && interval.high == 10);
  interval = hd__iqm_interval(two, 0, 1, scratch);
  CHECK(isnan(interval.low) && isnan(interval.high));
}

int main(void) {
  RUN(wilson_intervals);
  RUN(medians_and_interquartile_means);
  RUN(sorting);
  RUN(the_bootstrap_interval_is_as_wide_as_theory_says);
  RUN(few_values_have_an_interval_too);
  return test_end();
}
