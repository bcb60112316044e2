/* What a bench has measured, as tables of a hundred columns or as one JSON object. */
#ifndef CLI_BENCH_REPORT_H
#define CLI_BENCH_REPORT_H

#include <stdio.h>

#include "bench_gauge.h"

typedef enum figure {
  FIGURE_SHORT, /* 412k */
  FIGURE_PLAIN, /* four digits */
  FIGURE_SHARE, /* 0.12 as 12.0% */
  FIGURE_BYTES  /* 1.5 MiB */
} figure;

typedef struct column {
  const char *key; /* in JSON, and as the heading of the table */
  figure form;
} column;

enum { MORE_MAX = 6, ROW_NAME = 48 };

typedef struct row {
  char name[ROW_NAME];
  spread value;
  double more[MORE_MAX];
} row;

/* Rows of one kind. Their value has quartiles unless it is exact. */
typedef struct section {
  const char *group, *key; /* e.g. "scale", "fits" */
  const char *title;       /* what is measured, and its unit */
  const char *note;        /* how to read it, or NULL */
  column value;
  bool is_exact;
  column more[MORE_MAX];
  int n_more;
  row *row; /* [n], owned */
  int n, room;
  int n_lost; /* rows that found no memory */
} section;

/* Append a row; its further figures are no numbers yet. It holds until the next is appended. */
row *section_add(section *self, const char *format, ...) HD_PRINTF(2, 3);

typedef struct report {
  FILE *file;
  bool is_json;
  int n; /* sections so far */
} report;

void report_section(report *self, const section *s);

#endif
