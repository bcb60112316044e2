/* Lines, keys, lists and inline tables of a TOML text. */
#include <string.h>

#include "toml_internal.h"

enum { PARTS = 64, DEPTH = 64 };

/* A key of several parts. */
typedef struct dotted {
  int n;
  const char *part[PARTS];
  size_t size[PARTS];
} dotted;

static char toml_read_peek(const hd__toml_reader *r) {
  return (char)(hd__toml_is_end_of_line(r) ? '\n' : *r->at);
}

static bool toml_read_take(hd__toml_reader *r, char c) {
  const bool is_there = r->at < r->end && *r->at == c;
  r->at += is_there;
  return is_there;
}

static void toml_read_skip_blanks(hd__toml_reader *r) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
    r->at++;
  }
}

static void toml_read_skip_comment(hd__toml_reader *r) {
  while (toml_read_peek(r) != '\n') {
    r->at++;
  }
}

/* Blanks, comments and ends of lines. */
static void toml_read_skip_lines(hd__toml_reader *r) {
  for (;;) {
    toml_read_skip_blanks(r);
    if (toml_read_peek(r) == '#') {
      toml_read_skip_comment(r);
    }
    if (r->at == r->end || toml_read_peek(r) != '\n') {
      return;
    }
    r->at += *r->at == '\r' ? 2 : 1;
    r->line++;
  }
}

static bool toml_read_end_line(hd__toml_reader *r) {
  toml_read_skip_blanks(r);
  if (toml_read_peek(r) == '#') {
    toml_read_skip_comment(r);
  }
  return toml_read_peek(r) == '\n' ||
         hd__toml_fail(r, "something follows the value; a comment starts with #");
}

/* ---- keys ---- */

