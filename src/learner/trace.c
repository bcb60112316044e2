#include "trace.h"

#include <string.h>

#include "mathf.h"

void hd__trace_lay_out(hd__trace *trace, hd__arena *arena, int n_rows, int width) {
  trace->n_rows = n_rows;
  trace->width = width;
  trace->E = hd__arena_field(arena, "trace.values", "F32", n_rows, width);
  trace->strength = hd__arena_field(arena, "trace.strength", "F32", 1, n_rows);
  trace->active = hd__arena_field(arena, "trace.awake", "I32", 1, n_rows);
  trace->n_active = hd__arena_field(arena, "trace.n_active", "I64", 1, 1);
}

static void trace_deactivate(hd__trace *trace, int row) {
  trace->strength[row] = 0.0f;
  memset(trace->E + (size_t)row * (size_t)trace->width, 0, sizeof(float) * (size_t)trace->width);
}

void hd__trace_decay(hd__trace *trace, float decay) {
  int64_t kept = 0;
  for (int64_t k = 0; k < *trace->n_active; k++) {
    const int row = trace->active[k];
    trace->strength[row] *= decay;
    if (trace->strength[row] < HD_TRACE_CUTOFF) {
      trace_deactivate(trace, row);
      continue;
    }
    float *E = trace->E + (size_t)row * (size_t)trace->width;
    for (int j = 0; j < trace->width; j++) {
      E[j] *= decay;
    }
    trace->active[kept++] = row;
  }
  *trace->n_active = kept;
}

float *hd__trace_touch(hd__trace *trace, int row) {
  if (trace->strength[row] == 0.0f) {
    trace->active[(*trace->n_active)++] = row;
  }
  trace->strength[row] = 1.0f;
  return trace->E + (size_t)row * (size_t)trace->width;
}

void hd__trace_clear(hd__trace *trace) {
  for (int64_t k = 0; k < *trace->n_active; k++) {
    trace_deactivate(trace, trace->active[k]);
  }
  *trace->n_active = 0;
}

/* Rows that were found in the list are negative until the end. */
bool hd__trace_is_consistent(hd__trace *trace) {
  bool is_consistent = *trace->n_active >= 0 && *trace->n_active <= trace->n_rows;
  for (int64_t k = 0; is_consistent && k < *trace->n_active; k++) {
    const int row = trace->active[k];
    is_consistent = row >= 0 && row < trace->n_rows && trace->strength[row] > 0.0f;
    if (is_consistent) {
      trace->strength[row] = -trace->strength[row];
    }
  }
  for (int row = 0; row < trace->n_rows; row++) {
    is_consistent = is_consistent && trace->strength[row] <= 0.0f;
    trace->strength[row] = hd__maxf(-trace->strength[row], 0.0f);
  }
  return is_consistent;
}
