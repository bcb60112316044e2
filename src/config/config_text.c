/* The file begins with hedon, task and method and lists one option a line. A table [run], which a
 * run folder adds, says how many learners there are; the settings of one do not depend on it. */
#include "config_text.h"

#include <stdlib.h>
#include <string.h>

#include "plugin_text.h"
#include "toml.h"

void hd__config_write_text(hd__sink *sink, const hd_config *config) {
  hd__sink_text(sink, "hedon = \"" HD_VERSION_STRING "\"\ntask = ");
  hd__toml_write_value(sink, "name", hd_config_task(config));
  hd__sink_text(sink, "\nmethod = ");
  hd__toml_write_value(sink, "name", hd_config_method(config));
  hd__sink_text(sink, "\n");
  const char *group = "";
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd__config_line(config, i);
    if (strcmp(group, option.group) != 0) {
      group = option.group;
      hd__sink_text(sink, "\n# ");
      hd__sink_text(sink, group);
      hd__sink_text(sink, "\n");
    }
    hd__sink_text(sink, option.key);
    hd__sink_text(sink, " = ");
    hd__toml_write_value(sink, option.type, option.value);
    hd__sink_text(sink, "  # ");
    if (option.unit[0] != '\0') {
      hd__sink_text(sink, option.unit);
      hd__sink_text(sink, option.help[0] != '\0' ? "; " : "");
    }
    hd__sink_text(sink, option.help);
    hd__sink_text(sink, "\n");
  }
  hd__plugin_write_text(sink, hd__config_ctx(config));
}

static hd_status fail_at(hd_ctx *ctx, hd_status status, const char *name, int line,
                         const char *problem) {
  return hd__fail(ctx, status, "%s, line %d: %s", name, line, problem);
}

/* Put file and line before the sentence that a callee left. */
static hd_status locate(hd_ctx *ctx, hd_status status, const char *name, int line) {
  char sentence[HD_ERROR_SIZE];
  memcpy(sentence, ctx->error, sizeof sentence);
  return fail_at(ctx, status, name, line, sentence);
}

/* Lines that say what the file is about, rather than set an option. */
static bool is_head(const char *key) {
  return strcmp(key, "hedon") == 0 || strcmp(key, "task") == 0 || strcmp(key, "method") == 0;
}

static hd_status check_run_line(hd_ctx *ctx, const char *name, const hd__toml *toml,
                                hd__run_table *table) {
  char *end;
  const unsigned long long number = strtoull(toml->value, &end, 10);
  const bool is_whole = end != toml->value && *end == '\0' && toml->value[0] != '-';
  if (strcmp(toml->key, "seed") == 0 && is_whole) {
    table->seed = number;
    return HD_OK;
  }
  if (strcmp(toml->key, "seeds") == 0 && is_whole && number >= 1 && number <= INT32_MAX) {
    table->seeds = (int64_t)number;
    return HD_OK;
  }
  return fail_at(ctx, HD_FORMAT, name, toml->line,
                 "[run] holds seed, a whole number, and seeds, a whole number from 1");
}

/* Is this option set a second time? is_set [hd_config_count]. */
static bool is_repeated(const char *key, bool *is_set) {
  const int i = hd__config_find(key);
  const bool is_again = i >= 0 && is_set[i];
  if (i >= 0) {
    is_set[i] = true;
  }
  return is_again;
}

static hd_status apply_line(hd_config *config, const char *name, const hd__toml *toml, bool *is_set,
                            hd__run_table *table) {
  hd_ctx *ctx = hd__config_ctx(config);
  if (strcmp(toml->table, "run") == 0) {
    return check_run_line(ctx, name, toml, table);
  }
  if (strcmp(toml->table, "plugins") == 0) {
    return HD_OK;
  }
  if (toml->table[0] != '\0') {
    return fail_at(ctx, HD_FORMAT, name, toml->line, "the only tables are [plugins] and [run]");
  }
  if (strcmp(toml->key, "task") == 0) {
    const hd_env_desc *env;
    const hd_status status = hd_env_find(ctx, toml->value, &env);
    if (status != HD_OK) {
      return locate(ctx, status, name, toml->line);
    }
    return strcmp(env->name, hd_config_task(config)) == 0
               ? HD_OK
               : hd__fail(ctx, HD_CONFLICT, "%s, line %d: the file is for task %s, this is %s",
                          name, toml->line, env->name, hd_config_task(config));
  }
  if (strcmp(toml->key, "method") == 0) {
    return strcmp(toml->value, hd_config_method(config)) == 0
               ? HD_OK
               : hd__fail(ctx, HD_CONFLICT, "%s, line %d: the file is for method %.60s, this is %s",
                          name, toml->line, toml->value, hd_config_method(config));
  }
  if (is_head(toml->key)) {
    return HD_OK;
  }
  if (is_repeated(toml->key, is_set)) {
    return hd__fail(ctx, HD_FORMAT, "%s, line %d: %s is set a second time", name, toml->line,
                    toml->key);
  }
  const hd_status status = hd_config_set(config, toml->key, toml->value);
  return status == HD_OK ? HD_OK : locate(ctx, status, name, toml->line);
}

