/* Methods from files: read, checked and kept by a context. */
#ifndef HD_METHOD_FILE_H
#define HD_METHOD_FILE_H

#include "context_internal.h"
#include "method_text.h"

/* Is it a path, rather than a name? */
bool hd__method_is_file(const char *name);

/* Read a file and what it extends.  Errors  as hd_method_find. */
hd_status hd__method_read(hd_ctx *ctx, const char *path, const hd__method **out);
/* The same of a text that would lie at this path. */
hd_status hd__method_read_text(hd_ctx *ctx, const char *path, const char *text, size_t size,
                               const hd__method **out);

#endif
