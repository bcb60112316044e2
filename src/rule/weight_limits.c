#include "weight_limits.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "mathf.h"

void hd__limits_step(const hd_synapses *s, const hd__limits *limits) {
  if (limits->homeostasis == 0.0f) {
    return;
  }
  const float by = -hd__expm1f(-s->dt_ms / limits->tau_rate), per_s = 1000.0f / s->dt_ms;
  for (int j = 0; j < s->stride; j++) {
    limits->rate[j] += by * (per_s * s->b[j] - limits->rate[j]);
  }
}

/* Where the weights of one source may lie. */
typedef struct weight_range {
  float low, high;
} weight_range;

static weight_range weight_limits_range(const hd_synapses *s, const hd__limits *limits,
                                        const float *w) {
  weight_range range = {-FLT_MAX, FLT_MAX};
  if (limits->bounds != HD_BOUNDS_NONE) {
    range = (weight_range){limits->w_min, limits->w_max};
  }
  float sum = 0.0f;
  for (int j = 0; limits->is_dale && j < s->n_post; j++) {
    sum += w[j];
  }
  if (limits->is_dale) {
    range = sum < 0.0f ? (weight_range){range.low, 0.0f} : (weight_range){0.0f, range.high};
  }
  return range;
}

/* A change as soft bounds shrink it. */
static float weight_limits_soften(weight_range range, float w, float change) {
  const float left = change > 0.0f ? range.high - w : w - range.low;
  return range.high > range.low ? change * left / (range.high - range.low) : 0.0f;
}

/* What homeostasis adds to a weight onto target j. */
static float weight_limits_scale(const hd__limits *limits, int j, float w) {
  return limits->homeostasis == 0.0f
             ? 0.0f
             : limits->homeostasis * (1.0f - limits->rate[j] / limits->target_rate) * fabsf(w);
}

static void weight_limits_move_row(const hd_synapses *s, const hd__limits *limits, float by,
                                   const float *e, float *w) {
  const weight_range range = weight_limits_range(s, limits, w);
  const bool is_soft = limits->bounds == HD_BOUNDS_SOFT;
  for (int j = 0; j < s->n_post; j++) {
    const float change = by * e[j] + weight_limits_scale(limits, j, w[j]);
    const float moved = w[j] + (is_soft ? weight_limits_soften(range, w[j], change) : change);
    w[j] = hd__clampf(moved, range.low, range.high);
  }
}

void hd__limits_move(const hd_synapses *s, const hd__limits *limits, float by) {
  for (int i = 0; i < s->n_pre; i++) {
    const size_t at = (size_t)i * (size_t)s->stride;
    weight_limits_move_row(s, limits, by, s->e + at, s->w + at);
  }
}

bool hd__rule_moves_weights(const hd_rule_desc *rule, const float *param) {
  static const char *const limits[] = {"bounds", "dale", "homeostasis"};
  int n_listed = 0;
  for (int k = 0; k < rule->n_params; k++) {
    for (int i = 0; i < 3; i++) {
      const bool is_it = strcmp(rule->param[k].name, limits[i]) == 0;
      n_listed += is_it;
      if (is_it && param[k] != 0.0f) {
        return rule->on_signal != NULL;
      }
    }
  }
  return rule->on_signal != NULL && n_listed < 3;
}
