/* The plug-ins that a context has loaded. */
#ifndef HD_PLUGIN_LIST_H
#define HD_PLUGIN_LIST_H

#include "context_internal.h"

enum { HD_PLUGIN_PATH = 1024 };

typedef struct hd__plugin {
  char path[HD_PLUGIN_PATH]; /* absolute, links resolved */
  uint64_t hash;             /* of the file's bytes */
  void *library;             /* what dlopen returned */
} hd__plugin;

const hd__plugin *hd__plugin_at(const hd_ctx *ctx, int index);

/* The plug-in whose file has this hash, or NULL. */
const hd__plugin *hd__plugin_with_hash(const hd_ctx *ctx, uint64_t hash);

/* The plug-in whose file has the name that `path` ends with, or NULL. */
const hd__plugin *hd__plugin_named(const hd_ctx *ctx, const char *path);

#endif
