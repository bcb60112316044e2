#include "method_text.h"

#include <stdio.h>
#include <string.h>

#include "context_internal.h"
#include "hash.h"

typedef hd__method_source reader;

static hd_status method_text_refuse(const reader *r, int line, const char *key,
                                    const char *problem) {
  return hd__fail(r->doc.ctx, HD_FORMAT, "%s, line %d: %.64s%s", r->path, line, key, problem);
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

const char *hd__method_line(const hd__toml *toml, char table[HD_TOML_KEY]) {
  const char *key = hd__toml_within(toml, "settings");
  if (key != NULL) {
    snprintf(table, HD_TOML_KEY, "settings");
    return key;
  }
  if (hd__toml_within(toml, "task") == NULL || toml->part[2] == 0) {
    return NULL;
  }
  snprintf(table, HD_TOML_KEY, "%.*s", toml->part[2] - 1, toml->path);
  return toml->path + toml->part[2];
}

static bool method_text_is_head(const char *key) {
  return strcmp(key, "doc") == 0 || strcmp(key, "source") == 0 || strcmp(key, "extends") == 0;
}

/* A line of the head is known, and a text. */
static hd_status method_text_check_head(const reader *r, const hd__toml *toml) {
  if (!method_text_is_head(toml->path)) {
    return method_text_refuse(
        r, toml->line, toml->path,
        " stands before the tables, where doc, source and extends stand; settings "
        "follow [settings]");
  }
  return toml->kind == HD_TOML_TEXT
             ? HD_OK
             : method_text_refuse(r, toml->line, toml->path, " is a text in quotes");
}

/* Is a line where it may be? */
static hd_status method_text_check_line(const reader *r, const hd__toml *toml) {
  char table[HD_TOML_KEY];
  if (toml->part[1] == 0) {
    return method_text_check_head(r, toml);
  }
  const char *key = hd__method_line(toml, table);
  if (key == NULL) {
    return method_text_refuse(r, toml->line, toml->path,
                              " lies in no table of a method, which has [settings] and "
                              "[task.\"NAME\"]");
  }
  return strpbrk(toml->value, " \t\r\n") == NULL
             ? HD_OK
             : method_text_refuse(r, toml->line, key, " has a value with blanks");
}

/* Every line is where it may be, and the head has a doc. */
static hd_status method_text_check(const reader *r) {
  bool has_doc = false;
  hd__toml toml;
  hd__toml_begin(&toml, &r->doc);
  while (hd__toml_next(&toml)) {
    HD_TRY(method_text_check_line(r, &toml));
    has_doc |= strcmp(toml.path, "doc") == 0;
  }
  return has_doc
             ? HD_OK
             : method_text_refuse(r, 1, "",
                                  "a method begins with doc = \"...\", a line that says what it "
                                  "is");
}

/* The value of a line of the head, or "". */
static const char *method_text_head(const reader *r, const char *key, hd__toml *toml) {
  hd__toml_begin(toml, &r->doc);
  while (hd__toml_next(toml)) {
    if (strcmp(toml->path, key) == 0) {
      return toml->value;
    }
  }
  return "";
}

static hd_status method_text_extends(reader *r) {
  hd__toml toml;
  const char *value = method_text_head(r, "extends", &toml);
  if (strlen(value) >= HD_METHOD_NAME) {
    return method_text_refuse(r, toml.line, "extends",
                              " names a method or file in at most 47 characters");
  }
  memcpy(r->extends, value, strlen(value) + 1);
  return HD_OK;
}

hd_status hd__method_open(hd_ctx *ctx, const char *path, const char *text, size_t size,
                          hd__method_source *out) {
  *out = (hd__method_source){.path = path, .text = text, .size = size};
  HD_TRY(hd__toml_read_settings(ctx, path, text, size, &out->doc));
  hd_status status = method_text_check(out);
  if (status == HD_OK) {
    status = method_text_extends(out);
  }
  if (status != HD_OK) {
    hd__method_close(out);
  }
  return status;
}

void hd__method_close(hd__method_source *source) { hd__toml_free(&source->doc); }

/* ---- settings ---- */

static bool method_text_add_settings(const reader *r, const hd__method *parent,
                                     hd__method *method) {
  hd__toml toml;
  bool fits =
      method_text_begin(method, parent != NULL ? parent->about.settings : "", &method->at_settings);
  hd__toml_begin(&toml, &r->doc);
  while (fits && hd__toml_next(&toml)) {
    const char *key = hd__toml_within(&toml, "settings");
    if (key != NULL) {
      fits = method_text_append_pair(method, method->at_settings, key, toml.value);
    }
  }
  return fits;
}

static bool method_text_add_tasks(const reader *r, const hd__method *parent, hd__method *method) {
  char table[HD_TOML_KEY], last[HD_TOML_KEY] = "";
  hd__toml toml;
  bool fits = true;
  for (int k = 0; parent != NULL && k < parent->n_tasks; k++) {
    fits = fits && method_text_begin_row(method, parent->task[k].tasks, parent->task[k].settings);
  }
  hd__toml_begin(&toml, &r->doc);
  while (fits && hd__toml_next(&toml)) {
    const char *key = hd__method_line(&toml, table);
    if (key == NULL || strcmp(table, "settings") == 0) {
      continue;
    }
    if (strcmp(table, last) != 0) {
      memcpy(last, table, sizeof last);
      fits = method_text_begin_row(method, table + strlen("task."), "");
    }
    fits = fits &&
           method_text_append_pair(method, method->at_set[method->n_tasks - 1], key, toml.value);
  }
  return fits;
}

static bool method_text_add(const reader *r, const char *name, const hd__method *parent,
                            hd__method *method) {
  hd__toml toml;
  return method_text_begin(method, name, &method->at_name) &&
         method_text_begin(method, method_text_head(r, "doc", &toml), &method->at_doc) &&
         method_text_begin(method, method_text_head(r, "source", &toml), &method->at_source) &&
         method_text_add_settings(r, parent, method) && method_text_add_tasks(r, parent, method);
}

hd_status hd__method_fill(hd_ctx *ctx, const hd__method_source *source, const char *name,
                          const hd__method *parent, hd__method *out) {
  memset(out, 0, sizeof *out);
  out->hash = hd__hash(parent != NULL ? parent->hash : 0, source->text, source->size);
  if (!method_text_add(source, name, parent, out)) {
    return hd__fail(ctx, HD_FORMAT,
                    "%s, with what it extends, sets too much: allowed are %d tables of tasks and "
                    "%d characters",
                    source->path, HD_METHOD_ROWS, HD_METHOD_POOL);
  }
  hd__method_link(out);
  return HD_OK;
}

void hd__method_fill_failed(const char *name, hd_status status, const char *why, hd__method *out) {
  memset(out, 0, sizeof *out);
  out->status = status;
  method_text_begin(out, name, &out->at_name);
  method_text_begin(out, why, &out->at_doc);
  method_text_begin(out, "", &out->at_source);
  out->at_settings = out->at_source;
  hd__method_link(out);
}
