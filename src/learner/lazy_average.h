/* The running average of weights of which an update moves few rows.
 *
 *   a <- a + r(n) (w - a)   for every weight at every update n, r falling with n (hd__average_rate)
 *
 * A row that no update moves is left alone until one does, or until somebody looks: then the steps
 * that it lacks are made, one by one, with the weights that it had all the time. So the average has
 * the same bits as if every row were walked at every update. A row that a step leaves as it is
 * stays so as long as its weights do, since later steps are no larger: it is closed. */
#ifndef HD_LAZY_AVERAGE_H
#define HD_LAZY_AVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "kernel.h"

/* After so many steps in a row it is seen whether they still move anything. */
enum { HD_AVERAGE_STRIDE = 64 };

typedef struct hd__lazy_average {
  bool is_on;
  const hd__kernel *kernel;
  int n_rows, width; /* width is a multiple of HD_LANES */
  double keep;       /* the share that the average keeps at every update */
  const float *w;    /* [n_rows][width] weights */
  float *a;          /* [n_rows][width] their average */
  bool has_begun;    /* the updates so far are known */
  int64_t n;         /* updates so far */
  int64_t *done;     /* [n_rows] the update that an open row has arrived at */
  int32_t *open;     /* [n_rows] the first n_open: rows that steps may still move, */
  int n_open;
  bool *is_open; /* [n_rows] and whether a row is among them */
  float
      *rate; /* [2][HD_AVERAGE_STRIDE] of steps that are made at once; and the last of all rates */
} hd__lazy_average;

void hd__lazy_average_lay_out(hd__lazy_average *self, hd__arena *arena);

/* Before learning goes on after so many updates: all rows have arrived there. */
void hd__lazy_average_begin(hd__lazy_average *self, int64_t n);
/* The next update moves the weights of a row. */
void hd__lazy_average_touch(hd__lazy_average *self, int row);
/* All rows arrive at the last update, so that the average may be read. */
void hd__lazy_average_finish(hd__lazy_average *self);

#endif
