#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "coding.h"
#include "method.h"
#include "text.h"

enum option_type { TYPE_NUM, TYPE_INT, TYPE_FLAG, TYPE_CHOICE, TYPE_WORD, TYPE_LIST, TYPE_PARAM };
enum origin { ORIGIN_DEFAULT, ORIGIN_METHOD, ORIGIN_TASK, ORIGIN_USER };

static const char *const type_names[] = {"number", "integer", "flag",  "name",
                                         "name",   "list",    "number"};
static const char *const origin_names[] = {"default", "method", "task", "user"};

typedef struct option_row {
  const char *key, *fallback;
  enum option_type type;
  size_t offset;
  double low, high;
  const char *unit, *help, *group;
  const char *const *choices;                        /* CHOICE: NULL-terminated */
  hd_status (*known)(hd_ctx *ctx, const char *word); /* WORD */
} option_row;

#define WORD_TEXT(list, word) #word,
#define CHOICE_WORDS(list) \
  static const char *const list##_words[] = {HD_CHOICE_##list(WORD_TEXT) NULL};
CHOICE_WORDS(rng)
CHOICE_WORDS(reward)
CHOICE_WORDS(blocks)
CHOICE_WORDS(basis)
CHOICE_WORDS(drive)
CHOICE_WORDS(readout)
CHOICE_WORDS(init)
CHOICE_WORDS(optimiser)
CHOICE_WORDS(anneal)
CHOICE_WORDS(critic)

static const char *coding_name(const void *list, int i) {
  (void)list;
  return hd__code_at(i)->name;
}

static const char *neuron_name(const void *list, int i) {
  (void)list;
  return hd__neuron_at(i)->name;
}

static hd_status unknown(hd_ctx *ctx, const char *kind, const char *word, hd__name_fn name, int n) {
  const char *near = hd__nearest(word, name, NULL, n);
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "no %s is called '%s'; did you mean '%s'?", kind, word,
                        near)
             : hd__fail(ctx, HD_UNKNOWN, "no %s is called '%s'; `hedon list %ss` shows them", kind,
                        word, kind);
}

static hd_status coding_known(hd_ctx *ctx, const char *word) {
  return hd__code_find(word) != NULL ? HD_OK
                                     : unknown(ctx, "coding", word, coding_name, hd__code_count());
}

static hd_status neuron_known(hd_ctx *ctx, const char *word) {
  return hd__neuron_find(word) != NULL
             ? HD_OK
             : unknown(ctx, "neuron", word, neuron_name, hd__neuron_count());
}

static hd_status rule_known(hd_ctx *ctx, const char *word) {
  const hd_rule_desc *rule;
  return hd_rule_find(ctx, word, &rule);
}

#define AT(name) .key = #name, .offset = offsetof(hd__settings, name)
#define ROW_NUM(name, fallback_, low_, high_, unit_, help_)              \
  {AT(name),      .type = TYPE_NUM, .fallback = #fallback_, .low = low_, \
   .high = high_, .unit = unit_,    .help = help_},
#define ROW_INT(name, fallback_, low_, high_, unit_, help_)              \
  {AT(name),      .type = TYPE_INT, .fallback = #fallback_, .low = low_, \
   .high = high_, .unit = unit_,    .help = help_},