static bool toml_read_is_key(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

static bool toml_read_bare_key(hd__toml_reader *r, const char **out, size_t *size) {
  const size_t start = r->doc->used;
  while (r->at < r->end && toml_read_is_key(*r->at)) {
    hd__toml_put(r, *r->at++);
  }
  *out = r->doc->pool + start;
  *size = r->doc->used - start;
  hd__toml_put(r, '\0');
  return *size > 0 || hd__toml_fail(r, "a line is `key = value`, `[table]` or `# comment`");
}

static bool toml_read_key(hd__toml_reader *r, dotted *key) {
  key->n = 0;
  do {
    if (key->n == PARTS) {
      return hd__toml_fail(r, "a key has more than 64 parts");
    }
    toml_read_skip_blanks(r);
    const char c = toml_read_peek(r);
    if (!(c == '"' || c == '\''
              ? hd__toml_read_string(r, false, &key->part[key->n], &key->size[key->n])
              : toml_read_bare_key(r, &key->part[key->n], &key->size[key->n]))) {
      return false;
    }
    key->n++;
    toml_read_skip_blanks(r);
  } while (toml_read_take(r, '.'));
  return true;
}

/* ---- values ---- */

static bool toml_read_value(hd__toml_reader *r, int parent, const char *key, size_t key_size);

/* key = value, into a table. */
static bool toml_read_pair(hd__toml_reader *r, int table) {
  dotted key;
  int to;
  if (!toml_read_key(r, &key)) {
    return false;
  }
  if (!toml_read_take(r, '=')) {
    return hd__toml_fail(r, "a key is followed by = and a value");
  }
  toml_read_skip_blanks(r);
  return hd__toml_descend(r, table, key.n, key.part, key.size, &to) &&
         toml_read_value(r, to, key.part[key.n - 1], key.size[key.n - 1]);
}

static bool toml_read_list(hd__toml_reader *r, int list) {
  r->at++;
  toml_read_skip_lines(r);
  while (!toml_read_take(r, ']')) {
    if (!toml_read_value(r, list, NULL, 0)) {
      return false;
    }
    toml_read_skip_lines(r);
    if (!toml_read_take(r, ',') && toml_read_peek(r) != ']') {
      return hd__toml_fail(r, "a list is [item, item, ...]");
    }
    toml_read_skip_lines(r);
  }
  return true;
}

static bool toml_read_inline(hd__toml_reader *r, int table) {
  r->at++;
  toml_read_skip_blanks(r);
  bool goes_on = !toml_read_take(r, '}');
  while (goes_on) {
    toml_read_skip_blanks(r);
    if (!toml_read_pair(r, table)) {
      return false;
    }
    toml_read_skip_blanks(r);
    goes_on = toml_read_take(r, ',');
    if (!goes_on && !toml_read_take(r, '}')) {
      return hd__toml_fail(r, "an inline table is {key = value, ...} on one line");
    }
  }
  return true;
}

static bool toml_read_nested(hd__toml_reader *r, int parent, const char *key, size_t key_size) {
  const bool is_list = *r->at == '[';
  if (r->depth == DEPTH) {
    return hd__toml_fail(r, "lists and tables lie in each other more than 64 deep");
  }
  const int k = hd__toml_add(r, parent, key, key_size, is_list ? HD_TOML_ARRAY : HD_TOML_TABLE,
                             HD_TOML_BY_VALUE);
  r->depth++;
  const bool is_read = k >= 0 && (is_list ? toml_read_list : toml_read_inline)(r, k);
  r->depth--;
  return is_read;
}

/* Bytes of a value without quotes. A blank parts the date of a date-time from its time. */
static size_t toml_read_word(const hd__toml_reader *r) {
  static const char stops[] = " \t\r\n,[]{}#\"'=";
  const char *p = r->at;
  while (p < r->end && strchr(stops, *p) == NULL) {
    p++;
  }
  const bool is_date = p - r->at == 10 && r->at[4] == '-';
  if (is_date && p + 1 < r->end && *p == ' ' && p[1] >= '0' && p[1] <= '9') {
    p++;
    while (p < r->end && strchr(stops, *p) == NULL) {
      p++;
    }
  }
  return (size_t)(p - r->at);
}

static bool toml_read_value(hd__toml_reader *r, int parent, const char *key, size_t key_size) {
  const char c = toml_read_peek(r), *text = "";
  hd__toml_type type = HD_TOML_STRING;
  size_t size = 0;
  if (c == '[' || c == '{') {
    return toml_read_nested(r, parent, key, key_size);
  }
  const int k = hd__toml_add(r, parent, key, key_size, type, HD_TOML_BY_VALUE);
  if (k < 0) {
    return false;
  }
  if (c == '"' || c == '\'') {
    if (!hd__toml_read_string(r, true, &text, &size)) {
      return false;
    }
  } else {
    size = toml_read_word(r);
    if (!hd__toml_read_scalar(r, r->at, size, &type, &text)) {
      return false;
    }
    r->at += size;
    size = strlen(text);
  }
  r->doc->node[k].type = type;
  r->doc->node[k].text = text;
  r->doc->node[k].text_size = size;
  return true;
}

/* ---- lines ---- */

static bool toml_read_header(hd__toml_reader *r) {
  dotted key;
  r->at++;
  const bool is_item = toml_read_take(r, '[');
  if (!toml_read_key(r, &key)) {
    return false;
  }
  if (!toml_read_take(r, ']') || (is_item && !toml_read_take(r, ']'))) {
    return hd__toml_fail(r, is_item ? "a table of a list is [[name]]" : "a table is [name]");
  }
  return hd__toml_open(r, key.n, key.part, key.size, is_item);
}

static bool toml_read_lines(hd__toml_reader *r) {
  toml_read_skip_lines(r);
  while (r->at < r->end) {
    const int line = r->line;
    if (!(*r->at == '[' ? toml_read_header(r) : toml_read_pair(r, r->here))) {
      return false;
    }
    if (!toml_read_end_line(r)) {
      return false;
    }
    HD_ASSERT(r->line >= line);
    toml_read_skip_lines(r);
  }
  return true;
}

static bool toml_read_text(hd__toml_reader *r) {
  return hd__toml_check_text(r) &&
         hd__toml_add(r, -1, NULL, 0, HD_TOML_TABLE, HD_TOML_BY_HEADER) == 0 && toml_read_lines(r);
}

hd_status hd__toml_read(hd_ctx *ctx, const char *name, const char *text, size_t size,
                        hd__toml_doc *doc) {
  const bool has_mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
  *doc = (hd__toml_doc){.ctx = ctx, .pool_size = 3 * size + 64};
  doc->pool = hd__alloc(ctx, doc->pool_size);
  if (doc->pool == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %s", name);
  }
  hd__toml_reader r = {.at = text + (has_mark ? 3 : 0),
                       .end = text + size,
                       .culprit = "",
                       .status = HD_FORMAT,
                       .doc = doc};
  if (toml_read_text(&r)) {
    return HD_OK;
  }
  hd__fail(ctx, r.status, "%s, line %d: %.64s%s", name, r.line, r.culprit, r.problem);
  hd__toml_free(doc);
  return r.status;
}
