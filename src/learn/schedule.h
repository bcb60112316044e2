/* Quantities that change in the course of a run, as pure functions of the steps taken. */
#ifndef HD_SCHEDULE_H
#define HD_SCHEDULE_H

#include <math.h>
#include <stdint.h>

#include "mathf.h"

/* From `start` to `end` in a straight line over `length` steps; constant if end is NAN. */
static inline float hd__linear(double start, double end, int64_t length, int64_t step) {
  const double done = step < length ? (double)step / (double)length : 1.0;
  return (float)(isnan(end) ? start : start + (end - start) * done);
}

/* From 1 to `end` by equal factors. */
static inline float hd__geometric(double end, int64_t length, int64_t step) {
  const double done = step < length ? (double)step / (double)length : 1.0;
  return hd__expf((float)done * hd__logf((float)(end > 1e-6 ? end : 1e-6)));
}

#endif
