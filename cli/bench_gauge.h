/* Rates, measured fairly: everything that is compared is run in turn, again and again, and the
 * medians are compared. Clocks count CPU time, so that other programs disturb little. */
#ifndef CLI_BENCH_GAUGE_H
#define CLI_BENCH_GAUGE_H

#include "clocks.h"
#include "hedon/hedon.h"

typedef struct spread {
  double median, low, high, best; /* low and high are the quartiles, best is the largest */
} spread;

/* The spread of n values, which are sorted. */
spread spread_of(double *value, int n);

/* Do a little work and write how much of it. */
typedef hd_status (*gauge_fn)(void *work, double *amount);

typedef struct gauge {
  gauge_fn turn;
  void *work;
  spread rate; /* amount per second of this thread's CPU time */
} gauge;

/* Run n gauges one after the other for `seconds` each, `repeats` times over, after a round that is
 * not counted.  Errors  NOMEM, and what a turn returns. */
hd_status gauge_run(gauge *self, int n, double seconds, int repeats);

/* Make use of a result, so that no compiler can leave out what led to it. */
void gauge_use(double result);

#endif
