/* One substep of every population. */
#include <string.h>

#include "graph.h"
#include "neuron_step.h"

/* What the sources of a projection sent for this substep: [rows][n_pad of the source]. */
static const float *graph_step_sent(const hd__graph *graph, const hd__projection *projection) {
  const hd__population *source = &graph->population[projection->source];
  const size_t slot = (size_t)((graph->t + source->slots - projection->delay) % source->slots);
  return source->y + slot * (size_t)graph->rows * (size_t)source->n_pad;
}

/* What its target sees of that. */
static const float *graph_step_arrived(const hd__graph *graph, const hd__projection *projection) {
  const float *released = projection->release.arrived;
  return released != NULL ? released : graph_step_sent(graph, projection);
}

static void graph_step_release(const hd__graph *graph, const hd__projection *projection) {
  if (projection->release.arrived != NULL) {
    const int lanes = graph->rows * graph->population[projection->source].n_pad;
    hd__short_term_step(&projection->short_term, graph->dt_ms, lanes,
                        graph_step_sent(graph, projection), &projection->release);
  }
}

const float *hd__graph_arrived(const hd__graph *graph, const hd__projection *projection) {
  const float *released = projection->release.arrived;
  return released != NULL
             ? released
             : hd__graph_sent(graph, &graph->population[projection->source], projection->delay);
}

/* The same with the value 1 behind the sources, [rows][stride]; written only where there is one. */
static const float *graph_step_sources(const hd__graph *graph, const hd__projection *projection,
                                       int *stride) {
  const float *x = graph_step_arrived(graph, projection);
  const size_t n_pad = (size_t)graph->population[projection->source].n_pad;
  *stride = (int)n_pad;
  if (!projection->has_one) {
    return x;
  }
  *stride = HD_PAD(projection->n_pre);
  float *to = graph->source;
  for (int row = 0; row < graph->rows; row++, x += n_pad, to += *stride) {
    memcpy(to, x, sizeof(float) * (size_t)(projection->n_pre - 1));
    to[projection->n_pre - 1] = 1.0f;
  }
  return graph->source;
}

/* ---- the sum of one projection, [rows][n_pad of the target] ---- */

/* Few spikes add rows of weights, many are multiplied; the sums are the same. */
static void graph_step_sum_by_source(const hd__graph *graph, const hd__projection *projection,
                                     const float *W, float *sum) {
  const hd__kernel *kernel = graph->kernel;
  const int rows = graph->rows, n_pre = projection->n_pre, n = projection->stride;
  const int words = (n_pre + 63) / 64;
  int stride;
  const float *x = graph_step_sources(graph, projection, &stride);
  const int set = kernel->pack(rows, n_pre, x, stride, graph->bits, words);
  if (set >= 0 && hd__is_sparse(set, rows * n_pre, n)) {
    kernel->rows_events(rows, n_pre, n, W, graph->bits, words, sum);
  } else {
    kernel->rows_drive(rows, n_pre, n, W, x, stride, sum);
  }
}

static void graph_step_sum_by_target(const hd__graph *graph, const hd__projection *projection,
                                     const float *W, float *sum) {
  int stride;
  const float *x = graph_step_sources(graph, projection, &stride);
  const hd__population *target = &graph->population[projection->target];
  memset(sum, 0, sizeof(float) * (size_t)graph->rows * (size_t)target->n_pad);
  graph->kernel->heads(graph->rows, target->n, projection->stride, W, x, stride, sum,
                       target->n_pad);
}

static void graph_step_sum_by_list(const hd__graph *graph, const hd__projection *projection,
                                   const float *W, float *sum) {
  const hd__population *source = &graph->population[projection->source];
  const int n_pad = graph->population[projection->target].n_pad;
  const float *x = graph_step_arrived(graph, projection);
  memset(sum, 0, sizeof(float) * (size_t)graph->rows * (size_t)n_pad);
  for (int row = 0; row < graph->rows; row++, x += source->n_pad, sum += n_pad) {
    for (int i = 0; i < source->n; i++) {
      for (int32_t k = projection->start[i]; x[i] != 0.0f && k < projection->start[i + 1]; k++) {
        sum[projection->post[k]] += x[i] * W[k];
      }
    }
  }
}

typedef void (*sum_fn)(const hd__graph *graph, const hd__projection *projection, const float *W,
                       float *sum);

static const sum_fn sums[] = {[HD_BY_SOURCE] = graph_step_sum_by_source,
                              [HD_BY_TARGET] = graph_step_sum_by_target,
                              [HD_BY_LIST] = graph_step_sum_by_list};

/* ---- drives ---- */

