/* Pairs of spikes: the correlation that rules of spike-timing-dependent plasticity (STDP) share.
 *   P+_i <- P+_i exp(-dt/tau_plus)  + a_plus s_i        trace of presynaptic spikes
 *   P-_j <- P-_j exp(-dt/tau_minus) + a_minus s_j       trace of postsynaptic spikes
 *   zeta_ij = P+_i s_j + P-_j s_i                       what this substep's spikes would change
 * Over the distance d = t_post - t_pre the window is a_plus exp(-d/tau_plus) for d > 0 and
 * a_minus exp(d/tau_minus) for d < 0: asymmetric where the two signs differ, symmetric where
 * a_minus = a_plus and tau_minus = tau_plus.
 *
 *   nearest  0: a spike adds to its trace, so that all pairs count
 *            1: a spike sets its trace, so that it meets the nearest earlier spike alone
 *   causal   0: two spikes of one substep meet in both windows, a_plus + a_minus
 *            1: the presynaptic spike of a substep comes first and counts as a cause, a_plus alone
 * Sources: Song, Miller & Abbott 2000 (window); Florian 2007 (discrete form, causal = 0);
 * Izhikevich 2007, published code (nearest = 1). */
#ifndef HD_SPIKE_PAIRS_H
#define HD_SPIKE_PAIRS_H

#include "hedon/rule.h"

/* Rows for a rule's list of parameters. */
#define HD_PAIRS_PARAMS(P, a_plus_, a_minus_)                                            \
  P(tau_plus, 20.0f, 0.1f, 1e4f, "ms",                                                   \
    "The trace that presynaptic spikes leave decays by a factor of e in this time.")     \
  P(tau_minus, 20.0f, 0.1f, 1e4f, "ms",                                                  \
    "The trace that postsynaptic spikes leave decays by a factor of e in this time.")    \
  P(a_plus, a_plus_, -100.0f, 100.0f, "", "A presynaptic spike adds this to its trace.") \
  P(a_minus, a_minus_, -100.0f, 100.0f, "", "A postsynaptic spike adds this to its trace.")
#define HD_PAIRS_ORDER_PARAMS(P, nearest_)                                                     \
  P(nearest, nearest_, 0.0f, 1.0f, HD_WHOLE,                                                   \
    "A spike adds to its trace, so that all pairs of spikes count (0), or sets the trace, so " \
    "that only the nearest earlier spike counts (1).")                                         \
  P(causal, 0.0f, 0.0f, 1.0f, HD_WHOLE,                                                        \
    "Two spikes in one substep count both as before and as after each other (0), or the "      \
    "presynaptic one comes first (1).")
/* Rows for its lists of state. */
#define HD_PAIRS_PRE(V) V(trace, "", "trace P+ of presynaptic spikes")
#define HD_PAIRS_POST(V) V(trace, "", "trace P- of postsynaptic spikes")

typedef struct hd__pairs {
  float tau_plus, tau_minus, a_plus, a_minus;
  bool is_nearest, is_causal;
  float *before, *behind; /* P+ [n_pre], P- [stride] */
} hd__pairs;

#define HD_PAIRS_OF(model, s)                                             \
  ((hd__pairs){.tau_plus = HD_RULE_OF(model, param, s)->tau_plus,         \
               .tau_minus = HD_RULE_OF(model, param, s)->tau_minus,       \
               .a_plus = HD_RULE_OF(model, param, s)->a_plus,             \
               .a_minus = HD_RULE_OF(model, param, s)->a_minus,           \
               .is_nearest = HD_RULE_OF(model, param, s)->nearest > 0.5f, \
               .is_causal = HD_RULE_OF(model, param, s)->causal > 0.5f,   \
               .before = HD_RULE_OF(model, pre, s)->trace,                \
               .behind = HD_RULE_OF(model, post, s)->trace})

/* The share of what decays with tau that a substep leaves. */
float hd__pairs_keep(float dt_ms, float tau_ms);

/* One substep: traces decay and take up the spikes, then e <- keep e + by zeta. */
void hd__pairs_step(const hd_synapses *s, const hd__pairs *pairs, float keep, float by);

#endif
