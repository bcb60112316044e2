/* Values of a TOML text that stand in no quotes: flags, numbers, dates and times. */
#include <stdlib.h>
#include <string.h>

#include "toml_internal.h"

/* A word while it is looked at. */
typedef struct word {
  const char *p, *end;
} word;

static bool toml_scalar_is_digit(char c) { return c >= '0' && c <= '9'; }

static bool toml_scalar_take(word *w, const char *any) {
  const bool is_there = w->p < w->end && *w->p != '\0' && strchr(any, *w->p) != NULL;
  w->p += is_there;
  return is_there;
}

/* Digits, with single underscores between them; how many digits there are. */
static int toml_scalar_digits(word *w, const char *any) {
  int n = 0;
  while (toml_scalar_take(w, any)) {
    n++;
    if (w->p + 1 < w->end && *w->p == '_' && w->p[1] != '\0' && strchr(any, w->p[1]) != NULL) {
      w->p++;
    }
  }
  return n;
}

/* The whole part of a number: no zero before other digits. */
static bool toml_scalar_whole(word *w) {
  const char *start = w->p;
  const int n = toml_scalar_digits(w, "0123456789");
  return n > 0 && (n == 1 || *start != '0');
}

/* ---- numbers ---- */

static bool toml_scalar_is_float(word w) {
  toml_scalar_take(&w, "+-");
  if (w.end - w.p == 3 && (memcmp(w.p, "inf", 3) == 0 || memcmp(w.p, "nan", 3) == 0)) {
    return true;
  }
  if (!toml_scalar_whole(&w)) {
    return false;
  }
  bool is_float = false;
  if (toml_scalar_take(&w, ".")) {
    is_float = toml_scalar_digits(&w, "0123456789") > 0;
    if (!is_float) {
      return false;
    }
  }
  if (toml_scalar_take(&w, "eE")) {
    toml_scalar_take(&w, "+-");
    is_float = toml_scalar_digits(&w, "0123456789") > 0;
  }
  return is_float && w.p == w.end;
}

static bool toml_scalar_is_whole_number(word w, int *base) {
  static const struct {
    char prefix[3];
    int base;
    const char *digits;
  } kinds[] = {{"0x", 16, "0123456789abcdefABCDEF"}, {"0o", 8, "01234567"}, {"0b", 2, "01"}};
  for (int k = 0; k < 3; k++) {
    if (w.end - w.p > 2 && memcmp(w.p, kinds[k].prefix, 2) == 0) {
      w.p += 2;
      *base = kinds[k].base;
      return toml_scalar_digits(&w, kinds[k].digits) > 0 && w.p == w.end;
    }
  }
  *base = 10;
  toml_scalar_take(&w, "+-");
  return toml_scalar_whole(&w) && w.p == w.end;
}

/* The word without underscores, in the pool. */
static const char *toml_scalar_keep(hd__toml_reader *r, const char *text, size_t n, bool is_plain) {
  const size_t start = r->doc->used;
  for (size_t i = 0; i < n; i++) {
    if (text[i] != '_' || !is_plain) {
      hd__toml_put(r, text[i]);
    }
  }
  hd__toml_put(r, '\0');
  return r->doc->pool + start;
}

/* Numbers with a base become decimal, which is longer than what was written by a third at most; the
 * pool has room for twice the text. */
static bool toml_scalar_read_integer(hd__toml_reader *r, const char *text, size_t n, int base,
                                     const char **out) {
  *out = toml_scalar_keep(r, text, n, true);
  char *end;
  unsigned long long value = strtoull(*out + (base == 10 ? 0 : 2), &end, base);
  if (base == 10) {
    return true; /* its range is checked by who reads it */
  }
  if (value > INT64_MAX) {
    return hd__toml_fail(r, "a whole number has at most 63 bits");
  }
  char digits[24];
  int k = sizeof digits;
  do {
    digits[--k] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  *out = toml_scalar_keep(r, digits + k, sizeof digits - (size_t)k, true);
  return true;
}

/* ---- dates and times ---- */

static bool toml_scalar_number(word *w, int digits, int low, int high, int *out) {
  *out = 0;
  for (int i = 0; i < digits; i++, w->p++) {
    if (w->p == w->end || !toml_scalar_is_digit(*w->p)) {
      return false;
    }
    *out = 10 * *out + (*w->p - '0');
  }
  return *out >= low && *out <= high;
}

static bool toml_scalar_date(word *w) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year, month, day;
  if (!toml_scalar_number(w, 4, 0, 9999, &year) || !toml_scalar_take(w, "-") ||
      !toml_scalar_number(w, 2, 1, 12, &month) || !toml_scalar_take(w, "-") ||
      !toml_scalar_number(w, 2, 1, 31, &day)) {
    return false;
  }
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (month == 2 && is_leap);
}

static bool toml_scalar_time(word *w) {
  int number;
  if (!toml_scalar_number(w, 2, 0, 23, &number) || !toml_scalar_take(w, ":") ||
      !toml_scalar_number(w, 2, 0, 59, &number) || !toml_scalar_take(w, ":") ||
      !toml_scalar_number(w, 2, 0, 60, &number)) {
    return false;
  }
  if (!toml_scalar_take(w, ".")) {
    return true;
  }
  const char *start = w->p;
  while (toml_scalar_take(w, "0123456789")) {
  }
  return w->p > start;
}

static bool toml_scalar_offset(word *w) {
  int number;
  return toml_scalar_take(w, "zZ") ||
         (toml_scalar_take(w, "+-") && toml_scalar_number(w, 2, 0, 23, &number) &&
          toml_scalar_take(w, ":") && toml_scalar_number(w, 2, 0, 59, &number));
}

static bool toml_scalar_is_date(word w, hd__toml_type *type) {
  word time = w;
  if (toml_scalar_time(&time) && time.p == time.end) {
    *type = HD_TOML_TIME_LOCAL;
    return true;
  }
  if (!toml_scalar_date(&w)) {
    return false;
  }
  *type = HD_TOML_DATE_LOCAL;
  if (w.p == w.end) {
    return true;
  }
  *type = HD_TOML_DATETIME_LOCAL;
  if (!toml_scalar_take(&w, "Tt ") || !toml_scalar_time(&w)) {
    return false;
  }
  if (w.p == w.end) {
    return true;
  }
  *type = HD_TOML_DATETIME;
  return toml_scalar_offset(&w) && w.p == w.end;
}

bool hd__toml_read_scalar(hd__toml_reader *r, const char *text, size_t n, hd__toml_type *type,
                          const char **out) {
  const word w = {text, text + n};
  int base;
  if (n == 0) {
    return hd__toml_fail(r, "the value is missing");
  }
  if ((n == 4 && memcmp(text, "true", 4) == 0) || (n == 5 && memcmp(text, "false", 5) == 0)) {
    *type = HD_TOML_BOOL;
  } else if (toml_scalar_is_whole_number(w, &base)) {
    *type = HD_TOML_INTEGER;
    return toml_scalar_read_integer(r, text, n, base, out);
  } else if (toml_scalar_is_float(w)) {
    *type = HD_TOML_FLOAT;
  } else if (!toml_scalar_is_date(w, type)) {
    return hd__toml_fail(r,
                         "a value is a text in quotes, a number, true, false, a date, a time, "
                         "[a list] or {a table}");
  }
  *out = toml_scalar_keep(r, text, n, *type == HD_TOML_FLOAT);
  return true;
}
