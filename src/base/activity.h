/* Spikes are counted in floats, which add no 1 any more from 2^24 on. */
#ifndef HD_ACTIVITY_H
#define HD_ACTIVITY_H

#include <math.h>

/* From so many substeps on, counts are halved: rates then weigh what is recent more. */
#define HD_COUNT_MOST 8388608.0

/* Halve counts, rounded up: what fired once has fired, and what fired always still has. */
static inline void hd__counts_halve(float *count, int n) {
  for (int i = 0; i < n; i++) {
    count[i] = ceilf(0.5f * count[i]);
  }
}

/* Substeps that halved counts stand for. */
static inline double hd__substeps_halve(double substeps) { return ceil(0.5 * substeps); }

#endif
