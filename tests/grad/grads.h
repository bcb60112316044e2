/* What the gradient tests share: stacks of every kind with random weights and inputs. */
#ifndef HD_TEST_GRADS_H
#define HD_TEST_GRADS_H

#include <stdlib.h>

#include "../kernel/kernels.h"
#include "arena.h"
#include "stack.h"

/* What the plain forms have room for. */
enum {
  PLAIN_LAYERS = 3,
  PLAIN_WIDTH = 80,
  PLAIN_OUT = 16,
  PLAIN_SUBSTEPS = 8,
  PLAIN_ROWS = 17,
  PLAIN_SLICES = PLAIN_ROWS * 3 * PLAIN_SUBSTEPS,
  PLAIN_DELAY = 5
};

static inline bool yes(uint32_t seed, uint32_t i) { return any(seed, i, 0, 1) == 1; }

static inline float within(uint32_t seed, uint32_t i, float low, float high) {
  return low + (high - low) * hd__uniform24(hd__key_make(5, HD_STREAM_INIT, seed, 0), i);
}

static const float slopes[HD_SURROGATES] = {4.0f, 2.0f, 2.0f, 0.8f, 0.6f};

/* The kind of cell is given by number, one of CELL_KINDS; all else is drawn from the seed. */
enum { CELL_KINDS = 2 * 2 * 2 * 2 * HD_SURROGATES };

static inline hd__stack_def any_stack(int kind, uint32_t seed) {
  hd__stack_def def = {
      .n_in = any(seed, 0, 1, 20),
      .has_timed_input = yes(seed, 1),
      .n_layers = any(seed, 2, 1, PLAIN_LAYERS),
      .n_out = any(seed, 3, 1, 5),
      .T = any(seed, 4, 1, PLAIN_SUBSTEPS),
      .cell = {.surrogate = kind % HD_SURROGATES,
               .slope = slopes[kind % HD_SURROGATES],
               .has_current = kind / HD_SURROGATES & 1,
               .has_adaptation = kind / HD_SURROGATES & 2,
               .is_soft = kind / HD_SURROGATES & 4,
               .is_detached = kind / HD_SURROGATES & 8,
               .is_tied = yes(seed, 5),
               .kappa = within(seed, 6, 0.1f, 0.5f),
               .v_reset = yes(seed, 7) ? 0.0f : within(seed, 8, -0.2f, 0.1f),
               .v_rest = yes(seed, 26) ? 0.0f : within(seed, 27, -0.2f, 0.2f),
               .v_start = yes(seed, 28) ? 0.0f : within(seed, 29, -0.2f, 0.2f),
               .ref_steps = (float)any(seed, 30, -1, 2)},
      .alpha = within(seed, 9, 0.3f, 0.7f),
      .beta = within(seed, 10, 0.5f, 0.9f),
      .gain = within(seed, 11, 0.8f, 1.2f),
      .theta = within(seed, 12, 0.3f, 0.7f),
      .rho = within(seed, 13, 0.6f, 0.9f),
      .is_recurrent = yes(seed, 14),
      .is_normalised = yes(seed, 15),
      .learns_tau = yes(seed, 16),
      .learns_threshold = yes(seed, 17),
      .max_delay = any(seed, 25, -2, PLAIN_DELAY),
      .is_grouped = yes(seed, 18),
      .readout = (hd__stack_readout)any(seed, 19, 0, 3),
      .membrane_tau = within(seed, 20, 1.5f, 4.0f),
      .init = 2.0f,
      .init_readout = 1.0f,
  };
  def.max_delay = def.max_delay > 0 ? def.max_delay : 0;
  def.cell.ref_steps = hd__maxf(def.cell.ref_steps, 0.0f);
  if (!def.cell.is_tied && yes(seed, 21)) {
    def.beta = 1.0f;
  }
  for (int l = 0; l < def.n_layers; l++) {
    def.width[l] = any(seed, 22 + (uint32_t)l, 1, 40);
  }
  if (def.is_grouped) {
    int *top = &def.width[def.n_layers - 1];
    *top = def.n_out * (1 + *top / def.n_out);
  }
  return def;
}

/* A stack of a control: units that do not spike have no substeps. */
static inline hd__stack_def any_control(int unit, uint32_t seed) {
  hd__stack_def def = any_stack(0, seed);
  def.cell = (hd__cell){.unit = unit};
  def.T = 1;
  def.has_timed_input = def.is_recurrent = def.learns_tau = def.learns_threshold = false;
  def.max_delay = 0;
  def.readout = HD_STACK_MEAN;
  if (seed % 7 == 0) { /* a linear map */
    def.n_layers = 0;
    def.is_grouped = def.is_normalised = false;
  }
  return def;
}

