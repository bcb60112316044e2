/* Quantities that change in the course of a run, as pure functions of the steps taken. */
#ifndef HD_SCHEDULE_H
#define HD_SCHEDULE_H

#include <math.h>
#include <stdint.h>

#include "config.h"
#include "mathf.h"

/* From `start` to `end` in a straight line over `length` steps; constant if end is NAN. */
static inline float hd__linear(double start, double end, int64_t length, int64_t step) {
  const double done = step < length ? (double)step / (double)length : 1.0;
  return (float)(isnan(end) ? start : start + (end - start) * done);
}

/* From `start` towards `end`, the rest shrinking by e every `length` steps. */
static inline float hd__decaying(double start, double end, int64_t length, int64_t step) {
  const double rest = (double)hd__expf(-(float)((double)step / (double)length));
  return (float)(isnan(end) ? start : end + (start - end) * rest);
}

/* Share of random actions. */
static inline float hd__epsilon(const hd__settings *s, int64_t step) {
  return s->epsilon_decay == hd__epsilon_decay_exponential
             ? hd__decaying(s->epsilon, s->epsilon_end, s->epsilon_steps, step)
             : hd__linear(s->epsilon, s->epsilon_end, s->epsilon_steps, step);
}

/* From 1 to `end` by equal factors. */
static inline float hd__geometric(double end, int64_t length, int64_t step) {
  const double done = step < length ? (double)step / (double)length : 1.0;
  return hd__expf((float)done * hd__logf((float)(end > 1e-6 ? end : 1e-6)));
}

/* How far a running average that keeps `keep` at every update follows at its n-th: at first it
 * forgets faster, so that the start does not weigh on it.  Source: Polyak & Juditsky 1992. */
static inline float hd__average_rate(double keep, int64_t n) {
  const float young = 10.0f / (10.0f + (float)n);
  return hd__maxf(1.0f - (float)keep, young);
}

#endif
