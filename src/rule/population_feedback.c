/* Population feedback: neurons of a population vote by firing or staying silent, the majority is
 * the decision, and every synapse learns from the reward and from whether its own neuron voted as
 * the population decided.
 *   E_ij = sum over the decision's substeps of gain_j (s_j - p_j) xbar_ij    score of the spikes
 *   c_j  = 1 if neuron j fired during the decision, else -1
 *   P    = sum_j c_j,  D = 1 if P >= 0, else -1
 *   w_ij += alpha r D c_j a E_ij,  a = exp(-P^2/N) if r > 0, else 1
 * gain = d logit p / d drive, xbar is what arrived and is still in the target's potential
 * (membrane_filter.h). Where r is 1 for the right decision and -1 for the wrong one, r D is the
 * right vote, so that with a = 1 each neuron climbs its own chance to vote rightly, whatever the
 * others do. The attenuation a spares populations that are right by a large majority.
 *   feedback 0   w_ij += alpha r E_ij: the reward alone
 * In a session whose softmax reads the layer, D c_j is 1 for a neuron whose vote speaks for the
 * action taken, by the sign of d log pi / d spike, and P is the sum of these; r is the TD error.
 * Source: after Urbanczik & Senn 2009; what sessions do is Hedon's own. */
#include <string.h>

#include "mathf.h"
#include "rule_rows.h"
#include "score.h"
#include "synapse_loops.h"

#define population_PARAMS(P)                                                                    \
  P(feedback, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                       \
    "Synapses learn from the reward alone (0), or also from whether their neuron voted as the " \
    "population decided (1).")                                                                  \
  P(attenuate, 1.0f, 0.0f, 1.0f, HD_WHOLE,                                                      \
    "Learning from a reward above 0 is as strong as from one below (0), or shrinks with the "   \
    "majority, by exp(-P^2/N) (1).")                                                            \
  HD_LIMITS_PARAMS(P, 0.0f, -1.0f, 1.0f)
#define population_PRE(V) HD_FILTER_PRE(V)
#define population_POST(V)                                                         \
  HD_FILTER_POST(V)                                                                \
  V(spikes, "", "spikes of the target in the decision so far")                     \
  V(agrees, "", "1 if the target's last vote was that of the population, else -1") \
  HD_LIMITS_POST(V)
#define population_SYNAPSE(V) \
  HD_FILTER_SYNAPSE(V)        \
  V(sum, "", "score of the decision so far")
HD_RULE_TYPES(population)

static void population_feedback_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const hd__filter filter = HD_FILTER_OF(population, s);
  float *spikes = HD_RULE_OF(population, post, s)->spikes;
  for (int j = 0; j < s->n_post; j++) {
    s->lane[j] = hd__score(1.0f, s->b[j], s->p[j], s->gain[j]);
    spikes[j] += s->b[j];
  }
  s->loops->filter(s, &filter, 1.0f, HD_RULE_OF(population, synapse, s)->sum);
}

/* Whose votes were those of the population? */
static void population_feedback_count(const hd_synapses *s, const float *spikes, float *agrees) {
  float votes = 0.0f;
  for (int j = 0; j < s->n_post; j++) {
    agrees[j] = spikes[j] > 0.0f ? 1.0f : -1.0f;
    votes += agrees[j];
  }
  for (int j = 0; j < s->n_post; j++) {
    const float decided = s->back != NULL ? s->back[j] : votes;
    agrees[j] = decided >= 0.0f ? agrees[j] : -agrees[j];
  }
}

static void population_feedback_on_decision(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct population_post *post = HD_RULE_OF(population, post, s);
  float *sum = HD_RULE_OF(population, synapse, s)->sum;
  const size_t n = hd_synapses_count(s);
  population_feedback_count(s, post->spikes, post->agrees);
  memset(post->spikes, 0, sizeof(float) * (size_t)s->stride);
  memcpy(s->e, sum, sizeof(float) * n);
  memset(sum, 0, sizeof(float) * n);
}

/* The attenuation a, of a reward above 0. */
static float population_feedback_attenuation(const hd_synapses *s, const float *agrees) {
  float majority = 0.0f;
  for (int j = 0; j < s->n_post; j++) {
    majority += agrees[j];
  }
  return hd__expf(-majority * majority / (float)s->n_post);
}

static void population_feedback_on_signal(const hd_rule_desc *self, const hd_synapses *s,
                                          float alpha, float signal) {
  (void)self;
  const struct population_param *p = HD_RULE_OF(population, param, s);
  const float *agrees = HD_RULE_OF(population, post, s)->agrees;
  const bool is_fed = p->feedback > 0.5f;
  const bool is_attenuated = is_fed && p->attenuate > 0.5f && signal > 0.0f;
  const float by =
      alpha * signal * (is_attenuated ? population_feedback_attenuation(s, agrees) : 1.0f);
  for (int j = 0; j < s->n_post; j++) {
    s->lane[j] = is_fed ? by * agrees[j] : by;
  }
  hd__limits_add(s);
}

const hd_rule_desc hd__rule_population_feedback = {
    .size = sizeof(hd_rule_desc),
    .name = "population-feedback",
    .doc =
        "the population's decision goes back to its neurons: w += alpha r D c_j exp(-P^2/N) E, "
        "c_j = +-1 the vote of neuron j",
    .source = "after Urbanczik & Senn 2009",
    .needs = HD_RULE_STOCHASTIC | HD_RULE_SPARSE,
    HD_RULE_LISTS(population),
    .after = population_feedback_after,
    .on_decision = population_feedback_on_decision,
    .on_signal = population_feedback_on_signal,
};
