/* An eligibility trace over rows of weights of which few are awake at a time: only the rows touched
 * lately are decayed and applied, and a row whose trace has faded below HD_TRACE_CUTOFF sleeps. */
#ifndef HD_TRACE_H
#define HD_TRACE_H

#include "arena.h"

#define HD_TRACE_CUTOFF 1e-4f

typedef struct hd__trace {
  int n_rows, width;
  float *E;        /* [n_rows][width] */
  float *strength; /* [n_rows] 1 when touched, decaying with the trace; 0 asleep */
  int32_t *active; /* [n_rows] the n_active rows that are not asleep, in the order of waking */
  int64_t *n_active;
} hd__trace;

void hd__trace_lay_out(hd__trace *trace, hd__arena *arena, int n_rows, int width);
void hd__trace_decay(hd__trace *trace, float decay);
/* Wake a row and return it. */
float *hd__trace_touch(hd__trace *trace, int row);
void hd__trace_clear(hd__trace *trace);
/* Could it have come to be? Rows that do not sleep are listed once each, and no others. */
bool hd__trace_is_consistent(hd__trace *trace);

#endif
