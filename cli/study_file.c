#include "study_file.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

enum { SEEDS = 10, MOST_DRAWS = 10000, MOST_ROUNDS = 8, KEY = STUDY_KEY };

hd_status study_file_refuse(study_file *self, const char *format, ...) {
  char sentence[2 * MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(sentence, sizeof sentence, format, args);
  va_end(args);
  self->code = say_usage("%s, line %d: %s", self->path, self->line, sentence);
  return HD_USAGE;
}

/* ---- lines at the top ---- */

typedef enum study_kind {
  KIND_TEXT,
  KIND_TASKS,
  KIND_METHODS,
  KIND_WHOLE,
  KIND_SEED,
  KIND_NUMBER
} study_kind;

typedef struct study_key {
  const char *name;
  study_kind kind;
  size_t offset; /* in study_file, or of a text in comparison */
  double least, most;
} study_key;

static const study_key keys[] = {
    {"title", KIND_TEXT, offsetof(comparison, title), 0, 0},
    {"doc", KIND_TEXT, offsetof(comparison, doc), 0, 0},
    {"source", KIND_TEXT, offsetof(comparison, source), 0, 0},
    {"tasks", KIND_TASKS, 0, 0, 0},
    {"methods", KIND_METHODS, 0, 0, 0},
    {"seed", KIND_SEED, offsetof(study_file, seed), 0, 0},
    {"seeds", KIND_WHOLE, offsetof(study_file, seeds), 1, HD_STUDY_SEEDS},
    {"draws", KIND_WHOLE, offsetof(study_file, draws), 1, MOST_DRAWS},
    {"draw_seed", KIND_SEED, offsetof(study_file, draw_seed), 0, 0},
    {"cpu", KIND_NUMBER, offsetof(study_file, cpu), 1e-3, 1e9},
    {"rounds", KIND_WHOLE, offsetof(study_file, rounds), 1, MOST_ROUNDS},
    {"keep", KIND_NUMBER, offsetof(study_file, keep), 0.01, 0.99},
    {"set", KIND_TEXT, 0, 0, 0},
    {"task", KIND_TEXT, 0, 0, 0},
    {"sweep", KIND_TEXT, 0, 0, 0},
};
enum { N_KEYS = sizeof keys / sizeof *keys, N_LINES = N_KEYS - 3 };

static const char *study_file_key_name(const void *list, int i) {
  return ((const study_key *)list)[i].name;
}

static hd_status study_file_unknown(study_file *self, const char *key) {
  const char *near = hd_nearest_name(key, study_file_key_name, keys, N_KEYS);
  return near != NULL
             ? study_file_refuse(self, "a study has no '%s'; did you mean '%s'?", key, near)
             : study_file_refuse(self, "a study has no '%s'; see hedon study --help", key);
}

static hd_status study_file_number(study_file *self, const study_key *key, const char *text) {
  char *end;
  const double value = strtod(text, &end);
  const bool is_whole = key->kind != KIND_WHOLE || value == floor(value);
  if (*end != '\0' || !is_whole || !(value >= key->least && value <= key->most)) {
    return study_file_refuse(self, "%s is %s, allowed%s %g to %g", key->name, text,
                             key->kind == KIND_WHOLE ? ": whole," : "", key->least, key->most);
  }
  if (key->kind == KIND_WHOLE) {
    *(int64_t *)((char *)self + key->offset) = (int64_t)value;
  } else {
    *(double *)((char *)self + key->offset) = value;
  }
  return HD_OK;
}

static hd_status study_file_seed(study_file *self, const study_key *key, const char *text) {
  errno = 0;
  char *end;
  const unsigned long long value = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) {
    return study_file_refuse(self, "%s is %s, allowed: whole, 0 to %llu", key->name, text,
                             (unsigned long long)UINT64_MAX);
  }
  *(uint64_t *)((char *)self + key->offset) = value;
  return HD_OK;
}

static hd_status study_file_text(study_file *self, const study_key *key, const char *text) {
  char **to = (char **)((char *)self->out + key->offset);
  free(*to);
  *to = strdup(text);
  return *to != NULL ? HD_OK : HD_NOMEM;
}

