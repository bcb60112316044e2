/* Weights and eligibilities in a trace. They change between units of learning alone, so the
 * substeps of a unit share them. */
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "trace_record.h"

/* The quantities that every synapse has: its weight, and of learners by a local rule its
 * eligibility. */
static const char *const trace_synapses[] = {"weight", "e"};

/* "weight" and "hidden" of a view "input->hidden.weight"; NULL: it is of neurons. */
static const char *trace_weights_of(const char *view, char target[TRACE_NAME]) {
  const char *arrow = strstr(view, "->"), *dot = strrchr(view, '.');
  for (size_t i = 0; arrow != NULL && dot != NULL && i < 2; i++) {
    if (strcmp(dot + 1, trace_synapses[i]) == 0) {
      snprintf(target, TRACE_NAME, "%.*s", (int)(dot - arrow - 2), arrow + 2);
      return trace_synapses[i];
    }
  }
  return NULL;
}

/* The first of a view's dimensions that tells a source: an eligibility has a row before it. */
static int trace_weights_pre(const hd_view *view) { return view->n_dims - 2; }

/* Column i of [n_pre][n] is the weight from i / n to the i % n-th of the chosen. */
static void trace_weights_label(trace_part *part, const trace_part *chosen) {
  for (int i = 0; i < part->n; i++) {
    snprintf(part->label[i], TRACE_LABEL, "%d][%s", i / chosen->n, chosen->label[i % chosen->n]);
  }
}

static void trace_weights_add(trace_recorder *self, const hd_view *view, const trace_part *chosen) {
  const int64_t n = view->shape[trace_weights_pre(view)] * chosen->n;
  if (!trace_record_fits(self, n)) {
    return;
  }
  trace_part *part = trace_add(self->out, view->name, (int)n);
  if (part == NULL) {
    self->code = say_failure("out of memory for a trace of %s", view->name);
  } else {
    trace_weights_label(part, chosen);
  }
}

hd_status trace_weights_ask(trace_recorder *self, const hd_view *view) {
  char target[TRACE_NAME];
  const char *quantity = trace_weights_of(view->name, target);
  if (quantity == NULL || view->n_dims < 2 || !trace_wants(self->choice, quantity)) {
    return HD_OK;
  }
  trace_part *chosen =
      trace_record_neurons(self, "", target, (int)view->shape[trace_weights_pre(view) + 1]);
  if (chosen == NULL) {
    return HD_OK;
  }
  trace_part of = *chosen;
  self->out->n_parts--; /* it only told which neurons */
  trace_weights_add(self, view, &of);
  free(of.label);
  free(of.value);
  return HD_OK;
}

static float trace_weights_at(const hd_view *view, const char *label) {
  const int64_t pre = strtoll(label, NULL, 10), post = strtoll(strstr(label, "][") + 2, NULL, 10);
  const int64_t *stride = view->stride + trace_weights_pre(view);
  return ((const float *)view->data)[pre * stride[0] + post * stride[1]];
}

void trace_weights_fill(trace_recorder *self, trace_part *part, int64_t from, int64_t to) {
  hd_view view;
  if (strstr(part->name, "->") == NULL ||
      hd_network_view(self->network, part->name, &view) != HD_OK) {
    return;
  }
  for (int64_t s = from < self->begin ? self->begin : from; s < to && s < self->end; s++) {
    for (int i = 0; i < part->n; i++) {
      part->value[(s - self->begin) * part->n + i] = trace_weights_at(&view, part->label[i]);
    }
  }
}
