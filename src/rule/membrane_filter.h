/* What has arrived at a synapse and is still in its target's potential, and what a spike of the
 * target owes to it: the parts of an eligibility that rules for membranes share.
 *
 *   c(t) = current c(t-1) + x(t)                        synaptic current of the source
 *   xbar(t) = open(t) c(t) + keep(t) xbar(t-1)          its share of the potential
 * open is 0 during a refractory period, when nothing comes in and nothing leaks (keep = 1); a hard
 * reset at t-1 wipes xbar(t-1). A soft reset subtracts a constant and wipes nothing.
 * Source: Pfister et al. 2006; Bellec et al. 2020. */
#ifndef HD_MEMBRANE_FILTER_H
#define HD_MEMBRANE_FILTER_H

#include "hedon/rule.h"

/* Lists for rules that filter: HD_FILTER_PRE belongs to PRE, HD_FILTER_POST to POST,
 * HD_FILTER_SYNAPSE to SYNAPSE. */
#define HD_FILTER_PRE(V) V(c, "", "synaptic current of the source, per unit of weight")
#define HD_FILTER_POST(V)                                        \
  V(refrac, "substep", "left of the target's refractory period") \
  V(fired, "", "1 if the target fired in the substep before")
#define HD_FILTER_SYNAPSE(V) V(xbar, "", "what arrived and is still in the target's potential")

typedef struct hd__filter {
  float *c, *refrac, *fired, *xbar;
} hd__filter;

#define HD_FILTER_OF(model, s)                                \
  ((hd__filter){.c = HD_RULE_OF(model, pre, s)->c,            \
                .refrac = HD_RULE_OF(model, post, s)->refrac, \
                .fired = HD_RULE_OF(model, post, s)->fired,   \
                .xbar = HD_RULE_OF(model, synapse, s)->xbar})

#endif