static hd_status study_file_method(study_file *self, const char *text) {
  char **grown = realloc(self->method, sizeof *grown * (size_t)(self->n_methods + 1));
  if (grown == NULL) {
    return HD_NOMEM;
  }
  self->method = grown;
  self->method[self->n_methods] = strdup(text);
  return self->method[self->n_methods++] != NULL ? HD_OK : HD_NOMEM;
}

/* hd_toml_value.type of a line, or of the items of its list. */
static const char *study_file_type(study_kind kind) {
  static const char *const types[] = {
      [KIND_WHOLE] = "integer", [KIND_SEED] = "integer", [KIND_NUMBER] = "number",
      [KIND_TEXT] = "text",     [KIND_TASKS] = "text",   [KIND_METHODS] = "text"};
  return types[kind];
}

/* A line of what it should be: a value, or an item of a list. */
static hd_status study_file_check_line(study_file *self, const study_key *key,
                                       const hd_toml_value *value) {
  const bool is_list = key->kind == KIND_TASKS || key->kind == KIND_METHODS;
  if (key >= keys + N_LINES) {
    return study_file_refuse(self, "%s is a table, [%s], and here it is a value", key->name,
                             key->name);
  }
  if (value->text == NULL && is_list && value->n_keys == 1) {
    return study_file_refuse(self, "the list of %s is empty", key->name);
  }
  if (is_list && (value->item[0] < 0 || value->item[1] >= 0 || value->n_keys > 1)) {
    return study_file_refuse(self, "%s is a list of names, such as [\"%s\"]", key->name,
                             key->kind == KIND_TASKS ? "CartPole-v1" : "neuron-agent");
  }
  if (value->n_keys > 1 || (!is_list && value->item[0] >= 0)) {
    return study_file_refuse(self, "%s is one value, and here it is a %s", key->name,
                             value->n_keys > 1 ? "table" : "list");
  }
  return study_check_type(self, key->name, study_file_type(key->kind), value);
}

static hd_status study_file_line(study_file *self, const hd_toml_value *value) {
  const study_key *key = keys;
  for (; key < keys + N_KEYS && strcmp(key->name, value->key[0]) != 0; key++) {
  }
  if (key == keys + N_KEYS) {
    return study_file_unknown(self, value->key[0]);
  }
  HD_TRY(study_file_check_line(self, key, value));
  switch (key->kind) {
    case KIND_TASKS:
      return compare_add_task(self->out, value->text, strlen(value->text), "") == EXIT_OK
                 ? HD_OK
                 : HD_NOMEM;
    case KIND_METHODS:
      return study_file_method(self, value->text);
    case KIND_TEXT:
      return study_file_text(self, key, value->text);
    case KIND_SEED:
      return study_file_seed(self, key, value->text);
    default:
      return study_file_number(self, key, value->text);
  }
}

/* ---- tables ---- */

/* Append " key=value", or ",value" of a list that goes on, to settings. */
static hd_status study_file_append(study_file *self, char **settings, const char *key,
                                   const hd_toml_value *value) {
  const char *text = value->text != NULL ? value->text : "";
  if (strpbrk(text, " \t\n") != NULL || strpbrk(key, " \t\n=") != NULL) {
    return study_file_refuse(self, "%s holds a blank, for which a setting of a study has no place",
                             key);
  }
  if (value->item[1] >= 0) {
    return study_file_refuse(self, "%s is a list of lists; [sweep] takes several values", key);
  }
  HD_TRY(study_check_setting(self, key, 0, value));
  const bool goes_on = value->item[0] > 0;
  const size_t old = *settings != NULL ? strlen(*settings) : 0;
  const size_t size = old + strlen(key) + strlen(text) + 3;
  char *grown = realloc(*settings, size);
  if (grown == NULL) {
    return HD_NOMEM;
  }
  *settings = grown;
  snprintf(grown + old, size - old, "%s%s%s%s", goes_on ? "," : " ", goes_on ? "" : key,
           goes_on ? "" : "=", text);
  return HD_OK;
}

/* The keys from `first` on, joined by dots; false: too long. */
static bool study_file_join(const hd_toml_value *value, int first, int end, char key[KEY]) {
  size_t n = 0;
  key[0] = '\0';
  for (int i = first; i < end && n < KEY; i++) {
    n += (size_t)snprintf(key + n, KEY - n, "%s%s", i > first ? "." : "", value->key[i]);
  }
  return n > 0 && n < KEY;
}

