#include "learned_range.h"

#include <math.h>
#include <string.h>

#include "mathd.h"

static const double half_range = 5.0; /* deviations from the middle of a range to its end */
static const double widest = 4.0;     /* half ranges that get through */

/* Of a held range: */
enum { LEAST_COUNT = 256 };      /* observations before it is taken */
static const double slack = 1.5; /* ratio of deviations that it puts up with */
static const double too_wide =
    4.0; /* a declared range that is not zoomed is at most this much wider */

static bool learned_range_is_angle(const hd_dim *dim) {
  return dim->unit != NULL && (strcmp(dim->unit, "cos") == 0 || strcmp(dim->unit, "sin") == 0);
}

static bool learned_range_may_zoom(const hd_dim *dim) {
  return dim->count == 0 && !learned_range_is_angle(dim);
}

hd__learned_range hd__learned_range_make(const hd_env_desc *env, bool is_wanted, bool is_held) {
  hd__learned_range range = {.env = env, .is_held = is_held};
  for (int d = 0; is_wanted && d < env->n_obs; d++) {
    range.is_on = range.is_on || learned_range_may_zoom(&env->obs[d]);
  }
  return range;
}

void hd__learned_range_lay_out(hd__learned_range *range, hd__arena *arena) {
  if (!range->is_on) {
    return;
  }
  range->count = hd__arena_field(arena, "range.count", "F64", 1, 1);
  range->mean = hd__arena_field(arena, "range.mean", "F64", 1, range->env->n_obs);
  range->variance = hd__arena_field(arena, "range.variance", "F64", 1, range->env->n_obs);
  range->running_mean = range->mean;
  range->running_variance = range->variance;
  if (range->is_held) {
    range->running_mean = hd__arena_field(arena, "range.running_mean", "F64", 1, range->env->n_obs);
    range->running_variance =
        hd__arena_field(arena, "range.running_variance", "F64", 1, range->env->n_obs);
  }
}

/* Welford 1962: one more value of component d, of `count` with it. */
static void learned_range_take(hd__learned_range *range, int d, double count, double x) {
  const double before = x - range->running_mean[d];
  range->running_mean[d] += before / count;
  const double after = x - range->running_mean[d];
  range->running_variance[d] += (before * after - range->running_variance[d]) / count;
}

static bool learned_range_has_left(const hd__learned_range *range, int d) {
  const double held = range->variance[d], shift = range->running_mean[d] - range->mean[d];
  return range->running_variance[d] > held * slack * slack || shift * shift > held;
}

static void learned_range_hold(hd__learned_range *range) {
  for (int d = 0; d < range->env->n_obs; d++) {
    if (learned_range_has_left(range, d)) {
      range->mean[d] = range->running_mean[d];
      range->variance[d] = range->running_variance[d];
    }
  }
}

static bool learned_range_is_due(const hd__learned_range *range) {
  const int64_t count = (int64_t)range->count[0];
  return range->is_held && count >= LEAST_COUNT && (count & (count - 1)) == 0;
}

void hd__learned_range_update(hd__learned_range *range, int B, const float *obs) {
  const int n = range->is_on ? range->env->n_obs : 0;
  for (int b = 0; range->is_on && b < B; b++) {
    range->count[0] += 1.0;
    for (int d = 0; d < n; d++) {
      learned_range_take(range, d, range->count[0], (double)obs[b * n + d]);
    }
    if (learned_range_is_due(range)) {
      learned_range_hold(range);
    }
  }
}

/* How many times narrower than declared the learned range of component d is; 1: it is not. */
static double learned_range_zoom(const hd__learned_range *range, int d) {
  const hd_dim *dim = &range->env->obs[d];
  const double learned = 2.0 * half_range * sqrt(range->variance[d]);
  const double declared = (double)dim->high - (double)dim->low;
  const double least = range->is_held ? too_wide : 1.0;
  return learned_range_may_zoom(dim) && learned > 0.0 && learned * least < declared
             ? declared / learned
             : 1.0;
}

/* The middle goes to the running mean as the range becomes narrower. */
static float learned_range_seen(const hd__learned_range *range, int d, double zoom, float x) {
  const hd_dim *dim = &range->env->obs[d];
  if (zoom == 1.0) {
    return x;
  }
  const double middle = 0.5 * ((double)dim->low + (double)dim->high);
  const double mean = range->mean[d], from = mean + (middle - mean) / (zoom * zoom);
  const double half = 0.5 * ((double)dim->high - (double)dim->low);
  return (float)(middle + hd__clampd(zoom * ((double)x - from), -widest * half, widest * half));
}

const float *hd__learned_range_apply(const hd__learned_range *range, int rows, const float *obs,
                                     float *seen) {
  const int n = range->env->n_obs;
  if (!range->is_on) {
    return obs;
  }
  for (int d = 0; d < n; d++) {
    const double zoom = learned_range_zoom(range, d);
    for (int row = 0; row < rows; row++) {
      seen[row * n + d] = learned_range_seen(range, d, zoom, obs[row * n + d]);
    }
  }
  return seen;
}
