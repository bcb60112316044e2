/* Reward-based e-prop: every synapse keeps how its target's spike depends on its own weight,
 * through the target's own memory alone, and a learning signal per neuron says what the spike was
 * good for. d(t)     = gain_j(t) (xbar_ij(t) - tire eps_ij(t-1))     d spike_j / d w_ij, local
 *   eps(t)   = fade eps(t-1) + d(t)                           by the threshold's adaptation
 *   e        = L_j sum_t share(t) d(t),  L_j = d log pi(action) / d y_j
 * gain is the surrogate derivative, xbar what arrived and is still in the potential
 * (membrane_filter.h), share the weight of a substep in the readout. Spikes that other neurons send
 * back are taken as given: but for that, e is the exact gradient of log pi(action). The learner
 * multiplies e, or its trace, by the TD error.
 *   feedback 0   L_j through the readout's own weights (symmetric)
 *   feedback 1   L_j = scale sum_a B_ja d log pi / d logit_a, B normal and fixed (broadcast)
 * Neurons that draw their spikes take span p (1 - p) dlogit/du in place of the surrogate.
 * Source: Bellec et al. 2020, reward-based e-prop. */
#include "mathf.h"
#include "normal.h"
#include "rule_rows.h"
#include "synapse_loops.h"

#define eprop_PARAMS(P)                                                                           \
  P(feedback, 0.0f, 0.0f, 1.0f, HD_WHOLE,                                                         \
    "What hands the learning signal to a neuron: 0, the readout's own "                           \
    "weights; 1, fixed random weights.")                                                          \
  P(scale, 1.0f, 1e-6f, 1e6f, "", "The standard deviation of the fixed random feedback weights.") \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define eprop_PRE(V) HD_FILTER_PRE(V)
#define eprop_POST(V) \
  HD_FILTER_POST(V)   \
  HD_LIMITS_POST(V)
#define eprop_SYNAPSE(V)                                          \
  HD_FILTER_SYNAPSE(V)                                            \
  V(eps, "", "how the target's adaptation depends on the weight") \
  V(sum, "", "how the readout's view of the target's spikes depends on the weight")
HD_RULE_TYPES(eprop)

/* d spike value / d drive of a target. */
static float eprop_slope(const hd_synapses *s, int j) {
  const float slope = s->stochastic ? s->p[j] * (1.0f - s->p[j]) * s->gain[j] : s->gain[j];
  return s->span * slope;
}

static void eprop_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct eprop_synapse *own = HD_RULE_OF(eprop, synapse, s);
  const hd__filter filter = HD_FILTER_OF(eprop, s);
  for (int j = 0; j < s->stride; j++) {
    s->lane[j] = eprop_slope(s, j);
  }
  s->loops->tire(s, &filter, own->eps, own->sum);
}

static float eprop_signal(const hd_synapses *s, const struct eprop_param *p, int j) {
  if (p->feedback < 0.5f) {
    return s->back[j];
  }
  const hd__key key = hd__key_make(s->seed, HD_STREAM_INIT, 0, 1);
  float sum = 0.0f;
  for (int a = 0; a < s->n_actions; a++) {
    sum += hd__normalf(key, (uint32_t)(j * s->n_actions + a)) * s->score[a];
  }
  return p->scale * sum;
}

static void eprop_on_decision(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct eprop_param *p = HD_RULE_OF(eprop, param, s);
  for (int j = 0; j < s->stride; j++) {
    s->lane[j] = j < s->n_post ? eprop_signal(s, p, j) : 0.0f;
  }
  s->loops->share_sum(s, HD_RULE_OF(eprop, synapse, s)->sum);
}

const hd_rule_desc hd__rule_eprop = {
    .size = sizeof(hd_rule_desc),
    .name = "e-prop",
    .doc = "reward-based e-prop: e = L_j sum_t d spike_j / d w_ij, through the neuron's own memory",
    .source = "Bellec et al. 2020",
    .needs = HD_RULE_BACK,
    HD_RULE_LISTS(eprop),
    .after = eprop_after,
    .on_decision = eprop_on_decision,
};
