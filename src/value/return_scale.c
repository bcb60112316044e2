#include "return_scale.h"

#include <math.h>

#include "mathd.h"

static const double widest = 10.0; /* sizes of a return that get through */

void hd__return_scale_lay_out(hd__return_scale *scale, hd__arena *arena, int B) {
  if (!scale->is_on) {
    return;
  }
  scale->discounted = hd__arena_field(arena, "return_scale.discounted", "F64", 1, B);
  scale->count = hd__arena_field(arena, "return_scale.count", "F64", 1, 1);
  scale->size = hd__arena_field(arena, "return_scale.size", "F64", 1, 1);
}

/* One more value, of `count` with it. Only ratios of at most 1 are squared: nothing overflows. */
static double return_scale_size_with(double size, double count, double value) {
  const double large = hd__maxd(size, value), old = size / large, new = value / large;
  return large * sqrt(old * old + (new *new - old *old) / count);
}

void hd__return_scale_update(hd__return_scale *scale, int B, const double *reward,
                             const bool *ended) {
  for (int b = 0; scale->is_on && b < B; b++) {
    const double value = scale->gamma * scale->discounted[b] + reward[b];
    if (value != 0.0 && isfinite(value)) {
      scale->count[0] += 1.0;
      scale->size[0] = return_scale_size_with(scale->size[0], scale->count[0], fabs(value));
    }
    scale->discounted[b] = ended[b] || !isfinite(value) ? 0.0 : value;
  }
}

float hd__return_scale_apply(const hd__return_scale *scale, double reward) {
  if (!scale->is_on) {
    return (float)reward;
  }
  const double size = scale->size[0];
  return size > 0.0 ? (float)(scale->factor * hd__clampd(reward / size, -widest, widest)) : 0.0f;
}
