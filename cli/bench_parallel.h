/* Learners side by side: each thread advances its share of them in turn. */
#ifndef CLI_BENCH_PARALLEL_H
#define CLI_BENCH_PARALLEL_H

#include "bench_learner.h"

enum { WORKERS_MAX = 256 };

typedef struct parallel_result {
  double steps, cpu_s, wall_s; /* cpu_s of all threads together */
} parallel_result;

/* Train n learners for `seconds` of the wall clock on so many threads, at most PARALLEL_MAX and n.
 * Errors  NOMEM (a thread cannot be started), NUMERIC. */
hd_status parallel_run(learner *first, int n, int threads, double seconds, parallel_result *done);

#endif
