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
                                        hd_fan fan) {
  const float *w = s->w + fan.at;
  weight_range range = {-FLT_MAX, FLT_MAX};
  if (limits->bounds != HD_BOUNDS_NONE) {
    range = (weight_range){limits->w_min, limits->w_max};
  }
  float sum = 0.0f;
  for (int k = 0; limits->is_dale && k < fan.n; k++) {
    sum += w[k];
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

/* What homeostasis adds to the k-th weight of a fan. */
static float weight_limits_scale(const hd__limits *limits, hd_fan fan, int k, float w) {
  if (limits->homeostasis == 0.0f) {
    return 0.0f;
  }
  const float rate = limits->rate[hd_fan_target(fan, k)];
  return limits->homeostasis * (1.0f - rate / limits->target_rate) * fabsf(w);
}

static void weight_limits_move_fan(const hd_synapses *s, const hd__limits *limits, float by,
                                   hd_fan fan) {
  const weight_range range = weight_limits_range(s, limits, fan);
  const bool is_soft = limits->bounds == HD_BOUNDS_SOFT;
  const float *restrict e = s->e + fan.at;
  float *restrict w = s->w + fan.at;
  for (int k = 0; k < fan.n; k++) {
    const float change = by * e[k] + weight_limits_scale(limits, fan, k, w[k]);
    const float moved = w[k] + (is_soft ? weight_limits_soften(range, w[k], change) : change);
    w[k] = hd__clampf(moved, range.low, range.high);
  }
}

void hd__limits_move(const hd_synapses *s, const hd__limits *limits, float by) {
  for (int i = 0; i < s->n_pre; i++) {
    weight_limits_move_fan(s, limits, by, hd_synapses_fan(s, i));
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
