#include "method_text.h"

#include <stdio.h>
#include <string.h>

#include "context_internal.h"
#include "hash.h"
#include "toml.h"

/* A text while it is read. */
typedef struct reader {
  hd_ctx *ctx;
  const char *path, *text;
  size_t size;
  hd__method *method;
} reader;

static hd_status method_text_refuse(const reader *r, int line, const char *key,
                                    const char *problem) {
  return hd__fail(r->ctx, HD_FORMAT, "%s, line %d: %.64s%s", r->path, line, key, problem);
}

/* ---- the pool ---- */

static bool method_text_append(hd__method *method, const char *text) {
  const size_t n = strlen(text);
  if (n > HD_METHOD_POOL - 1 - method->used) {
    return false;
  }
  memcpy(method->pool + method->used, text, n + 1);
  method->used += n;
  return true;
}

/* Begin another text, and say where. */
static bool method_text_begin(hd__method *method, const char *text, size_t *at) {
  method->used += method->used > 0; /* past the end of the one before */
  *at = method->used;
  return method->used < HD_METHOD_POOL && method_text_append(method, text);
}

static bool method_text_append_pair(hd__method *method, size_t at, const char *key,
                                    const char *value) {
  return (method->used == at || method_text_append(method, " ")) &&
         method_text_append(method, key) && method_text_append(method, "=") &&
         method_text_append(method, value);
}

static bool method_text_begin_row(hd__method *method, const char *tasks, const char *settings) {
  const int k = method->n_tasks;
  if (k == HD_METHOD_ROWS || !method_text_begin(method, tasks, &method->at_tasks[k]) ||
      !method_text_begin(method, settings, &method->at_set[k])) {
    return false;
  }
  method->n_tasks++;
  return true;
}

void hd__method_link(hd__method *method) {
  const char *pool = method->pool;
  method->about.name = pool + method->at_name;
  method->about.doc = pool + method->at_doc;
  method->about.source = pool + method->at_source;
  method->about.settings = pool + method->at_settings;
  for (int k = 0; k < method->n_tasks; k++) {
    method->task[k] = (hd_task_row){pool + method->at_tasks[k], pool + method->at_set[k]};
  }
  method->task[method->n_tasks] = (hd_task_row){0};
}

/* ---- the head ---- */

static bool method_text_is_task_table(const char *table) { return strncmp(table, "task.", 5) == 0; }

static bool method_text_is_head(const char *key) {
  return strcmp(key, "doc") == 0 || strcmp(key, "source") == 0 || strcmp(key, "extends") == 0;
}

/* Is a line where it may be, and a text where the head wants one? */
static hd_status method_text_check_line(const reader *r, const hd__toml *toml) {
  if (toml->table[0] == '\0' && !method_text_is_head(toml->key)) {
    return method_text_refuse(
        r, toml->line, toml->key,
        " stands before the tables, where doc, source and extends stand; settings "
        "follow [settings]");
  }
  if (toml->table[0] == '\0' && toml->kind != HD_TOML_TEXT) {
    return method_text_refuse(r, toml->line, toml->key, " is a text in quotes");
  }
  if (toml->table[0] != '\0' && strcmp(toml->table, "settings") != 0 &&
      !method_text_is_task_table(toml->table)) {
    return method_text_refuse(r, toml->line, toml->table,
                              " is no table of a method, which has [settings] and [task.\"NAME\"]");
  }
  if (strpbrk(toml->value, " \t\n") != NULL && toml->table[0] != '\0') {
    return method_text_refuse(r, toml->line, toml->key, " has a value with blanks");
  }
  return HD_OK;
}

/* Every line is where it may be, and the head has a doc. */
static hd_status method_text_check(const reader *r) {
  bool has_doc = false;
  hd__toml toml;
  hd__toml_init(&toml, r->text, r->size);
  while (hd__toml_next(&toml)) {
    HD_TRY(method_text_check_line(r, &toml));
    has_doc |= toml.table[0] == '\0' && strcmp(toml.key, "doc") == 0;
  }
  if (toml.problem != NULL) {
    return method_text_refuse(r, toml.line, "", toml.problem);
  }
  return has_doc
             ? HD_OK
             : method_text_refuse(r, 1, "",
                                  "a method begins with doc = \"...\", a line that says what it "
                                  "is");
}

