/* Methods by name: those that are built in, and those that a context read from files. */
#ifndef HD_METHOD_H
#define HD_METHOD_H

#include "context_internal.h"
#include "hedon/config.h"
#include "hedon/env.h"
#include "method_text.h"

hd_status hd__method_find(hd_ctx *ctx, const char *name, const hd__method **out);

/* The settings of the i-th task row that applies to this environment, or NULL past the last.
 * Classes: "finite" (an observation is the number of a state), "samples" (sweeps over labelled
 * samples). Several components with a number of values each are quantities, and no such number. */
const char *hd__method_task(const hd__method *method, const hd_env_desc *env, int i);

#endif