/* A stack whose layers are agents: all that these may be. */
static inline hd__stack_def with_agents(hd__stack_def def, uint32_t seed) {
  def.n_layers = any(seed, 40, 1, PLAIN_LAYERS);
  for (int l = 0; l < def.n_layers; l++) {
    def.width[l] = any(seed, 41 + (uint32_t)l, 1, 40);
  }
  def.has_agents = true;
  def.sees_above = yes(seed, 45);
  def.is_local = yes(seed, 46);
  def.has_timed_input = def.is_normalised = def.is_grouped = false;
  def.max_delay = 0;
  if (def.readout == HD_STACK_MEMBRANE_MAX) {
    def.readout = HD_STACK_MEMBRANE_LAST;
  }
  return def;
}

/* A stack, its memory, and what goes into it. */
typedef struct rig {
  hd_ctx *ctx;
  hd__arena arena;
  hd__stack stack;
  hd__prepared prepared;
  hd__tape tape;
  int rows, decisions;
  float *weights, *statistics, *G, *x, *g_out, *out, *g_x, *state, *g_state;
  bool *fresh; /* NULL: everywhere */
} rig;

static inline size_t rig_x_size(const rig *g) {
  const hd__stack_def *def = &g->stack.def;
  return (size_t)(g->rows * g->decisions * (def->has_timed_input ? def->T : 1) * g->stack.in_pad);
}

static inline size_t rig_out_size(const rig *g) {
  return (size_t)(g->rows * g->decisions * g->stack.out_pad);
}

static inline void rig_lay_out(rig *g) {
  hd__arena *a = &g->arena;
  hd__stack_lay_out(&g->stack, a);
  hd__prepared_lay_out(&g->stack, a, HD_STACK_BACK_TO_INPUT, &g->prepared);
  hd__tape_lay_out(&g->stack, a, g->rows, g->decisions, true, &g->tape);
  g->weights = HD_TAKE(a, float, g->stack.n_weights);
  g->statistics = HD_TAKE(a, float, g->stack.n_statistics);
  g->G = HD_TAKE(a, float, g->stack.n_weights);
  g->x = HD_TAKE(a, float, rig_x_size(g));
  g->g_out = HD_TAKE(a, float, rig_out_size(g));
  g->out = HD_TAKE(a, float, rig_out_size(g));
  g->g_x = HD_TAKE(a, float, g->rows * g->decisions * g->stack.in_pad);
  g->state = HD_TAKE(a, float, g->rows * g->stack.n_state);
  g->g_state = HD_TAKE(a, float, g->rows * g->stack.n_state);
  g->fresh = HD_TAKE(a, bool, g->rows * g->decisions);
}

static inline void rig_open(rig *g, const hd__stack_def *def, const hd__kernel *kernel, int rows,
                            int decisions) {
  *g = (rig){.rows = rows, .decisions = decisions};
  const hd_ctx_def ctx = hd_ctx_def_default();
  CHECK(hd_ctx_create(&ctx, &g->ctx) == HD_OK);
  hd__stack_compile(&g->stack, def, kernel);
  rig_lay_out(g);
  CHECK(hd__arena_commit(g->ctx, &g->arena) == HD_OK);
  rig_lay_out(g);
}

static inline void rig_close(rig *g) {
  hd__arena_free(g->ctx, &g->arena);
  hd_ctx_destroy(g->ctx);
}

/* rows x n numbers in low .. high; the lanes between n and n_pad are left alone. */
static inline void spread(float *to, int rows, int n, int n_pad, float low, float high,
                          uint32_t array) {
  const hd__key key = hd__key_make(6, HD_STREAM_INIT, array, 0);
  for (int i = 0; i < rows * n; i++) {
    to[i / n * n_pad + i % n] = low + (high - low) * hd__uniform24(key, (uint32_t)i);
  }
}

/* A state some way into an episode: potentials below the threshold, spikes that are 0 or 1; and a
 * gradient by the state after the pass. */
