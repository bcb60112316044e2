/* Initial weights. */
#include <string.h>

#include "delay.h"
#include "normal.h"
#include "orthogonal.h"

static void stack_fill(float *to, int rows, int n, int n_pad, bool is_uniform, float scale,
                       hd__key key) {
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < n; j++) {
      const uint32_t index = (uint32_t)i * (uint32_t)n + (uint32_t)j;
      const float x =
          is_uniform ? 2.0f * hd__uniform24(key, index) - 1.0f : hd__normalf(key, index);
      to[(size_t)i * (size_t)n_pad + (size_t)j] = scale * x;
    }
  }
}

static void stack_set(float *to, int n, float value) {
  for (int i = 0; i < n; i++) {
    to[i] = value;
  }
}

static float stack_logit(float p) { return hd__logf(p / (1.0f - p)); }

/* Width of the layer that head h reads. */
static int stack_width_of(const hd__stack *stack, int h) {
  const int l = stack->head[h].layer;
  return l < 0 ? stack->def.n_in : stack->def.width[l];
}

/* Lanes [from, to) that output k of head h reads. */
static void stack_lanes_read(const hd__stack *stack, int h, int k, int *from, int *to) {
  const hd__stack_def *def = &stack->def;
  const int n = stack_width_of(stack, h);
  *from = def->is_grouped ? k * (n / def->n_out) : 0;
  *to = def->is_grouped ? *from + n / def->n_out : n;
}

void hd__stack_group(const hd__stack *stack, int k, int *from, int *to) {
  stack_lanes_read(stack, stack->n_heads - 1, k, from, to);
}

/* Sources of a layer: those below and beside it. */
static int stack_fan_in(const hd__stack_layer *layer) {
  int n = layer->n_pre;
  for (int i = 0; i < layer->n_sides; i++) {
    n += layer->side[i].n;
  }
  return n;
}

static void stack_start_sides(const hd__stack *stack, int l, hd__key key, float scale,
                              float *weights) {
  const hd__stack_def *def = &stack->def;
  const hd__stack_layer *layer = &stack->layer[l];
  for (int i = 0; i < layer->n_sides; i++) {
    const hd__stack_side *side = &layer->side[i];
    const hd__key of = {key.a ^ 0x85EBCA6Bu, key.b + (uint32_t)i};
    stack_fill(weights + side->W, side->n, layer->n, layer->n_pad, def->is_uniform, scale, of);
    if (def->is_orthogonal) {
      hd__orthogonalise(weights + side->W, side->n, layer->n, layer->n_pad, def->init);
    }
  }
}

static void stack_start_layer(const hd__stack *stack, int l, hd__key key, float *weights,
                              float *statistics) {
  const hd__stack_def *def = &stack->def;
  const hd__stack_layer *layer = &stack->layer[l];
  const float scale = def->init / hd__sqrtf((float)stack_fan_in(layer));
  stack_fill(weights + layer->W, layer->n_pre, layer->n, layer->n_pad, def->is_uniform, scale, key);
  if (def->is_orthogonal) {
    hd__orthogonalise(weights + layer->W, layer->n_pre, layer->n, layer->n_pad, def->init);
  }
  if (def->is_uniform) {
    const hd__key bias = {key.a ^ 0x9E3779B9u, key.b};
    stack_fill(weights + layer->bias, 1, layer->n, layer->n_pad, true, scale, bias);
  }
  if (def->is_recurrent) {
    const hd__key own = {key.a, key.b ^ 0x9E3779B9u};
    stack_fill(weights + layer->V, layer->n, layer->n, layer->n_pad, def->is_uniform,
               def->init / hd__sqrtf((float)layer->n), own);
    if (def->is_orthogonal) {
      hd__orthogonalise(weights + layer->V, layer->n, layer->n, layer->n_pad, def->init);
    }
  }
  stack_start_sides(stack, l, key, scale, weights);
  if (def->is_normalised) {
    stack_set(weights + layer->gain, layer->n, 1.0f);
    stack_set(statistics + layer->variance, layer->n_pad, 1.0f);
  }
  if (hd__stack_spikes(stack)) {
    stack_set(weights + layer->theta, layer->n_pad, def->theta);
    stack_set(weights + layer->beta, layer->n, def->beta < 1.0f ? stack_logit(def->beta) : 0.0f);
    if (def->cell.has_current) {
      stack_set(weights + layer->alpha, layer->n, stack_logit(def->alpha));
    }
    if (def->cell.has_adaptation) {
      stack_set(weights + layer->rho, layer->n, stack_logit(def->rho));
    }
    if (layer->max_delay > 0) {
      const hd__key delay = {key.a ^ 0x9E3779B9u, key.b ^ 0x9E3779B9u};
      hd__delay_start(stack, l, delay, weights);
    }
  }
}

static void stack_start_head(const hd__stack *stack, int h, hd__key key, float *weights) {
  const hd__stack_def *def = &stack->def;
  const hd__stack_head *head = &stack->head[h];
  for (int k = 0; k < def->n_out; k++) {
    int from, to;
    stack_lanes_read(stack, h, k, &from, &to);
    const float scale = def->init_readout / hd__sqrtf((float)(to - from));
    const hd__key row = {key.a, key.b + (uint32_t)k};
    stack_fill(weights + head->W + (size_t)k * (size_t)head->n_pad + from, 1, to - from, 0,
               def->is_uniform, scale, row);
    if (def->is_uniform) {
      const hd__key bias = {key.a ^ 0x9E3779B9u, key.b + (uint32_t)k};
      stack_fill(weights + stack->bias + h * stack->head_pad + k, 1, 1, 0, true, scale, bias);
    }
  }
  if (def->is_orthogonal) {
    hd__orthogonalise(weights + head->W, def->n_out, stack_width_of(stack, h), head->n_pad,
                      def->init_readout);
  }
}

void hd__stack_start(const hd__stack *stack, uint64_t seed, int first, float *weights,
                     float *statistics) {
  const hd__stack_def *def = &stack->def;
  memset(weights, 0, sizeof(float) * stack->n_weights);
  for (int l = 0; l < def->n_layers; l++) {
    const hd__key key = hd__key_make(seed, HD_STREAM_INIT, (uint64_t)(first + l), 0);
    stack_start_layer(stack, l, key, weights, statistics);
  }
  for (int h = 0; h < stack->n_heads; h++) {
    const uint64_t number = (uint64_t)(first + def->n_layers + h);
    stack_start_head(stack, h, hd__key_make(seed, HD_STREAM_INIT, number, 0), weights);
  }
}
