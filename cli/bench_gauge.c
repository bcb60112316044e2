#include "bench_gauge.h"

#include <stdlib.h>

void gauge_use(double result) {
  static volatile double used;
  used = result;
  (void)used;
}

static int bench_gauge_ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Quantile of sorted values, between neighbours in proportion (Hyndman & Fan 1996, type 7). */
static double bench_gauge_quantile(const double *value, int n, double share) {
  const double at = share * (n - 1);
  const int below = (int)at;
  const int above = below + 1 < n ? below + 1 : below;
  return value[below] + (at - below) * (value[above] - value[below]);
}

spread spread_of(double *value, int n) {
  qsort(value, (size_t)n, sizeof *value, bench_gauge_ascending);
  return (spread){.median = bench_gauge_quantile(value, n, 0.5),
                  .low = bench_gauge_quantile(value, n, 0.25),
                  .high = bench_gauge_quantile(value, n, 0.75),
                  .best = value[n - 1]};
}

/* Turns for so long, in bunches that grow until reading the clock costs next to nothing. */
static hd_status bench_gauge_turns(const gauge *self, double seconds, double *rate) {
  double done = 0, spent;
  int64_t bunch = 1;
  const double began = clock_thread();
  do {
    for (int64_t i = 0; i < bunch; i++) {
      double amount = 0;
      HD_TRY(self->turn(self->work, &amount));
      done += amount;
    }
    spent = clock_thread() - began;
    bunch = spent < seconds / 64 ? 2 * bunch : bunch;
  } while (spent < seconds);
  *rate = done / spent;
  return HD_OK;
}

/* An eighth of the time first, uncounted, brings the gauge's data back into the caches. */
static hd_status bench_gauge_measure(const gauge *self, double seconds, double *rate) {
  HD_TRY(bench_gauge_turns(self, seconds / 8, rate));
  return bench_gauge_turns(self, seconds, rate);
}

hd_status gauge_run(gauge *self, int n, double seconds, int repeats) {
  double *rate = calloc((size_t)n * (size_t)repeats, sizeof *rate);
  hd_status status = rate != NULL ? HD_OK : HD_NOMEM;
  for (int r = -1; r < repeats && status == HD_OK; r++) {
    for (int i = 0; i < n && status == HD_OK; i++) {
      double warm;
      status = bench_gauge_measure(&self[i], seconds, r < 0 ? &warm : &rate[i * repeats + r]);
    }
  }
  for (int i = 0; i < n && status == HD_OK; i++) {
    self[i].rate = spread_of(&rate[i * repeats], repeats);
  }
  free(rate);
  return status;
}