static inline void fill_state(rig *g, uint32_t seed) {
  const hd__stack_def *def = &g->stack.def;
  int at = 0;
  for (int l = 0; l < def->n_layers && g->stack.n_state > 0; l++) {
    const hd__stack_layer *layer = &g->stack.layer[l];
    const int times[] = {1,
                         def->cell.has_current,
                         def->cell.has_adaptation,
                         def->cell.ref_steps > 0.0f,
                         def->is_recurrent,
                         layer->max_delay};
    for (uint32_t field = 0; field < 6; field++) {
      const uint32_t array = 64 * seed + 50 + 4 * (uint32_t)l + field;
      for (int k = 0; k < g->rows * times[field] * layer->n; k++) {
        const int r = k / layer->n % g->rows, m = k / layer->n / g->rows, j = k % layer->n;
        const uint32_t index = (uint32_t)(64 * (r + g->rows * m) + j);
        g->state[r * g->stack.n_state + at + m * layer->n_pad + j] =
            field < 3 ? within(array, index, 0.0f, 0.3f) : (float)any(array, index, 0, 1);
        g->g_state[r * g->stack.n_state + at + m * layer->n_pad + j] =
            within(array + 1000000, index, -1.0f, 1.0f);
      }
      at += times[field] * layer->n_pad;
    }
  }
}

/* Inputs, what layers did before among them, and gradients of all heads. */
static inline void fill_pass(rig *g, uint32_t seed) {
  const hd__stack *stack = &g->stack;
  const int n_in = stack->def.n_in, n_out = stack->def.n_out, behind = HD_PAD(n_in);
  spread(g->x, (int)rig_x_size(g) / stack->in_pad, n_in, stack->in_pad, -1, 1, 64 * seed + 41);
  spread(g->x + behind, (int)rig_x_size(g) / stack->in_pad, stack->n_above, stack->in_pad, 0, 1,
         64 * seed + 43);
  for (int h = 0; h < stack->n_heads; h++) {
    const uint32_t more = h == 0 ? 0 : 3 + (uint32_t)h;
    spread(g->weights + stack->bias + h * stack->head_pad, 1, n_out, n_out, -0.5f, 0.5f,
           64 * seed + 40 + more);
    spread(g->g_out + h * stack->head_pad, g->rows * g->decisions, n_out, stack->out_pad, -1, 1,
           64 * seed + 42 + 2 * more);
  }
}

/* Random weights over those it starts with, random inputs and random flags. */
static inline void rig_fill(rig *g, uint32_t seed) {
  const hd__stack *stack = &g->stack;
  const hd__stack_def *def = &stack->def;
  hd__stack_start(stack, seed, 0, g->weights, g->statistics);
  for (int l = 0; l < def->n_layers; l++) {
    const hd__stack_layer *at = &stack->layer[l];
    const uint32_t array = 64 * seed + 8 * (uint32_t)l;
    spread(g->weights + at->bias, 1, at->n, at->n_pad, -0.1f, 0.4f, array);
    if (def->is_normalised) {
      spread(g->weights + at->gain, 1, at->n, at->n_pad, 0.5f, 1.5f, array + 1);
      spread(g->weights + at->shift, 1, at->n, at->n_pad, 0.0f, 0.5f, array + 2);
      spread(g->statistics + at->mean, 1, at->n, at->n_pad, -0.3f, 0.3f, array + 3);
      spread(g->statistics + at->variance, 1, at->n, at->n_pad, 0.3f, 2.0f, array + 4);
    }
    const size_t logit[] = {at->alpha, at->beta, at->rho};
    for (uint32_t f = 0; f < 3 && def->cell.unit == HD_UNIT_NONE; f++) {
      spread(g->weights + logit[f], 1, at->n, at->n_pad, -0.5f, 1.5f, array + 5 + f);
    }
    for (int j = 0; j < at->n && def->cell.unit == HD_UNIT_NONE; j++) {
      g->weights[at->theta + (size_t)j] += within(seed, 100 + (uint32_t)j, -0.1f, 0.1f);
    }
  }
  fill_pass(g, seed);
  fill_state(g, seed);
  for (int k = 0; k < g->rows * g->decisions; k++) {
    g->fresh[k] = any(seed, 200 + (uint32_t)k, 0, 2) == 0;
  }
}

/* Lanes behind the last cell of a layer hold what nobody reads: a resting potential, for one. */
static inline void clear_padding(const rig *g, float *state) {
  for (int l = 0; l < g->stack.def.n_layers && g->stack.n_state > 0; l++) {
    const hd__stack_layer *at = &g->stack.layer[l];
    const int end = l + 1 < g->stack.def.n_layers ? at[1].state : g->stack.n_state;
    for (int r = 0; r < g->rows; r++) {
      for (int k = at->state; k < end; k++) {
        if ((k - at->state) % at->n_pad >= at->n) {
          state[r * g->stack.n_state + k] = 0.0f;
        }
      }
    }
  }
}

#endif
