#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config_internal.h"
#include "method.h"
#include "method_default.h"
#include "text.h"

/* Where a value came from; RECORDED: from a file that the product wrote. */
enum origin { ORIGIN_DEFAULT, ORIGIN_METHOD, ORIGIN_TASK, ORIGIN_USER, ORIGIN_RECORDED };

static const char *const origin_names[] = {"default", "method", "task", "user", "recorded"};

static void config_note_old_name(const hd_config *config, const char *key, const char *now) {
  hd__log(config->ctx,
          "option %s is called %s now; version 0.1 is the last that understands the old name", key,
          now);
}

static hd__model_param config_param_at(const hd_config *config, int index) {
  return hd__model_param_at(config->ctx, &config->models, index);
}

hd__model_param hd__config_model_param(const hd_config *config, int index) {
  return config_param_at(config, index - HD_OPTION_KEYS);
}

int hd__config_find(const hd_config *config, const char *key) {
  const int now = hd__key_find(key);
  const int param = now < 0 ? hd__model_param_find(config->ctx, &config->models, key) : -1;
  return now >= 0 ? now : param >= 0 ? HD_OPTION_KEYS + param : hd__key_find_old(key);
}

static hd_status config_set_param(hd_config *config, int index, const char *key,
                                  const char *value) {
  return hd__param_parse(config->ctx, config_param_at(config, index).param, key, value,
                         &config->param[index]);
}

static hd_status config_fill_params(hd_config *config) {
  config->models = hd__models_of(config->ctx);
  if (config->models.n_params > HD_MODEL_PARAMS_MAX) {
    return hd__fail(config->ctx, HD_RANGE,
                    "the registered models bring the number of parameters to %d, allowed %d",
                    config->models.n_params, HD_MODEL_PARAMS_MAX);
  }
  hd__model_defaults(config->ctx, &config->models, config->param);
  return HD_OK;
}

static hd_status config_set(hd_config *config, const char *key, const char *value,
                            enum origin origin) {
  const int index = hd__config_find(config, key);
  const hd__option_row *row = index >= 0 ? hd__config_row(index) : NULL;
  if (index < 0) {
    return hd__key_unknown(config->ctx, key);
  }
  HD_TRY(row != NULL ? hd__option_parse(config->ctx, row, value, &config->settings)
                     : config_set_param(config, index - HD_OPTION_KEYS, key, value));
  config->origin[index] = (unsigned char)origin;
  if (origin == ORIGIN_USER && row != NULL && strcmp(row->key, key) != 0) {
    config_note_old_name(config, key, row->key);
  }
  return HD_OK;
}

/* Apply "key=value key=value ..." of a method's row. */
static hd_status config_apply(hd_config *config, const char *settings, enum origin origin) {
  while (*settings != '\0') {
    char key[HD_TOML_KEY], value[HD_TOML_VALUE];
    int used = 0;
    const int n = sscanf(settings, " %127[^= ]=%1023[^ ]%n", key, value, &used);
    HD_ASSERT(n == 2); /* as method_text.c wrote it */
    (void)n;
    HD_TRY(config_set(config, key, value, origin));
    settings += used;
  }
  return HD_OK;
}

static hd_status config_fill(hd_config *config) {
  for (int i = 0; i < HD_OPTION_KEYS; i++) {
    const hd__option_row *row = hd__option_key_at(i);
    HD_TRY(hd__option_parse(config->ctx, row, row->fallback, &config->settings));
  }
  return config_fill_params(config);
}

/* What a method sets, and what it sets on this task. */
static hd_status config_follow_method(hd_config *config, const hd__method *method) {
  const char *settings;
  HD_TRY(config_apply(config, method->about.settings, ORIGIN_METHOD));
  for (int i = 0; (settings = hd__method_task(method, config->env, i)) != NULL; i++) {
    HD_TRY(config_apply(config, settings, ORIGIN_TASK));
  }
  return HD_OK;
}

/* A configuration of defaults, or of those of a method. */
static hd_status config_create(hd_ctx *ctx, const char *task, const char *name, uint64_t hash,
                               const hd__method *method, hd_config **out) {
  const hd_env_desc *env;
  HD_TRY(hd_env_find(ctx, task, &env));
  hd_config *config = hd__alloc(ctx, sizeof *config);
  if (config == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a configuration");
  }
  memset(config, 0, sizeof *config);
  config->ctx = ctx;
  config->env = env;
  config->method_hash = hash;
  snprintf(config->method, sizeof config->method, "%s", name);
  hd_status status = config_fill(config);
  if (status == HD_OK && method != NULL) {
    status = config_follow_method(config, method);
  }
  if (status != HD_OK) {
    hd_config_destroy(config);
    return status;
  }
  *out = config;
  return HD_OK;
}

