#include "context_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hedon/env.h"
#include "hedon/hedon.h"
#include "isa.h"
#include "plugin.h"
#include "system.h"

static void *context_libc_alloc(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  (void)old_size;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, new_size);
}

hd_ctx_def hd_ctx_def_default(void) { return (hd_ctx_def){.size = sizeof(hd_ctx_def)}; }

hd_status hd_ctx_create(const hd_ctx_def *def, hd_ctx **out) {
  if (def == NULL || def->size != sizeof(hd_ctx_def) || out == NULL) {
    return HD_USAGE;
  }
  const int isa = hd__isa_choose(getenv("HEDON_ISA"));
  if (isa < 0) {
    return HD_USAGE;
  }
  const hd_alloc_fn alloc = def->alloc != NULL ? def->alloc : context_libc_alloc;
  hd_ctx *ctx = alloc(def->alloc_user, NULL, 0, sizeof(hd_ctx));
  if (ctx == NULL) {
    return HD_NOMEM;
  }
  *ctx = (hd_ctx){.alloc = alloc,
                  .alloc_user = def->alloc_user,
                  .log = def->log,
                  .log_user = def->log_user,
                  .isa = isa};
  *out = ctx;
  return HD_OK;
}

static void context_registry_free(hd_ctx *ctx, hd__registry *registry) {
  hd__registry_cut(ctx, registry, 0);
  hd__free(ctx, registry->item, (size_t)registry->capacity * sizeof(void *));
}

/* Last loaded first, as what a plug-in registered may lean on those before it. */
static void context_plugins_unload(hd_ctx *ctx) {
  for (int i = ctx->plugins.n - 1; i >= 0; i--) {
    const hd__plugin *plugin = ctx->plugins.item[i];
    dlclose(plugin->library);
  }
}

void hd_ctx_destroy(hd_ctx *ctx) {
  if (ctx == NULL) {
    return;
  }
  context_plugins_unload(ctx);
  context_registry_free(ctx, &ctx->envs);
  context_registry_free(ctx, &ctx->configured);
  context_registry_free(ctx, &ctx->rules);
  context_registry_free(ctx, &ctx->methods);
  context_registry_free(ctx, &ctx->codings);
  context_registry_free(ctx, &ctx->neurons);
  context_registry_free(ctx, &ctx->plugins);
  ctx->alloc(ctx->alloc_user, ctx, sizeof(hd_ctx), 0);
}

const char *hd_ctx_error(const hd_ctx *ctx) { return ctx->error; }

const char *hd_ctx_isa(const hd_ctx *ctx) { return hd__isa_name(ctx->isa); }

const char *hd_version(void) { return HD_VERSION_STRING; }

const char *hd_status_text(hd_status status) {
  switch (status) {
#define STATUS_CASE(name, value, text) \
  case HD_##name:                      \
    return text;
    HD_STATUS_LIST(STATUS_CASE)
#undef STATUS_CASE
  }
  return "unknown status";
}

void *hd__alloc(hd_ctx *ctx, size_t size) { return ctx->alloc(ctx->alloc_user, NULL, 0, size); }

void *hd__realloc(hd_ctx *ctx, void *ptr, size_t old_size, size_t new_size) {
  return ctx->alloc(ctx->alloc_user, ptr, old_size, new_size);
}

void hd__free(hd_ctx *ctx, void *ptr, size_t size) {
  if (ptr != NULL) {
    ctx->alloc(ctx->alloc_user, ptr, size, 0);
  }
}

hd_status hd__fail(hd_ctx *ctx, hd_status status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(ctx->error, sizeof ctx->error, format, args);
  va_end(args);
  return status;
}

hd_status hd__check_stopped(hd_ctx *ctx) {
  return hd__is_stopped(ctx) ? hd__fail(ctx, HD_STOPPED, "stopped before it was done") : HD_OK;
}

void hd__log(hd_ctx *ctx, const char *format, ...) {
  if (ctx->log == NULL) {
    return;
  }
  char line[HD_ERROR_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  ctx->log(ctx->log_user, line);
}

hd_status hd__registry_add(hd_ctx *ctx, hd__registry *registry, const void *item, size_t size) {
  if (registry->n == registry->capacity) {
    const int capacity = registry->capacity == 0 ? 8 : 2 * registry->capacity;
    void **grown = hd__realloc(ctx, registry->item, (size_t)registry->capacity * sizeof(void *),
                               (size_t)capacity * sizeof(void *));
    if (grown == NULL) {
      return hd__fail(ctx, HD_NOMEM, "out of memory while registering");
    }
    registry->item = grown;
    registry->capacity = capacity;
  }
  void *copy = hd__alloc(ctx, size);
  if (copy == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory while registering");
  }
  memcpy(copy, item, size);
  registry->size = size;
  registry->item[registry->n++] = copy;
  return HD_OK;
}

void hd__registry_cut(hd_ctx *ctx, hd__registry *registry, int n) {
  while (registry->n > n) {
    hd__free(ctx, registry->item[--registry->n], registry->size);
  }
}

void hd__registries_share(hd_ctx *to, const hd_ctx *from) {
  to->envs = from->envs;
  to->configured = from->configured;
  to->rules = from->rules;
  to->codings = from->codings;
  to->neurons = from->neurons;
  to->plugins = from->plugins;
}
