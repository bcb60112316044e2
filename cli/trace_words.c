/* A trace in words, for those who cannot see its picture. */
#include <stdlib.h>
#include <string.h>

#include "traces.h"

int64_t trace_count(const trace *self, const trace_part *part, int column) {
  int64_t n = 0;
  for (int64_t k = 0; k < self->rows; k++) {
    n += part->value[k * part->n + column] > 0;
  }
  return n;
}

const trace_part *trace_beside(const trace *self, const trace_part *part, const char *quantity) {
  char population[TRACE_NAME];
  const trace_part *other =
      trace_population(part, population) ? trace_find(self, population, quantity) : NULL;
  return other != NULL && other != part && other->n == part->n ? other : NULL;
}

/* How many columns fired more than one, or as much and stand before it. */
static int trace_rank(const trace *self, const trace_part *spikes, int column) {
  const int64_t count = trace_count(self, spikes, column);
  int rank = 0;
  for (int i = 0; i < spikes->n && rank < TRACE_SHOWN; i++) {
    const int64_t other = trace_count(self, spikes, i);
    rank += other > count || (other == count && i < column);
  }
  return rank;
}

int trace_shown(const trace *self, const trace_part *part, int column[TRACE_SHOWN]) {
  const trace_part *spikes = trace_beside(self, part, "spike");
  int n = 0;
  for (int i = 0; i < part->n && n < TRACE_SHOWN; i++) {
    if (spikes == NULL || trace_rank(self, spikes, i) < TRACE_SHOWN) {
      column[n++] = i;
    }
  }
  return n;
}

const char *trace_shown_words(const trace *self, const trace_part *part) {
  return part->n <= TRACE_SHOWN                      ? ""
         : trace_beside(self, part, "spike") != NULL ? " of the six that fired most"
                                                     : " of the first six";
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
  fprintf(file, "%s: %d neuron%s, ", population, part->n, part->n == 1 ? "" : "s");
  if (sum == 0) {
    fprintf(file, "no spike in %lld substeps", (long long)self->rows);
    return;
  }
  fprintf(file, "%lld spikes in %lld substeps (%.0f%%); neuron %s fired most, %lld times; %d never",
          (long long)sum, (long long)self->rows,
          100.0 * (double)sum / ((double)self->rows * part->n), part->label[busiest],
          (long long)most, silent);
}
