/* The subset of TOML that settings need: lines of `key = value`, comments, tables; values are
 * quoted texts, numbers, true and false, and lists of these. Values come out as plain text, lists
 * with commas between their items: [64, 32] is "64,32". */
#ifndef HD_TOML_H
#define HD_TOML_H

#include "sink.h"

enum { HD_TOML_KEY = 128, HD_TOML_VALUE = 1024 };

typedef enum hd__toml_kind { HD_TOML_BARE, HD_TOML_TEXT, HD_TOML_LIST } hd__toml_kind;

typedef struct hd__toml {
  const char *at, *end;
  int line;                /* of the last setting or problem, counted from 1 */
  const char *problem;     /* what is wrong, or NULL */
  char table[HD_TOML_KEY]; /* "" before the first [table] */
  char key[HD_TOML_KEY];
  char value[HD_TOML_VALUE];
  hd__toml_kind kind; /* of the value: a number, a flag or a bare word; in quotes; in brackets */
} hd__toml;

void hd__toml_init(hd__toml *toml, const char *text, size_t size);

/* Go on to the next setting; false at the end and at the first problem. */
bool hd__toml_next(hd__toml *toml);

/* Write a value as TOML: `type` is that of hd_option. */
void hd__toml_write_value(hd__sink *sink, const char *type, const char *value);

#endif
