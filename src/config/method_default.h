/* The method of a task where none is named. */
#ifndef HD_METHOD_DEFAULT_H
#define HD_METHOD_DEFAULT_H

#include "context_internal.h"
#include "hedon/config.h"
#include "hedon/env.h"

/* Its name; *has_solved as hd_method_default says. */
const char *hd__method_default(const hd_env_desc *env, bool *has_solved);

#endif
