/* OLPOMDP: on-line ascent of the long-term mean reward, with a trace of scores over decisions.
 *   e <- beta e + sum over the decision's substeps of gain_j (s_j - p_j) xbar_ij
 * gain = d logit p / d drive, and xbar is what arrived and is still in the target's potential
 * (membrane_filter.h), so that the sum is the score d log P(spikes) / dw. w += alpha reward e. In a
 * network of a program's own a decision ends with each signal. Scores of earlier decisions are kept
 * as long as state is carried.
 * Sources: Baxter & Bartlett 2001 (OLPOMDP); Bartlett & Baxter 2000 (of spiking neurons). */
#include "rule_rows.h"
#include "score.h"
#include "synapse_loops.h"

#define olpomdp_PARAMS(P)                                                    \
  P(beta, 0.9f, 0.0f, 0.9999f, "",                                           \
    "The eligibility keeps this share of itself from decision to decision.") \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define olpomdp_PRE(V) HD_FILTER_PRE(V)
#define olpomdp_POST(V) \
  HD_FILTER_POST(V)     \
  HD_LIMITS_POST(V)
#define olpomdp_SYNAPSE(V) \
  HD_FILTER_SYNAPSE(V)     \
  V(sum, "", "score of the decision so far")
HD_RULE_TYPES(olpomdp)

static void olpomdp_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const hd__filter filter = HD_FILTER_OF(olpomdp, s);
  for (int j = 0; j < s->n_post; j++) {
    s->lane[j] = hd__score(1.0f, s->b[j], s->p[j], s->gain[j]);
  }
  s->loops->filter(s, &filter, 1.0f, HD_RULE_OF(olpomdp, synapse, s)->sum);
}

static void olpomdp_on_decision(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  s->loops->keep_sum(s, HD_RULE_OF(olpomdp, param, s)->beta, HD_RULE_OF(olpomdp, synapse, s)->sum);
}

const hd_rule_desc hd__rule_olpomdp = {
    .size = sizeof(hd_rule_desc),
    .name = "olpomdp",
    .doc = "trace of scores over decisions: e <- beta e + sum_t (s_j - p_j) dlogit/du xbar",
    .source = "Baxter & Bartlett 2001; Bartlett & Baxter 2000",
    .needs = HD_RULE_STOCHASTIC | HD_RULE_SPARSE,
    HD_RULE_LISTS(olpomdp),
    .after = olpomdp_after,
    .on_decision = olpomdp_on_decision,
};
