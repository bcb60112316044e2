#include <stdio.h>
#include <string.h>

#include "config_internal.h"
#include "method.h"
#include "text.h"

/* Where a value came from; RECORDED: from a file that the product wrote. */
enum origin { ORIGIN_DEFAULT, ORIGIN_METHOD, ORIGIN_TASK, ORIGIN_USER, ORIGIN_RECORDED };

static const char *const origin_names[] = {"default", "method", "task", "user", "recorded"};

/* ---- parameters of models, keys "model.name" ---- */

hd__option_row hd__param_row(const hd_param *param) {
  return (hd__option_row){.type = HD_TYPE_PARAM,
                          .low = (double)param->low,
                          .high = (double)param->high,
                          .unit = param->unit,
                          .help = param->help};
}

static hd__model_param param_at(const hd_config *config, int index) {
  return hd__model_param_at(config->ctx, &config->models, index);
}

static int param_find(const hd_config *config, const char *key) {
  return hd__model_param_find(config->ctx, &config->models, key);
}

static hd_status set_param(hd_config *config, int index, const char *key, const char *value,
                           enum origin origin) {
  const hd_param *param = param_at(config, index).param;
  const hd__option_row row = hd__param_row(param);
  double number;
  if (!hd__parse_number(value, &number) || !((float)number >= param->low) ||
      !((float)number <= param->high)) {
    return hd__out_of_range(config->ctx, &row, key, value);
  }
  config->param[index] = (float)number;
  config->origin[HD_OPTION_KEYS + index] = (unsigned char)origin;
  return HD_OK;
}

static hd_status fill_params(hd_config *config) {
  config->models = hd__models_of(config->ctx);
  if (config->models.n_params > HD_MODEL_PARAMS_MAX) {
    return hd__fail(config->ctx, HD_RANGE,
                    "the registered models bring the number of parameters to %d, allowed %d",
                    config->models.n_params, HD_MODEL_PARAMS_MAX);
  }
  hd__model_defaults(config->ctx, &config->models, config->param);
  return HD_OK;
}

/* ---- the whole ---- */

/* All keys by number, and then what follows their groups; NULL for headings and keys without one.
 */
static const char *key_name(const void *list, int i) {
  (void)list;
  const char *key = hd__option_row_at(i % HD_OPTION_ROWS)->key;
  const char *dot = key != NULL ? strchr(key, '.') : NULL;
  return i < HD_OPTION_ROWS ? key : dot != NULL ? dot + 1 : NULL;
}

/* The key that is most like a word, with its group; NULL: none is. */
static const char *nearest_key(const char *word) {
  const char *near = hd__nearest(word, key_name, NULL, 2 * HD_OPTION_ROWS);
  for (int i = 0; near != NULL && i < 2 * HD_OPTION_ROWS; i++) {
    if (key_name(NULL, i) == near) {
      return hd__option_row_at(i % HD_OPTION_ROWS)->key;
    }
  }
  return NULL;
}

static bool is_called(const hd__option_row *row, const char *key, bool by_old) {
  return row->key != NULL && strcmp(by_old ? row->was : row->key, key) == 0;
}

/* The index of a key, or of an option's old name; -1: there is none. */
static int key_find(const char *key, bool by_old) {
  int index = 0;
  for (int i = 0; i < HD_OPTION_ROWS; i++) {
    if (is_called(hd__option_row_at(i), key, by_old)) {
      return index;
    }
    index += hd__option_row_at(i)->key != NULL;
  }
  return -1;
}

static void note_old_name(const hd_config *config, const char *key, const char *now) {
  hd__log(config->ctx,
          "option %s is called %s now; the old name is understood up to version "
          "0.1",
          key, now);
}

static hd_status set(hd_config *config, const char *key, const char *value, enum origin origin) {
  const int now = key_find(key, false), index = now >= 0 ? now : key_find(key, true);
  if (index >= 0) {
    const hd__option_row *row = hd__config_row(index);
    HD_TRY(hd__option_parse(config->ctx, row, value, &config->settings));
    config->origin[index] = (unsigned char)origin;
    if (now < 0 && origin == ORIGIN_USER) {
      note_old_name(config, key, row->key);
    }
    return HD_OK;
  }
  const int param = param_find(config, key);
  if (param >= 0) {
    return set_param(config, param, key, value, origin);
  }
  const char *near = nearest_key(key);
  return near != NULL ? hd__fail(config->ctx, HD_UNKNOWN,
                                 "no option is called '%s'; did you mean '%s'?", key, near)
                      : hd__fail(config->ctx, HD_UNKNOWN,
                                 "no option is called '%s'; `hedon train --help` lists them", key);
}

/* Apply "key=value key=value ..." of a method's row. */
static hd_status apply(hd_config *config, const char *settings, enum origin origin) {
  while (*settings != '\0') {
    char key[TEXT_SIZE], value[TEXT_SIZE];
    int used = 0;
    if (sscanf(settings, " %95[^= ]=%95[^ ]%n", key, value, &used) != 2) {
      break;
    }
    HD_TRY(set(config, key, value, origin));
    settings += used;
  }
  return HD_OK;
}

