/* A trace in words, for those who cannot see its picture. */
#include <stdlib.h>
#include <string.h>

#include "traces.h"

bool trace_is_spikes(const trace_part *part) {
  const char *dot = strrchr(part->name, '.');
  return dot != NULL && strcmp(dot, ".spike") == 0;
}

int64_t trace_count(const trace *self, const trace_part *part, int column) {
  int64_t n = 0;
  for (int64_t k = 0; k < self->rows; k++) {
    n += part->value[k * part->n + column] > 0;
  }
  return n;
}

void trace_words(FILE *file, const trace *self, const trace_part *part) {
  int64_t sum = 0, most = -1;
  int silent = 0, busiest = 0;
  char population[TRACE_NAME];
  trace_population(part, population);
  for (int i = 0; i < part->n; i++) {
    const int64_t n = trace_count(self, part, i);
    sum += n;
    silent += n == 0;
    busiest = n > most ? i : busiest;
    most = n > most ? n : most;
  }
  fprintf(file,
          "%s: %d neuron%s, %lld spikes in %lld substeps (%.0f%%); neuron %s fired most, %lld "
          "times; %d never",
          population, part->n, part->n == 1 ? "" : "s", (long long)sum, (long long)self->rows,
          100.0 * (double)sum / ((double)self->rows * part->n), part->label[busiest],
          (long long)most, silent);
}
