#include "normaliser.h"

#include <stdio.h>
#include <string.h>

#include "mathf.h"

static const float widest = 10.0f; /* deviations that get through */
static const double least = 1e-8;

void hd__normaliser_lay_out(hd__normaliser *norm, hd__arena *arena, const char *name, int n) {
  char field[HD_FIELD_NAME];
  norm->n = n;
  if (!norm->is_on) {
    return;
  }
  snprintf(field, sizeof field, "%s.count", name);
  norm->count = hd__arena_field(arena, field, "F64", 1, 1);
  snprintf(field, sizeof field, "%s.mean", name);
  norm->mean = hd__arena_field(arena, field, "F64", 1, n);
  snprintf(field, sizeof field, "%s.variance", name);
  norm->variance = hd__arena_field(arena, field, "F64", 1, n);
  norm->middle = HD_TAKE(arena, float, n);
  norm->scale = HD_TAKE(arena, float, n);
}

void hd__normaliser_start(hd__normaliser *norm) {
  for (int i = 0; norm->is_on && i < norm->n; i++) {
    norm->variance[i] = 1.0;
  }
}

void hd__normaliser_prepare(hd__normaliser *norm) {
  for (int i = 0; norm->is_on && i < norm->n; i++) {
    norm->middle[i] = (float)norm->mean[i];
    norm->scale[i] = 1.0f / (float)hd__sqrt_of_sum(norm->variance[i] + least);
  }
}

/* One more value of component i, of `count` with it. */
static void normaliser_take(hd__normaliser *norm, int i, double count, double x) {
  const double before = x - norm->mean[i];
  norm->mean[i] += before / count;
  const double after = x - norm->mean[i];
  const double last = count > 1.0 ? norm->variance[i] : 0.0;
  norm->variance[i] = last + (before * after - last) / count;
}

void hd__normaliser_update(hd__normaliser *norm, int B, const float *x) {
  for (int b = 0; norm->is_on && b < B; b++) {
    norm->count[0] += 1.0;
    for (int i = 0; i < norm->n; i++) {
      normaliser_take(norm, i, norm->count[0], (double)x[b * norm->n + i]);
    }
  }
  hd__normaliser_prepare(norm);
}

void hd__normaliser_apply(const hd__normaliser *norm, int rows, const float *x, float *y) {
  if (!norm->is_on || norm->count[0] < 2.0) {
    memcpy(y, x, sizeof(float) * (size_t)rows * (size_t)norm->n);
    return;
  }
  for (int r = 0; r < rows; r++, x += norm->n, y += norm->n) {
    for (int i = 0; i < norm->n; i++) {
      y[i] = hd__clampf((x[i] - norm->middle[i]) * norm->scale[i], -widest, widest);
    }
  }
}