static hd_status fill(hd_config *config) {
  for (int i = 0; i < HD_OPTION_ROWS; i++) {
    if (hd__option_row_at(i)->key != NULL) {
      HD_TRY(hd__option_parse(config->ctx, hd__option_row_at(i), hd__option_row_at(i)->fallback,
                              &config->settings));
    }
  }
  HD_TRY(fill_params(config));
  HD_TRY(apply(config, config->method->about.settings, ORIGIN_METHOD));
  const char *task_settings;
  for (int i = 0; (task_settings = hd__method_task(config->method, config->env, i)) != NULL; i++) {
    HD_TRY(apply(config, task_settings, ORIGIN_TASK));
  }
  return HD_OK;
}

hd_status hd_config_create(hd_ctx *ctx, const char *task, const char *method, hd_config **out) {
  const hd_env_desc *env;
  const hd__method_row *row;
  HD_TRY(hd_env_find(ctx, task, &env));
  HD_TRY(hd__method_find(ctx, method, &row));
  hd_config *config = hd__alloc(ctx, sizeof *config);
  if (config == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a configuration");
  }
  memset(config, 0, sizeof *config);
  config->ctx = ctx;
  config->env = env;
  config->method = row;
  const hd_status status = fill(config);
  if (status != HD_OK) {
    hd_config_destroy(config);
    return status;
  }
  *out = config;
  return HD_OK;
}

void hd_config_destroy(hd_config *config) {
  if (config != NULL) {
    hd__free(config->ctx, config, sizeof *config);
  }
}

hd_status hd_config_set(hd_config *config, const char *key, const char *value) {
  return set(config, key, value, ORIGIN_USER);
}

/* The row behind the index-th option, group headings left out. */
static int row_of(int index) {
  int i = 0;
  for (;; i++) {
    if (hd__option_row_at(i)->key != NULL && index-- == 0) {
      return i;
    }
  }
}

const hd__option_row *hd__config_row(int index) {
  return index < HD_OPTION_KEYS ? hd__option_row_at(row_of(index)) : NULL;
}

hd__model_param hd__config_model_param(const hd_config *config, int index) {
  return param_at(config, index - HD_OPTION_KEYS);
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
    return set(config, key, value, ORIGIN_RECORDED);
  }
  char before[TEXT_SIZE];
  const unsigned char origin = config->origin[index];
  snprintf(before, sizeof before, "%s", hd__config_line(config, index).value);
  HD_TRY(set(config, key, value, ORIGIN_RECORDED));
  if (strcmp(hd__config_line(config, index).value, before) == 0) {
    config->origin[index] = origin;
  }
  return HD_OK;
}

int hd_config_count(const hd_config *config) { return HD_OPTION_KEYS + config->models.n_params; }

static const char *group_of(int index) {
  while (hd__option_row_at(index)->group == NULL) {
    index--;
  }
  return hd__option_row_at(index)->group;
}

static hd_option option_at(hd_config *config, int index) {
  hd_option option = {.key = config->key, .value = config->value, .fallback = "", .allowed = ""};
  if (index < HD_OPTION_KEYS) {
    const int i = row_of(index);
    const hd__option_row *row = hd__option_row_at(i);
    snprintf(config->key, sizeof config->key, "%s", row->key);
    hd__option_print(row, &config->settings, config->value, sizeof config->value);
    option.type = hd__option_type_name(row->type);
    option.unit = row->unit;
    option.help = row->help;
    option.group = group_of(i);
    option.origin = origin_names[config->origin[index]];
    return option;
  }
  index -= HD_OPTION_KEYS;
  const hd__model_param param = param_at(config, index);
  const hd__option_row row = hd__param_row(param.param);
  snprintf(config->key, sizeof config->key, "%s.%s", param.model, param.param->name);
  hd__print_float(config->value, sizeof config->value, config->param[index]);
  option.type = hd__option_type_name(HD_TYPE_PARAM);
  option.unit = row.unit;
  option.help = row.help;
  option.group = hd__model_group(param.kind);
  option.origin = origin_names[config->origin[HD_OPTION_KEYS + index]];
  return option;
}

int hd__config_find(const hd_config *config, const char *key) {
  const int now = key_find(key, false), param = now < 0 ? param_find(config, key) : -1;
  return now >= 0 ? now : param >= 0 ? HD_OPTION_KEYS + param : key_find(key, true);
}

hd_option hd__config_line(const hd_config *config, int index) {
  return option_at((hd_config *)config, index);
}

const char *hd_config_get(const hd_config *config, const char *key) {
  const int index = hd__config_find(config, key);
  return index >= 0 ? hd__config_line(config, index).value : NULL;
}

const char *hd_config_task(const hd_config *config) { return config->env->name; }
const char *hd_config_method(const hd_config *config) { return config->method->about.name; }

const hd__settings *hd__config_settings(const hd_config *config) { return &config->settings; }
const hd_env_desc *hd__config_env(const hd_config *config) { return config->env; }
hd_ctx *hd__config_ctx(const hd_config *config) { return config->ctx; }

void hd__config_params(const hd_config *config, hd__model_kind kind, const char *model,
                       float *params) {
  int n;
  const int first = hd__model_params(config->ctx, &config->models, kind, model, &n);
  memcpy(params, config->param + first, (size_t)n * sizeof *params);
}

float hd__config_param(const hd_config *config, const hd__neuron_desc *neuron, const char *name,
                       float fallback) {
  int n;
  const int first =
      hd__model_params(config->ctx, &config->models, HD_MODEL_NEURON, neuron->name, &n);
  for (int k = 0; k < n; k++) {
    if (strcmp(neuron->param[k].name, name) == 0) {
      return config->param[first + k];
    }
  }
  return fallback;
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

void hd__config_assign(hd_config *to, const hd_config *from) { *to = *from; }
