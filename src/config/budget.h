/* How far a run goes: the settings steps, episodes and overtrain, which may grow when a run goes on
 * where it ended. */
#ifndef HD_BUDGET_H
#define HD_BUDGET_H

#include "config.h"

/* May a run of `from` go on as one of `to`: are all settings the same but for a budget that is no
 * smaller, and does nothing in the run follow a schedule over the whole budget? The sentence about
 * a refusal goes into the context of `to`.  Errors  CONFLICT, RANGE. */
hd_status hd__budget_check(const hd_config *from, const hd_config *to);

/* Take the budget of another configuration of the same run. */
hd_status hd__budget_take(hd_config *to, const hd_config *from);

#endif