static hd_status apply_lines(hd_config *config, const char *name, const char *text, size_t size,
                             bool *is_set, hd__run_table *table) {
  hd__toml toml;
  hd__toml_init(&toml, text, size);
  while (hd__toml_next(&toml)) {
    HD_TRY(apply_line(config, name, &toml, is_set, table));
  }
  return toml.problem == NULL
             ? HD_OK
             : fail_at(hd__config_ctx(config), HD_FORMAT, name, toml.line, toml.problem);
}

/* Apply a text to a configuration; on failure it may be half applied. */
static hd_status apply_text(hd_config *config, const char *name, const char *text, size_t size,
                            hd__run_table *table) {
  hd_ctx *ctx = hd__config_ctx(config);
  const size_t bytes = sizeof(bool) * (size_t)hd_config_count(config);
  bool *is_set = hd__alloc(ctx, bytes);
  if (is_set == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %s", name);
  }
  memset(is_set, 0, bytes);
  const hd_status status = apply_lines(config, name, text, size, is_set, table);
  hd__free(ctx, is_set, bytes);
  return status;
}

/* Find the lines `task` and `method`. */
static hd_status find_head(hd_ctx *ctx, const char *name, const char *text, size_t size,
                           char task[HD_TOML_VALUE], char method[HD_TOML_VALUE]) {
  hd__toml toml;
  hd__toml_init(&toml, text, size);
  task[0] = method[0] = '\0';
  while (hd__toml_next(&toml)) {
    char *value = toml.table[0] != '\0'             ? NULL
                  : strcmp(toml.key, "task") == 0   ? task
                  : strcmp(toml.key, "method") == 0 ? method
                                                    : NULL;
    if (value != NULL) {
      memcpy(value, toml.value, HD_TOML_VALUE);
    }
  }
  if (toml.problem != NULL) {
    return fail_at(ctx, HD_FORMAT, name, toml.line, toml.problem);
  }
  if (task[0] == '\0' || method[0] == '\0') {
    return hd__fail(ctx, HD_FORMAT, "%s has no line `%s = ...`", name,
                    task[0] == '\0' ? "task" : "method");
  }
  return HD_OK;
}

hd_status hd__config_parse(hd_ctx *ctx, const char *name, const char *text, size_t size,
                           hd__run_table *table, hd_config **out) {
  char task[HD_TOML_VALUE], method[HD_TOML_VALUE];
  HD_TRY(find_head(ctx, name, text, size, task, method));
  HD_TRY(hd__plugin_check_text(ctx, name, text, size));
  hd_config *config;
  hd_status status = hd_config_create(ctx, task, method, &config);
  if (status == HD_UNKNOWN) {
    char sentence[HD_ERROR_SIZE];
    memcpy(sentence, ctx->error, sizeof sentence);
    return hd__fail(ctx, status, "%s: %s", name, sentence);
  }
  HD_TRY(status);
  hd__run_table ignored = {0};
  status = apply_text(config, name, text, size, table != NULL ? table : &ignored);
  if (status != HD_OK) {
    hd_config_destroy(config);
    return status;
  }
  *out = config;
  return HD_OK;
}

bool hd__config_is_same(const hd_config *a, const hd_config *b) {
  if (a == b) {
    return true;
  }
  if (strcmp(hd_config_task(a), hd_config_task(b)) != 0 ||
      strcmp(hd_config_method(a), hd_config_method(b)) != 0) {
    return false;
  }
  for (int i = 0; i < hd_config_count(a); i++) {
    if (strcmp(hd_config_at(a, i).value, hd_config_at(b, i).value) != 0) {
      return false;
    }
  }
  return true;
}

hd_status hd_config_load(hd_config *config, const char *path) {
  hd_ctx *ctx = hd__config_ctx(config);
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  hd_config *copy;
  hd_status status = hd__plugin_check_text(ctx, path, text, size);
  if (status == HD_OK) {
    status = hd__config_copy(ctx, config, &copy);
  }
  if (status == HD_OK) {
    hd__run_table ignored = {0};
    status = apply_text(copy, path, text, size, &ignored);
    if (status == HD_OK) {
      hd__config_assign(config, copy);
    }
    hd_config_destroy(copy);
  }
  hd__free(ctx, text, size + 1);
  return status;
}

hd_status hd_config_read(hd_ctx *ctx, const char *path, hd_config **out) {
  char *text;
  size_t size;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  const hd_status status = hd__config_parse(ctx, path, text, size, NULL, out);
  hd__free(ctx, text, size + 1);
  return status;
}

hd_status hd_config_write(const hd_config *config, const char *path) {
  hd__replace file;
  HD_TRY(hd__replace_begin(hd__config_ctx(config), path, &file));
  hd__config_write_text(&file.sink, config);
  return hd__replace_end(hd__config_ctx(config), &file);
}
