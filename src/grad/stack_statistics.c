/* Running statistics of the drives that a pass has just seen. */
#include "stack_internal.h"

/* Decisions that a running mean remembers. */
static const float memory = 1000.0f;

/* Exponentially weighted mean and variance, a batch at a time (Finch 2009). The tape has drives as
 * normalised: `scale` times those of the weights. */
static void stack_statistics_update_lane(const hd__tape_layer *tape, int slices, int n_pad, int j,
                                         float scale, float rate, float *mean, float *variance) {
  float sum = 0.0f, squares = 0.0f;
  for (int k = 0; k < slices; k++) {
    const float away = tape->z[(size_t)k * (size_t)n_pad + (size_t)j] / scale - *mean;
    sum += away;
    squares += away * away;
  }
  const float by = rate * (sum / (float)slices);
  *mean += by;
  *variance += rate * (squares / (float)slices - *variance) - by * by;
}

void hd__stack_update_statistics(const hd__stack *stack, const hd__prepared *prepared,
                                 const hd__tape *tape, int rows, float *statistics) {
  const float rate = hd__minf(1.0f, (float)rows / memory);
  for (int l = 0; l < stack->def.n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    const int slices = layer->is_steady ? rows : rows * stack->def.T;
    for (int j = 0; j < layer->n; j++) {
      const float scale = prepared->layer[l].scale[j];
      if (scale > 1e-6f || scale < -1e-6f) {
        stack_statistics_update_lane(&tape->layer[l], slices, layer->n_pad, j, scale, rate,
                                     &statistics[layer->mean + (size_t)j],
                                     &statistics[layer->variance + (size_t)j]);
      }
    }
  }
}
