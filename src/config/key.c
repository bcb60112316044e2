#include "key.h"

#include <stdio.h>
#include <string.h>

#include "described.h"
#include "key_hints.h"
#include "text.h"

/* ---- models' parameters ---- */

hd__option_row hd__param_row(const hd_param *param) {
  const bool is_whole = hd__param_is_whole(param);
  return (hd__option_row){.type = is_whole ? HD_TYPE_INT : HD_TYPE_PARAM,
                          .low = (double)param->low,
                          .high = (double)param->high,
                          .unit = is_whole ? "" : param->unit,
                          .help = param->help};
}

hd_status hd__param_parse(hd_ctx *ctx, const hd_param *param, const char *key, const char *value,
                          float *out) {
  const hd__option_row row = hd__param_row(param);
  double number;
  if (!hd__parse_number(value, &number) || !hd__param_allows(param, number)) {
    return hd__out_of_range(ctx, &row, key, value);
  }
  *out = (float)number;
  return HD_OK;
}

/* ---- options ---- */

/* All keys by number, and then what follows their groups; NULL for headings and keys without one.
 */
static const char *key_name(const void *list, int i) {
  (void)list;
  const char *key = hd__option_row_at(i % HD_OPTION_ROWS)->key;
  const char *dot = key != NULL ? strchr(key, '.') : NULL;
  return i < HD_OPTION_ROWS ? key : dot != NULL ? dot + 1 : NULL;
}

/* The key that is most like a word, with its group; NULL: none is. */
static const char *key_nearest_key(const char *word) {
  const char *near = hd__nearest(word, key_name, NULL, 2 * HD_OPTION_ROWS);
  for (int i = 0; near != NULL && i < 2 * HD_OPTION_ROWS; i++) {
    if (key_name(NULL, i) == near) {
      return hd__option_row_at(i % HD_OPTION_ROWS)->key;
    }
  }
  return NULL;
}

static bool key_is_called(const hd__option_row *row, const char *key, bool by_old) {
  return strcmp(by_old ? row->was : row->key, key) == 0;
}

/* The index of a key, or of an option's old name; -1: there is none. */
static int key_find(const char *key, bool by_old) {
  for (int i = 0; i < HD_OPTION_KEYS; i++) {
    if (key_is_called(hd__option_key_at(i), key, by_old)) {
      return i;
    }
  }
  return -1;
}

const hd__option_row *hd__config_row(int index) {
  return index < HD_OPTION_KEYS ? hd__option_key_at(index) : NULL;
}

int hd__key_find(const char *key) { return key_find(key, false); }

int hd__key_find_old(const char *key) { return key_find(key, true); }

hd_status hd__key_unknown(hd_ctx *ctx, const char *key) {
  const char *why = hd__key_elsewhere(key), *ours = hd__key_of_others(key);
  const char *near = ours != NULL ? ours : key_nearest_key(key);
  if (why != NULL) {
    return hd__fail(ctx, HD_UNKNOWN, "no option is called '%s': %s", key, why);
  }
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "no option is called '%s'; did you mean '%s'?", key, near)
             : hd__fail(ctx, HD_UNKNOWN,
                        "no option is called '%s'; `hedon train --help` lists them", key);
}

const char *hd_option_meant(const char *word) {
  char key[64];
  const size_t n = strnlen(word, sizeof key - 1);
  for (size_t i = 0; i < n; i++) {
    key[i] = word[i] == '-' ? '_' : word[i];
  }
  key[n] = '\0';
  const hd__option_row *row = hd__key_option(key);
  return row != NULL ? row->key : hd__key_of_others(key);
}

const hd__option_row *hd__key_option(const char *key) {
  const int now = key_find(key, false), index = now >= 0 ? now : key_find(key, true);
  return index >= 0 ? hd__config_row(index) : NULL;
}

hd_status hd__key_check(hd_ctx *ctx, const char *key, const char *value) {
  hd__settings settings;
  float number;
  const hd__option_row *row = hd__key_option(key);
  if (row != NULL) {
    return hd__option_parse(ctx, row, value, &settings);
  }
  const hd__models models = hd__models_of(ctx);
  const int param = hd__model_param_find(ctx, &models, key);
  return param < 0 ? hd__key_unknown(ctx, key)
                   : hd__param_parse(ctx, hd__model_param_at(ctx, &models, param).param, key, value,
                                     &number);
}

/* ---- as files write them ---- */

enum { BARE = 1 << HD_TOML_BARE, QUOTED = 1 << HD_TOML_TEXT, BRACKETS = 1 << HD_TOML_LIST };

/* What a value of each type is, and how it may stand in a file. A list of one number needs no
 * brackets. */
static const struct {
  const char *is;
  unsigned may;
} forms[] = {[HD_TYPE_NUM] = {"a number", BARE},
             [HD_TYPE_INT] = {"a whole number", BARE},
             [HD_TYPE_FLAG] = {"true or false", BARE},
             [HD_TYPE_CHOICE] = {"a text in quotes", QUOTED},
             [HD_TYPE_WORD] = {"a text in quotes", QUOTED},
             [HD_TYPE_LIST] = {"a list of numbers", BARE | BRACKETS},
             [HD_TYPE_PARAM] = {"a number", BARE}};

hd_status hd__key_check_kind(hd_ctx *ctx, const char *key, hd__toml_kind kind) {
  static const char *const given[] = {[HD_TOML_BARE] = "has no quotes",
                                      [HD_TOML_TEXT] = "is a text in quotes",
                                      [HD_TOML_LIST] = "is a list"};
  const hd__option_row *row = hd__key_option(key);
  const enum hd__option_type type = row != NULL ? row->type : HD_TYPE_PARAM;
  return (forms[type].may & 1u << kind) != 0
             ? HD_OK
             : hd__fail(ctx, HD_FORMAT, "%s is %s, and this %s", key, forms[type].is, given[kind]);
}
