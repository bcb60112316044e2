#include "plugin.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elf_file.h"
#include "hash.h"
#include "hedon/plugin.h"
#include "system.h"

const hd__plugin *hd__plugin_at(const hd_ctx *ctx, int index) { return ctx->plugins.item[index]; }

const hd__plugin *hd__plugin_with_hash(const hd_ctx *ctx, uint64_t hash) {
  for (int i = 0; i < ctx->plugins.n; i++) {
    if (hd__plugin_at(ctx, i)->hash == hash) {
      return hd__plugin_at(ctx, i);
    }
  }
  return NULL;
}

static const char *plugin_file(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

const hd__plugin *hd__plugin_named(const hd_ctx *ctx, const char *path) {
  for (int i = 0; i < ctx->plugins.n; i++) {
    if (strcmp(plugin_file(hd__plugin_at(ctx, i)->path), plugin_file(path)) == 0) {
      return hd__plugin_at(ctx, i);
    }
  }
  return NULL;
}

/* An absolute path, so that dlopen searches nowhere. */
static hd_status plugin_locate(hd_ctx *ctx, const char *path, hd__plugin *plugin) {
  char full[PATH_MAX];
  if (realpath(path, full) == NULL) {
    return hd__fail(ctx, HD_IO, "plug-in %s cannot be read: %s", path, strerror(errno));
  }
  const size_t n = strlen(full);
  if (n >= sizeof plugin->path) {
    return hd__fail(ctx, HD_IO, "the path of plug-in %s has more than %d characters",
                    plugin_file(path), HD_PLUGIN_PATH - 1);
  }
  memcpy(plugin->path, full, n + 1);
  return HD_OK;
}

/* The hash of a file's bytes. Every block but the last is full: fread sees to that. */
static hd_status plugin_hash(hd_ctx *ctx, FILE *file, hd__plugin *plugin) {
  unsigned char block[4096];
  size_t n;
  plugin->hash = 0;
  while ((n = fread(block, 1, sizeof block, file)) > 0) {
    plugin->hash = hd__hash(plugin->hash, block, n);
  }
  return ferror(file)
             ? hd__fail(ctx, HD_IO, "plug-in %s cannot be read: %s", plugin->path, strerror(errno))
             : HD_OK;
}

static hd_status plugin_read(hd_ctx *ctx, hd__plugin *plugin) {
  struct stat info; /* a pipe or a device may have no end */
  if (stat(plugin->path, &info) == 0 && !S_ISREG(info.st_mode)) {
    return hd__fail(ctx, HD_IO, "plug-in %s is not a regular file", plugin->path);
  }
  FILE *file = fopen(plugin->path, "rb");
  if (file == NULL) {
    return hd__fail(ctx, HD_IO, "plug-in %s cannot be read: %s", plugin->path, strerror(errno));
  }
  hd_status status = plugin_hash(ctx, file, plugin);
  if (status == HD_OK && !hd__elf_is_whole(file)) {
    status = hd__fail(ctx, HD_FORMAT, "plug-in %s cannot be loaded: the file is cut short",
                      plugin_file(plugin->path));
  }
  fclose(file);
  return status;
}

static hd_status plugin_open(hd_ctx *ctx, hd__plugin *plugin) {
  plugin->library = dlopen(plugin->path, RTLD_NOW | RTLD_LOCAL);
  return plugin->library != NULL ? HD_OK
                                 : hd__fail(ctx, HD_FORMAT, "plug-in %s cannot be loaded: %s",
                                            plugin_file(plugin->path), dlerror());
}

/* Versions first: nothing of the plug-in runs before it is known to fit. */
static hd_status plugin_entry(hd_ctx *ctx, const hd__plugin *plugin, const hd_plugin **entry) {
  const hd_plugin *found = dlsym(plugin->library, "hedon_plugin");
  if (found == NULL) {
    return hd__fail(ctx, HD_FORMAT,
                    "%s is no plug-in: it exports no hedon_plugin, which HD_PLUGIN of "
                    "hedon/plugin.h writes",
                    plugin->path);
  }
  if (found->abi != HD_PLUGIN_ABI) {
    return hd__fail(ctx, HD_MISMATCH,
                    "plug-in %s was compiled for plug-in interface %d, and hedon " HD_VERSION_STRING
                    " has interface %d: compile it again with this version's headers",
                    plugin->path, found->abi, HD_PLUGIN_ABI);
  }
  *entry = found;
  return HD_OK;
}

/* Let the plug-in register what it brings; what it registered before a failure is taken back. */
static hd_status plugin_call(hd_ctx *ctx, const hd__plugin *plugin, const hd_plugin *entry) {
  const int n_envs = ctx->envs.n, n_rules = ctx->rules.n, n_codings = ctx->codings.n;
  const int n_neurons = ctx->neurons.n;
  char sentence[HD_ERROR_SIZE];
  ctx->error[0] = '\0';
  const hd_status status = entry->load(ctx);
  if (status == HD_OK) {
    return HD_OK;
  }
  hd__registry_cut(ctx, &ctx->envs, n_envs);
  hd__registry_cut(ctx, &ctx->rules, n_rules);
  hd__registry_cut(ctx, &ctx->codings, n_codings);
  hd__registry_cut(ctx, &ctx->neurons, n_neurons);
  snprintf(sentence, sizeof sentence, "%s",
           ctx->error[0] != '\0' ? ctx->error : hd_status_text(status));
  return hd__fail(ctx, status, "plug-in %s failed: %s", plugin->path, sentence);
}

static hd_status plugin_start(hd_ctx *ctx, const hd__plugin *plugin) {
  const hd_plugin *entry = NULL;
  HD_TRY(plugin_entry(ctx, plugin, &entry));
  HD_TRY(hd__registry_add(ctx, &ctx->plugins, plugin, sizeof *plugin));
  const hd_status status = plugin_call(ctx, plugin, entry);
  if (status != HD_OK) {
    hd__registry_cut(ctx, &ctx->plugins, ctx->plugins.n - 1);
  }
  return status;
}

hd_status hd_plugin_load(hd_ctx *ctx, const char *path) {
  hd__plugin plugin;
  HD_TRY(plugin_locate(ctx, path, &plugin));
  HD_TRY(plugin_read(ctx, &plugin));
  if (hd__plugin_with_hash(ctx, plugin.hash) != NULL) {
    return hd__fail(ctx, HD_USAGE, "plug-in %s is loaded already", plugin.path);
  }
  HD_TRY(plugin_open(ctx, &plugin));
  const hd_status status = plugin_start(ctx, &plugin);
  if (status != HD_OK) {
    dlclose(plugin.library);
  }
  return status;
}
