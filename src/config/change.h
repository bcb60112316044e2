/* Options that may change while a learner learns. */
#ifndef HD_CHANGE_H
#define HD_CHANGE_H

#include "hedon/config.h"

/* May this option change by itself in the middle of a run of `config`?
 * Errors  UNKNOWN, CONFLICT (it shapes what has been made, or follows a schedule of its own). */
hd_status hd__config_check_change(const hd_config *config, const char *key);

#endif
