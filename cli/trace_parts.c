/* A trace: parts by name. */
#include <stdlib.h>
#include <string.h>

#include "traces.h"

void trace_free(trace *self) {
  for (int i = 0; i < self->n_parts; i++) {
    free(self->part[i].label);
    free(self->part[i].value);
  }
  *self = (trace){.rows = 0};
}

trace_part *trace_add(trace *self, const char *name, int n) {
  if (self->n_parts == TRACE_PARTS) {
    return NULL;
  }
  trace_part *part = &self->part[self->n_parts];
  *part = (trace_part){.n = n};
  snprintf(part->name, sizeof part->name, "%s", name);
  part->label = calloc((size_t)n, sizeof *part->label);
  part->value = calloc((size_t)(self->rows > 0 ? self->rows : 1) * (size_t)n, sizeof *part->value);
  if (part->label == NULL || part->value == NULL) {
    free(part->label);
    free(part->value);
    return NULL;
  }
  self->n_parts++;
  return part;
}

const trace_part *trace_find(const trace *self, const char *population, const char *quantity) {
  char name[TRACE_NAME];
  snprintf(name, sizeof name, "%s.%s", population, quantity);
  for (int i = 0; i < self->n_parts; i++) {
    if (strcmp(self->part[i].name, name) == 0) {
      return &self->part[i];
    }
  }
  return NULL;
}

const char *trace_quantity(const char *name) {
  const char *arrow = strstr(name, "->");
  const char *dot = strchr(arrow != NULL ? arrow : name, '.');
  return dot != NULL ? dot + 1 : "";
}

bool trace_is(const trace_part *part, const char *quantity) {
  return strstr(part->name, "->") == NULL && strcmp(trace_quantity(part->name), quantity) == 0;
}

bool trace_population(const trace_part *part, char name[TRACE_NAME]) {
  snprintf(name, TRACE_NAME, "%.*s", (int)strcspn(part->name, "."), part->name);
  return strstr(name, "->") == NULL;
}
