#include "network_graph.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "weights_picture.h"

/* ---- weights ---- */

static bool network_weights_at(hd_ctx *ctx, const run_data *run, const char *checkpoint,
                               trace *out) {
  const trace_source source = {
      .checkpoint = checkpoint, .config = run->config, .seed = run->learner[0].result.seed};
  const trace_choice choice = {.what = "weight", .last = 0};
  int code;
  return trace_try(ctx, &source, &choice, out, &code) == HD_OK && code == EXIT_OK;
}

bool network_weights(hd_ctx *ctx, const run_data *run, trace *before, trace *after) {
  char path[RUN_PATH + 48];
  snprintf(path, sizeof path, "%s/checkpoint-%" PRIu64 ".hd", run->path,
           run->learner[0].result.seed);
  if (!network_weights_at(ctx, run, NULL, before)) {
    return false;
  }
  if (!network_weights_at(ctx, run, path, after)) {
    trace_free(before);
    return false;
  }
  return true;
}

/* ---- populations ---- */

static int graph_find(network_graph *self, const char *name, int length, int n) {
  for (int p = 0; p < self->n; p++) {
    if ((int)strlen(self->population[p].name) == length &&
        strncmp(self->population[p].name, name, (size_t)length) == 0) {
      return p;
    }
  }
  if (self->n == GRAPH_POPULATIONS) {
    return -1;
  }
  graph_population *made = &self->population[self->n];
  *made = (graph_population){.n = n};
  snprintf(made->name, sizeof made->name, "%.*s", length, name);
  made->strength = calloc((size_t)n, sizeof *made->strength);
  made->credit = calloc((size_t)n, sizeof *made->credit);
  return self->n++;
}

/* The populations of "input->hidden.weight"; false: no room. */
static bool graph_ends(network_graph *self, const trace_part *part, int *from, int *to) {
  const char *arrow = strstr(part->name, "->"), *dot = strrchr(part->name, '.');
  if (arrow == NULL || dot == NULL) {
    return false;
  }
  const weights_shape s = weights_shape_of(part);
  *from = graph_find(self, part->name, (int)(arrow - part->name), s.n_pre);
  *to = graph_find(self, arrow + 2, (int)(dot - arrow - 2), s.n_post);
  const graph_population *p = self->population;
  return *from >= 0 && *to >= 0 && p[*from].strength != NULL && p[*from].credit != NULL &&
         p[*to].strength != NULL && p[*to].credit != NULL;
}

static bool graph_add(network_graph *self, const trace_part *before, const trace_part *after) {
  int from, to;
  if (!graph_ends(self, after, &from, &to)) {
    return false;
  }
  const weights_shape s = weights_shape_of(after);
  graph_population *source = &self->population[from], *goal = &self->population[to];
  goal->is_agent = true;
  goal->n_in += s.n_pre;
  for (int i = 0; i < after->n; i++) {
    const double moved = (double)after->value[i] - (double)before->value[i];
    source->strength[i / s.n_post] += fabs((double)after->value[i]);
    goal->strength[i % s.n_post] += fabs((double)after->value[i]);
    goal->credit[i % s.n_post] += moved * moved;
  }
  return true;
}

/* ---- what is shown ---- */

static int graph_strongest(const graph_population *self, const bool *is_taken) {
  int best = -1;
  for (int i = 0; i < self->n; i++) {
    if (!is_taken[i] && (best < 0 || self->strength[i] > self->strength[best])) {
      best = i;
    }
  }
  return best;
}

static bool graph_choose(graph_population *self) {
  bool *is_taken = calloc((size_t)self->n, sizeof *is_taken);
  for (int k = 0; is_taken != NULL && k < self->n && k < GRAPH_SHOWN; k++) {
    is_taken[graph_strongest(self, is_taken)] = true;
  }
  for (int i = 0; is_taken != NULL && i < self->n; i++) {
    if (is_taken[i]) {
      self->shown[self->n_shown++] = i;
    }
    self->credit[i] = self->n_in > 0 ? sqrt(self->credit[i] / self->n_in) : 0;
  }
  free(is_taken);
  return is_taken != NULL;
}

static int graph_by_size(const void *a, const void *b) {
  const float x = fabsf(((const graph_edge *)a)->weight),
              y = fabsf(((const graph_edge *)b)->weight);
  return (x < y) - (x > y);
}

static void graph_join(network_graph *self, const trace_part *part) {
  int from, to;
  graph_ends(self, part, &from, &to);
  const int n_post = weights_shape_of(part).n_post;
  const graph_population *source = &self->population[from], *goal = &self->population[to];
  for (int a = 0; a < source->n_shown && from != to; a++) {
    for (int b = 0; b < goal->n_shown; b++) {
      const int pre = source->shown[a], post = goal->shown[b];
      self->edge[self->n_edges++] =
          (graph_edge){part->value[pre * n_post + post], from, to, pre, post};
    }
  }
}

static bool graph_finish(network_graph *self, const trace *after) {
  bool is_whole = true;
  for (int p = 0; p < self->n && is_whole; p++) {
    is_whole = graph_choose(&self->population[p]);
  }
  const size_t most = (size_t)after->n_parts * GRAPH_SHOWN * GRAPH_SHOWN;
  self->edge = is_whole ? calloc(most, sizeof *self->edge) : NULL;
  for (int p = 0; p < after->n_parts && self->edge != NULL; p++) {
    graph_join(self, &after->part[p]);
  }
  if (self->edge != NULL) {
    qsort(self->edge, (size_t)self->n_edges, sizeof *self->edge, graph_by_size);
  }
  return self->edge != NULL;
}

bool network_graph_make(const trace *before, const trace *after, network_graph *out) {
  *out = (network_graph){.n = 0};
  bool is_whole = after->n_parts > 0 && before->n_parts == after->n_parts;
  for (int p = 0; p < after->n_parts && is_whole; p++) {
    is_whole =
        before->part[p].n == after->part[p].n && graph_add(out, &before->part[p], &after->part[p]);
  }
  is_whole = is_whole && graph_finish(out, after);
  if (!is_whole) {
    network_graph_free(out);
  }
  return is_whole;
}

void network_graph_free(network_graph *self) {
  for (int p = 0; p < self->n; p++) {
    free(self->population[p].strength);
    free(self->population[p].credit);
  }
  free(self->edge);
  *self = (network_graph){.n = 0};
}
