/* The values of a TOML file, one after the other. */
#include "hedon/toml.h"

#include "config_text.h"
#include "file.h"
#include "toml.h"

/* A list within a list, or in a table: how many items stand before this one. */
static int toml_visit_place(const hd__toml_doc *doc, int k) {
  int place = 0;
  for (int i = doc->node[k].parent + 1; i < k; i++) {
    place += doc->node[i].parent == doc->node[k].parent;
  }
  return place;
}

/* Names of tables from outside inwards; false: there are too many. */
static bool toml_visit_keys(const hd__toml_doc *doc, int k, hd_toml_value *out) {
  out->n_keys = 0;
  for (int up = k; doc->node[up].parent >= 0; up = doc->node[up].parent) {
    out->n_keys += doc->node[up].key != NULL;
  }
  int left = out->n_keys;
  for (int up = k; doc->node[up].parent >= 0 && out->n_keys <= HD_TOML_DEPTH;
       up = doc->node[up].parent) {
    if (doc->node[up].key != NULL) {
      out->key[--left] = doc->node[up].key;
    }
  }
  return out->n_keys <= HD_TOML_DEPTH;
}

/* Places in lists; false: the lists are too deep. */
static bool toml_visit_items(const hd__toml_doc *doc, int k, hd_toml_value *out) {
  int depth = 0, at[2] = {-1, -1};
  for (int up = k; doc->node[up].parent >= 0; up = doc->node[up].parent) {
    if (doc->node[up].key == NULL) {
      if (depth == 2) {
        return false;
      }
      at[depth++] = up;
    }
  }
  out->item[0] = depth > 0 ? toml_visit_place(doc, at[depth - 1]) : -1;
  out->item[1] = depth > 1 ? toml_visit_place(doc, at[0]) : -1;
  return true;
}

static bool toml_visit_is_value(const hd__toml_node *node) {
  return node->type != HD_TOML_TABLE && (node->type != HD_TOML_ARRAY || node->last < 0);
}

static const char *toml_visit_type(hd__toml_type type) {
  static const char *const names[] = {
      [HD_TOML_ARRAY] = "list",          [HD_TOML_STRING] = "text",
      [HD_TOML_INTEGER] = "integer",     [HD_TOML_FLOAT] = "number",
      [HD_TOML_BOOL] = "flag",           [HD_TOML_DATETIME] = "date",
      [HD_TOML_DATETIME_LOCAL] = "date", [HD_TOML_DATE_LOCAL] = "date",
      [HD_TOML_TIME_LOCAL] = "date"};
  return names[type];
}

static hd_status toml_visit(hd_ctx *ctx, const char *path, const hd__toml_doc *doc, hd_toml_fn fn,
                            void *user) {
  for (int k = 1; k < doc->n; k++) {
    const hd__toml_node *node = &doc->node[k];
    hd_toml_value value = {.line = node->line, .type = toml_visit_type(node->type)};
    if (!toml_visit_is_value(node)) {
      continue;
    }
    if (!toml_visit_keys(doc, k, &value) || !toml_visit_items(doc, k, &value)) {
      return hd__fail(ctx, HD_FORMAT,
                      "%s, line %d: tables are nested more than %d deep, or lists "
                      "more than 2",
                      path, node->line, HD_TOML_DEPTH);
    }
    value.text = node->type != HD_TOML_ARRAY ? node->text : NULL;
    HD_TRY(fn(user, &value));
  }
  return HD_OK;
}

hd_status hd_toml_read(hd_ctx *ctx, const char *path, hd_toml_fn fn, void *user) {
  char *text;
  size_t size;
  hd__toml_doc doc;
  HD_TRY(hd__file_read(ctx, path, HD_CONFIG_TEXT_MAX, &text, &size));
  hd_status status = hd__toml_read(ctx, path, text, size, &doc);
  hd__free(ctx, text, size + 1);
  if (status == HD_OK) {
    status = toml_visit(ctx, path, &doc, fn, user);
    hd__toml_free(&doc);
  }
  return status;
}