static hd_status study_file_task(study_file *self, const hd_toml_value *value) {
  const hd_env_desc *named, *env;
  char key[KEY];
  if (value->n_keys < 3 || !study_file_join(value, 2, value->n_keys, key)) {
    return study_file_refuse(self, "[task.\"NAME\"] holds settings of one task");
  }
  if (hd_env_find(self->ctx, value->key[1], &named) != HD_OK) {
    return study_file_refuse(self, "%s", hd_ctx_error(self->ctx));
  }
  for (int t = 0; t < self->out->n_tasks; t++) {
    if (hd_env_find(self->ctx, self->out->task[t].name, &env) == HD_OK && env == named) {
      return study_file_append(self, &self->out->task[t].settings, key, value);
    }
  }
  return study_file_refuse(self, "%s is none of the study's tasks", value->key[1]);
}

static hd_status study_file_sweep(study_file *self, const hd_toml_value *value) {
  char key[KEY];
  const char *last = value->key[value->n_keys - 1];
  const bool is_bound = value->n_keys > 2 && value->item[0] < 0 &&
                        (strcmp(last, "low") == 0 || strcmp(last, "high") == 0);
  if (!study_file_join(value, 1, value->n_keys - is_bound, key)) {
    return study_file_refuse(self, "[sweep] holds lists of values, or bounds {low = , high = }");
  }
  return study_sweep_take(self, key, is_bound ? last : NULL, value);
}

/* A hd_toml_fn. */
static hd_status study_file_take(void *user, const hd_toml_value *value) {
  study_file *self = user;
  char key[KEY];
  self->line = value->line;
  if (strcmp(value->key[0], "set") == 0 && study_file_join(value, 1, value->n_keys, key)) {
    return study_file_append(self, &self->out->set, key, value);
  }
  return strcmp(value->key[0], "task") == 0                         ? study_file_task(self, value)
         : strcmp(value->key[0], "sweep") == 0 && value->n_keys > 1 ? study_file_sweep(self, value)
                                                                    : study_file_line(self, value);
}

/* ---- the plan ---- */

static int study_file_check(const study_file *self) {
  if (self->out->n_tasks == 0 || self->n_methods == 0) {
    return say_usage(
        "%s has no %s, such as %s", self->path, self->out->n_tasks == 0 ? "tasks" : "methods",
        self->out->n_tasks == 0 ? "tasks = [\"CartPole-v1\"]" : "methods = [\"neuron-agent\"]");
  }
  return EXIT_OK;
}

static int study_file_finish(study_file *self) {
  comparison *out = self->out;
  out->seed = self->seed;
  out->n_seeds = (int)self->seeds;
  out->n_rounds = (int)self->rounds;
  out->keep = self->keep;
  int code = study_file_check(self);
  code = code == EXIT_OK ? study_sweep_labels(self) : code;
  code = code == EXIT_OK ? compare_make_cells(self->ctx, out) : code;
  if (code == EXIT_OK && self->cpu > 0) {
    compare_share_cpu(out, self->cpu);
  }
  return code;
}

int study_plan(hd_ctx *ctx, const arguments *args, const char *path, comparison *out) {
  study_file self = {.ctx = ctx,
                     .path = path,
                     .out = out,
                     .draws = 10,
                     .rounds = 1,
                     .keep = 0.5,
                     .seeds = SEEDS,
                     .code = EXIT_OK};
  *out = (comparison){.kind = "study", .args = args, .n_rounds = 1};
  hd_status status = hd_config_create(ctx, hd_env_at(ctx, 0)->name, NULL, &self.options);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  status = hd_toml_read(ctx, path, study_file_take, &self);
  int code = self.code != EXIT_OK ? self.code : status == HD_OK ? EXIT_OK : say_status(ctx, status);
  code = code == EXIT_OK ? study_file_finish(&self) : code;
  for (int i = 0; i < self.n_methods; i++) {
    free(self.method[i]);
  }
  free(self.method);
  study_sweep_free(&self);
  hd_config_destroy(self.options);
  return status == HD_FORMAT ? EXIT_USAGE : code;
}
