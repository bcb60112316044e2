#include "toml.h"

#include <string.h>

void hd__toml_init(hd__toml *toml, const char *text, size_t size) {
  const bool has_mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
  toml->at = text + (has_mark ? 3 : 0);
  toml->end = text + size;
  toml->line = 0;
  toml->problem = NULL;
  toml->table[0] = toml->key[0] = toml->value[0] = '\0';
}

static bool toml_fail(hd__toml *toml, const char *problem) {
  toml->problem = problem;
  toml->at = toml->end;
  return false;
}

static bool toml_is_end_of_line(const hd__toml *toml) {
  return toml->at == toml->end || *toml->at == '\n' ||
         (*toml->at == '\r' && toml->at + 1 < toml->end && toml->at[1] == '\n');
}

/* The character at hand; a line feed stands for the end of the line and of the text. */
static char toml_peek(const hd__toml *toml) {
  return (char)(toml_is_end_of_line(toml) ? '\n' : *toml->at);
}

static void toml_skip_blanks(hd__toml *toml) {
  while (toml_peek(toml) == ' ' || toml_peek(toml) == '\t') {
    toml->at++;
  }
}

/* Blanks and a comment up to the next line. */
static bool toml_end_line(hd__toml *toml) {
  toml_skip_blanks(toml);
  if (toml_peek(toml) == '#') {
    while (!toml_is_end_of_line(toml)) {
      toml->at++;
    }
  }
  if (!toml_is_end_of_line(toml)) {
    return toml_fail(toml, "something follows the value; a comment starts with #");
  }
  while (toml->at < toml->end && *toml->at++ != '\n') {
  }
  return true;
}

static bool toml_is_key(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.';
}

static bool toml_append_key(hd__toml *toml, char *key, size_t *n) {
  if (*n == HD_TOML_KEY - 1) {
    return toml_fail(toml, "the key has more than 127 characters");
  }
  key[(*n)++] = *toml->at++;
  return true;
}

/* A part of a key in quotes, which keeps its blanks and dots. */
static bool toml_read_quoted_key(hd__toml *toml, char *key, size_t *n) {
  const char quote = *toml->at++;
  while (toml_peek(toml) != quote) {
    if (toml_peek(toml) == '\n' || toml_peek(toml) == '\0' || toml_peek(toml) == '\\') {
      return toml_fail(toml, "a key in quotes ends on its line and has no backslash");
    }
    if (!toml_append_key(toml, key, n)) {
      return false;
    }
  }
  toml->at++;
  return true;
}

static bool toml_read_key(hd__toml *toml, char *key) {
  size_t n = 0;
  while (toml_is_key(toml_peek(toml)) || toml_peek(toml) == '"' || toml_peek(toml) == '\'') {
    if (!(toml_is_key(toml_peek(toml)) ? toml_append_key : toml_read_quoted_key)(toml, key, &n)) {
      return false;
    }
  }
  key[n] = '\0';
  return n > 0 || toml_fail(toml, "a line is `key = value`, `[table]` or `# comment`");
}

static bool toml_append(hd__toml *toml, size_t *n, char c) {
  if (c == '\0') {
    return toml_fail(toml, "the value holds a zero byte");
  }
  if (*n == HD_TOML_VALUE - 1) {
    return toml_fail(toml, "the value has more than 1023 characters");
  }
  toml->value[(*n)++] = c;
  return true;
}

/* "..." with escapes, or '...' without. */
static bool toml_read_quoted(hd__toml *toml, size_t *n) {
  static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
  const char quote = *toml->at++;
  while (toml_peek(toml) != quote) {
    if (toml_is_end_of_line(toml)) {
      return toml_fail(toml, "a quoted text does not end on its line");
    }
    char c = *toml->at++;
    if (c == '\\' && quote == '"') {
      const char *letter = toml_peek(toml) == '\0' ? NULL : strchr(letters, toml_peek(toml));
      if (letter == NULL) {
        return toml_fail(toml, "a backslash is followed by one of \" \\ b f n r t");
      }
      c = meanings[letter - letters];
      toml->at++;
    }
    if (!toml_append(toml, n, c)) {
      return false;
    }
  }
  toml->at++;
  return true;
}

