/* Learners side by side: each thread advances its share of them in turn. */
#ifndef CLI_BENCH_CREW_H
#define CLI_BENCH_CREW_H

#include "bench_learner.h"

enum { CREW_MAX = 256 };

typedef struct crew_done {
  double steps, cpu_s, wall_s; /* cpu_s of all threads together */
} crew_done;

/* Train n learners for `seconds` of the wall clock on so many threads, at most CREW_MAX and n.
 * Errors  NOMEM (a thread cannot be started), NUMERIC. */
hd_status crew_run(learner *first, int n, int threads, double seconds, crew_done *done);

#endif
