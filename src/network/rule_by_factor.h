/* The simple case: a rule without state as one with state. Its factor g_j of a substep meets what
 * arrived and is still in the potential, and a decision's eligibility is the sum over its substeps,
 * e = sum_t g_j(t) xbar_ij(t). */
#ifndef HD_RULE_BY_FACTOR_H
#define HD_RULE_BY_FACTOR_H

#include "hedon/rule.h"

/* What a rule without state may need here. */
enum { HD_RULE_BY_FACTOR = HD_RULE_STOCHASTIC | HD_RULE_AFFINE };

/* `rule` must outlive the result. */
hd_rule_desc hd__rule_by_factor(const hd_rule_desc *rule);

#endif
