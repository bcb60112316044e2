/* MSTDPET: spike-timing-dependent plasticity modulated by reward, with an eligibility trace.
 *   e    <- e exp(-dt/tau_z) + zeta / tau_z       zeta: pairs of spikes (spike_pairs.h)
 *   w    += alpha reward e, within the limits of weight_limits.h
 * A spike is in its own trace when zeta is formed, as in the paper: two spikes in the same substep
 * give a_plus + a_minus; causal = 1 takes the presynaptic one for the cause.
 * Source: Florian 2007, Neural Computation 19:1468. */
#include "rule_rows.h"
#include "synapse_loops.h"

#define mstdpet_PARAMS(P)                                                                          \
  HD_PAIRS_PARAMS(P, 1.0f, -1.0f)                                                                  \
  P(tau_z, 25.0f, 0.1f, 1e6f, "ms", "The eligibility trace decays by a factor of e in this time.") \
  HD_PAIRS_ORDER_PARAMS(P, 0.0f)                                                                   \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define mstdpet_PRE(V) HD_PAIRS_PRE(V)
#define mstdpet_POST(V) \
  HD_PAIRS_POST(V)      \
  HD_LIMITS_POST(V)
#define mstdpet_SYNAPSE(V)
HD_RULE_TYPES(mstdpet)

static void mstdpet_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const float tau_z = HD_RULE_OF(mstdpet, param, s)->tau_z;
  const hd__pairs pairs = HD_PAIRS_OF(mstdpet, s);
  hd__pairs_step(s, &pairs, hd__pairs_keep(s->dt_ms, tau_z), 1.0f / tau_z);
}

const hd_rule_desc hd__rule_mstdpet = {
    .size = sizeof(hd_rule_desc),
    .name = "mstdpet",
    .doc =
        "STDP modulated by reward, with an eligibility trace: "
        "e <- e exp(-dt/tau_z) + (P+_i s_j + P-_j s_i)/tau_z",
    .source = "Florian 2007",
    .needs = HD_RULE_SPARSE,
    HD_RULE_LISTS(mstdpet),
    .after = mstdpet_after,
};
