/* Settings of a TOML text, and values as TOML. */
#include "toml.h"

#include <string.h>

#include "toml_internal.h"
#include "utf8.h"

/* ---- settings ---- */

void hd__toml_begin(hd__toml *toml, const hd__toml_doc *doc) { *toml = (hd__toml){.doc = doc}; }

/* Is the node a value or a list, and does it lie in tables alone? */
static bool toml_is_setting(const hd__toml_doc *doc, int k) {
  const hd__toml_node *node = &doc->node[k];
  if (node->type == HD_TOML_TABLE) {
    return false;
  }
  for (int up = node->parent; up >= 0; up = doc->node[up].parent) {
    if (doc->node[up].type == HD_TOML_ARRAY) {
      return false;
    }
  }
  return true;
}

static int toml_depth(const hd__toml_doc *doc, int k) {
  int depth = 0;
  for (; doc->node[k].parent >= 0; k = doc->node[k].parent) {
    depth++;
  }
  return depth;
}

/* The part of a node's path at this depth, the key itself at depth n. */
static const hd__toml_node *toml_part(const hd__toml_doc *doc, int k, int n, int depth) {
  for (; n > depth; n--) {
    k = doc->node[k].parent;
  }
  return &doc->node[k];
}

/* Write path and parts; false if they do not fit or would not be read as they were written. */
static bool toml_write_path(hd__toml *toml) {
  const int n = toml_depth(toml->doc, toml->at);
  size_t used = 0;
  memset(toml->part, 0, sizeof toml->part);
  for (int depth = 1; depth <= n; depth++) {
    const hd__toml_node *node = toml_part(toml->doc, toml->at, n, depth);
    if (used + node->key_size + 2 > HD_TOML_KEY || strlen(node->key) != node->key_size) {
      return false;
    }
    if (depth > 1) {
      toml->path[used++] = '.';
    }
    if (depth <= 3) {
      toml->part[depth - 1] = (int)used;
    }
    memcpy(toml->path + used, node->key, node->key_size);
    used += node->key_size;
  }
  toml->path[used] = '\0';
  return true;
}

static bool toml_append(hd__toml *toml, size_t *n, const char *text, size_t size) {
  if (*n + size >= HD_TOML_VALUE || strlen(text) != size) {
    return false;
  }
  memcpy(toml->value + *n, text, size + 1);
  *n += size;
  return true;
}

/* Items follow their list in the text. */
static bool toml_write_list(hd__toml *toml) {
  const hd__toml_doc *doc = toml->doc;
  size_t n = 0;
  bool is_first = true;
  toml->value[0] = '\0';
  for (int k = toml->at + 1; k < doc->n && doc->node[k].parent == toml->at; k++) {
    const hd__toml_node *item = &doc->node[k];
    if (item->type == HD_TOML_TABLE || item->type == HD_TOML_ARRAY ||
        (!is_first && !toml_append(toml, &n, ",", 1)) ||
        !toml_append(toml, &n, item->text, item->text_size)) {
      return false;
    }
    is_first = false;
  }
  return true;
}

static bool toml_write_value(hd__toml *toml) {
  const hd__toml_node *node = &toml->doc->node[toml->at];
  size_t n = 0;
  toml->kind = node->type == HD_TOML_ARRAY    ? HD_TOML_LIST
               : node->type == HD_TOML_STRING ? HD_TOML_TEXT
                                              : HD_TOML_BARE;
  return node->type == HD_TOML_ARRAY ? toml_write_list(toml)
                                     : toml_append(toml, &n, node->text, node->text_size);
}

static bool toml_seek(hd__toml *toml) {
  do {
    toml->at++;
  } while (toml->at < toml->doc->n && !toml_is_setting(toml->doc, toml->at));
  if (toml->at < toml->doc->n) {
    toml->line = toml->doc->node[toml->at].line;
  }
  return toml->at < toml->doc->n;
}

bool hd__toml_next(hd__toml *toml) {
  return toml_seek(toml) && toml_write_path(toml) && toml_write_value(toml);
}

