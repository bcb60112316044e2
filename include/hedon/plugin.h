/* Plug-ins: a shared library that brings environments, learning rules, codings or neuron models of
 * its own to programs that were built without them, above all to the tool: hedon --plugin
 * ./catch.so.
 *
 * A plug-in is compiled with the installed headers and linked with nothing:
 *
 *     #include <hedon/hedon.h>
 *
 *     HD_PLUGIN(ctx) {
 *       return hd_env_register(ctx, &catch_env);
 *     }
 *
 *     cc -shared -fPIC $(pkg-config --cflags hedon) catch.c -o catch.so
 *
 * The functions it calls are those of the program that loads it; the tool has all of them. Another
 * program has them too if it links the shared library, or exports its own symbols (-rdynamic). */
#ifndef HEDON_PLUGIN_H
#define HEDON_PLUGIN_H

#include "context.h"

/* Raised whenever something that a compiled plug-in relies on changes: a struct that it fills or
 * reads, or what a function expects. */
#define HD_PLUGIN_ABI 4

/* What a plug-in exports, under the name hedon_plugin. HD_PLUGIN writes it. */
typedef struct hd_plugin {
  int abi;                        /* HD_PLUGIN_ABI of the headers it was compiled with */
  const char *version;            /* HD_VERSION_STRING of these headers */
  hd_status (*load)(hd_ctx *ctx); /* registers what it brings, and returns the first failure */
} hd_plugin;

/* The one symbol that a plug-in exports. */
extern HD_API const hd_plugin hedon_plugin;

/* Begins the one function of a plug-in that is called when it is loaded. The function registers
 * what the plug-in brings and returns the first failure. */
#define HD_PLUGIN(ctx)                                                                  \
  static hd_status hedon_plugin_load(hd_ctx *ctx);                                      \
  const hd_plugin hedon_plugin = {HD_PLUGIN_ABI, HD_VERSION_STRING, hedon_plugin_load}; \
  static hd_status hedon_plugin_load(hd_ctx *ctx)

/* Load one plug-in into a context, which keeps it until the context is destroyed. `path` is a file,
 * not a name that is searched for. Runs made with the context note the plug-in's path and a hash of
 * its file, and are opened again only where a plug-in with this hash is loaded.
 *
 * Errors  IO (the file cannot be read), FORMAT (no shared library, a function that this program
 *         lacks, or no HD_PLUGIN in it), MISMATCH (compiled for another HD_PLUGIN_ABI), USAGE
 *         (loaded already), NOMEM, and those of the plug-in itself. On failure nothing of the
 *         plug-in stays registered. */
HD_API hd_status hd_plugin_load(hd_ctx *ctx, const char *path);

#endif
