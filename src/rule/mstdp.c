/* MSTDP: spike-timing-dependent plasticity modulated by reward, without a trace: only the pairs
 * that the last substep's spikes make are there to be reinforced.
 *   e = zeta of this substep (spike_pairs.h);   w += alpha reward e, within the limits of
 *   weight_limits.h, of which the paper's experiments have hard bounds
 * Source: Florian 2007, eqs. 13 and 18. */
#include "rule_rows.h"
#include "synapse_loops.h"

#define mstdp_PARAMS(P)           \
  HD_PAIRS_PARAMS(P, 1.0f, -1.0f) \
  HD_PAIRS_ORDER_PARAMS(P, 0.0f)  \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define mstdp_PRE(V) HD_PAIRS_PRE(V)
#define mstdp_POST(V) \
  HD_PAIRS_POST(V)    \
  HD_LIMITS_POST(V)
#define mstdp_SYNAPSE(V)
HD_RULE_TYPES(mstdp)

static void mstdp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const hd__pairs pairs = HD_PAIRS_OF(mstdp, s);
  hd__pairs_step(s, &pairs, 0.0f, 1.0f);
}

const hd_rule_desc hd__rule_mstdp = {
    .size = sizeof(hd_rule_desc),
    .name = "mstdp",
    .doc = "STDP modulated by reward, without a trace: e = P+_i s_j + P-_j s_i of this substep",
    .source = "Florian 2007",
    .needs = HD_RULE_SPARSE,
    HD_RULE_LISTS(mstdp),
    .after = mstdp_after,
};
