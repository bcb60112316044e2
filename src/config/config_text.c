/* The file begins with hedon, task and method and lists one option a line. A table [run], which a
 * run folder adds, says how many learners there are; the settings of one do not depend on it. */
#include "config_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env_optional.h"
#include "key.h"
#include "plugin_text.h"
#include "readers.h"
#include "toml.h"

/* A key whose group is an option itself, such as critic.cells, is quoted, since TOML has no value
 * that is a table as well. */
static void config_text_write_key(hd__sink *sink, const hd_config *config, const char *key) {
  char group[HD_TOML_KEY];
  const size_t n = strcspn(key, ".");
  snprintf(group, sizeof group, "%.*s", (int)n, key);
  const bool is_quoted = key[n] == '.' && hd__config_find(config, group) >= 0;
  hd__sink_text(sink, is_quoted ? "\"" : "");
  hd__sink_text(sink, key);
  hd__sink_text(sink, is_quoted ? "\" = " : " = ");
}

static void config_text_write_option(hd__sink *sink, const hd_config *config,
                                     const hd_option *option) {
  config_text_write_key(sink, config, option->key);
  hd__toml_write_value(sink, option->type, option->value);
  hd__sink_text(sink, "  # ");
  if (option->unit[0] != '\0') {
    hd__sink_text(sink, option->unit);
    hd__sink_text(sink, option->help[0] != '\0' ? "; " : "");
  }
  hd__sink_text(sink, option->help);
  hd__sink_text(sink, "\n");
}

void hd__config_write_text(hd__sink *sink, const hd_config *config) {
  hd__sink_text(sink, "hedon = \"" HD_VERSION_STRING "\"\ntask = ");
  hd__toml_write_value(sink, "name", hd_config_task(config));
  hd__sink_text(sink, "\nmethod = ");
  hd__toml_write_value(sink, "name", hd_config_method(config));
  hd__sink_text(sink, "\n");
  if (hd__config_method_hash(config) != 0) {
    hd__sink_print(sink,
                   "method_hash = \"%016" PRIx64 "\"  # of the file that the method came from\n",
                   hd__config_method_hash(config));
  }
  const hd__facts facts = hd__facts_of(config);
  const char *group = "";
  const int n_options = hd_config_count(config);
  for (int i = 0; i < n_options; i++) {
    if (!hd__facts_read(&facts, i) && !hd__config_is_users(config, i)) {
      continue;
    }
    const hd_option option = hd__config_line(config, i);
    if (strcmp(group, option.group) != 0) {
      group = option.group;
      hd__sink_text(sink, "\n# ");
      hd__sink_text(sink, group);
      hd__sink_text(sink, "\n");
    }
    config_text_write_option(sink, config, &option);
  }
  hd__plugin_write_text(sink, hd__config_ctx(config));
}

static hd_status config_text_fail_at(hd_ctx *ctx, hd_status status, const char *name, int line,
                                     const char *problem) {
  return hd__fail(ctx, status, "%s, line %d: %s", name, line, problem);
}

/* Put file and line before the sentence that a callee left. */
static hd_status config_text_locate(hd_ctx *ctx, hd_status status, const char *name, int line) {
  char sentence[HD_ERROR_SIZE];
  memcpy(sentence, ctx->error, sizeof sentence);
  return config_text_fail_at(ctx, status, name, line, sentence);
}

/* A text while it is read. */
typedef struct source {
  const char *name; /* the file's, for sentences */
  hd__toml_doc doc;
  char task[HD_TOML_VALUE], method[HD_TOML_VALUE]; /* its lines `task` and `method`, or "" */
  uint64_t hash;                                   /* its line `method_hash`, or 0 */
  bool is_recorded;                                /* it has a line `hedon` */
  bool *is_set;                                    /* [hd_config_count] */
  hd__run_table *table;
} source;

/* Lines that say what the file is about, rather than set an option. */
static bool config_text_is_head(const char *key) {
  return strcmp(key, "hedon") == 0 || strcmp(key, "task") == 0 || strcmp(key, "method") == 0 ||
         strcmp(key, "method_hash") == 0;
}

static hd_status config_text_check_run_line(hd_ctx *ctx, const char *name, const hd__toml *toml,
                                            hd__run_table *table) {
  char *end;
  const char *key = hd__toml_within(toml, "run");
  errno = 0;
  const unsigned long long number = strtoull(toml->value, &end, 10);
  const bool is_whole =
      toml->value[0] >= '0' && toml->value[0] <= '9' && *end == '\0' && errno == 0;
  if (strcmp(key, "seed") == 0 && is_whole) {
    table->seed = number;
    return HD_OK;
  }
  if (strcmp(key, "seeds") == 0 && is_whole && number >= 1 && number <= INT32_MAX) {
    table->seeds = (int64_t)number;
    return HD_OK;
  }
  return config_text_fail_at(ctx, HD_FORMAT, name, toml->line,
                             "[run] holds seed, a whole number, and seeds, a whole number from 1");
}

