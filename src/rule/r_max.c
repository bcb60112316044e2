/* R-max: reward modulates a trace of what a neuron did beyond what was to be expected of it.
 *   e <- e exp(-dt/tau_e) + gain_j (s_j - p_j / (1 + p_j tau_c/dt)) xbar_ij
 * p is the probability of the spike, gain = d logit p / d drive, and xbar what arrived and is still
 * in the target's potential (membrane_filter.h). tau_c = 0 is the policy gradient; the longer
 * tau_c, the less is subtracted for what was expected: in the end pure Hebbian coincidence.
 * Sources: Pfister et al. 2006; Vasilaki et al. 2009, eq. 8. */
#include "rule_rows.h"
#include "synapse_loops.h"

#define r_max_PARAMS(P)                                                                            \
  P(tau_c, 5.0f, 0.0f, 1e6f, "ms",                                                                 \
    "The longer this is, the less of the expected spikes is subtracted; 0 is the policy "          \
    "gradient.")                                                                                   \
  P(tau_e, 25.0f, 0.1f, 1e6f, "ms", "The eligibility trace decays by a factor of e in this time.") \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define r_max_PRE(V) HD_FILTER_PRE(V)
#define r_max_POST(V) \
  HD_FILTER_POST(V)   \
  HD_LIMITS_POST(V)
#define r_max_SYNAPSE(V) HD_FILTER_SYNAPSE(V)
HD_RULE_TYPES(r_max)

/* What target j did beyond what was expected. */
static float r_max_surprise(const hd_synapses *s, float tau_c, int j) {
  return s->gain[j] * (s->b[j] - s->p[j] / (1.0f + s->p[j] * tau_c / s->dt_ms));
}

static void r_max_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct r_max_param *p = HD_RULE_OF(r_max, param, s);
  const hd__filter filter = HD_FILTER_OF(r_max, s);
  const float keep = hd__pairs_keep(s->dt_ms, p->tau_e);
  for (int j = 0; j < s->n_post; j++) {
    s->lane[j] = r_max_surprise(s, p->tau_c, j);
  }
  s->loops->filter(s, &filter, keep, s->e);
}

const hd_rule_desc hd__rule_r_max = {
    .size = sizeof(hd_rule_desc),
    .name = "r-max",
    .doc =
        "reward-modulated surprise: e <- e exp(-dt/tau_e) + (s_j - p_j/(1 + p_j tau_c/dt)) "
        "dlogit/du xbar",
    .source = "Pfister et al. 2006; Vasilaki et al. 2009",
    .needs = HD_RULE_STOCHASTIC | HD_RULE_SPARSE,
    HD_RULE_LISTS(r_max),
    .after = r_max_after,
};
