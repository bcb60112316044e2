#include "membrane_filter.h"

#include "mathf.h"

static void membrane_filter_source(const hd_synapses *s, hd__filter f, float c, hd_fan fan) {
  const float *restrict refrac = f.refrac, *restrict fired = f.fired;
  float *restrict xbar = f.xbar + fan.at;
  const float wiped = s->is_reset ? 1.0f : 0.0f, left = s->keep;
  for (int k = 0; k < fan.n; k++) {
    const int j = hd_fan_target(fan, k);
    const bool is_open = refrac[j] == 0.0f;
    const float keep = wiped * fired[j] > 0.0f ? 0.0f : is_open ? left : 1.0f;
    xbar[k] = (is_open ? c : 0.0f) + keep * xbar[k];
  }
}

void hd__filter_arrive(const hd_synapses *s, hd__filter f) {
  for (int i = 0; i < s->n_pre; i++) {
    f.c[i] = s->current * f.c[i] + s->x[i];
    membrane_filter_source(s, f, f.c[i], hd_synapses_fan(s, i));
  }
}

void hd__filter_add(const hd_synapses *s, hd__filter f, float keep, float *e) {
  const float *restrict by = s->lane;
  for (int i = 0; i < s->n_pre; i++) {
    const hd_fan fan = hd_synapses_fan(s, i);
    const float *restrict xbar = f.xbar + fan.at;
    float *restrict to = e + fan.at;
    for (int k = 0; k < fan.n; k++) {
      to[k] = keep * to[k] + by[hd_fan_target(fan, k)] * xbar[k];
    }
  }
}

void hd__filter_pass(const hd_synapses *s, hd__filter f) {
  for (int j = 0; j < s->stride; j++) {
    const float less = hd__maxf(f.refrac[j] - 1.0f, 0.0f);
    f.refrac[j] = s->b[j] > 0.0f ? (float)s->ref_steps : less;
    f.fired[j] = s->b[j];
  }
}
