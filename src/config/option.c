#include "option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "coding.h"
#include "number.h"
#include "readers.h"
#include "search.h"
#include "text.h"

enum { RANGE_SIZE = 384 };

static const char *const type_names[] = {"number", "integer", "flag",  "name",
                                         "name",   "list",    "number"};

#define CHOICE_LIST(list) static const char *const list##_words[] = {
#define CHOICE_WORD(list, word) #word,
#define CHOICE_END(list) \
  NULL                   \
  }                      \
  ;
HD_CHOICES(CHOICE_LIST, CHOICE_WORD, CHOICE_END)

static const char *option_coding_name(const void *list, int i) {
  return hd__code_at(list, i)->name;
}

static const char *option_neuron_name(const void *list, int i) {
  return hd__neuron_at(list, i)->name;
}

static hd_status option_unknown(hd_ctx *ctx, const char *kind, const char *word, hd__name_fn name,
                                int n, const char *list) {
  const char *near = hd__nearest(word, name, ctx, n);
  return near != NULL
             ? hd__fail(ctx, HD_UNKNOWN, "no %s is called '%s'; did you mean '%s'?", kind, word,
                        near)
             : hd__fail(ctx, HD_UNKNOWN, "no %s is called '%s'; `hedon list %s` shows them", kind,
                        word, list);
}

static hd_status coding_known(hd_ctx *ctx, const char *word) {
  return hd__code_find(ctx, word) != NULL ? HD_OK
                                          : option_unknown(ctx, "coding", word, option_coding_name,
                                                           hd__code_count(ctx), "codings");
}

static hd_status neuron_known(hd_ctx *ctx, const char *word) {
  return hd__neuron_find(ctx, word) != NULL
             ? HD_OK
             : option_unknown(ctx, "neuron", word, option_neuron_name, hd__neuron_count(ctx),
                              "neurons");
}

static hd_status rule_known(hd_ctx *ctx, const char *word) {
  const hd_rule_desc *rule;
  return hd_rule_find(ctx, word, &rule);
}

static const char *option_search_name(const void *list, int i) {
  (void)list;
  return hd__search_at(i)->name;
}

static hd_status search_known(hd_ctx *ctx, const char *word) {
  return strcmp(word, "none") == 0 || hd__search_find(word) != NULL
             ? HD_OK
             : option_unknown(ctx, "search", word, option_search_name, hd__search_count(),
                              "searches");
}

static hd_status dynamics_known(hd_ctx *ctx, const char *word) {
  uint32_t mask;
  return hd__dynamics_parse(ctx, word, &mask);
}

static const char coding_list[] = "codings", neuron_list[] = "neurons", rule_list[] = "rules",
                  search_list[] = "searches", dynamics_list[] = "dynamics";

#define AT(name, key_, reader_, help_)                               \
  .key = key_, .was = #name, .offset = offsetof(hd__settings, name), \
  .reader = HD_READER_##reader_, .help = help_
#define BOUNDS(low_, high_) .low = low_, .high = high_
#define ROW_NUM(name, key, fallback_, low, high, unit_, reader, help)                           \
  {AT(name, key, reader, help), BOUNDS(low, high), .fallback = #fallback_, .type = HD_TYPE_NUM, \
   .unit = unit_},
#define ROW_INT(name, key, fallback_, low, high, unit_, reader, help)                           \
  {AT(name, key, reader, help), BOUNDS(low, high), .fallback = #fallback_, .type = HD_TYPE_INT, \
   .unit = unit_},
