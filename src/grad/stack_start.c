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

/* Share that output k of a grouped readout reads: lanes [from, to). */
void hd__stack_group(const hd__stack *stack, int k, int *from, int *to) {
  const hd__stack_def *def = &stack->def;
  const int n = def->n_layers > 0 ? def->width[def->n_layers - 1] : def->n_in;
  *from = def->is_grouped ? k * (n / def->n_out) : 0;
  *to = def->is_grouped ? *from + n / def->n_out : n;
}

static void stack_start_layer(const hd__stack *stack, int l, hd__key key, float *weights,
                              float *statistics) {
  const hd__stack_def *def = &stack->def;
  const hd__stack_layer *layer = &stack->layer[l];
  const float scale = def->init / hd__sqrtf((float)layer->n_pre);
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

void hd__stack_start(const hd__stack *stack, uint64_t seed, int first, float *weights,
                     float *statistics) {
  const hd__stack_def *def = &stack->def;
  memset(weights, 0, sizeof(float) * stack->n_weights);
  for (int l = 0; l < def->n_layers; l++) {
    const hd__key key = hd__key_make(seed, HD_STREAM_INIT, (uint64_t)(first + l), 0);
    stack_start_layer(stack, l, key, weights, statistics);
  }
  const hd__key key = hd__key_make(seed, HD_STREAM_INIT, (uint64_t)(first + def->n_layers), 0);
  for (int k = 0; k < def->n_out; k++) {
    int from, to;
    hd__stack_group(stack, k, &from, &to);
    const float scale = def->init_readout / hd__sqrtf((float)(to - from));
    const hd__key row = {key.a, key.b + (uint32_t)k};
    stack_fill(weights + stack->W + (size_t)k * (size_t)stack->top_pad + from, 1, to - from, 0,
               def->is_uniform, scale, row);
    if (def->is_uniform) {
      const hd__key bias = {key.a ^ 0x9E3779B9u, key.b + (uint32_t)k};
      stack_fill(weights + stack->bias + k, 1, 1, 0, true, scale, bias);
    }
  }
  if (def->is_orthogonal) {
    const int n = def->n_layers > 0 ? def->width[def->n_layers - 1] : def->n_in;
    hd__orthogonalise(weights + stack->W, def->n_out, n, stack->top_pad, def->init_readout);
  }
}
