#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "paper.h"

extern const paper paper_xor, paper_distal, paper_population, paper_maze;

static const paper *const table[] = {&paper_xor, &paper_distal, &paper_maze, &paper_population};

enum { N_PAPERS = sizeof table / sizeof table[0] };

int paper_count(void) { return N_PAPERS; }

const paper *paper_at(int index) { return table[index]; }

const paper *paper_find(const char *name) {
  for (int i = 0; i < N_PAPERS; i++) {
    if (strcmp(table[i]->name, name) == 0) {
      return table[i];
    }
  }
  return NULL;
}

hd_status paper_take(paper_outcome *out, int64_t at, int64_t length, double value) {
  const int k = (int)(at * paper_points(length) / length);
  out->curve[k] += (value - out->curve[k]) / ++out->in_part[k];
  return atomic_load(out->stop) ? HD_STOPPED : HD_OK;
}

/* ---- over seeds ---- */

hd_status paper_take_figure(hd_ctx *ctx, paper_result *self, int condition) {
  const int n_done = self->n_done[condition];
  hd_estimate *out = &self->figure[condition];
  double *value = calloc((size_t)n_done + 1, sizeof *value);
  hd_scores scores = {value, 0};
  hd_status status = value != NULL ? HD_OK : HD_NOMEM;
  *out = (hd_estimate){(double)NAN, (double)NAN, (double)NAN};
  for (int k = 0; status == HD_OK && k < n_done; k++) {
    const double figure = self->outcome[condition][k].figure;
    if (isfinite(figure)) {
      value[scores.n++] = figure;
    }
  }
  if (scores.n > 0) {
    status = hd_scores_aggregate(ctx, HD_AGGREGATE_MEAN, 0, &scores, 1, self->seed, out);
  }
  free(value);
  return status;
}

int paper_succeeded(const paper_result *self, int condition) {
  int n = 0;
  for (int k = 0; k < self->n_done[condition]; k++) {
    n += self->outcome[condition][k].has_succeeded;
  }
  return n;
}

double paper_mean_point(const paper_result *self, int condition, int at) {
  double sum = 0;
  int n = 0;
  for (int k = 0; k < self->n_done[condition]; k++) {
    const paper_outcome *outcome = &self->outcome[condition][k];
    sum += outcome->in_part[at] > 0 ? outcome->curve[at] : 0;
    n += outcome->in_part[at] > 0;
  }
  return n > 0 ? sum / n : (double)NAN;
}
