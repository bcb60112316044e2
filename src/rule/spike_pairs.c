#include "spike_pairs.h"

#include "mathf.h"
#include "synapse_loops.h"

float hd__pairs_keep(float dt_ms, float tau_ms) { return 1.0f + hd__expm1f(-dt_ms / tau_ms); }

/* With causal pairs P- meets the arrivals before it takes up the targets' own spikes. */
static void spike_pairs_causal(const hd_synapses *s, const hd__pairs *pairs, float keep_minus,
                               float keep, float by) {
  bool has_fired = false;
  for (int j = 0; j < s->stride; j++) {
    pairs->behind[j] *= keep_minus;
    has_fired |= s->b[j] != 0.0f;
  }
  s->loops->pairs(s, pairs, has_fired, keep, by);
  s->loops->trace(s->stride, 1.0f, pairs->a_minus, pairs->is_nearest, s->b, pairs->behind);
}

void hd__pairs_step(const hd_synapses *s, const hd__pairs *pairs, float keep, float by) {
  const float keep_plus = hd__pairs_keep(s->dt_ms, pairs->tau_plus);
  const float keep_minus = hd__pairs_keep(s->dt_ms, pairs->tau_minus);
  const bool is_nearest = pairs->is_nearest;
  s->loops->trace(s->n_pre, keep_plus, pairs->a_plus, is_nearest, s->x, pairs->before);
  if (pairs->is_causal) {
    spike_pairs_causal(s, pairs, keep_minus, keep, by);
    return;
  }
  const bool has_fired =
      s->loops->trace(s->stride, keep_minus, pairs->a_minus, is_nearest, s->b, pairs->behind);
  s->loops->pairs(s, pairs, has_fired, keep, by);
}
