/* One option: its row in the table, its value as text, its value from text. */
#ifndef HD_OPTION_H
#define HD_OPTION_H

#include "config.h"

enum hd__option_type {
  HD_TYPE_NUM,
  HD_TYPE_INT,
  HD_TYPE_FLAG,
  HD_TYPE_CHOICE,
  HD_TYPE_WORD,
  HD_TYPE_LIST,
  HD_TYPE_PARAM /* of a neuron model */
};

typedef struct hd__option_row {
  const char *key, *fallback; /* key NULL: a heading */
  const char *was;            /* old name, the same as the key where that has not changed */
  enum hd__option_type type;
  size_t offset; /* in hd__settings */
  double low, high;
  int most; /* LIST: numbers, at most HD_LIST_MAX */
  const char *unit, *help, *group;
  int reader;                                        /* HD_READER_* */
  const char *const *choices;                        /* CHOICE: NULL-terminated */
  hd_status (*known)(hd_ctx *ctx, const char *word); /* WORD */
  const char *list;                                  /* WORD: what `hedon list` calls them */
} hd__option_row;

#define HD_COUNT_ONE(...) +1
#define HD_COUNT_NONE(...)
enum {
  HD_OPTION_ROWS = HD_OPTIONS(HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE,
                              HD_COUNT_ONE, HD_COUNT_ONE),
  HD_OPTION_KEYS = HD_OPTIONS(HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE, HD_COUNT_ONE,
                              HD_COUNT_ONE, HD_COUNT_NONE) /* headings left out */
};
#undef HD_COUNT_ONE
#undef HD_COUNT_NONE

/* Options and headings, in the order in which they are listed. */
const hd__option_row *hd__option_row_at(int index);
/* Options alone, index below HD_OPTION_KEYS. */
const hd__option_row *hd__option_key_at(int index);

const char *hd__option_type_name(enum hd__option_type type);

/* The value of a row in `settings` as text that hd__option_parse accepts. */
void hd__option_print(const hd__option_row *row, const hd__settings *settings, char *text,
                      size_t size);
/* What is allowed, in words. */
void hd__option_range(const hd__option_row *row, char *text, size_t size);
/* Parse `value` into the row's member of `settings`.  Errors  RANGE, UNKNOWN. */
hd_status hd__option_parse(hd_ctx *ctx, const hd__option_row *row, const char *value,
                           hd__settings *settings);

/* A float in as few digits as name it. */
void hd__print_float(char *text, size_t size, float value);
bool hd__parse_number(const char *text, double *out);
hd_status hd__out_of_range(hd_ctx *ctx, const hd__option_row *row, const char *key,
                           const char *value);

#endif