#define ROW_FLAG(name, key, fallback_, reader, help) \
  {AT(name, key, reader, help), .type = HD_TYPE_FLAG, .fallback = #fallback_, .unit = ""},
#define ROW_CHOICE(name, key, fallback_, reader, help)                                      \
  {AT(name, key, reader, help), .type = HD_TYPE_CHOICE, .fallback = #fallback_, .unit = "", \
   .choices = name##_words},
#define ROW_WORD(name, key, fallback_, kind_, reader, help)                               \
  {AT(name, key, reader, help), .type = HD_TYPE_WORD, .fallback = #fallback_, .unit = "", \
   .known = kind_##_known,      .list = kind_##_list},
#define ROW_LIST(name, key, fallback_, most_, low, high, reader, help)     \
  {AT(name, key, reader, help), BOUNDS(low, high), .fallback = #fallback_, \
   .type = HD_TYPE_LIST,        .unit = "",        .most = most_},
#define ROW_GROUP(title) {.group = title},

/* Options and group headings, in the order in which they are listed. */
static const hd__option_row rows[] = {
    HD_OPTIONS(ROW_NUM, ROW_INT, ROW_FLAG, ROW_CHOICE, ROW_WORD, ROW_LIST, ROW_GROUP)};

_Static_assert(sizeof rows / sizeof rows[0] == HD_OPTION_ROWS, "every row is counted");

const hd__option_row *hd__option_row_at(int index) { return &rows[index]; }

/* The row of every key. A heading counts as a row and is no key, so that it adds nothing but a
 * count to the number of the key that follows. */
enum { FIRST_ROW = __COUNTER__ + 1 };
#define ROW_OF_KEY(...) __COUNTER__ - FIRST_ROW,
#define ROW_OF_NONE(title) 0 * __COUNTER__ +
static const short row_of_key[] = {HD_OPTIONS(ROW_OF_KEY, ROW_OF_KEY, ROW_OF_KEY, ROW_OF_KEY,
                                              ROW_OF_KEY, ROW_OF_KEY, ROW_OF_NONE)};
_Static_assert(sizeof row_of_key / sizeof row_of_key[0] == HD_OPTION_KEYS, "every key has a row");

const hd__option_row *hd__option_key_at(int index) { return &rows[row_of_key[index]]; }

const char *hd__option_type_name(enum hd__option_type type) { return type_names[type]; }

/* ---- words ---- */

/* The words users see have hyphens. */
static void option_hyphenate(char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '_') {
      *text = '-';
    }
  }
}

static bool option_same_choice(const char *word, const char *typed) {
  for (; *word != '\0' && (*word == *typed || (*word == '_' && *typed == '-')); word++, typed++) {
  }
  return *word == *typed;
}

/* ---- one option as text ---- */

static void option_print_number(char *text, size_t size, double value) {
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(text, size, "%.*g", digits, value);
    if (strtod(text, NULL) == value || isnan(value)) {
      break;
    }
  }
  hd__number_point(text);
}

/* The same for a number kept as float. */
void hd__print_float(char *text, size_t size, float value) {
  for (int digits = 6; digits <= 9; digits++) {
    snprintf(text, size, "%.*g", digits, (double)value);
    if (strtof(text, NULL) == value) {
      break;
    }
  }
  hd__number_point(text);
}

void hd__option_print(const hd__option_row *row, const hd__settings *settings, char *text,
                      size_t size) {
  const char *at = (const char *)settings + row->offset;
  switch (row->type) {
    case HD_TYPE_NUM:
      option_print_number(text, size, *(const double *)at);
      break;
    case HD_TYPE_INT:
      snprintf(text, size, "%lld", (long long)*(const int64_t *)at);
      break;
    case HD_TYPE_FLAG:
      snprintf(text, size, "%s", *(const bool *)at ? "true" : "false");
      break;
    case HD_TYPE_CHOICE:
      snprintf(text, size, "%s", row->choices[*(const int *)at]);
      option_hyphenate(text);
      break;
    case HD_TYPE_WORD:
      snprintf(text, size, "%s", at);
      break;
    case HD_TYPE_LIST: {
      const hd__list *list = (const hd__list *)at;
      size_t used = 0;
      for (int i = 0; i < list->n; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%d", i > 0 ? "," : "", list->item[i]);
      }
      break;
    }
    case HD_TYPE_PARAM:
      break;
  }
}

