/* Thresholds in a trace: models keep them as a parameter, and adaptive neurons add to them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace_record.h"

typedef struct threshold_row {
  const char *model, *threshold, *adapt; /* settings; NULL: it does not adapt */
} threshold_row;

static const threshold_row thresholds[] = {{"if", "if.v_th", NULL},
                                           {"lif", "lif.v_th", NULL},
                                           {"cuba", "cuba.v_th", NULL},
                                           {"alif", "alif.v_th", "alif.adapt"},
                                           {"lif-escape", "lif-escape.theta", NULL}};

/* NULL: the model has none, or every neuron learns its own. */
static const threshold_row *trace_threshold_row(const trace_recorder *self) {
  const bool is_learned =
      strcmp(trace_record_setting(self, "learn_threshold", "false"), "true") == 0;
  const char *model = trace_record_setting(self, "neuron", "");
  for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
    if (strcmp(model, thresholds[i].model) == 0) {
      return is_learned ? NULL : &thresholds[i];
    }
  }
  return NULL;
}

hd_status trace_threshold_ask(trace_recorder *self, const char *population, int n) {
  char name[TRACE_NAME], a[TRACE_NAME], spike[TRACE_NAME], spikes[TRACE_NAME + 8];
  const threshold_row *row = trace_threshold_row(self);
  snprintf(name, sizeof name, "%.100s.threshold", population);
  trace_part *part = row != NULL ? trace_record_neurons(self, name, population, n) : NULL;
  if (part == NULL || row->adapt == NULL) {
    return HD_OK;
  }
  snprintf(a, sizeof a, "%.100s.a", population);
  snprintf(spike, sizeof spike, "%.100s.spike", population);
  snprintf(spikes, sizeof spikes, "%s.spike", name);
  HD_TRY(trace_record_ask(self, part, a, name));
  return trace_record_ask(self, part, spike, spikes);
}

static float trace_threshold_number(const trace_recorder *self, const char *key) {
  return strtof(trace_record_setting(self, key, "0"), NULL);
}

/* Spikes of the past: a(t) = rho a(t-1) + s(t) of src/neuron/alif.h is recorded, and a(t-1) raises
 * the threshold. */
static void trace_threshold_adapt(trace_recorder *self, trace_part *part, float adapt) {
  const float rho =
      expf(-trace_threshold_number(self, "dt") / trace_threshold_number(self, "alif.tau_a"));
  char spikes[TRACE_NAME + 8];
  hd_view a, spike;
  snprintf(spikes, sizeof spikes, "%s.spike", part->name);
  if (hd_network_view(self->network, part->name, &a) != HD_OK ||
      hd_network_view(self->network, spikes, &spike) != HD_OK) {
    return;
  }
  for (int64_t k = 0; k < self->out->rows * part->n; k++) {
    const int64_t s = self->begin + k / part->n;
    const int i = (int)(k % part->n);
    part->value[k] +=
        adapt * (trace_record_at(self, &a, s, i) - trace_record_at(self, &spike, s, i)) / rho;
  }
}

void trace_threshold_fill(trace_recorder *self, trace_part *part) {
  const threshold_row *row = trace_threshold_row(self);
  const float base = trace_threshold_number(self, row->threshold);
  for (int64_t k = 0; k < self->out->rows * part->n; k++) {
    part->value[k] = base;
  }
  if (row->adapt != NULL) {
    trace_threshold_adapt(self, part, trace_threshold_number(self, row->adapt));
  }
}
