/* Dopamine-modulated STDP: a reward releases dopamine, which lingers, and turns into changes of
 * weights what pairs of spikes have left behind for seconds.
 *   e <- e exp(-dt/tau_e) + zeta                  zeta: pairs of spikes (spike_pairs.h)
 *   d <- d exp(-dt/tau_d)                         dopamine above its tonic level
 *   at a signal:  d += signal, then w += alpha (tonic + d) e, within the limits of weight_limits.h
 * The published program signals every 10 ms (0 without a reward, 0.5 with one) with alpha = 1, and
 * its weights lie between 0 and 4. A network that signals more often has to divide alpha.
 * Source: Izhikevich 2007, Cerebral Cortex 17:2443, and its published program. */
#include "rule_rows.h"
#include "synapse_loops.h"

#define dopamine_PARAMS(P)                                                             \
  HD_PAIRS_PARAMS(P, 0.1f, -0.15f)                                                     \
  P(tau_e, 1000.0f, 0.1f, 1e6f, "ms",                                                  \
    "The eligibility trace decays by a factor of e in this time.")                     \
  P(tau_d, 200.0f, 0.1f, 1e6f, "ms", "Dopamine decays by a factor of e in this time.") \
  P(tonic, 0.002f, 0.0f, 100.0f, "", "Dopamine is at this level without rewards.")     \
  HD_PAIRS_ORDER_PARAMS(P, 1.0f)                                                       \
  HD_LIMITS_PARAMS(P, 1.0f, 0.0f, 4.0f)
#define dopamine_PRE(V) HD_PAIRS_PRE(V)
#define dopamine_POST(V) \
  HD_PAIRS_POST(V)       \
  HD_LIMITS_POST(V)      \
  V(dopamine, "", "level above the tonic one, the same for all targets")
#define dopamine_SYNAPSE(V)
HD_RULE_TYPES(dopamine)

static void dopamine_stdp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct dopamine_param *p = HD_RULE_OF(dopamine, param, s);
  float *dopamine = HD_RULE_OF(dopamine, post, s)->dopamine;
  const hd__pairs pairs = HD_PAIRS_OF(dopamine, s);
  hd__pairs_step(s, &pairs, hd__pairs_keep(s->dt_ms, p->tau_e), 1.0f);
  const float keep = hd__pairs_keep(s->dt_ms, p->tau_d);
  for (int j = 0; j < s->stride; j++) {
    dopamine[j] *= keep;
  }
}

static void dopamine_stdp_on_signal(const hd_rule_desc *self, const hd_synapses *s, float alpha,
                                    float signal) {
  (void)self;
  float *dopamine = HD_RULE_OF(dopamine, post, s)->dopamine;
  for (int j = 0; j < s->stride; j++) {
    dopamine[j] += signal;
  }
  hd__limits_add_all(s, alpha * (HD_RULE_OF(dopamine, param, s)->tonic + dopamine[0]));
}

const hd_rule_desc hd__rule_dopamine_stdp = {
    .size = sizeof(hd_rule_desc),
    .name = "dopamine-stdp",
    .doc =
        "STDP of which dopamine makes changes: e <- e exp(-dt/tau_e) + P+_i s_j + P-_j s_i, "
        "w += alpha (tonic + d) e",
    .source = "Izhikevich 2007",
    .needs = HD_RULE_SPARSE,
    HD_RULE_LISTS(dopamine),
    .after = dopamine_stdp_after,
    .on_signal = dopamine_stdp_on_signal,
};
