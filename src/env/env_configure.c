#include "env_configure.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "context_internal.h"
#include "env_check.h"
#include "env_option.h"
#include "text.h"

/* What a context keeps of an environment that was made by choices. */
typedef struct configured {
  hd_env_desc desc;
  char name[HD_ENV_NAME_MAX];
  alignas(16) unsigned char memory[HD_ENV_CONFIGURED_MAX];
} configured;

/* Choices as they are read. */
typedef struct choices {
  const hd_env_desc *base;
  hd_env_value value[HD_ENV_OPTIONS_MAX];
  bool is_set[HD_ENV_OPTIONS_MAX];
  char text[HD_ENV_OPTIONS_MAX][HD_ENV_NAME_MAX]; /* of each value */
} choices;

static const char *env_configure_option_name(const void *list, int i) {
  return ((const hd_env_desc *)list)->option[i].name;
}

/* The names of all options with commas between. */
static void env_configure_names(const hd_env_desc *base, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (int i = 0; i < base->n_options && used < size; i++) {
    used +=
        (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "", base->option[i].name);
  }
}

static hd_status env_configure_unknown(hd_ctx *ctx, const hd_env_desc *base, const char *name) {
  char names[HD_ENV_NAME_MAX];
  if (base->n_options == 0) {
    return hd__fail(
        ctx, HD_UNKNOWN,
        "environment %s has no options, and '%s' cannot be chosen; `hedon explain NAME` "
        "shows what an environment has",
        base->name, name);
  }
  const char *near = hd__nearest(name, env_configure_option_name, base, base->n_options);
  env_configure_names(base, names, sizeof names);
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "environment %s has no option '%s': did you mean '%s'?",
                        base->name, name, near)
             : hd__fail(ctx, HD_UNKNOWN, "environment %s has no option '%s'; its options are: %s",
                        base->name, name, names);
}

/* ---- choices ---- */

static hd_status env_configure_set(hd_ctx *ctx, choices *c, int i, const char *text) {
  const hd_env_option *option = &c->base->option[i];
  double number;
  if (!hd__env_option_read(option, text, &number)) {
    return hd__env_option_refuse(ctx, c->base, option, text);
  }
  hd__env_option_write(option, number, text, c->text[i]);
  c->value[i] = (hd_env_value){.number = number, .text = c->text[i]};
  return HD_OK;
}

static int env_configure_find(const hd_env_desc *base, const char *name) {
  for (int i = 0; i < base->n_options; i++) {
    if (strcmp(base->option[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

static hd_status env_configure_choose(hd_ctx *ctx, choices *c, char *choice) {
  char *equals = strchr(choice, '=');
  if (equals == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "environment %s: '%s' is no choice; write %s:option=value with an option of it",
                    c->base->name, choice, c->base->name);
  }
  *equals = '\0';
  const int i = env_configure_find(c->base, choice);
  if (i < 0) {
    return env_configure_unknown(ctx, c->base, choice);
  }
  if (c->is_set[i]) {
    return hd__fail(ctx, HD_USAGE, "environment %s: %s is chosen twice", c->base->name, choice);
  }
  c->is_set[i] = true;
  return env_configure_set(ctx, c, i, equals + 1);
}

static hd_status env_configure_parse(hd_ctx *ctx, choices *c, const char *text) {
  char choice[HD_ENV_NAME_MAX];
  for (int i = 0; i < c->base->n_options; i++) {
    const hd_status status = env_configure_set(ctx, c, i, c->base->option[i].fallback);
    HD_ASSERT(status == HD_OK); /* as hd__env_check saw */
    (void)status;
  }
  for (const char *at = text;; at++) {
    const size_t n = strcspn(at, ":");
    snprintf(choice, sizeof choice, "%.*s", (int)n, at);
    HD_TRY(env_configure_choose(ctx, c, choice));
    at += n;
    if (*at == '\0') {
      return HD_OK;
    }
  }
}

/* The name of what was chosen: what is as it is anyway is left out. */
static hd_status env_configure_name(hd_ctx *ctx, const choices *c, char name[HD_ENV_NAME_MAX]) {
  size_t used = (size_t)snprintf(name, HD_ENV_NAME_MAX, "%s", c->base->name);
  for (int i = 0; i < c->base->n_options; i++) {
    const hd_env_option *option = &c->base->option[i];
    if (strcmp(c->text[i], option->fallback) != 0 && used < HD_ENV_NAME_MAX) {
      used +=
          (size_t)snprintf(name + used, HD_ENV_NAME_MAX - used, ":%s=%s", option->name, c->text[i]);
    }
  }
  return used < HD_ENV_NAME_MAX
             ? HD_OK
             : hd__fail(ctx, HD_RANGE,
                        "environment %s: a name with choices has up to %d characters",
                        c->base->name, HD_ENV_NAME_MAX - 1);
}

static hd_status env_configure_make(hd_ctx *ctx, const choices *c, const char *name,
                                    configured *made) {
  char why[HD_WHY_SIZE] = "";
  made->desc = *c->base;
  made->desc.base = c->base;
  snprintf(made->name, sizeof made->name, "%s", name);
  made->desc.name = made->name;
  made->desc.alias = NULL;
  if (!c->base->configure(c->base, &made->desc, c->value, made->memory, why)) {
    return hd__fail(ctx, HD_RANGE, "environment %s: %s", name, why);
  }
  return hd__env_check(ctx, &made->desc);
}

static hd_status env_configure_add(hd_ctx *ctx, const choices *c, const char *name,
                                   const hd_env_desc **out) {
  static const configured nothing;
  HD_TRY(hd__registry_add(ctx, &ctx->configured, &nothing, sizeof nothing));
  configured *made = ctx->configured.item[ctx->configured.n - 1];
  const hd_status status = env_configure_make(ctx, c, name, made);
  if (status != HD_OK) {
    hd__registry_cut(ctx, &ctx->configured, ctx->configured.n - 1);
    return status;
  }
  *out = &made->desc;
  return HD_OK;
}

hd_status hd__env_configure(hd_ctx *ctx, const hd_env_desc *base, const char *text,
                            const hd_env_desc **out) {
  choices c = {.base = base};
  char name[HD_ENV_NAME_MAX];
  if (strlen(text) >= HD_ENV_NAME_MAX) {
    return hd__fail(ctx, HD_RANGE, "environment %s: a name with choices has up to %d characters",
                    base->name, HD_ENV_NAME_MAX - 1);
  }
  HD_TRY(env_configure_parse(ctx, &c, text));
  HD_TRY(env_configure_name(ctx, &c, name));
  if (strcmp(name, base->name) == 0) {
    *out = base;
    return HD_OK;
  }
  for (int i = 0; i < ctx->configured.n; i++) {
    const configured *known = ctx->configured.item[i];
    if (strcmp(known->name, name) == 0) {
      *out = &known->desc;
      return HD_OK;
    }
  }
  return env_configure_add(ctx, &c, name, out);
}
