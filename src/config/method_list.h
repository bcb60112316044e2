/* All methods that a context knows: those that are built in, and those that it read from files. */
#ifndef HD_METHOD_LIST_H
#define HD_METHOD_LIST_H

#include "context_internal.h"
#include "method_text.h"

int hd__method_count(const hd_ctx *ctx);
const hd__method *hd__method_at(const hd_ctx *ctx, int i);
const char *hd__method_name_at(const hd_ctx *ctx, int i);

/* The method of this name, also one that is for extending only; NULL: there is none.
 * Errors  those of a built-in text that could not be read. */
hd_status hd__method_named(hd_ctx *ctx, const char *name, const hd__method **out);

#endif
