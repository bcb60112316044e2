/* TD-LTP: a synapse whose input came shortly before a spike of its target is due for a change, and
 * the TD error says by how much and in which direction.
 *   psp_ij <- keep psp_ij + c_j      what arrived since the target's last spike and is still in its
 *                                    potential; restarts at 0 after a spike
 *   e      <- sum over spikes of the target of psp_ij kappa(time since);   w += alpha delta e
 *   kappa(s) = (exp(-s/tau_z) - exp(-s/tau_rise)) / (tau_z - tau_rise)
 * within the limits of weight_limits.h, of which the paper has hard bounds. Without tau_rise (0)
 * kappa is exp(-s/tau_z)/tau_z. Unlike the score of the spikes there is no term for what was
 * expected to fire: at a TD error whose mean is 0 both move the weights alike on average.
 * Source: Frémaux, Sprekeler & Gerstner 2013. */
#include <math.h>

#include "mathf.h"
#include "rule_rows.h"
#include "synapse_loops.h"

#define td_ltp_PARAMS(P)                                                                           \
  P(tau_z, 25.0f, 0.1f, 1e6f, "ms", "The eligibility trace decays by a factor of e in this time.") \
  P(tau_rise, 0.0f, 0.0f, 1e6f, "ms",                                                              \
    "The eligibility trace rises with this time constant; 0: at once.")                            \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define td_ltp_PRE(V) HD_FILTER_PRE(V)
#define td_ltp_POST(V) \
  HD_FILTER_POST(V)    \
  HD_LIMITS_POST(V)
#define td_ltp_SYNAPSE(V) \
  HD_FILTER_SYNAPSE(V)    \
  V(fast, "", "part of the eligibility trace that fades with tau_rise")
HD_RULE_TYPES(td_ltp)

static hd__rise td_ltp_rise(const hd_synapses *s) {
  const struct td_ltp_param *p = HD_RULE_OF(td_ltp, param, s);
  const float tau = p->tau_z;
  const bool is_alpha = fabsf(tau - p->tau_rise) < 1e-3f * tau;
  const float rise = is_alpha ? 0.999f * tau : p->tau_rise;
  return (hd__rise){.keep = 1.0f + hd__expm1f(-s->dt_ms / tau),
                    .keep_fast = rise > 0.0f ? 1.0f + hd__expm1f(-s->dt_ms / rise) : 0.0f,
                    .by = 1.0f / (tau - rise)};
}

static void td_ltp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const hd__rise rise = td_ltp_rise(s);
  const hd__filter filter = HD_FILTER_OF(td_ltp, s);
  s->loops->rise(s, &filter, &rise, HD_RULE_OF(td_ltp, synapse, s)->fast);
}

const hd_rule_desc hd__rule_td_ltp = {
    .size = sizeof(hd_rule_desc),
    .name = "td-ltp",
    .doc =
        "TD-LTP: e <- e exp(-dt/tau_z) + s_i psp_ij / tau_z, psp from the target's last spike on",
    .source = "Fremaux, Sprekeler, Gerstner 2013",
    .needs = HD_RULE_SPARSE,
    HD_RULE_LISTS(td_ltp),
    .after = td_ltp_after,
};
