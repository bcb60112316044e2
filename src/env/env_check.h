/* What a descriptor must satisfy before anything uses it. */
#ifndef HD_ENV_CHECK_H
#define HD_ENV_CHECK_H

#include "context_internal.h"
#include "hedon/env.h"

/* Errors  USAGE (missing function or text, wrong size), RANGE (dimensions, time limit). */
hd_status hd__env_check(hd_ctx *ctx, const hd_env_desc *desc);

#endif
