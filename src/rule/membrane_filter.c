#include "membrane_filter.h"

#include "mathf.h"

static void membrane_filter_source(const hd_synapses *s, hd__filter f, float c,
                                   float *restrict xbar) {
  const float *restrict refrac = f.refrac, *restrict fired = f.fired;
  const float wiped = s->is_reset ? 1.0f : 0.0f;
  for (int j = 0; j < s->stride; j++) {
    const bool is_open = refrac[j] == 0.0f;
    const float keep = wiped * fired[j] > 0.0f ? 0.0f : is_open ? s->keep : 1.0f;
    xbar[j] = (is_open ? c : 0.0f) + keep * xbar[j];
  }
}

void hd__filter_arrive(const hd_synapses *s, hd__filter f) {
  for (int i = 0; i < s->n_pre; i++) {
    f.c[i] = s->current * f.c[i] + s->x[i];
    membrane_filter_source(s, f, f.c[i], f.xbar + (size_t)i * (size_t)s->stride);
  }
}

void hd__filter_pass(const hd_synapses *s, hd__filter f) {
  for (int j = 0; j < s->stride; j++) {
    const float less = hd__maxf(f.refrac[j] - 1.0f, 0.0f);
    f.refrac[j] = s->b[j] > 0.0f ? (float)s->ref_steps : less;
    f.fired[j] = s->b[j];
  }
}