/* The value of a line of the head, or "". */
static const char *method_text_head(const reader *r, const char *key, hd__toml *toml) {
  hd__toml_init(toml, r->text, r->size);
  while (hd__toml_next(toml) && toml->table[0] == '\0') {
    if (strcmp(toml->key, key) == 0) {
      return toml->value;
    }
  }
  return "";
}

hd_status hd__method_extends(hd_ctx *ctx, const char *path, const char *text, size_t size,
                             char extends[HD_METHOD_NAME]) {
  const reader r = {.ctx = ctx, .path = path, .text = text, .size = size};
  hd__toml toml;
  HD_TRY(method_text_check(&r));
  const char *value = method_text_head(&r, "extends", &toml);
  if (strlen(value) >= HD_METHOD_NAME) {
    return method_text_refuse(&r, toml.line, "extends",
                              " names a method or file in at most 47 characters");
  }
  memcpy(extends, value, strlen(value) + 1);
  return HD_OK;
}

/* ---- settings ---- */

static hd_status method_text_too_long(const reader *r) {
  return hd__fail(r->ctx, HD_FORMAT,
                  "%s, with what it extends, sets too much: allowed are %d tables of tasks and %d "
                  "characters",
                  r->path, HD_METHOD_ROWS, HD_METHOD_POOL);
}

static bool method_text_add_settings(const reader *r, const hd__method *parent) {
  hd__method *method = r->method;
  hd__toml toml;
  bool fits =
      method_text_begin(method, parent != NULL ? parent->about.settings : "", &method->at_settings);
  hd__toml_init(&toml, r->text, r->size);
  while (fits && hd__toml_next(&toml)) {
    if (strcmp(toml.table, "settings") == 0) {
      fits = method_text_append_pair(method, method->at_settings, toml.key, toml.value);
    }
  }
  return fits;
}

static bool method_text_add_tasks(const reader *r, const hd__method *parent) {
  hd__method *method = r->method;
  char table[HD_TOML_KEY] = "";
  hd__toml toml;
  bool fits = true;
  for (int k = 0; parent != NULL && k < parent->n_tasks; k++) {
    fits = fits && method_text_begin_row(method, parent->task[k].tasks, parent->task[k].settings);
  }
  hd__toml_init(&toml, r->text, r->size);
  while (fits && hd__toml_next(&toml)) {
    if (!method_text_is_task_table(toml.table)) {
      continue;
    }
    if (strcmp(toml.table, table) != 0) {
      memcpy(table, toml.table, sizeof table);
      fits = method_text_begin_row(method, table + strlen("task."), "");
    }
    fits = fits && method_text_append_pair(method, method->at_set[method->n_tasks - 1], toml.key,
                                           toml.value);
  }
  return fits;
}

hd_status hd__method_parse(hd_ctx *ctx, const char *path, const char *name, const char *text,
                           size_t size, const hd__method *parent, hd__method *out) {
  const reader r = {.ctx = ctx, .path = path, .text = text, .size = size, .method = out};
  hd__toml toml;
  HD_TRY(method_text_check(&r));
  memset(out, 0, sizeof *out);
  out->hash = hd__hash(parent != NULL ? parent->hash : 0, text, size);
  if (!method_text_begin(out, name, &out->at_name) ||
      !method_text_begin(out, method_text_head(&r, "doc", &toml), &out->at_doc) ||
      !method_text_begin(out, method_text_head(&r, "source", &toml), &out->at_source) ||
      !method_text_add_settings(&r, parent) || !method_text_add_tasks(&r, parent)) {
    return method_text_too_long(&r);
  }
  hd__method_link(out);
  return HD_OK;
}
