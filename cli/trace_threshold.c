/* Thresholds in a trace: models keep them as a parameter, and adaptive neurons add to them. */
#include <stdlib.h>
#include <string.h>

#include "threshold.h"
#include "trace_record.h"

static threshold trace_threshold_of(const trace_recorder *self) {
  return threshold_of(hd_session_config(self->session));
}

hd_status trace_threshold_ask(trace_recorder *self, const char *population, int n) {
  char name[TRACE_NAME], of_a[TRACE_NAME], of_spike[TRACE_NAME], spikes[TRACE_NAME + 8];
  hd_view a, spike;
  const threshold of = trace_threshold_of(self);
  snprintf(name, sizeof name, "%.100s.threshold", population);
  trace_part *part = of.is_known ? trace_record_neurons(self, name, population, n) : NULL;
  if (part == NULL || !of.adapts) {
    return HD_OK;
  }
  snprintf(of_a, sizeof of_a, "%.100s.a", population);
  snprintf(of_spike, sizeof of_spike, "%.100s.spike", population);
  snprintf(spikes, sizeof spikes, "%s.spike", name);
  HD_TRY(hd_network_view(self->network, of_a, &a));
  HD_TRY(hd_network_view(self->network, of_spike, &spike));
  HD_TRY(trace_record_ask(self, part, &a, name));
  return trace_record_ask(self, part, &spike, spikes);
}

/* Spikes of the past raise the threshold. */
static void trace_threshold_adapt(trace_recorder *self, trace_part *part, const threshold *of) {
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
    part->value[k] += of->adapt *
                      (trace_record_at(self, &a, s, i) - trace_record_at(self, &spike, s, i)) /
                      of->rho;
  }
}

void trace_threshold_fill(trace_recorder *self, trace_part *part) {
  const threshold of = trace_threshold_of(self);
  for (int64_t k = 0; k < self->out->rows * part->n; k++) {
    part->value[k] = of.base;
  }
  if (of.adapts) {
    trace_threshold_adapt(self, part, &of);
  }
}
