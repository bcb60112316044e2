#include "spike_pairs.h"

#include "mathf.h"

float hd__pairs_keep(float dt_ms, float tau_ms) { return 1.0f + hd__expm1f(-dt_ms / tau_ms); }

/* Traces decay and take up the spikes x; returns whether there were any. */
static bool spike_pairs_trace(int n, float keep, float a, bool is_nearest, const float *x,
                              float *trace) {
  bool has_spikes = false;
  for (int k = 0; k < n; k++) {
    const float left = keep * trace[k];
    const bool has_spike = x[k] != 0.0f;
    trace[k] = has_spike ? (is_nearest ? 0.0f : left) + a * x[k] : left;
    has_spikes |= has_spike;
  }
  return has_spikes;
}

/* The synapses of source i. */
static void spike_pairs_source(const hd_synapses *s, int i, const hd__pairs *pairs, float keep,
                               float by) {
  const hd_fan fan = hd_synapses_fan(s, i);
  const float before = pairs->before[i], x = s->x[i];
  const float *restrict b = s->b, *restrict behind = pairs->behind;
  float *restrict e = s->e + fan.at;
  for (int k = 0; k < fan.n; k++) {
    const int j = hd_fan_target(fan, k);
    e[k] = keep * e[k] + by * (before * b[j] + behind[j] * x);
  }
}

/* The same where neither it nor any target has fired. */
static void spike_pairs_rest(const hd_synapses *s, int i, float keep) {
  const hd_fan fan = hd_synapses_fan(s, i);
  float *e = s->e + fan.at;
  for (int k = 0; k < fan.n; k++) {
    e[k] *= keep;
  }
}

static void spike_pairs_meet(const hd_synapses *s, const hd__pairs *pairs, bool has_fired,
                             float keep, float by) {
  for (int i = 0; i < s->n_pre; i++) {
    if (has_fired || s->x[i] != 0.0f) {
      spike_pairs_source(s, i, pairs, keep, by);
    } else {
      spike_pairs_rest(s, i, keep);
    }
  }
}

/* With causal pairs P- meets the arrivals before it takes up the targets' own spikes. */
void hd__pairs_step(const hd_synapses *s, const hd__pairs *pairs, float keep, float by) {
  const float keep_plus = hd__pairs_keep(s->dt_ms, pairs->tau_plus);
  const float keep_minus = hd__pairs_keep(s->dt_ms, pairs->tau_minus);
  spike_pairs_trace(s->n_pre, keep_plus, pairs->a_plus, pairs->is_nearest, s->x, pairs->before);
  bool has_fired = false;
  if (pairs->is_causal) {
    for (int j = 0; j < s->stride; j++) {
      pairs->behind[j] *= keep_minus;
      has_fired |= s->b[j] != 0.0f;
    }
    spike_pairs_meet(s, pairs, has_fired, keep, by);
    spike_pairs_trace(s->stride, 1.0f, pairs->a_minus, pairs->is_nearest, s->b, pairs->behind);
    return;
  }
  has_fired = spike_pairs_trace(s->stride, keep_minus, pairs->a_minus, pairs->is_nearest, s->b,
                                pairs->behind);
  spike_pairs_meet(s, pairs, has_fired, keep, by);
}
