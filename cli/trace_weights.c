/* Weights in a trace. They change between units of learning alone, so the substeps of a unit share
 * them. */
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "trace_record.h"

/* "hidden" of a view "input->hidden.weight". */
static bool trace_weights_target(const hd_view *view, char target[TRACE_NAME]) {
  const char *arrow = strstr(view->name, "->"), *dot = strrchr(view->name, '.');
  if (arrow == NULL || view->n_dims != 2 || dot == NULL || strcmp(dot, ".weight") != 0) {
    return false;
  }
  snprintf(target, TRACE_NAME, "%.*s", (int)(dot - arrow - 2), arrow + 2);
  return true;
}

/* Column i of [n_pre][n] is the weight from i / n to the i % n-th of the chosen. */
static void trace_weights_label(trace_part *part, const trace_part *chosen) {
  for (int i = 0; i < part->n; i++) {
    snprintf(part->label[i], TRACE_LABEL, "%d][%s", i / chosen->n, chosen->label[i % chosen->n]);
  }
}

static void trace_weights_add(trace_recorder *self, const hd_view *view, const trace_part *chosen) {
  const int64_t n = view->shape[0] * chosen->n;
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
  if (!trace_wants(self->choice, "weight") || !trace_weights_target(view, target)) {
    return HD_OK;
  }
  trace_part *chosen = trace_record_neurons(self, "", target, (int)view->shape[1]);
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
  return ((const float *)view->data)[pre * view->stride[0] + post * view->stride[1]];
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