/* Is this option set a second time? is_set [hd_config_count]. */
static bool config_text_is_repeated(const hd_config *config, const char *key, bool *is_set) {
  const int i = hd__config_find(config, key);
  const bool is_again = i >= 0 && is_set[i];
  if (i >= 0) {
    is_set[i] = true;
  }
  return is_again;
}

static hd_status config_text_check_task(hd_ctx *ctx, const hd_config *config, const source *from,
                                        const hd__toml *toml) {
  const hd_env_desc *env;
  const hd_status status = hd_env_find(ctx, toml->value, &env);
  if (status != HD_OK) {
    return config_text_locate(ctx, status, from->name, toml->line);
  }
  return strcmp(env->name, hd_config_task(config)) == 0
             ? HD_OK
             : hd__fail(ctx, HD_CONFLICT, "%s, line %d: the file is for task %s, this is %s",
                        from->name, toml->line, env->name, hd_config_task(config));
}

static hd_status config_text_check_method(hd_ctx *ctx, const hd_config *config, const source *from,
                                          const hd__toml *toml) {
  return strcmp(toml->value, hd_config_method(config)) == 0
             ? HD_OK
             : hd__fail(ctx, HD_CONFLICT, "%s, line %d: the file is for method %.60s, this is %s",
                        from->name, toml->line, toml->value, hd_config_method(config));
}

static hd_status config_text_apply_line(hd_config *config, const source *from,
                                        const hd__toml *toml) {
  hd_ctx *ctx = hd__config_ctx(config);
  if (hd__toml_within(toml, "run") != NULL) {
    return config_text_check_run_line(ctx, from->name, toml, from->table);
  }
  if (hd__toml_within(toml, "plugins") != NULL) {
    return HD_OK;
  }
  if (strcmp(toml->path, "task") == 0) {
    return config_text_check_task(ctx, config, from, toml);
  }
  if (strcmp(toml->path, "method") == 0) {
    return config_text_check_method(ctx, config, from, toml);
  }
  if (config_text_is_head(toml->path)) {
    return HD_OK;
  }
  if (config_text_is_repeated(config, toml->path, from->is_set)) {
    return hd__fail(ctx, HD_FORMAT, "%s, line %d: %s is set a second time", from->name, toml->line,
                    toml->path);
  }
  hd_status status = (from->is_recorded ? hd__config_set_recorded : hd_config_set)(
      config, toml->path, toml->value);
  if (status == HD_OK && !from->is_recorded) { /* a run's own file may hold a name that looks like
                                                  a number, without quotes */
    status = hd__key_check_kind(ctx, toml->path, toml->kind);
  }
  return status == HD_OK ? HD_OK : config_text_locate(ctx, status, from->name, toml->line);
}

static hd_status config_text_apply_lines(hd_config *config, const source *from) {
  hd__toml toml;
  hd__toml_begin(&toml, &from->doc);
  while (hd__toml_next(&toml)) {
    HD_TRY(config_text_apply_line(config, from, &toml));
  }
  return HD_OK;
}

/* Apply a text to a configuration; on failure it may be half applied. */
static hd_status config_text_apply_text(hd_config *config, source *from, hd__run_table *table) {
  hd_ctx *ctx = hd__config_ctx(config);
  const size_t bytes = sizeof(bool) * (size_t)hd_config_count(config);
  hd__run_table ignored = {0};
  from->table = table != NULL ? table : &ignored;
  from->is_set = hd__alloc(ctx, bytes);
  if (from->is_set == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %s", from->name);
  }
  memset(from->is_set, 0, bytes);
  const hd_status status = config_text_apply_lines(config, from);
  hd__free(ctx, from->is_set, bytes);
  return status;
}

/* Find the lines that say what the text is. */
static hd_status config_text_read_head(hd_ctx *ctx, source *from) {
  hd__toml toml;
  hd__toml_begin(&toml, &from->doc);
  while (hd__toml_next(&toml)) {
    char *value = strcmp(toml.path, "task") == 0     ? from->task
                  : strcmp(toml.path, "method") == 0 ? from->method
                                                     : NULL;
    if (value != NULL) {
      memcpy(value, toml.value, HD_TOML_VALUE);
    }
    if (strcmp(toml.path, "method_hash") == 0) {
      from->hash = strtoull(toml.value, NULL, 16);
    }
    from->is_recorded |= strcmp(toml.path, "hedon") == 0;
  }
  return hd__plugin_check_text(ctx, from->name, &from->doc);
}

/* Of what was written where its environment was known. */
static const char *config_text_bringer(hd_ctx *ctx, const source *from) {
  const hd_env_desc *env;
  return from->is_recorded && hd__env_optional(from->task) == NULL &&
                 hd_env_find(ctx, from->task, &env) == HD_UNKNOWN
             ? "; the Python program or the plug-in that brought it is not loaded"
             : "";
}

