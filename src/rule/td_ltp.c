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
#include "membrane_filter.h"
#include "rule_rows.h"
#include "weight_limits.h"

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

/* The eligibility is a slow trace less a fast one; a spike adds as much to both. */
typedef struct td_ltp_kernel {
  float keep, keep_fast; /* shares that a substep leaves */
  float by;              /* what a spike adds per unit of psp */
} td_ltp_kernel;

static td_ltp_kernel td_ltp_kernel_of(const hd_synapses *s) {
  const struct td_ltp_param *p = HD_RULE_OF(td_ltp, param, s);
  const float tau = p->tau_z;
  const bool is_alpha = fabsf(tau - p->tau_rise) < 1e-3f * tau;
  const float rise = is_alpha ? 0.999f * tau : p->tau_rise;
  return (td_ltp_kernel){.keep = 1.0f + hd__expm1f(-s->dt_ms / tau),
                         .keep_fast = rise > 0.0f ? 1.0f + hd__expm1f(-s->dt_ms / rise) : 0.0f,
                         .by = 1.0f / (tau - rise)};
}

static void td_ltp_fade(const hd_synapses *s, const td_ltp_kernel *kernel) {
  float *restrict e = s->e, *restrict fast = HD_RULE_OF(td_ltp, synapse, s)->fast;
  const size_t n = hd_synapses_count(s);
  for (size_t k = 0; k < n; k++) {
    const float faded = kernel->keep_fast * fast[k];
    e[k] = kernel->keep * (e[k] + fast[k]) - faded;
    fast[k] = faded;
  }
}

/* With a rise the trace begins at 0: what is added to the slow part is added to the fast one. */
static void td_ltp_spike(const hd_synapses *s, const td_ltp_kernel *kernel, int j) {
  float *psp = HD_RULE_OF(td_ltp, synapse, s)->xbar;
  float *to = kernel->keep_fast > 0.0f ? HD_RULE_OF(td_ltp, synapse, s)->fast : s->e;
  for (int i = 0; i < s->n_pre; i++) {
    const int64_t k = hd_synapses_find(s, i, j);
    if (k >= 0) {
      to[k] += kernel->by * psp[k];
      psp[k] = 0.0f;
    }
  }
}

static void td_ltp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const td_ltp_kernel kernel = td_ltp_kernel_of(s);
  const hd__filter filter = HD_FILTER_OF(td_ltp, s);
  const hd__limits limits = HD_LIMITS_OF(td_ltp, s);
  hd__filter_arrive(s, filter);
  td_ltp_fade(s, &kernel);
  for (int j = 0; j < s->n_post; j++) {
    if (s->b[j] > 0.0f) {
      td_ltp_spike(s, &kernel, j);
    }
  }
  hd__filter_pass(s, filter);
  hd__limits_step(s, &limits);
}

static void td_ltp_on_signal(const hd_rule_desc *self, const hd_synapses *s, float alpha,
                             float signal) {
  (void)self;
  const hd__limits limits = HD_LIMITS_OF(td_ltp, s);
  hd__limits_move(s, &limits, alpha * signal);
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
    .on_signal = td_ltp_on_signal,
};
