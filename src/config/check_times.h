/* Time constants that single precision holds. */
#ifndef HD_CHECK_TIMES_H
#define HD_CHECK_TIMES_H

#include "config.h"

/* Refuse a time constant that the run reads and that is so many substeps long that what a substep
 * forgets, dt / tau, would be wrong by more than a thousandth in a float.  Errors  CONFLICT. */
hd_status hd__config_check_times(const hd_config *config);

#endif
