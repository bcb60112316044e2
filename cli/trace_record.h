/* A learner that is being recorded; what the files of `hedon trace` share. */
#ifndef CLI_TRACE_RECORD_H
#define CLI_TRACE_RECORD_H

#include "traces.h"

typedef struct trace_recorder {
  hd_ctx *ctx;
  const trace_source *source;
  const trace_choice *choice;
  hd_session *session;
  hd_network *network;
  int64_t begin; /* substeps before the first decision that is asked for */
  int64_t end;   /* substeps up to the last one */
  int64_t total; /* substeps taken until a whole unit of learning has passed the end */
  trace *out;
  int code; /* what a sentence on standard error already said */
} trace_recorder;

/* A part for chosen neurons of a population of n; NULL: none of them is chosen, or out of memory,
 * and then code says so. */
trace_part *trace_record_neurons(trace_recorder *self, const char *name, const char *population,
                                 int n);

/* Is there room for n more columns? Else code says so. */
bool trace_record_fits(trace_recorder *self, int64_t n);

/* Record the neurons or synapses of a part after every substep, from a view, to be read under
 * `name`. */
hd_status trace_record_ask(trace_recorder *self, const trace_part *part, const hd_view *view,
                           const char *name);

/* The value of column i of a recording at substep s. */
float trace_record_at(const trace_recorder *self, const hd_view *record, int64_t s, int i);

/* Parts for what a view of a projection has of the chosen neurons; and, of weights and
 * eligibilities, their values in substeps [from, to). */
hd_status trace_projection_ask(trace_recorder *self, const hd_view *view);
void trace_projection_fill(trace_recorder *self, trace_part *part, int64_t from, int64_t to);

/* A part POPULATION.threshold beside a part of potentials, if the model has a threshold; its values
 * once all is recorded. */
hd_status trace_threshold_ask(trace_recorder *self, const char *population, int n);
void trace_threshold_fill(trace_recorder *self, trace_part *part);

/* A setting of the learner, or `fallback` where nothing reads it; lives until the next call. */
const char *trace_record_setting(const trace_recorder *self, const char *key, const char *fallback);

#endif