/* A number or a word up to a blank, a comma, a bracket or a comment. Underscores, which may part
 * the digits of a number, are left out. */
static bool toml_read_bare(hd__toml *toml, size_t *n) {
  const size_t start = *n;
  const bool is_number = strchr("+-0123456789", toml_peek(toml)) != NULL && toml_peek(toml) != '\0';
  for (; strchr(" \t\n,[]#\"'=", toml_peek(toml)) == NULL; toml->at++) {
    if (!(is_number && *toml->at == '_') && !toml_append(toml, n, *toml->at)) {
      return false;
    }
  }
  if (*n < HD_TOML_VALUE && toml_peek(toml) == '\0' && toml->at < toml->end) {
    return toml_fail(toml, "the value holds a zero byte");
  }
  return *n > start || toml_fail(toml, "the value is missing");
}

static bool toml_read_item(hd__toml *toml, size_t *n) {
  return toml_peek(toml) == '"' || toml_peek(toml) == '\'' ? toml_read_quoted(toml, n)
                                                           : toml_read_bare(toml, n);
}

static bool toml_read_list(hd__toml *toml, size_t *n) {
  toml->at++;
  toml_skip_blanks(toml);
  while (toml_peek(toml) != ']') {
    if (*n > 0 && !toml_append(toml, n, ',')) {
      return false;
    }
    if (!toml_read_item(toml, n)) {
      return false;
    }
    toml_skip_blanks(toml);
    if (toml_peek(toml) == ',') {
      toml->at++;
      toml_skip_blanks(toml);
    } else if (toml_peek(toml) != ']') {
      return toml_fail(toml, "a list is [item, item, ...] on one line");
    }
  }
  toml->at++;
  return true;
}

static bool toml_read_value(hd__toml *toml) {
  size_t n = 0;
  toml_skip_blanks(toml);
  const bool is_text = toml_peek(toml) == '"' || toml_peek(toml) == '\'';
  toml->kind = toml_peek(toml) == '[' ? HD_TOML_LIST : is_text ? HD_TOML_TEXT : HD_TOML_BARE;
  const bool is_read = toml_peek(toml) == '[' ? toml_read_list(toml, &n) : toml_read_item(toml, &n);
  toml->value[n] = '\0';
  return is_read;
}

static bool toml_read_table(hd__toml *toml) {
  toml->at++;
  if (!toml_read_key(toml, toml->table)) {
    return false;
  }
  if (toml_peek(toml) != ']') {
    return toml_fail(toml, "a table is [name]");
  }
  toml->at++;
  return true;
}

bool hd__toml_next(hd__toml *toml) {
  while (toml->at < toml->end) {
    toml->line++;
    toml_skip_blanks(toml);
    if (toml_peek(toml) == '[') {
      if (!toml_read_table(toml) || !toml_end_line(toml)) {
        return false;
      }
      continue;
    }
    if (toml_peek(toml) == '\n' || toml_peek(toml) == '#') {
      toml_end_line(toml);
      continue;
    }
    if (!toml_read_key(toml, toml->key)) {
      return false;
    }
    toml_skip_blanks(toml);
    if (toml_peek(toml) != '=') {
      return toml_fail(toml, "a key is followed by = and a value");
    }
    toml->at++;
    return toml_read_value(toml) && toml_end_line(toml);
  }
  return false;
}

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

static void toml_write_item(hd__sink *sink, const char *item) {
  if (toml_is_number(item) || strcmp(item, "true") == 0 || strcmp(item, "false") == 0) {
    hd__sink_text(sink, item);
    return;
  }
  static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
  hd__sink_text(sink, "\"");
  for (; *item != '\0'; item++) {
    const char *meaning = strchr(meanings, *item);
    if (meaning != NULL) {
      hd__sink_write(sink, "\\", 1);
      hd__sink_write(sink, &letters[meaning - meanings], 1);
    } else {
      hd__sink_write(sink, item, 1);
    }
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