#define ROW_FLAG(name, fallback_, help_) \
  {AT(name), .type = TYPE_FLAG, .fallback = #fallback_, .unit = "", .help = help_},
#define ROW_CHOICE(name, fallback_, choices_, help_)        \
  {AT(name),   .type = TYPE_CHOICE, .fallback = #fallback_, \
   .unit = "", .help = help_,       .choices = choices_##_words},
#define ROW_WORD(name, fallback_, kind_, help_)           \
  {AT(name),   .type = TYPE_WORD, .fallback = #fallback_, \
   .unit = "", .help = help_,     .known = kind_##_known},
#define ROW_LIST(name, fallback_, low_, high_, help_)                     \
  {AT(name),      .type = TYPE_LIST, .fallback = #fallback_, .low = low_, \
   .high = high_, .unit = "",        .help = help_},
#define ROW_GROUP(title) {.group = title},

/* Options and group headings, in the order in which they are listed. */
static const option_row rows[] = {
    HD_OPTIONS(ROW_NUM, ROW_INT, ROW_FLAG, ROW_CHOICE, ROW_WORD, ROW_LIST, ROW_GROUP)};

enum {
  N_ROWS = sizeof rows / sizeof rows[0],
  N_NEURONS_MAX = 16,
  N_PARAMS_MAX = N_NEURONS_MAX * HD_NEURON_PARAMS_MAX,
  TEXT_SIZE = 96
};

struct hd_config {
  hd_ctx *ctx;
  const hd_env_desc *env;
  const hd__method_row *method;
  hd__settings settings;
  float param[N_NEURONS_MAX][HD_NEURON_PARAMS_MAX];
  unsigned char origin[N_ROWS];
  unsigned char param_origin[N_PARAMS_MAX];
  /* What hd_config_at hands out. */
  char value[TEXT_SIZE], fallback[TEXT_SIZE], allowed[4 * TEXT_SIZE], key[TEXT_SIZE];
};

/* ---- words ---- */

/* The words users see have hyphens. */
static void hyphenate(char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '_') {
      *text = '-';
    }
  }
}

static bool same_choice(const char *word, const char *typed) {
  for (; *word != '\0' && (*word == *typed || (*word == '_' && *typed == '-')); word++, typed++) {
  }
  return *word == *typed;
}

/* ---- one option as text ---- */

static void print_number(char *text, size_t size, double value) {
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(text, size, "%.*g", digits, value);
    if (strtod(text, NULL) == value || isnan(value)) {
      return;
    }
  }
}

/* The same for a number kept as float. */
static void print_float(char *text, size_t size, float value) {
  for (int digits = 6; digits <= 9; digits++) {
    snprintf(text, size, "%.*g", digits, (double)value);
    if (strtof(text, NULL) == value) {
      return;
    }
  }
}

static void print_row(const option_row *row, const hd__settings *settings, char *text,
                      size_t size) {
  const char *at = (const char *)settings + row->offset;
  switch (row->type) {
    case TYPE_NUM:
      print_number(text, size, *(const double *)at);
      break;
    case TYPE_INT:
      snprintf(text, size, "%lld", (long long)*(const int64_t *)at);
      break;
    case TYPE_FLAG:
      snprintf(text, size, "%s", *(const bool *)at ? "true" : "false");
      break;
    case TYPE_CHOICE:
      snprintf(text, size, "%s", row->choices[*(const int *)at]);
      hyphenate(text);
      break;
    case TYPE_WORD:
      snprintf(text, size, "%s", at);
      break;
    case TYPE_LIST: {
      const hd__list *list = (const hd__list *)at;
      size_t used = 0;
      for (int i = 0; i < list->n; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%d", i > 0 ? "," : "", list->item[i]);
      }
      break;
    }
    case TYPE_PARAM:
      break;
  }
}

static void print_range(const option_row *row, char *text, size_t size) {
  switch (row->type) {
    case TYPE_FLAG:
      snprintf(text, size, "true or false");
      break;
    case TYPE_CHOICE: {
      size_t used = 0;
      for (int i = 0; row->choices[i] != NULL && used < size; i++) {
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", row->choices[i]);
      }
      hyphenate(text);
      break;
    }
    case TYPE_WORD:
      snprintf(text, size, "see `hedon list %ss`", row->key);
      break;
    case TYPE_LIST:
      snprintf(text, size, "up to %d of %.12g to %.12g", HD_LIST_MAX, row->low, row->high);
      break;
    case TYPE_PARAM:
      snprintf(text, size, "%g to %g", row->low, row->high);
      break;
    default:
      snprintf(text, size, "%.12g to %.12g", row->low, row->high);
  }
}

static hd_status out_of_range(hd_ctx *ctx, const option_row *row, const char *key,
                              const char *value) {
  char range[4 * TEXT_SIZE];
  print_range(row, range, sizeof range);
  return hd__fail(ctx, HD_RANGE, "%s = %.60s%s%s, allowed: %s", key, value,
                  row->unit[0] != '\0' ? " " : "", row->unit, range);
}

static bool parse_number(const char *text, double *out) {
  char *end;
  errno = 0;
  *out = strtod(text, &end);
  return end != text && *end == '\0';
}

static bool parse_whole(const char *text, double *out) {
  return parse_number(text, out) && *out == rint(*out) && fabs(*out) <= HD_BIG;
}

