/* The table [plugins] of a configuration: which plug-ins were loaded when it was written.
 *
 *   [plugins]
 *   9f3c2a11d0e4b7aa = "/where/it/lay/catch.so"  hash of the file = where it lay
 *
 * A configuration is read only where plug-ins with these hashes are loaded, wherever they lie. */
#ifndef HD_PLUGIN_TEXT_H
#define HD_PLUGIN_TEXT_H

#include "context_internal.h"
#include "toml.h"

/* Write the table; nothing if no plug-in is loaded. */
void hd__plugin_write_text(hd__sink *sink, const hd_ctx *ctx);

/* Are the plug-ins of a configuration's text loaded? `name` is the file's, for sentences about it.
 * Errors  FORMAT, MISSING (a plug-in is not loaded; the sentence ends with the flag that names it),
 *         CONFLICT (its file has changed). */
hd_status hd__plugin_check_text(hd_ctx *ctx, const char *name, const hd__toml_doc *doc);

#endif