static hd_status toml_check_settings(hd_ctx *ctx, const char *name, const hd__toml_doc *doc) {
  hd__toml toml;
  hd__toml_begin(&toml, doc);
  while (toml_seek(&toml)) {
    if (!toml_write_path(&toml)) {
      return hd__fail(ctx, HD_FORMAT,
                      "%s, line %d: the key, with its tables, has more than %d "
                      "characters",
                      name, toml.line, HD_TOML_KEY - 2);
    }
    if (!toml_write_value(&toml)) {
      return hd__fail(ctx, HD_FORMAT,
                      "%s, line %d: the value of %s has more than %d characters, a "
                      "zero byte, or items that are no values",
                      name, toml.line, toml.path, HD_TOML_VALUE - 1);
    }
  }
  return HD_OK;
}

hd_status hd__toml_read_settings(hd_ctx *ctx, const char *name, const char *text, size_t size,
                                 hd__toml_doc *doc) {
  HD_TRY(hd__toml_read(ctx, name, text, size, doc));
  const hd_status status = toml_check_settings(ctx, name, doc);
  if (status != HD_OK) {
    hd__toml_free(doc);
  }
  return status;
}

const char *hd__toml_within(const hd__toml *toml, const char *table) {
  const size_t n = strlen(table);
  const bool is_within = toml->part[1] == (int)n + 1 && memcmp(toml->path, table, n) == 0;
  return is_within ? toml->path + toml->part[1] : NULL;
}

/* ---- writing ---- */

/* Digits; returns how many. */
static size_t toml_count_digits(const char *text) { return strspn(text, "0123456789"); }

/* A number as TOML writes it: no leading zeros, digits on both sides of the point. */
static bool toml_is_number(const char *p) {
  p += *p == '+' || *p == '-';
  if (strcmp(p, "nan") == 0 || strcmp(p, "inf") == 0) {
    return true;
  }
  const size_t whole = toml_count_digits(p);
  if (whole == 0 || (whole > 1 && *p == '0')) {
    return false;
  }
  p += whole;
  if (*p == '.') {
    const size_t fraction = toml_count_digits(++p);
    if (fraction == 0) {
      return false;
    }
    p += fraction;
  }
  if (*p == 'e' || *p == 'E') {
    p++;
    p += *p == '+' || *p == '-';
    const size_t exponent = toml_count_digits(p);
    if (exponent == 0) {
      return false;
    }
    p += exponent;
  }
  return *p == '\0';
}

/* The character at `text`, escaped where it has to be; returns the bytes it took. A byte that
 * belongs to none, as a path may have it, would make the file one that nobody reads. */
static size_t toml_write_character(hd__sink *sink, const char *text, size_t left) {
  static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
  const char *meaning = strchr(meanings, *text);
  const unsigned char c = (unsigned char)*text;
  const size_t n = hd__utf8_length((const unsigned char *)text, left);
  if (meaning != NULL) {
    hd__sink_write(sink, "\\", 1);
    hd__sink_write(sink, &letters[meaning - meanings], 1);
  } else if (n == 0) {
    hd__sink_text(sink, HD_UTF8_REPLACEMENT);
  } else if (c < 0x20 || c == 0x7F) {
    hd__sink_print(sink, "\\u%04X", (unsigned)c);
  } else {
    hd__sink_write(sink, text, n);
  }
  return n > 0 ? n : 1;
}

static void toml_write_item(hd__sink *sink, const char *item) {
  if (toml_is_number(item) || strcmp(item, "true") == 0 || strcmp(item, "false") == 0) {
    hd__sink_text(sink, item);
    return;
  }
  hd__sink_text(sink, "\"");
  for (size_t left = strlen(item), n; left > 0; left -= n, item += n) {
    n = toml_write_character(sink, item, left);
  }
  hd__sink_text(sink, "\"");
}

void hd__toml_write_value(hd__sink *sink, const char *type, const char *value) {
  if (strcmp(type, "list") != 0) {
    toml_write_item(sink, value);
    return;
  }
  hd__sink_text(sink, "[");
  while (*value != '\0') {
    char item[HD_TOML_VALUE];
    const size_t n = strcspn(value, ",");
    const size_t kept = n < sizeof item ? n : sizeof item - 1;
    memcpy(item, value, kept);
    item[kept] = '\0';
    toml_write_item(sink, item);
    value += n;
    if (*value == ',') {
      value++;
      hd__sink_text(sink, ", ");
    }
  }
  hd__sink_text(sink, "]");
}
