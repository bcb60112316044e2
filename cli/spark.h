/* A sparkline of a whole run in a fixed number of columns: when they are full, neighbours merge. */
#ifndef CLI_SPARK_H
#define CLI_SPARK_H

#include <stdbool.h>

enum { SPARK_COLUMNS = 24, SPARK_SIZE = 4 * SPARK_COLUMNS + 1 };

typedef struct spark {
  double value[SPARK_COLUMNS];
  int n;
  int stride; /* samples per column; 0 before the first */
  int pending;
  double sum; /* of the pending ones */
} spark;

/* Values that are not finite are passed over. */
void spark_add(spark *self, double value);

/* The columns so far as text, scaled from their least to their greatest value. */
const char *spark_text(const spark *self, bool has_unicode, char text[SPARK_SIZE]);

/* A bar of `columns` cells filled to a fraction in [0, 1]; text has room for 4 bytes a cell. */
const char *bar_text(double fraction, int columns, bool has_unicode, char *text);

#endif
