/* Thread CPU time, and medians of repeats. */
#ifndef HD_TIMING_H
#define HD_TIMING_H

#include <stdlib.h>
#include <time.h>

static inline double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static inline int is_less(const void *x, const void *y) {
  const double p = *(const double *)x, q = *(const double *)y;
  return (p > q) - (p < q);
}

static inline double median(double *x, int n) {
  qsort(x, (size_t)n, sizeof *x, is_less);
  return x[n / 2];
}

#endif