static bool parse_list(const option_row *row, const char *text, hd__list *list) {
  *list = (hd__list){0};
  while (*text != '\0' && list->n < HD_LIST_MAX) {
    char *end;
    const long item = strtol(text, &end, 10);
    if (end == text || (double)item < row->low || (double)item > row->high) {
      return false;
    }
    list->item[list->n++] = (int)item;
    text = end;
    if (*text == ',' && text[1] != '\0') {
      text++;
    }
  }
  return list->n > 0 && *text == '\0';
}

/* Parse `value` into the member of `settings`. */
static hd_status parse_row(hd_ctx *ctx, const option_row *row, const char *value,
                           hd__settings *settings) {
  char *at = (char *)settings + row->offset;
  double number;
  switch (row->type) {
    case TYPE_NUM:
      if (!parse_number(value, &number) ||
          (isnan(number) ? strcasecmp(row->fallback, "nan") != 0
                         : number < row->low || number > row->high)) {
        return out_of_range(ctx, row, row->key, value);
      }
      *(double *)at = number;
      return HD_OK;
    case TYPE_INT:
      if (!parse_whole(value, &number) || number < row->low || number > row->high) {
        return out_of_range(ctx, row, row->key, value);
      }
      *(int64_t *)at = (int64_t)number;
      return HD_OK;
    case TYPE_FLAG:
      if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
        return out_of_range(ctx, row, row->key, value);
      }
      *(bool *)at = value[0] == 't';
      return HD_OK;
    case TYPE_CHOICE:
      for (int i = 0; row->choices[i] != NULL; i++) {
        if (same_choice(row->choices[i], value)) {
          *(int *)at = i;
          return HD_OK;
        }
      }
      return out_of_range(ctx, row, row->key, value);
    case TYPE_WORD:
      if (strlen(value) >= HD_WORD_SIZE) {
        return out_of_range(ctx, row, row->key, value);
      }
      HD_TRY(row->known(ctx, value));
      snprintf(at, HD_WORD_SIZE, "%s", value);
      return HD_OK;
    case TYPE_LIST: {
      hd__list list;
      if (!parse_list(row, value, &list)) {
        return out_of_range(ctx, row, row->key, value);
      }
      *(hd__list *)at = list;
      return HD_OK;
    }
    case TYPE_PARAM:
      break;
  }
  return HD_OK;
}

/* ---- neuron parameters, keys "model.name" ---- */

static int param_count(void) {
  int n = 0;
  for (int i = 0; i < hd__neuron_count(); i++) {
    n += hd__neuron_at(i)->n_params;
  }
  return n;
}

/* Model and parameter of the flat index. */
static const hd__neuron_desc *param_at(int index, int *param) {
  int i = 0;
  while (index >= hd__neuron_at(i)->n_params) {
    index -= hd__neuron_at(i)->n_params;
    i++;
  }
  *param = index;
  return hd__neuron_at(i);
}

static void param_key(int index, char *text, size_t size) {
  int k;
  const hd__neuron_desc *neuron = param_at(index, &k);
  snprintf(text, size, "%s.%s", neuron->name, neuron->param[k].name);
}

static int param_find(const char *key) {
  for (int i = 0; i < param_count(); i++) {
    char name[TEXT_SIZE];
    param_key(i, name, sizeof name);
    if (strcmp(name, key) == 0) {
      return i;
    }
  }
  return -1;
}

static option_row param_row(const hd__neuron_param *param) {
  return (option_row){.type = TYPE_PARAM,
                      .low = (double)param->low,
                      .high = (double)param->high,
                      .unit = param->unit,
                      .help = param->help};
}

static hd_status set_param(hd_config *config, int index, const char *key, const char *value,
                           enum origin origin) {
  int k;
  const hd__neuron_desc *neuron = param_at(index, &k);
  const option_row row = param_row(&neuron->param[k]);
  double number;
  if (!parse_number(value, &number) || !((float)number >= neuron->param[k].low) ||
      !((float)number <= neuron->param[k].high)) {
    return out_of_range(config->ctx, &row, key, value);
  }
  config->param[neuron->id][k] = (float)number;
  config->param_origin[index] = (unsigned char)origin;
  return HD_OK;
}

/* ---- the whole ---- */

/* All keys by number: rows, group headings (NULL) among them. */
static const char *key_name(const void *list, int i) {
  (void)list;
  return rows[i].key;
}

