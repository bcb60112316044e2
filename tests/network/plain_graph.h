/* The plain form of the general network (src/network/graph.h): one row alone, neuron after neuron,
 * everything that was ever sent kept in one list. It reads the same parts and weights, and must
 * give the same bits on every instruction set. */
#ifndef HD_PLAIN_GRAPH_H
#define HD_PLAIN_GRAPH_H

#include <stdlib.h>

#include "../neuron/plain_membrane.h"
#include "graph.h"
#include "neuron_models.h"
#include "test.h"

enum { PLAIN_POPULATIONS = 8, PLAIN_N = 96, PLAIN_T = 64 };

typedef struct plain_graph {
  const hd__graph *graph;
  const float *weights;
  int t;
  float sent[PLAIN_T][PLAIN_POPULATIONS][PLAIN_N];
  float given[PLAIN_POPULATIONS][PLAIN_N];
  float current[PLAIN_POPULATIONS][PLAIN_N];
  float state[PLAIN_POPULATIONS][PLAIN_N][HD_NEURON_STATE_MAX];
  float b[PLAIN_POPULATIONS][PLAIN_N];
} plain_graph;

/* A substep of one neuron, by the form of its model: its own function, or the plain membrane. */
#define PLAIN_FIELD(name, unit, help) field[HD_CELL_##name] = state++;
#define PLAIN_OPEN(model)                                                               \
  const struct model##_derived *d = derived;                                            \
  const hd__membrane_derived *m = &d->membrane;                                         \
  const plain_own own = {m->alpha, m->beta, m->gamma, m->theta, m->rho};                \
  float none[HD_CELL_STATES] = {0.0f}, *field[] = {none, none + 1, none + 2, none + 3}; \
  model##_STATE(PLAIN_FIELD);                                                           \
  plain_membrane x = {*field[HD_CELL_v], *field[HD_CELL_c], *field[HD_CELL_a],          \
                      *field[HD_CELL_refrac]};
#define PLAIN_CLOSE        \
  *field[HD_CELL_v] = x.v; \
  *field[HD_CELL_c] = x.c; \
  *field[HD_CELL_a] = x.a; \
  *field[HD_CELL_refrac] = x.r;

#define PLAIN_STEP(model)                                           \
  struct model##_lane lane = {0};                                   \
  memcpy(&lane, state, sizeof lane - sizeof(float));                \
  const hd__fire fire = model##_step(derived, &lane, drive, noise); \
  memcpy(state, &lane, sizeof lane - sizeof(float));
#define PLAIN_ODE PLAIN_STEP
#define PLAIN_MEMBRANE(model)                                               \
  PLAIN_OPEN(model)                                                         \
  float u;                                                                  \
  const hd__fire fire = plain_membrane_step(&m->cell, &own, drive, &x, &u); \
  PLAIN_CLOSE
#define PLAIN_DRAWING(model)                                         \
  PLAIN_OPEN(model)                                                  \
  const float open = x.r > 0.0f ? 0.0f : 1.0f;                       \
  const float u = plain_integrate(&m->cell, &own, drive, &x);        \
  hd__fire fire = model##_fire(d, u, noise);                         \
  fire = (hd__fire){open * fire.b, open * fire.p, open * fire.gain}; \
  plain_settle(&m->cell, &own, u, fire.b, &x);                       \
  PLAIN_CLOSE
#define PLAIN_UNIT(model)               \
  const float y = model##_value(drive); \
  const hd__fire fire = {0.0f, y, model##_slope(y)};

static inline hd__fire plain_step(const hd__neuron_desc *neuron, const void *derived, float *state,
                                  float drive, float noise) {
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  if (strcmp(neuron->name, name_) == 0) {                                              \
    PLAIN_##form_(model) return fire;                                                  \
  }
#include "neuron_table.h"
#undef HD_NEURON
  exit(2);
}

static inline void plain_start(plain_graph *plain, const hd__graph *graph, const float *weights) {
  memset(plain, 0, sizeof *plain);
  plain->graph = graph;
  plain->weights = weights;
  for (int k = 0; k < graph->n_populations; k++) {
    const hd__population *population = &graph->population[k];
    for (int j = 0; population->neuron != NULL && j < population->n; j++) {
      population->neuron->reset(population->derived, plain->state[k][j]);
    }
  }
}

/* What source i of a projection shows to its target at this substep. */
static inline float plain_arrived(const plain_graph *plain, const hd__projection *projection,
                                  int i) {
  const int at = plain->t - projection->delay;
  if (i == plain->graph->population[projection->source].n) {
    return 1.0f;
  }
  return at < 0 ? 0.0f : plain->sent[at][projection->source][i];
}

/* Weight of the synapse from i to j, or 0 where there is none. */
static inline float plain_weight(const plain_graph *plain, const hd__projection *projection, int i,
                                 int j) {
  const float *W = plain->weights + projection->at;
  if (projection->storage == HD_BY_SOURCE) {
    return W[i * projection->stride + j];
  }
  if (projection->storage == HD_BY_TARGET) {
    return W[j * projection->stride + i];
  }
  for (int32_t k = projection->start[i]; k < projection->start[i + 1]; k++) {
    if (projection->post[k] == j) {
      return W[k];
    }
  }
  return 0.0f;
}

/* Source after source; by target 16 partial sums, then a tree. */
static inline float plain_sum(const plain_graph *plain, const hd__projection *projection, int j) {
  const bool is_tree = projection->storage == HD_BY_TARGET;
  float part[HD_LANES] = {0};
  for (int i = 0; i < projection->n_pre; i++) {
    part[is_tree ? i % HD_LANES : 0] +=
        plain_arrived(plain, projection, i) * plain_weight(plain, projection, i, j);
  }
  for (int width = HD_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) {
      part[i] += part[i + width];
    }
  }
  return part[0];
}

static inline float plain_drive(const plain_graph *plain, int k, int j) {
  const hd__population *population = &plain->graph->population[k];
  float drive = 0.0f;
  for (int m = 0; m < plain->graph->n_projections; m++) {
    const hd__projection *projection = &plain->graph->projection[m];
    if (projection->target == k) {
      drive = drive + plain_sum(plain, projection, j);
    }
  }
  if (population->has_bias) {
    drive = drive + plain->weights[population->bias_at + (size_t)j];
  }
  return population->has_current ? drive + plain->current[k][j] : drive;
}

static inline void plain_neuron(plain_graph *plain, int k, int j, hd__key key, uint32_t t) {
  const hd__population *population = &plain->graph->population[k];
  const hd__neuron_desc *neuron = population->neuron;
  const uint32_t index = population->noise_at + t * (uint32_t)population->n_pad + (uint32_t)j;
  const hd__fire fire = plain_step(neuron, population->derived, plain->state[k][j],
                                   plain_drive(plain, k, j), hd__uniform16(key, index));
  const float value = neuron->silence + (1.0f - neuron->silence) * fire.b;
  plain->b[k][j] = fire.b;
  plain->sent[plain->t][k][j] = neuron->spiking ? value : fire.p;
}

/* One substep under a key; t counts substeps under it. */
static inline void plain_advance(plain_graph *plain, hd__key key, uint32_t t) {
  for (int turn = 0; turn < plain->graph->n_populations; turn++) {
    const int k = plain->graph->population[turn].kth;
    for (int j = 0; j < plain->graph->population[k].n; j++) {
      if (plain->graph->population[k].neuron == NULL) {
        plain->sent[plain->t][k][j] = plain->given[k][j];
      } else {
        plain_neuron(plain, k, j, key, t);
      }
    }
  }
  plain->t++;
}

#endif
