/* Start, reset, and the state of a row outside the graph. */
#include <string.h>

#include "graph.h"

static void graph_state_start_neurons(const hd__graph *graph, hd__population *population) {
  const hd__neuron_desc *neuron = population->neuron;
  if (neuron == NULL) {
    return;
  }
  hd__neuron_derive(neuron, population->derived, population->param, graph->dt_ms);
  neuron->reset(population->derived, population->start);
  if (population->cell != NULL) { /* potentials come first */
    population->start[0] = population->cell->v_start;
  }
  population->memory = neuron->memory(population->derived);
  for (int j = 0; j < graph->rows * population->n_pad; j++) {
    population->live[j] = j % population->n_pad < population->n ? 1.0f : 0.0f;
  }
}

void hd__graph_start(hd__graph *graph, int rows) {
  HD_ASSERT(rows >= 1 && rows <= graph->capacity);
  graph->rows = rows;
  graph->t = 0;
  for (int k = 0; k < graph->n_populations; k++) {
    graph_state_start_neurons(graph, &graph->population[k]);
  }
  for (int row = 0; row < rows; row++) {
    hd__graph_reset(graph, row);
  }
}

/* One row of an array [count][rows][n_pad], `which` of count. */
static float *graph_state_row(const hd__graph *graph, const hd__population *population,
                              float *array, int which, int row) {
  return array + (size_t)(which * graph->rows + row) * (size_t)population->n_pad;
}

static void graph_state_fill(const hd__population *population, float value, float *row) {
  for (int j = 0; j < population->n_pad; j++) {
    row[j] = value;
  }
}

static void graph_state_reset(const hd__graph *graph, hd__population *population, int row) {
  for (int slot = 0; slot < population->slots; slot++) {
    graph_state_fill(population, 0.0f,
                     graph_state_row(graph, population, population->y, slot, row));
  }
  if (population->neuron == NULL) {
    return;
  }
  for (int s = 0; s < population->neuron->n_state; s++) {
    graph_state_fill(population, population->start[s],
                     graph_state_row(graph, population, population->state, s, row));
  }
  float *last[] = {population->drive, population->b, population->p, population->gain};
  for (size_t k = 0; k < sizeof last / sizeof *last; k++) {
    graph_state_fill(population, 0.0f, graph_state_row(graph, population, last[k], 0, row));
  }
}

void hd__graph_reset(hd__graph *graph, int row) {
  HD_ASSERT(row >= 0 && row < graph->rows);
  for (int k = 0; k < graph->n_populations; k++) {
    graph_state_reset(graph, &graph->population[k], row);
  }
  for (int k = 0; k < graph->n_projections; k++) {
    const int n = graph->population[graph->projection[k].source].n_pad;
    hd__short_term_reset(&graph->projection[k].release, row * n, n);
  }
}

/* ---- in and out ---- */

static int graph_state_n(const hd__population *population) {
  return population->neuron != NULL ? population->neuron->n_state : 0;
}

size_t hd__graph_state_size(const hd__graph *graph) {
  size_t size = 0;
  for (int k = 0; k < graph->n_populations; k++) {
    const hd__population *population = &graph->population[k];
    size += (size_t)(graph_state_n(population) + population->slots - 1) * (size_t)population->n_pad;
  }
  for (int k = 0; k < graph->n_projections; k++) {
    const hd__projection *projection = &graph->projection[k];
    const bool has = hd__short_term_is_on(&projection->short_term);
    size += has ? 2 * (size_t)graph->population[projection->source].n_pad : 0;
  }
  return size;
}

/* Row `row` of one population between the graph and `at`, in or out; returns what lies behind. */
static float *graph_state_carry(const hd__graph *graph, const hd__population *population, int row,
                                bool is_in, float *at) {
  const size_t n = (size_t)population->n_pad;
  const int n_state = graph_state_n(population);
  for (int k = 0; k < n_state + population->slots - 1; k++, at += n) {
    float *inside = k < n_state ? graph_state_row(graph, population, population->state, k, row)
                                : hd__graph_sent(graph, population, k - n_state) + (size_t)row * n;
    memcpy(is_in ? inside : at, is_in ? at : inside, sizeof(float) * n);
  }
  return at;
}

/* Row `row` of what synapses with short-term plasticity keep. */
static float *graph_state_carry_release(const hd__graph *graph, const hd__projection *projection,
                                        int row, bool is_in, float *at) {
  const size_t n = (size_t)graph->population[projection->source].n_pad;
  float *const array[] = {projection->release.u, projection->release.x};
  for (int k = 0; k < 2 && array[k] != NULL; k++, at += n) {
    float *inside = array[k] + (size_t)row * n;
    memcpy(is_in ? inside : at, is_in ? at : inside, sizeof(float) * n);
  }
  return at;
}

static void graph_state_carry_all(const hd__graph *graph, int row, bool is_in, float *at) {
  HD_ASSERT(row >= 0 && row < graph->rows);
  for (int k = 0; k < graph->n_populations; k++) {
    at = graph_state_carry(graph, &graph->population[k], row, is_in, at);
  }
  for (int k = 0; k < graph->n_projections; k++) {
    at = graph_state_carry_release(graph, &graph->projection[k], row, is_in, at);
  }
}

void hd__graph_save(const hd__graph *graph, int row, float *state) {
  graph_state_carry_all(graph, row, false, state);
}

void hd__graph_restore(hd__graph *graph, int row, const float *state) {
  graph_state_carry_all(graph, row, true, (float *)state);
}