static hd_status set(hd_config *config, const char *key, const char *value, enum origin origin) {
  for (int i = 0; i < N_ROWS; i++) {
    if (rows[i].key != NULL && strcmp(rows[i].key, key) == 0) {
      HD_TRY(parse_row(config->ctx, &rows[i], value, &config->settings));
      config->origin[i] = (unsigned char)origin;
      return HD_OK;
    }
  }
  const int param = param_find(key);
  if (param >= 0) {
    return set_param(config, param, key, value, origin);
  }
  const char *near = hd__nearest(key, key_name, NULL, N_ROWS);
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
  for (int i = 0; i < N_ROWS; i++) {
    if (rows[i].key != NULL) {
      HD_TRY(parse_row(config->ctx, &rows[i], rows[i].fallback, &config->settings));
    }
  }
  for (int i = 0; i < hd__neuron_count(); i++) {
    for (int k = 0; k < hd__neuron_at(i)->n_params; k++) {
      config->param[i][k] = hd__neuron_at(i)->param[k].fallback;
    }
  }
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
    if (rows[i].key != NULL && index-- == 0) {
      return i;
    }
  }
}

static int option_count(void) {
  int n = 0;
  for (int i = 0; i < N_ROWS; i++) {
    n += rows[i].key != NULL;
  }
  return n;
}

int hd_config_count(const hd_config *config) {
  (void)config;
  return option_count() + param_count();
}

static const char *group_of(int index) {
  while (rows[index].group == NULL) {
    index--;
  }
  return rows[index].group;
}

static hd_option option_at(hd_config *config, int index) {
  hd_option option = {.key = config->key,
                      .value = config->value,
                      .fallback = config->fallback,
                      .allowed = config->allowed};
  if (index < option_count()) {
    const int i = row_of(index);
    const option_row *row = &rows[i];
    hd__settings fallback;
    memset(&fallback, 0, sizeof fallback);
    parse_row(config->ctx, row, row->fallback, &fallback);
    snprintf(config->key, sizeof config->key, "%s", row->key);
    print_row(row, &config->settings, config->value, sizeof config->value);
    print_row(row, &fallback, config->fallback, sizeof config->fallback);
    print_range(row, config->allowed, sizeof config->allowed);
    option.type = type_names[row->type];
    option.unit = row->unit;
    option.help = row->help;
    option.group = group_of(i);
    option.origin = origin_names[config->origin[i]];
    return option;
  }
  index -= option_count();
  int k;
  const hd__neuron_desc *neuron = param_at(index, &k);
  const option_row row = param_row(&neuron->param[k]);
  param_key(index, config->key, sizeof config->key);
  print_float(config->value, sizeof config->value, config->param[neuron->id][k]);
  print_float(config->fallback, sizeof config->fallback, neuron->param[k].fallback);
  print_range(&row, config->allowed, sizeof config->allowed);
  option.type = type_names[TYPE_PARAM];
  option.unit = row.unit;
  option.help = row.help;
  option.group = "Neurons";
  option.origin = origin_names[config->param_origin[index]];
  return option;
}

int hd__config_find(const char *key) {
  int index = 0;
  for (int i = 0; i < N_ROWS; i++) {
    if (rows[i].key != NULL && strcmp(rows[i].key, key) == 0) {
      return index;
    }
    index += rows[i].key != NULL;
  }
  const int param = param_find(key);
  return param >= 0 ? index + param : -1;
}

hd_option hd_config_at(const hd_config *config, int index) {
  return option_at((hd_config *)config, index);
}

const char *hd_config_get(const hd_config *config, const char *key) {
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (strcmp(option.key, key) == 0) {
      return option.value;
    }
  }
  return NULL;
}

const char *hd_config_task(const hd_config *config) { return config->env->name; }
const char *hd_config_method(const hd_config *config) { return config->method->about.name; }

const hd__settings *hd__config_settings(const hd_config *config) { return &config->settings; }
const hd_env_desc *hd__config_env(const hd_config *config) { return config->env; }
hd_ctx *hd__config_ctx(const hd_config *config) { return config->ctx; }

void hd__config_neuron(const hd_config *config, float params[HD_NEURON_PARAMS_MAX]) {
  const hd__neuron_desc *neuron = hd__neuron_find(config->settings.neuron);
  memcpy(params, config->param[neuron->id], sizeof config->param[0]);
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
