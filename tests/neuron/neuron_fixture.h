/* One neuron of a model, stepped through the scalar kernel, and its parameters by name. */
#ifndef HD_NEURON_FIXTURE_H
#define HD_NEURON_FIXTURE_H

#include "isa.h"
#include "kernel.h"
#include "neuron.h"
#include "test.h"

enum { DERIVED_FLOATS = 32 };

typedef struct probe {
  const hd__neuron_desc *desc;
  float params[HD_NEURON_PARAMS_MAX];
  float derived[DERIVED_FLOATS];
  _Alignas(64) float state[HD_NEURON_STATE_MAX * HD_LANES];
} probe;

static inline probe probe_of(const char *name) {
  probe n = {.desc = hd__neuron_find(NULL, name)};
  for (int i = 0; i < n.desc->n_params; i++) {
    n.params[i] = n.desc->param[i].fallback;
  }
  return n;
}

static inline void probe_set(probe *n, const char *param, float value) {
  int found = 0;
  for (int i = 0; i < n->desc->n_params; i++) {
    if (strcmp(n->desc->param[i].name, param) == 0) {
      n->params[i] = value;
      found = 1;
    }
  }
  CHECK(found);
}

static inline void probe_start(probe *n, float dt_ms) {
  float one[HD_NEURON_STATE_MAX];
  n->desc->derive(n->derived, n->params, dt_ms);
  n->desc->reset(n->derived, one);
  for (int k = 0; k < n->desc->n_state; k++) {
    for (int i = 0; i < HD_LANES; i++) {
      n->state[k * HD_LANES + i] = one[k];
    }
  }
}

/* One substep, every lane alike; lane 0 is reported. */
static inline hd__fire probe_step(probe *n, float drive, float noise) {
  _Alignas(64) float in[HD_LANES], u[HD_LANES], live[HD_LANES];
  _Alignas(64) float b[HD_LANES], p[HD_LANES], gain[HD_LANES];
  for (int i = 0; i < HD_LANES; i++) {
    in[i] = drive;
    u[i] = noise;
    live[i] = 1.0f;
  }
  hd__kernel_for(HD_ISA_SCALAR)
      ->neuron[n->desc->id](n->derived, HD_LANES, in, u, live, n->state, b, p, gain);
  return (hd__fire){.b = b[0], .p = p[0], .gain = gain[0]};
}

/* Membrane potential: the first state of every model that has one. */
static inline float probe_v(const probe *n) { return n->state[0]; }

#endif