static void graph_step_bias(const hd__graph *graph, const hd__population *population,
                            const float *bias) {
  for (int row = 0; row < graph->rows; row++) {
    graph->kernel->axpy(population->n_pad, 1.0f, bias, population->drive + row * population->n_pad);
  }
}

static void graph_step_drive(const hd__graph *graph, hd__population *population,
                             const float *weights) {
  const int n = graph->rows * population->n_pad, first = population->first_into;
  if (first < 0) {
    memset(population->drive, 0, sizeof(float) * (size_t)n);
  }
  for (int k = first; k >= 0; k = graph->projection[k].next_into) {
    const hd__projection *projection = &graph->projection[k];
    float *sum = k == first ? population->drive : graph->sum;
    graph_step_release(graph, projection);
    sums[projection->storage](graph, projection, weights + projection->at, sum);
    if (k != first) {
      graph->kernel->axpy(n, 1.0f, sum, population->drive);
    }
  }
  if (population->has_bias) {
    graph_step_bias(graph, population, weights + population->bias_at);
  }
  if (population->has_current) {
    graph->kernel->axpy(n, 1.0f, population->current, population->drive);
  }
}

/* ---- neurons ---- */

static void graph_step_draw(const hd__graph *graph, hd__population *population,
                            const hd__graph_run *run) {
  const int n = population->n_pad;
  const uint32_t first = population->noise_at + run->t * (uint32_t)n;
  for (int row = 0; row < graph->rows; row++) {
    graph->kernel->noise(n, run->key[row], first, population->noise + row * n);
  }
}

/* A state variable of cells, by the name that it has in the neuron's list; NULL if it has none. */
static float *graph_step_state(const hd__graph *graph, const hd__population *population,
                               const char *name) {
  const size_t n = (size_t)graph->rows * (size_t)population->n_pad;
  for (int s = 0; s < population->neuron->n_state; s++) {
    if (strcmp(population->neuron->state[s].name, name) == 0) {
      return population->state + (size_t)s * n;
    }
  }
  return NULL;
}

static void graph_step_cells(const hd__graph *graph, hd__population *population) {
  const int n = population->n_pad;
  graph->kernel->cell_forward(&(hd__cell_run){.cell = population->cell,
                                              .lanes = population->lanes,
                                              .rows = graph->rows,
                                              .steps = 1,
                                              .n = n,
                                              .z = population->drive,
                                              .z_row = n,
                                              .v = graph_step_state(graph, population, "v"),
                                              .c = graph_step_state(graph, population, "c"),
                                              .a = graph_step_state(graph, population, "a"),
                                              .r = graph_step_state(graph, population, "refrac"),
                                              .s = population->b,
                                              .gain = population->gain,
                                              .kept_row = n});
  for (int k = 0; k < graph->rows * n; k++) {
    population->b[k] *= population->live[k];
    population->p[k] = population->b[k];
    population->gain[k] *= population->live[k];
  }
}

static void graph_step_neurons(const hd__graph *graph, hd__population *population) {
  if (population->cell != NULL) {
    graph_step_cells(graph, population);
    return;
  }
  hd__neuron_step_of(graph->kernel, population->neuron)(
      population->derived, graph->rows * population->n_pad, population->drive, population->noise,
      population->live, population->state, population->b, population->p, population->gain);
}

/* What is sent: spikes as their values; of neurons that do not spike, p. */
static void graph_step_send(const hd__graph *graph, const hd__population *population) {
  const size_t n = (size_t)graph->rows * (size_t)population->n_pad;
  const hd__neuron_desc *neuron = population->neuron;
  float *y = population->y + (size_t)(graph->t % population->slots) * n;
  if (neuron == NULL) {
    memcpy(y, population->given, sizeof(float) * n);
  } else if (neuron->spiking && neuron->silence != 0.0f) {
    graph->kernel->spike_values((int)n, neuron->silence, population->live, population->b, y);
  } else {
    memcpy(y, neuron->spiking ? population->b : population->p, sizeof(float) * n);
  }
}

static void graph_step_population(const hd__graph *graph, hd__population *population,
                                  const hd__graph_run *run) {
  if (population->neuron != NULL) {
    graph_step_drive(graph, population, run->weights);
    if (population->noise != NULL) {
      graph_step_draw(graph, population, run);
    }
    graph_step_neurons(graph, population);
  }
  graph_step_send(graph, population);
}

void hd__graph_step(hd__graph *graph, const hd__graph_run *run) {
  for (int k = 0; k < graph->n_populations; k++) {
    graph_step_population(graph, &graph->population[graph->population[k].kth], run);
  }
  graph->t++;
}
