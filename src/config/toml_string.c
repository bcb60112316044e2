/* Strings of a TOML text, and what a text may consist of. */
#include <string.h>

#include "toml_internal.h"
#include "utf8.h"

/* ---- the whole text ---- */

bool hd__toml_check_text(hd__toml_reader *r) {
  const char *start = r->at;
  r->line = 1;
  for (size_t n; r->at < r->end; r->at += n) {
    const unsigned char *p = (const unsigned char *)r->at;
    n = hd__utf8_length(p, (size_t)(r->end - r->at));
    if (n == 0) {
      return hd__toml_fail(r, "the text is no UTF-8");
    }
    if (*p == '\r' && (r->at + 1 == r->end || r->at[1] != '\n')) {
      return hd__toml_fail(r, "a carriage return without a line feed");
    }
    if ((*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r') || *p == 0x7F) {
      return hd__toml_fail(r, "a control character");
    }
    r->line += *p == '\n';
  }
  r->at = start;
  r->line = 1;
  return true;
}

/* ---- strings ---- */

static void toml_string_put_code(hd__toml_reader *r, uint32_t code) {
  const int n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
  hd__toml_put(r, (char)(first[n] | code >> (6 * (n - 1))));
  for (int i = n - 2; i >= 0; i--) {
    hd__toml_put(r, (char)(0x80 | (code >> (6 * i) & 0x3F)));
  }
}

static bool toml_string_read_code(hd__toml_reader *r, int digits) {
  static const char hex[] = "0123456789abcdef0123456789ABCDEF";
  uint32_t code = 0;
  for (int i = 0; i < digits; i++) {
    const char *digit = r->at < r->end && *r->at != '\0' ? strchr(hex, *r->at) : NULL;
    if (digit == NULL) {
      return hd__toml_fail(r, "\\u is followed by 4 hexadecimal digits, \\U by 8");
    }
    code = code << 4 | ((uint32_t)(digit - hex) & 15u);
    r->at++;
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return hd__toml_fail(r, "\\u or \\U names no character");
  }
  toml_string_put_code(r, code);
  return true;
}

/* Behind a backslash at the end of a line: up to the next character that is no blank. */
static bool toml_string_skip_lines(hd__toml_reader *r) {
  const char *p = r->at;
  while (p < r->end && (*p == ' ' || *p == '\t')) {
    p++;
  }
  if (p == r->end || (*p != '\n' && *p != '\r')) {
    return false;
  }
  for (; p < r->end && strchr(" \t\r\n", *p) != NULL; p++) {
    r->line += *p == '\n';
  }
  r->at = p;
  return true;
}

static bool toml_string_read_escape(hd__toml_reader *r, bool is_long) {
  static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
  if (is_long && toml_string_skip_lines(r)) {
    return true;
  }
  const char c = r->at < r->end ? *r->at : '\0';
  const char *letter = c != '\0' ? strchr(letters, c) : NULL;
  if (letter != NULL) {
    r->at++;
    return hd__toml_put(r, meanings[letter - letters]);
  }
  if (c == 'u' || c == 'U') {
    r->at++;
    return toml_string_read_code(r, c == 'u' ? 4 : 8);
  }
  return hd__toml_fail(r, "a backslash is followed by one of \" \\ b f n r t u U");
}

static size_t toml_string_quotes(const hd__toml_reader *r, char quote) {
  size_t n = 0;
  while (r->at + n < r->end && r->at[n] == quote) {
    n++;
  }
  return n;
}

/* Three quotes end a long string; up to two more before them belong to it. */
static bool toml_string_end_long(hd__toml_reader *r, char quote, bool *is_end) {
  const size_t n = toml_string_quotes(r, quote);
  *is_end = n >= 3;
  const size_t own = n < 3 ? n : n > 5 ? 2 : n - 3;
  for (size_t i = 0; i < own; i++) {
    hd__toml_put(r, quote);
  }
  r->at += n < 3 ? n : own + 3;
  return true;
}

static bool toml_string_read_character(hd__toml_reader *r, char quote, bool is_long) {
  if (hd__toml_is_end_of_line(r)) {
    if (!is_long || r->at == r->end) {
      return hd__toml_fail(r, is_long ? "a string in three quotes does not end"
                                      : "a quoted text does not end on its line");
    }
    r->line++;
    if (*r->at == '\r') {
      hd__toml_put(r, *r->at++);
    }
  } else if (*r->at == '\\' && quote == '"') {
    r->at++;
    return toml_string_read_escape(r, is_long);
  }
  return hd__toml_put(r, *r->at++);
}

static bool toml_string_read_short(hd__toml_reader *r, char quote) {
  r->at++;
  while (r->at == r->end || *r->at != quote) {
    if (!toml_string_read_character(r, quote, false)) {
      return false;
    }
  }
  r->at++;
  return true;
}

static bool toml_string_read_long(hd__toml_reader *r, char quote) {
  bool is_end = false;
  r->at += 3;
  if (r->at < r->end && hd__toml_is_end_of_line(r)) { /* a line feed right behind is left out */
    r->at += *r->at == '\r' ? 2 : 1;
    r->line++;
  }
  while (!is_end) {
    if (!(r->at < r->end && *r->at == quote ? toml_string_end_long(r, quote, &is_end)
                                            : toml_string_read_character(r, quote, true))) {
      return false;
    }
  }
  return true;
}

bool hd__toml_read_string(hd__toml_reader *r, bool may_span, const char **out, size_t *size) {
  const char quote = *r->at;
  const bool is_long = toml_string_quotes(r, quote) >= 3;
  const size_t start = r->doc->used;
  if (is_long && !may_span) {
    return hd__toml_fail(r, "a key stands in one pair of quotes");
  }
  if (!(is_long ? toml_string_read_long : toml_string_read_short)(r, quote)) {
    return false;
  }
  *out = r->doc->pool + start;
  *size = r->doc->used - start;
  return hd__toml_put(r, '\0');
}