static hd_status config_text_create(hd_ctx *ctx, source *from, hd_config **out) {
  HD_TRY(config_text_read_head(ctx, from));
  if (from->task[0] == '\0' || from->method[0] == '\0') {
    return hd__fail(ctx, HD_FORMAT, "%s has no line `%s = ...`", from->name,
                    from->task[0] == '\0' ? "task" : "method");
  }
  const hd_status status =
      from->hash != 0 ? hd__config_create_recorded(ctx, from->task, from->method, from->hash, out)
                      : hd_config_create(ctx, from->task, from->method, out);
  if (status == HD_UNKNOWN) {
    char sentence[HD_ERROR_SIZE];
    memcpy(sentence, ctx->error, sizeof sentence);
    return hd__fail(ctx, status, "%s: %s%s", from->name, sentence, config_text_bringer(ctx, from));
  }
  return status;
}

static hd_status config_text_parse(hd_ctx *ctx, source *from, hd__run_table *table,
                                   hd_config **out) {
  hd_config *config;
  HD_TRY(config_text_create(ctx, from, &config));
  const hd_status status = config_text_apply_text(config, from, table);
  if (status != HD_OK) {
    hd_config_destroy(config);
    return status;
  }
  *out = config;
  return HD_OK;
}

hd_status hd__config_parse(hd_ctx *ctx, const char *name, const char *text, size_t size,
                           hd__run_table *table, hd_config **out) {
  source from = {.name = name};
  HD_TRY(hd__toml_read_settings(ctx, name, text, size, &from.doc));
  const hd_status status = config_text_parse(ctx, &from, table, out);
  hd__toml_free(&from.doc);
  return status;
}

/* A line of a file of a run that nothing reads, since a person changed it or another version wrote
 * it, is no offence; one note names the first. */
static void config_text_note_unread(const hd_config *config, const char *path) {
  const hd__facts facts = hd__facts_of(config);
  int n = 0, first = 0;
  const int n_options = hd_config_count(config);
  for (int i = 0; i < n_options; i++) {
    if (hd__config_is_recorded(config, i) && !hd__facts_read(&facts, i)) {
      first = n++ == 0 ? i : first;
    }
  }
  if (n > 0) {
    char words[HD_ERROR_SIZE];
    hd__reader_words(config, first, words, sizeof words);
    const char *key = hd__config_line(config, first).key;
    hd__log(hd__config_ctx(config), "%s: nothing in this run reads %s%s; %s is read by %s", path,
            key, n > 1 ? ", nor others that the file sets" : "", key, words);
  }
}

bool hd__config_is_same_method(const hd_config *a, const hd_config *b) {
  return strcmp(hd_config_task(a), hd_config_task(b)) == 0 &&
         strcmp(hd_config_method(a), hd_config_method(b)) == 0 &&
         hd__config_method_hash(a) == hd__config_method_hash(b);
}

int hd__config_difference(const hd_config *a, const hd_config *b, int from) {
  const hd__facts of_a = hd__facts_of(a), of_b = hd__facts_of(b);
  const int n = hd_config_count(a);
  int i = from;
  while (i < n && ((!hd__facts_read(&of_a, i) && !hd__facts_read(&of_b, i)) ||
                   strcmp(hd__config_line(a, i).value, hd__config_line(b, i).value) == 0)) {
    i++;
  }
  return i;
}

bool hd__config_is_same(const hd_config *a, const hd_config *b) {
  return a == b ||
         (hd__config_is_same_method(a, b) && hd__config_difference(a, b, 0) == hd_config_count(a));
}

static hd_status config_text_load_into(hd_config *config, source *from) {
  hd_ctx *ctx = hd__config_ctx(config);
  hd_config *copy;
  HD_TRY(config_text_read_head(ctx, from));
  HD_TRY(hd__config_copy(ctx, config, &copy));
  hd__run_table run = {0};
  const hd_status status = config_text_apply_text(copy, from, &run);
  if (status == HD_OK) {
    hd__config_set_run(copy, &run);
    hd__config_assign(config, copy);
    config_text_note_unread(config, from->name);
  }
  hd_config_destroy(copy);
  return status;
}

static hd_status config_text_load(hd_config *config, const char *path, const char *text,
                                  size_t size) {
  source from = {.name = path};
  HD_TRY(hd__toml_read_settings(hd__config_ctx(config), path, text, size, &from.doc));
  const hd_status status = config_text_load_into(config, &from);
  hd__toml_free(&from.doc);
  return status;
}

hd_status hd_config_load(hd_config *config, const char *path) {
  hd_ctx *ctx = hd__config_ctx(config);
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  const hd_status status = config_text_load(config, path, text, size);
  hd__free(ctx, text, size + 1);
  return status;
}

hd_status hd_config_read(hd_ctx *ctx, const char *path, hd_config **out) {
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  hd__run_table run = {0};
  const hd_status status = hd__config_parse(ctx, path, text, size, &run, out);
  if (status == HD_OK) {
    hd__config_set_run(*out, &run);
    config_text_note_unread(*out, path);
  }
  hd__free(ctx, text, size + 1);
  return status;
}

hd_status hd_config_write(const hd_config *config, const char *path) {
  hd__replace file;
  HD_TRY(hd__replace_begin(hd__config_ctx(config), path, &file));
  hd__config_write_text(&file.sink, config);
  return hd__replace_end(hd__config_ctx(config), &file);
}
