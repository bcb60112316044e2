#include "context_internal.h"

#include <string.h>
#include <strings.h>
#include "env_check.h"
#include "env_configure.h"
#include "env_optional.h"
#include "env_table.h"
#include "text.h"

int hd_env_count(const hd_ctx *ctx) { return hd__env_builtin_count() + ctx->envs.n; }

const hd_env_desc *hd_env_at(const hd_ctx *ctx, int index) {
  if (index < 0 || index >= hd_env_count(ctx)) {
    return NULL;
  }
  const int n = hd__env_builtin_count();
  return index < n ? hd__env_builtin(index) : ctx->envs.item[index - n];
}

static bool env_registry_answers_to(const hd_env_desc *desc, const char *name) {
  return hd__same_word(desc->name, name) ||
         (desc->alias != NULL && hd__same_word(desc->alias, name));
}

static const hd_env_desc *env_registry_lookup(const hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd_env_count(ctx); i++) {
    const hd_env_desc *desc = hd_env_at(ctx, i);
    if (env_registry_answers_to(desc, name)) {
      return desc;
    }
  }
  return NULL;
}

/* Names and aliases as one list: 2 i is a name, 2 i + 1 its alias. */
static const char *env_registry_name_or_alias(const void *list, int i) {
  const hd_env_desc *desc = hd_env_at(list, i / 2);
  return i % 2 == 0 ? desc->name : desc->alias;
}

/* The length of a name without "-v" and its version, 0: it has none. */
static size_t env_registry_base(const char *name) {
  const char *dash = strrchr(name, '-');
  return dash != NULL && (dash[1] == 'v' || dash[1] == 'V') && dash[2] >= '0' && dash[2] <= '9'
             ? (size_t)(dash - name)
             : 0;
}

/* The newest environment that has this name with another version, or NULL. */
static const char *env_registry_other_version(const hd_ctx *ctx, const char *name) {
  const size_t n = env_registry_base(name);
  const char *newest = NULL;
  for (int i = 0; n > 0 && i < hd_env_count(ctx); i++) {
    const char *other = hd_env_at(ctx, i)->name;
    if (env_registry_base(other) == n && strncasecmp(other, name, n) == 0 &&
        (newest == NULL || strcmp(other, newest) > 0)) {
      newest = other;
    }
  }
  return newest;
}

/* The environment whose name stands before the first colon, and what is chosen of it behind; NULL:
 * there is no colon, or no such environment. */
static const hd_env_desc *env_registry_before_colon(const hd_ctx *ctx, const char *name,
                                                    const char **choices) {
  char before[HD_ENV_NAME_MAX];
  const size_t n = strcspn(name, ":");
  if (name[n] == '\0' || n >= sizeof before) {
    return NULL;
  }
  memcpy(before, name, n);
  before[n] = '\0';
  *choices = name + n + 1;
  return env_registry_lookup(ctx, before);
}

hd_status hd_env_find(hd_ctx *ctx, const char *name, const hd_env_desc **out) {
  const char *choices;
  const hd_env_desc *desc = env_registry_lookup(ctx, name);
  const hd_env_desc *base = desc == NULL ? env_registry_before_colon(ctx, name, &choices) : NULL;
  if (base != NULL) {
    return hd__env_configure(ctx, base, choices, out);
  }
  const hd__optional_env *optional = desc == NULL ? hd__env_optional(name) : NULL;
  if (optional != NULL) {
    return hd__fail(ctx, HD_UNKNOWN, "%s needs %s: install %s and configure again", optional->name,
                    optional->needs, optional->install);
  }
  if (desc == NULL) {
    const char *version = env_registry_other_version(ctx, name);
    const char *nearest =
        version != NULL ? version
                        : hd__nearest(name, env_registry_name_or_alias, ctx, 2 * hd_env_count(ctx));
    return nearest == NULL
               ? hd__fail(ctx, HD_UNKNOWN,
                          "no environment is called '%s'; `hedon list envs` shows them", name)
               : hd__fail(ctx, HD_UNKNOWN, "no environment is called '%s'; did you mean '%s'?",
                          name, nearest);
  }
  *out = desc;
  return HD_OK;
}

hd_status hd_env_register(hd_ctx *ctx, const hd_env_desc *desc) {
  HD_TRY(hd__env_check(ctx, desc));
  const char *const name[] = {desc->name, desc->alias};
  for (int i = 0; i < 2; i++) {
    const hd_env_desc *other = name[i] == NULL ? NULL : env_registry_lookup(ctx, name[i]);
    if (other != NULL) {
      return hd__fail(ctx, HD_USAGE, "environment name '%s' is taken by %s", name[i], other->name);
    }
  }
  return hd__registry_add(ctx, &ctx->envs, desc, sizeof *desc);
}