void hd__option_range(const hd__option_row *row, char *text, size_t size) {
  switch (row->type) {
    case HD_TYPE_FLAG:
      snprintf(text, size, "true or false");
      break;
    case HD_TYPE_CHOICE: {
      size_t used = 0;
      for (int i = 0; row->choices[i] != NULL && used < size; i++) {
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", row->choices[i]);
      }
      option_hyphenate(text);
      break;
    }
    case HD_TYPE_WORD:
      snprintf(text, size, "%ssee `hedon list %s`",
               strcmp(row->fallback, "none") == 0 ? "none, or " : "", row->list);
      break;
    case HD_TYPE_LIST:
      snprintf(text, size, "up to %d numbers, each %.12g to %.12g", row->most, row->low, row->high);
      break;
    case HD_TYPE_INT:
      snprintf(text, size, "whole, %.12g to %.12g", row->low, row->high);
      break;
    case HD_TYPE_PARAM:
      snprintf(text, size, "%g to %g", row->low, row->high);
      break;
    default:
      snprintf(text, size, "%.12g to %.12g", row->low, row->high);
  }
}

hd_status hd__out_of_range(hd_ctx *ctx, const hd__option_row *row, const char *key,
                           const char *value) {
  char range[RANGE_SIZE];
  hd__option_range(row, range, sizeof range);
  const char *blank = row->unit[0] != '\0' ? " " : "";
  const char *cut = strlen(value) > 60 ? "..." : "";
  return value[0] != '\0' ? hd__fail(ctx, HD_RANGE, "%s = %.60s%s, allowed: %s%s%s", key, value,
                                     cut, range, blank, row->unit)
                          : hd__fail(ctx, HD_RANGE, "%s is empty, allowed: %s%s%s", key, range,
                                     blank, row->unit);
}

bool hd__parse_number(const char *text, double *out) { return hd__number_read(text, out); }

static bool option_parse_whole(const char *text, double *out) {
  return hd__parse_number(text, out) && *out == rint(*out) && fabs(*out) <= HD_BIG;
}

static bool option_parse_list(const hd__option_row *row, const char *text, hd__list *list) {
  *list = (hd__list){0};
  while (*text != '\0' && list->n < row->most) {
    char *end;
    const long item = strtol(text, &end, 10);
    if (end == text || (double)item < row->low || (double)item > row->high) {
      return false;
    }
    list->item[list->n++] = (int)item;
    text = end;
    if (*text == ',' && text[1] != '\0') {
      text++;
    }
  }
  return list->n > 0 && *text == '\0';
}

/* Parse `value` into the member of `settings`. */
hd_status hd__option_parse(hd_ctx *ctx, const hd__option_row *row, const char *value,
                           hd__settings *settings) {
  char *at = (char *)settings + row->offset;
  double number;
  switch (row->type) {
    case HD_TYPE_NUM:
      if (!hd__parse_number(value, &number) ||
          (isnan(number) ? strcasecmp(row->fallback, "nan") != 0
                         : number < row->low || number > row->high)) {
        return hd__out_of_range(ctx, row, row->key, value);
      }
      *(double *)at = number;
      return HD_OK;
    case HD_TYPE_INT:
      if (!option_parse_whole(value, &number) || number < row->low || number > row->high) {
        return hd__out_of_range(ctx, row, row->key, value);
      }
      *(int64_t *)at = (int64_t)number;
      return HD_OK;
    case HD_TYPE_FLAG:
      if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
        return hd__out_of_range(ctx, row, row->key, value);
      }
      *(bool *)at = value[0] == 't';
      return HD_OK;
    case HD_TYPE_CHOICE:
      for (int i = 0; row->choices[i] != NULL; i++) {
        if (option_same_choice(row->choices[i], value)) {
          *(int *)at = i;
          return HD_OK;
        }
      }
      return hd__out_of_range(ctx, row, row->key, value);
    case HD_TYPE_WORD:
      if (strlen(value) >= HD_WORD_SIZE) {
        return hd__out_of_range(ctx, row, row->key, value);
      }
      HD_TRY(row->known(ctx, value));
      snprintf(at, HD_WORD_SIZE, "%s", value);
      return HD_OK;
    case HD_TYPE_LIST: {
      hd__list list;
      if (!option_parse_list(row, value, &list)) {
        return hd__out_of_range(ctx, row, row->key, value);
      }
      *(hd__list *)at = list;
      return HD_OK;
    }
    case HD_TYPE_PARAM:
      break;
  }
  return HD_OK;
}
