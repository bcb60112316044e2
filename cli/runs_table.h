/* Runs as rows of a table: what can be asked for of each, by name. */
#ifndef CLI_RUNS_TABLE_H
#define CLI_RUNS_TABLE_H

#include <stdio.h>

#include "run_data.h"

typedef struct runs_row {
  const run_data *run;
  run_summary summary;
} runs_row;

typedef struct runs_table {
  runs_row *row;
  int n;
} runs_table;

/* A row for each run, which outlive it. The caller frees *out.  Errors  NOMEM. */
hd_status runs_table_make(hd_ctx *ctx, const run_list *list, runs_table *out);
void runs_table_free(runs_table *self);

/* The columns that every run has; settings are asked for by their own names besides. */
enum { RUNS_VALUE = 600 };
typedef struct runs_column {
  const char *name;
  bool is_text;
  double (*number)(const runs_row *row);                    /* NAN: there is none */
  void (*text)(const runs_row *row, char text[RUNS_VALUE]); /* of a text */
  const char *doc;
} runs_column;

extern const runs_column runs_columns[];
extern const int runs_column_count;

/* A value by the name of a column or of a setting, as text; "" is a number that there is none of.
 * False: no such name. */
bool runs_value(const runs_row *row, const char *name, char text[RUNS_VALUE]);

/* Is there such a name in any row? Else says so, and offers the nearest. */
int runs_check_name(const runs_table *self, const char *from, const char *name);

/* Which of two values comes first: numbers by size, others by letters, none last. */
int runs_compare(const char *a, const char *b);

/* Keep the rows of which an expression holds: NAME OP VALUE, joined by `and` and `or`, `and` first;
 * OP is one of = != < <= > >= and ~ (holds the text). */
int runs_where(runs_table *self, const char *expression);

/* By a name; "-NAME": the greatest first. */
int runs_sort(runs_table *self, const char *key);

#endif
