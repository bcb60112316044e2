/* Weights made ready for use, and gradients by what was made ready turned back into gradients by
 * the weights. */
#include <string.h>

#include "delay.h"

static const float least_variance = 1e-5f;

/* Block by block, so that what is written to many rows stays near. */
static void stack_prepare_transpose(int rows, int n, int n_pad, const float *from, int to_pad,
                                    float *to) {
  enum { BLOCK = HD_LANES };
  for (int i = 0; i < rows; i += BLOCK) {
    const int end = i + BLOCK < rows ? i + BLOCK : rows;
    for (int j = 0; j < n; j++) {
      for (int k = i; k < end; k++) {
        to[(size_t)j * (size_t)to_pad + (size_t)k] = from[(size_t)k * (size_t)n_pad + (size_t)j];
      }
    }
  }
}

/* Drives are normalised by running statistics, constants as far as the gradient is concerned:
 *   gain (W x - mean) / deviation + shift = (scale W) x + (shift - scale mean)
 * so that using the network costs nothing more. */
static void stack_prepare_fold(const hd__stack_layer *layer, const float *weights,
                               const float *statistics, hd__prepared_layer *p) {
  for (int j = 0; j < layer->n; j++) {
    const float variance = statistics[layer->variance + (size_t)j] + least_variance;
    p->scale[j] = weights[layer->gain + (size_t)j] / hd__sqrtf(variance);
    p->bias_own[j] =
        weights[layer->shift + (size_t)j] - p->scale[j] * statistics[layer->mean + (size_t)j];
  }
  for (int i = 0; i < layer->n_pre; i++) {
    const size_t row = (size_t)i * (size_t)layer->n_pad;
    for (int j = 0; j < layer->n_pad; j++) {
      p->W_own[row + (size_t)j] = p->scale[j] * weights[layer->W + row + (size_t)j];
    }
  }
  p->W = p->W_own;
  p->bias = p->bias_own;
}

static void stack_prepare_decay(const hd__stack *stack, int n, bool has, const float *logits,
                                float none, float *p) {
  if (has) {
    memcpy(p, logits, sizeof(float) * (size_t)n);
    stack->kernel->sigmoid(n, p);
    return;
  }
  for (int j = 0; j < n; j++) {
    p[j] = none;
  }
}

static void stack_prepare_coefficients(const hd__stack *stack, const hd__stack_layer *layer,
                                       const float *weights, hd__prepared_layer *p) {
  const hd__stack_def *def = &stack->def;
  const int n = layer->n_pad;
  stack_prepare_decay(stack, n, def->cell.has_current, weights + layer->alpha, 0.0f, p->alpha);
  stack_prepare_decay(stack, n, def->beta < 1.0f, weights + layer->beta, 1.0f, p->beta);
  stack_prepare_decay(stack, n, def->cell.has_adaptation, weights + layer->rho, 0.0f, p->rho);
  for (int j = 0; j < n; j++) {
    p->gamma[j] = def->cell.is_tied ? def->gain * (1.0f - p->beta[j]) : def->gain;
  }
  memcpy(p->theta, weights + layer->theta, sizeof(float) * (size_t)n);
}

void hd__stack_prepare(const hd__stack *stack, const float *weights, const float *statistics,
                       hd__prepared *prepared) {
  const hd__stack_def *def = &stack->def;
  prepared->weights = weights;
  prepared->statistics = statistics;
  for (int l = 0; l < def->n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    hd__prepared_layer *p = &prepared->layer[l];
    p->W = weights + layer->W;
    p->bias = weights + layer->bias;
    p->V = def->is_recurrent ? weights + layer->V : NULL;
    if (def->is_normalised) {
      stack_prepare_fold(layer, weights, statistics, p);
    }
    if (p->W_back_own != NULL) {
      stack_prepare_transpose(layer->n_pre, layer->n, layer->n_pad, p->W, layer->pre_pad,
                              p->W_back_own);
    }
    if (p->V_back_own != NULL) {
      stack_prepare_transpose(layer->n, layer->n, layer->n_pad, p->V, layer->n_pad, p->V_back_own);
    }
    if (def->cell.unit == HD_UNIT_NONE) {
      stack_prepare_coefficients(stack, layer, weights, p);
    }
    if (layer->max_delay > 0) {
      hd__delay_prepare(stack, l, weights, p);
    }
  }
}

/* By gain: sum of g (W x - mean) / deviation, where the sum of g x is what G holds for W. */
static void stack_prepare_unfold(const hd__stack_layer *layer, const hd__prepared *prepared, int l,
                                 float *G) {
  const float *weights = prepared->weights, *statistics = prepared->statistics;
  const hd__prepared_layer *p = &prepared->layer[l];
  for (size_t j = 0; j < (size_t)layer->n; j++) {
    const float deviation = hd__sqrtf(statistics[layer->variance + j] + least_variance);
    const float by_drive = G[layer->bias + j];
    float sum = -statistics[layer->mean + j] * by_drive;
    for (int i = 0; i < layer->n_pre; i++) {
      const size_t at = layer->W + (size_t)i * (size_t)layer->n_pad + j;
      sum += weights[at] * G[at];
      G[at] *= p->scale[j];
    }
    G[layer->gain + j] = sum / deviation;
    G[layer->shift + j] = by_drive;
    G[layer->bias + j] = 0.0f;
  }
}

/* From one by sigma(x) to one by x. */
static void stack_prepare_by_logit(int n, bool is_learned, const float *p, float *g) {
  for (int j = 0; j < n; j++) {
    g[j] = is_learned ? g[j] * (p[j] * (1.0f - p[j])) : 0.0f;
  }
}

void hd__stack_finish(const hd__stack *stack, const hd__prepared *prepared, float *G) {
  const hd__stack_def *def = &stack->def;
  for (int l = 0; l < def->n_layers; l++) {
    const hd__stack_layer *layer = &stack->layer[l];
    const hd__prepared_layer *p = &prepared->layer[l];
    if (def->is_normalised) {
      stack_prepare_unfold(layer, prepared, l, G);
    }
    if (def->cell.unit != HD_UNIT_NONE) {
      continue;
    }
    stack_prepare_by_logit(layer->n_pad, def->learns_tau && def->cell.has_current, p->alpha,
                           G + layer->alpha);
    stack_prepare_by_logit(layer->n_pad, def->learns_tau && def->beta < 1.0f, p->beta,
                           G + layer->beta);
    stack_prepare_by_logit(layer->n_pad, def->learns_tau && def->cell.has_adaptation, p->rho,
                           G + layer->rho);
    if (layer->max_delay > 0) {
      hd__delay_finish(stack, l, p, G);
    }
    if (!def->learns_threshold) {
      memset(G + layer->theta, 0, sizeof(float) * (size_t)layer->n_pad);
    }
  }
  if (def->is_grouped) {
    for (int k = 0; k < def->n_out; k++) {
      int from, to;
      hd__stack_group(stack, k, &from, &to);
      float *row = G + stack->W + (size_t)k * (size_t)stack->top_pad;
      memset(row, 0, sizeof(float) * (size_t)from);
      memset(row + to, 0, sizeof(float) * (size_t)(stack->top_pad - to));
    }
  }
}
