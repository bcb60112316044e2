/* What a descriptor must satisfy before anything uses it. */
#ifndef HD_ENV_CHECK_H
#define HD_ENV_CHECK_H

#include "context_internal.h"
#include "hedon/env.h"

/* Errors  USAGE (missing function or text, wrong size), RANGE (dimensions, time limit). */
hd_status hd__env_check(hd_ctx *ctx, const hd_env_desc *desc);

/* A number among observations [n][n_obs] that should be an integer below its dimension's count and
 * is none, or NULL. Learners use such integers as indices. */
const float *hd__env_stray_integer(const hd_env_desc *desc, int n, const float *obs);

#endif
