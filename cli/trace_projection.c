/* What belongs to projections, in a trace. Weights and eligibilities change between units of
 * learning alone, so the substeps of a unit share them; what synapses and rules keep changes with
 * every substep, and is recorded. */
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "trace_record.h"

typedef enum trace_projection_of { OF_SOURCES, OF_TARGETS, OF_SYNAPSES } trace_projection_of;

typedef struct trace_projection_kind {
  const char *begin; /* of a quantity; one that ends in a dot is followed by a name of the rule's */
  trace_projection_of of;
  bool is_recorded; /* else it changes between units of learning alone */
} trace_projection_kind;

static const trace_projection_kind trace_projection_kinds[] = {
    {"weight", OF_SYNAPSES, false}, {"e", OF_SYNAPSES, false},  {"u", OF_SOURCES, true},
    {"x", OF_SOURCES, true},        {"pre.", OF_SOURCES, true}, {"post.", OF_TARGETS, true},
    {"synapse.", OF_SYNAPSES, true}};

/* What a view of a projection is of; NULL: it is of neurons. */
static const trace_projection_kind *trace_projection_kind_of(const char *view) {
  const char *quantity = strstr(view, "->") != NULL ? trace_quantity(view) : "";
  for (size_t i = 0; i < sizeof trace_projection_kinds / sizeof *trace_projection_kinds; i++) {
    const trace_projection_kind *kind = &trace_projection_kinds[i];
    const size_t n = strlen(kind->begin);
    if (strncmp(quantity, kind->begin, n) == 0 &&
        (quantity[n] == '\0' || kind->begin[n - 1] == '.')) {
      return kind;
    }
  }
  return NULL;
}

bool trace_is_of_projection(const char *view) { return trace_projection_kind_of(view) != NULL; }

/* ---- parts ---- */

/* The population that a projection comes from or leads to. */
static void trace_projection_end(const char *view, bool is_source, char name[TRACE_NAME]) {
  const char *arrow = strstr(view, "->");
  const char *end = is_source ? arrow : trace_quantity(view) - 1;
  const char *begin = is_source ? view : arrow + 2;
  snprintf(name, TRACE_NAME, "%.*s", (int)(end - begin), begin);
}

/* The first of a view's dimensions that tells a source: but for weights, rows come first. */
static int trace_projection_pre(const hd_view *view) { return view->n_dims - 2; }

/* Column i of [n_pre][n] is the synapse from i / n to the i % n-th of the chosen. */
static void trace_projection_label(trace_part *part, const trace_part *chosen) {
  for (int i = 0; i < part->n; i++) {
    snprintf(part->label[i], TRACE_LABEL, "%d][%s", i / chosen->n, chosen->label[i % chosen->n]);
  }
}

/* A part for the synapses onto chosen targets; NULL: none, and code says whether that is wrong. */
static trace_part *trace_projection_synapses(trace_recorder *self, const hd_view *view,
                                             const char *target) {
  const int64_t *shape = view->shape + trace_projection_pre(view);
  trace_part *chosen = trace_record_neurons(self, "", target, (int)shape[1]), *part = NULL;
  if (chosen == NULL) {
    return NULL;
  }
  const trace_part of = *chosen;
  self->out->n_parts--; /* it only told which neurons */
  if (trace_record_fits(self, shape[0] * of.n)) {
    part = trace_add(self->out, view->name, (int)shape[0] * of.n);
    if (part == NULL) {
      self->code = say_failure("out of memory for a trace of %s", view->name);
    } else {
      trace_projection_label(part, &of);
    }
  }
  free(of.label);
  free(of.value);
  return part;
}

hd_status trace_projection_ask(trace_recorder *self, const hd_view *view) {
  const trace_projection_kind *kind = trace_projection_kind_of(view->name);
  char population[TRACE_NAME], name[TRACE_NAME + 8];
  if (kind == NULL || view->n_dims < 2 || !trace_wants(self->choice, trace_quantity(view->name))) {
    return HD_OK;
  }
  trace_projection_end(view->name, kind->of == OF_SOURCES, population);
  const trace_part *part =
      kind->of == OF_SYNAPSES
          ? trace_projection_synapses(self, view, population)
          : trace_record_neurons(self, view->name, population, (int)view->shape[1]);
  snprintf(name, sizeof name, "%.150s.record", view->name);
  return part != NULL && kind->is_recorded ? trace_record_ask(self, part, view, name) : HD_OK;
}

/* ---- values between units ---- */

static float trace_projection_at(const hd_view *view, const char *label) {
  const int64_t pre = strtoll(label, NULL, 10), post = strtoll(strstr(label, "][") + 2, NULL, 10);
  const int64_t *stride = view->stride + trace_projection_pre(view);
  return ((const float *)view->data)[pre * stride[0] + post * stride[1]];
}

void trace_projection_fill(trace_recorder *self, trace_part *part, int64_t from, int64_t to) {
  const trace_projection_kind *kind = trace_projection_kind_of(part->name);
  hd_view view;
  if (kind == NULL || kind->is_recorded ||
      hd_network_view(self->network, part->name, &view) != HD_OK) {
    return;
  }
  for (int64_t s = from < self->begin ? self->begin : from; s < to && s < self->end; s++) {
    for (int i = 0; i < part->n; i++) {
      part->value[(s - self->begin) * part->n + i] = trace_projection_at(&view, part->label[i]);
    }
  }
}