hd_status hd_config_create(hd_ctx *ctx, const char *task, const char *method, hd_config **out) {
  const hd_env_desc *env;
  const hd__method *found;
  bool has_solved;
  HD_TRY(hd_env_find(ctx, task, &env));
  HD_TRY(
      hd__method_find(ctx, method != NULL ? method : hd__method_default(env, &has_solved), &found));
  return config_create(ctx, task, found->about.name, found->hash, found, out);
}

hd_status hd__config_create_recorded(hd_ctx *ctx, const char *task, const char *method,
                                     uint64_t hash, hd_config **out) {
  return config_create(ctx, task, method, hash, NULL, out);
}

void hd_config_destroy(hd_config *config) {
  if (config != NULL) {
    hd__free(config->ctx, config, sizeof *config);
  }
}

hd_status hd_config_set(hd_config *config, const char *key, const char *value) {
  return config_set(config, key, value, ORIGIN_USER);
}

bool hd__config_is_users(const hd_config *config, int index) {
  return config->origin[index] == ORIGIN_USER;
}

bool hd__config_is_recorded(const hd_config *config, int index) {
  return config->origin[index] == ORIGIN_RECORDED;
}

hd_status hd__config_set_recorded(hd_config *config, const char *key, const char *value) {
  const int index = hd__config_find(config, key);
  if (index < 0) {
    return config_set(config, key, value, ORIGIN_RECORDED);
  }
  char before[TEXT_SIZE];
  const unsigned char origin = config->origin[index];
  snprintf(before, sizeof before, "%s", hd__config_line(config, index).value);
  HD_TRY(config_set(config, key, value, ORIGIN_RECORDED));
  if (strcmp(hd__config_line(config, index).value, before) == 0) {
    config->origin[index] = origin;
  }
  return HD_OK;
}

int hd_config_count(const hd_config *config) { return HD_OPTION_KEYS + config->models.n_params; }

/* The heading before a row. */
static const char *config_group_of(const hd__option_row *row) {
  while (row->group == NULL) {
    row--;
  }
  return row->group;
}

static hd_option config_option_at(hd_config *config, int index) {
  hd_option option = {.key = config->key, .value = config->value, .fallback = "", .allowed = ""};
  const hd__option_row *row = hd__config_row(index);
  if (row != NULL) {
    snprintf(config->key, sizeof config->key, "%s", row->key);
    hd__option_print(row, &config->settings, config->value, sizeof config->value);
    option.type = hd__option_type_name(row->type);
    option.unit = row->unit;
    option.help = row->help;
    option.group = config_group_of(row);
    option.origin = origin_names[config->origin[index]];
    return option;
  }
  index -= HD_OPTION_KEYS;
  const hd__model_param param = config_param_at(config, index);
  const hd__option_row of_param = hd__param_row(param.param);
  snprintf(config->key, sizeof config->key, "%s.%s", param.model, param.param->name);
  hd__print_float(config->value, sizeof config->value, config->param[index]);
  option.type = hd__option_type_name(of_param.type);
  option.unit = of_param.unit;
  option.help = of_param.help;
  option.group = hd__model_group(param.kind);
  option.origin = origin_names[config->origin[HD_OPTION_KEYS + index]];
  return option;
}

hd_option hd__config_line(const hd_config *config, int index) {
  return config_option_at((hd_config *)config, index);
}

const char *hd_config_get(const hd_config *config, const char *key) {
  const int index = hd__config_find(config, key);
  return index >= 0 ? hd__config_line(config, index).value : NULL;
}

const char *hd_config_task(const hd_config *config) { return config->env->name; }
const char *hd_config_method(const hd_config *config) { return config->method; }
double hd_config_threshold(const hd_config *config) {
  const double own = config->settings.threshold;
  return isnan(own) ? config->env->solved : own;
}

uint64_t hd__config_method_hash(const hd_config *config) { return config->method_hash; }

const hd__settings *hd__config_settings(const hd_config *config) { return &config->settings; }
const hd_env_desc *hd__config_env(const hd_config *config) { return config->env; }
hd_ctx *hd__config_ctx(const hd_config *config) { return config->ctx; }

void hd__config_params(const hd_config *config, hd__model_kind kind, const char *model,
                       float *params) {
  int n;
  const int first = hd__model_params(config->ctx, &config->models, kind, model, &n);
  memcpy(params, config->param + first, (size_t)n * sizeof *params);
}

hd_status hd__config_copy(hd_ctx *ctx, const hd_config *config, hd_config **out) {
  hd_config *copy = hd__alloc(ctx, sizeof *copy);
  if (copy == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a configuration");
  }
  *copy = *config;
  copy->ctx = ctx;
  *out = copy;
  return HD_OK;
}

void hd__config_set_run(hd_config *config, const hd__run_table *run) { config->run = *run; }

bool hd_config_run(const hd_config *config, uint64_t *seed, int64_t *seeds) {
  if (config->run.seeds < 1) {
    return false;
  }
  *seed = config->run.seed;
  *seeds = config->run.seeds;
  return true;
}

void hd__config_assign(hd_config *to, const hd_config *from) { *to = *from; }
