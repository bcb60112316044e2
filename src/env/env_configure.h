/* Environments by a name with choices, "NAME:option=value:option=value". */
#ifndef HD_ENV_CONFIGURE_H
#define HD_ENV_CONFIGURE_H

#include "hedon/env.h"

/* The environment that `base` is under these choices, "option=value:option=value". A context makes
 * it once.  Errors  UNKNOWN (no such option), RANGE, USAGE (malformed, or chosen twice), NOMEM. */
hd_status hd__env_configure(hd_ctx *ctx, const hd_env_desc *base, const char *choices,
                            const hd_env_desc **out);

#endif
