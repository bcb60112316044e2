/* The table of methods: every way of learning the library offers is a row of settings, with more
 * rows for classes of tasks and for single tasks. */
#ifndef HD_METHOD_H
#define HD_METHOD_H

#include "context_internal.h"
#include "hedon/config.h"
#include "hedon/env.h"

typedef struct hd__method_row {
  hd_method about;
  const hd_task_row *tasks; /* ends with an empty row; NULL: none */
} hd__method_row;

hd_status hd__method_find(hd_ctx *ctx, const char *name, const hd__method_row **out);

/* The settings of the i-th task row that applies to this environment, or NULL past the last.
 * Classes: "finite" (observations are numbered states), "samples" (sweeps over labelled samples).
 */
const char *hd__method_task(const hd__method_row *method, const hd_env_desc *env, int i);

#endif
