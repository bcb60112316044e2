#include "lazy_average.h"

#include <string.h>

#include "schedule.h"

void hd__lazy_average_lay_out(hd__lazy_average *self, hd__arena *arena) {
  const int n = self->is_on ? self->n_rows : 0;
  self->done = HD_TAKE(arena, int64_t, n);
  self->open = HD_TAKE(arena, int32_t, n);
  self->is_open = HD_TAKE(arena, bool, n);
  self->rate = HD_TAKE(arena, float, n > 0 ? 2 * HD_AVERAGE_STRIDE : 0);
}

/* The rates of `steps` updates after update n. */
static const float *lazy_average_rates(const hd__lazy_average *self, int64_t n, int steps) {
  float *flat = self->rate + HD_AVERAGE_STRIDE;
  if (hd__average_rate(self->keep, n + 1) == flat[0]) {
    return flat;
  }
  for (int i = 0; i < steps; i++) {
    self->rate[i] = hd__average_rate(self->keep, n + 1 + i);
  }
  return self->rate;
}

/* Make one step, and say whether it moved anything. */
static bool lazy_average_moves(const hd__lazy_average *self, int64_t n, const float *w, float *a) {
  const float *rate = lazy_average_rates(self, n, 1);
  bool moves = false;
  for (int i = 0; i < self->width; i += HD_LANES) {
    uint32_t before[HD_LANES], after[HD_LANES]; /* bits, so that zeros of both signs differ */
    memcpy(before, a + i, sizeof before);
    self->kernel->approach_often(HD_LANES, 1, rate, w + i, a + i);
    memcpy(after, a + i, sizeof after);
    moves |= memcmp(before, after, sizeof before) != 0;
  }
  return moves;
}

/* Bring an open row up to the last update; false: further ones move nothing. */
static bool lazy_average_walk(hd__lazy_average *self, int row) {
  const size_t at = (size_t)row * (size_t)self->width;
  const float *w = self->w + at;
  float *a = self->a + at;
  bool moves = true;
  int64_t n = self->done[row];
  while (n < self->n && moves) {
    const int64_t left = self->n - n;
    if (left < HD_AVERAGE_STRIDE) {
      self->kernel->approach_often(self->width, (int)left, lazy_average_rates(self, n, (int)left),
                                   w, a);
      n += left;
    } else {
      self->kernel->approach_often(self->width, HD_AVERAGE_STRIDE - 1,
                                   lazy_average_rates(self, n, HD_AVERAGE_STRIDE - 1), w, a);
      n += HD_AVERAGE_STRIDE;
      moves = lazy_average_moves(self, n - 1, w, a);
    }
  }
  self->done[row] = self->n;
  return moves;
}

static void lazy_average_open(hd__lazy_average *self, int row) {
  self->is_open[row] = true;
  self->open[self->n_open++] = row;
  self->done[row] = self->n;
}

void hd__lazy_average_begin(hd__lazy_average *self, int64_t n) {
  if (!self->is_on || self->has_begun) {
    return;
  }
  self->has_begun = true;
  self->n = n;
  self->n_open = 0;
  for (int i = 0; i < HD_AVERAGE_STRIDE; i++) {
    self->rate[HD_AVERAGE_STRIDE + i] = 1.0f - (float)self->keep;
  }
  for (int row = 0; row < self->n_rows; row++) {
    lazy_average_open(self, row);
  }
}

void hd__lazy_average_touch(hd__lazy_average *self, int row) {
  if (!self->is_open[row]) {
    lazy_average_open(self, row);
  } else if (self->done[row] < self->n) {
    lazy_average_walk(self, row);
  }
}

void hd__lazy_average_finish(hd__lazy_average *self) {
  int n = 0;
  for (int k = 0; k < self->n_open; k++) {
    const int row = self->open[k];
    self->is_open[row] = self->done[row] == self->n || lazy_average_walk(self, row);
    self->open[n] = row;
    n += self->is_open[row];
  }
  self->n_open = n;
}
