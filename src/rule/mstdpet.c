/* MSTDPET: spike-timing-dependent plasticity modulated by reward, with an eligibility trace.
 *   P+_i <- P+_i exp(-dt/tau_plus)  + a_plus s_i        trace of presynaptic spikes
 *   P-_j <- P-_j exp(-dt/tau_minus) + a_minus s_j       trace of postsynaptic spikes
 *   zeta  = P+_i s_j + P-_j s_i                         what this substep's spikes would change
 *   e    <- e exp(-dt/tau_z) + zeta / tau_z             eligibility; w += alpha reward e
 * A spike is in its own trace when zeta is formed, as in the paper: two spikes in the same substep
 * give a_plus + a_minus.
 * Source: Florian 2007, Neural Computation 19:1468. */
#include "mathf.h"
#include "rule_rows.h"

#define mstdpet_PARAMS(P)                                                                \
  P(tau_plus, 20.0f, 0.1f, 1e4f, "ms",                                                   \
    "The trace that presynaptic spikes leave decays by a factor of e in this time.")     \
  P(tau_minus, 20.0f, 0.1f, 1e4f, "ms",                                                  \
    "The trace that postsynaptic spikes leave decays by a factor of e in this time.")    \
  P(a_plus, 1.0f, -100.0f, 100.0f, "", "A presynaptic spike adds this to its trace.")    \
  P(a_minus, -1.0f, -100.0f, 100.0f, "", "A postsynaptic spike adds this to its trace.") \
  P(tau_z, 25.0f, 0.1f, 1e6f, "ms", "The eligibility trace decays by a factor of e in this time.")
#define mstdpet_PRE(V) V(trace, "", "trace P+ of presynaptic spikes")
#define mstdpet_POST(V) V(trace, "", "trace P- of postsynaptic spikes")
#define mstdpet_SYNAPSE(V)
HD_RULE_TYPES(mstdpet)

static float mstdpet_keep(float dt_ms, float tau) { return 1.0f + hd__expm1f(-dt_ms / tau); }

static void mstdpet_fade(float *x, size_t n, float keep) {
  for (size_t k = 0; k < n; k++) {
    x[k] *= keep;
  }
}

static void mstdpet_before(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct mstdpet_param *p = HD_RULE_OF(mstdpet, param, s);
  mstdpet_fade(HD_RULE_OF(mstdpet, pre, s)->trace, (size_t)s->n_pre,
               mstdpet_keep(s->dt_ms, p->tau_plus));
  mstdpet_fade(HD_RULE_OF(mstdpet, post, s)->trace, (size_t)s->stride,
               mstdpet_keep(s->dt_ms, p->tau_minus));
  mstdpet_fade(s->e, (size_t)s->n_pre * (size_t)s->stride, mstdpet_keep(s->dt_ms, p->tau_z));
}

static void mstdpet_on_pre(const hd_rule_desc *self, const hd_synapses *s, int i) {
  (void)self;
  HD_RULE_OF(mstdpet, pre, s)->trace[i] += HD_RULE_OF(mstdpet, param, s)->a_plus * s->x[i];
}

static void mstdpet_on_post(const hd_rule_desc *self, const hd_synapses *s, int j) {
  (void)self;
  HD_RULE_OF(mstdpet, post, s)->trace[j] += HD_RULE_OF(mstdpet, param, s)->a_minus;
}

/* e += zeta / tau_z */
static void mstdpet_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const float by = 1.0f / HD_RULE_OF(mstdpet, param, s)->tau_z;
  const float *before = HD_RULE_OF(mstdpet, pre, s)->trace;
  const float *behind = HD_RULE_OF(mstdpet, post, s)->trace;
  for (int i = 0; i < s->n_pre; i++) {
    float *e = s->e + (size_t)i * (size_t)s->stride;
    for (int j = 0; j < s->stride; j++) {
      e[j] += by * (before[i] * s->b[j] + behind[j] * s->x[i]);
    }
  }
}

const hd_rule_desc hd__rule_mstdpet = {
    .size = sizeof(hd_rule_desc),
    .name = "mstdpet",
    .doc =
        "STDP modulated by reward, with an eligibility trace: "
        "e <- e exp(-dt/tau_z) + (P+_i s_j + P-_j s_i)/tau_z",
    .source = "Florian 2007",
    HD_RULE_LISTS(mstdpet),
    .before = mstdpet_before,
    .on_pre = mstdpet_on_pre,
    .on_post = mstdpet_on_post,
    .after = mstdpet_after,
};
