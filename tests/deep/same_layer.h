/* Gradients of one layer of a stack whose layers are agents. */
#ifndef HD_SAME_LAYER_H
#define HD_SAME_LAYER_H

#include <string.h>

#include "stack.h"

static inline size_t end_of_layer(const hd__stack *stack, int l) {
  return l + 1 < stack->def.n_layers ? stack->layer[l + 1].W : stack->W;
}

/* Whether a layer's gradients, or those of its readout, are the same in both. */
static inline bool is_same_layer(const hd__stack *stack, int l, const float *a, const float *b) {
  const size_t from = stack->layer[l].W, to = end_of_layer(stack, l);
  const hd__stack_head *head = &stack->head[l];
  const size_t n = (size_t)(stack->def.n_out * head->n_pad),
               bias = stack->bias + (size_t)(l * stack->head_pad);
  return memcmp(a + from, b + from, sizeof(float) * (to - from)) == 0 &&
         memcmp(a + head->W, b + head->W, sizeof(float) * n) == 0 &&
         memcmp(a + bias, b + bias, sizeof(float) * (size_t)stack->head_pad) == 0;
}

static inline bool is_silent_layer(const hd__stack *stack, int l, const float *G) {
  const size_t to = end_of_layer(stack, l);
  for (size_t i = stack->layer[l].W; i < to; i++) {
    if (G[i] != 0.0f) {
      return false;
    }
  }
  return true;
}

#endif
