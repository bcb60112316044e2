/* TD-LTP: a synapse whose input came shortly before a spike of its target is due for a change, and
 * the TD error says by how much and in which direction.
 *   psp_ij <- keep psp_ij + c_j      what arrived since the target's last spike and is still in its
 *                                    potential; restarts at 0 after a spike
 *   e      <- e exp(-dt/tau_z) + s_i psp_ij / tau_z      eligibility; w += alpha delta e
 * Unlike the score of the spikes there is no term for what was expected to fire: at a TD error
 * whose mean is 0 both move the weights alike on average. Source: Frémaux, Sprekeler & Gerstner
 * 2013, whose eligibility filter has two time constants. */
#include "mathf.h"
#include "membrane_filter.h"
#include "rule_rows.h"

#define td_ltp_PARAMS(P) \
  P(tau_z, 25.0f, 0.1f, 1e6f, "ms", "The eligibility trace decays by a factor of e in this time.")
#define td_ltp_PRE(V) HD_FILTER_PRE(V)
#define td_ltp_POST(V) HD_FILTER_POST(V)
#define td_ltp_SYNAPSE(V) HD_FILTER_SYNAPSE(V)
HD_RULE_TYPES(td_ltp)

static void td_ltp_spike(const hd_synapses *s, float by, int j) {
  float *psp = HD_RULE_OF(td_ltp, synapse, s)->xbar;
  for (int i = 0; i < s->n_pre; i++) {
    const size_t k = (size_t)i * (size_t)s->stride + (size_t)j;
    s->e[k] += by * psp[k];
    psp[k] = 0.0f;
  }
}

static void td_ltp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const float tau = HD_RULE_OF(td_ltp, param, s)->tau_z;
  const float keep = 1.0f + hd__expm1f(-s->dt_ms / tau);
  const hd__filter filter = HD_FILTER_OF(td_ltp, s);
  hd__filter_arrive(s, filter);
  for (size_t k = 0; k < (size_t)s->n_pre * (size_t)s->stride; k++) {
    s->e[k] *= keep;
  }
  for (int j = 0; j < s->n_post; j++) {
    if (s->b[j] > 0.0f) {
      td_ltp_spike(s, 1.0f / tau, j);
    }
  }
  hd__filter_pass(s, filter);
}

const hd_rule_desc hd__rule_td_ltp = {
    .size = sizeof(hd_rule_desc),
    .name = "td-ltp",
    .doc =
        "TD-LTP: e <- e exp(-dt/tau_z) + s_i psp_ij / tau_z, psp from the target's last spike on",
    .source = "Fremaux, Sprekeler, Gerstner 2013",
    HD_RULE_LISTS(td_ltp),
    .after = td_ltp_after,
};
