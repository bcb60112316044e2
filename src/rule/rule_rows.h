/* Every built-in rule, in the order in which they are listed. */
#ifndef HD_RULE_ROWS_H
#define HD_RULE_ROWS_H

#include <stdbool.h>

#include "hedon/rule.h"

#define HD_RULES(X) \
  X(pgcn)           \
  X(pgcn_agree)     \
  X(pgcn_agree_asym) \
  X(reparam_soft)   \
  X(reparam_st)     \
  X(reparam_mean)  \
  X(node_perturbation) \
  X(mstdp)         \
  X(mstdpet)       \
  X(dopamine_stdp) \
  X(r_max)         \
  X(olpomdp)       \
  X(td_ltp)        \
  X(population_feedback) \
  X(eprop)

#define HD_RULE_EXTERN(rule) extern const hd_rule_desc hd__rule_##rule;
HD_RULES(HD_RULE_EXTERN)
#undef HD_RULE_EXTERN

/* Was the rule registered by a program or a plug-in? */
bool hd__rule_is_own(const hd_rule_desc *rule);

#endif
