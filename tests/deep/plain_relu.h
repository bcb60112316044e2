/* A stack of rectified linear units as plain loops in double. */
#ifndef HD_PLAIN_RELU_H
#define HD_PLAIN_RELU_H

#include "stack.h"

enum { PLAIN_WIDTH = 64 };

static inline void plain_relu(const hd__stack *stack, const double *w, const double *x,
                              double *out) {
  double y[PLAIN_WIDTH], z[PLAIN_WIDTH];
  for (int i = 0; i < stack->def.n_in; i++) {
    y[i] = x[i];
  }
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    for (int j = 0; j < layer->n; j++) {
      z[j] = w[layer->bias + (size_t)j];
      for (int i = 0; i < layer->n_pre; i++) {
        z[j] += w[layer->W + (size_t)i * (size_t)layer->n_pad + (size_t)j] * y[i];
      }
    }
    for (int j = 0; j < layer->n; j++) {
      y[j] = z[j] > 0 ? z[j] : 0;
    }
  }
  for (int k = 0; k < stack->def.n_out; k++) {
    out[k] = w[stack->bias + (size_t)k];
    for (int i = 0; i < stack->layer[stack->def.n_layers - 1].n; i++) {
      out[k] += w[stack->W + (size_t)k * (size_t)stack->top_pad + (size_t)i] * y[i];
    }
  }
}

#endif
