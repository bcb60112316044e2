#include "rule_by_factor.h"

#include <string.h>

#include "synapse_loops.h"

enum { FACTORS_AT_ONCE = 64 };

#define factor_PARAMS(P)
#define factor_PRE(V) HD_FILTER_PRE(V)
#define factor_POST(V) HD_FILTER_POST(V)
#define factor_SYNAPSE(V) HD_FILTER_SYNAPSE(V) V(sum, "", "eligibility of the decision so far")
HD_RULE_TYPES(factor)

/* Ask the rule about lanes [from, from + n). */
static void rule_by_factor_ask(const hd_rule_desc *rule, const hd_synapses *s, int from, int n) {
  float gate[FACTORS_AT_ONCE];
  for (int k = 0; k < n; k++) {
    gate[k] = 1.0f;
  }
  const hd_rule_io io = {.n = n,
                         .stochastic = s->stochastic,
                         .span = s->span,
                         .tau = 1.0f,
                         .b = s->b + from,
                         .p = s->p + from,
                         .gain = s->gain + from,
                         .gate = gate,
                         .g = s->lane + from};
  rule->factor(rule, &io);
}

static void rule_by_factor_after(const hd_rule_desc *self, const hd_synapses *s) {
  const hd_rule_desc *rule = self->data;
  const hd__filter filter = HD_FILTER_OF(factor, s);
  for (int from = 0; from < s->n_post; from += FACTORS_AT_ONCE) {
    const int n = s->n_post - from < FACTORS_AT_ONCE ? s->n_post - from : FACTORS_AT_ONCE;
    rule_by_factor_ask(rule, s, from, n);
  }
  s->loops->filter(s, &filter, 1.0f, HD_RULE_OF(factor, synapse, s)->sum);
}

static void rule_by_factor_on_decision(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct factor_synapse *own = HD_RULE_OF(factor, synapse, s);
  const size_t size = sizeof(float) * hd_synapses_count(s);
  memcpy(s->e, own->sum, size);
  memset(own->sum, 0, size);
}

hd_rule_desc hd__rule_by_factor(const hd_rule_desc *rule) {
  return (hd_rule_desc){.size = sizeof(hd_rule_desc),
                        .name = rule->name,
                        .doc = rule->doc,
                        .source = rule->source,
                        .needs = rule->needs | HD_RULE_SPARSE,
                        .data = rule,
                        HD_RULE_LISTS(factor),
                        .after = rule_by_factor_after,
                        .on_decision = rule_by_factor_on_decision};
}
