/* The spiking cell that gradients go through: one recursion that holds integrate-and-fire, leaky,
 * current-based and adaptive neurons, and its derivative.
 *
 *   c(t) = alpha c(t-1) + z(t)                     synaptic current; alpha = 0: none
 *   u(t) = beta v(t-1) + gamma c(t)                potential before a spike
 *   s(t) = 1 if u(t) >= theta + kappa a(t-1)       spike
 *   v(t) = u - s (theta - v_reset)   (soft), or
 *          (1 - s) u + s v_reset     (hard)        potential after it
 *   a(t) = rho a(t-1) + s(t)                       adaptation; kappa = 0: none
 *
 * Backwards the step of s is replaced by a surrogate; all else is exact. A detached reset takes s
 * in v(t) for a constant.
 * Sources: Neftci, Mostafa & Zenke 2019; Bellec et al. 2020 (adaptation); Fang et al. 2021 (learned
 * time constants). */
#ifndef HD_CELL_H
#define HD_CELL_H

#include "neuron.h"

typedef enum hd__surrogate_kind {
  HD_SURROGATE_SIGMOID,      /* k sigma(k x) (1 - sigma(k x)): Neftci, Mostafa & Zenke 2019 */
  HD_SURROGATE_ATAN,         /* k / 2 / (1 + (pi k x / 2)^2): Fang et al. 2021 */
  HD_SURROGATE_FAST_SIGMOID, /* 1 / (1 + k |x|)^2: Zenke & Ganguli 2018 (SuperSpike) */
  HD_SURROGATE_TRIANGLE,     /* k max(0, 1 - k |x|): Esser et al. 2016; Bellec et al. 2018 */
  HD_SURROGATE_RECTANGLE,    /* k where |x| < 1 / (2 k): Wu et al. 2018; Tang et al. 2020 */
  HD_SURROGATES
} hd__surrogate_kind;

typedef enum hd__activation {
  HD_ACTIVATION_SPIKE,
  HD_ACTIVATION_RELU, /* not spiking, without memory: the controls */
  HD_ACTIVATION_TANH
} hd__activation;

/* What all cells of a layer share. */
typedef struct hd__cell {
  hd__activation activation;
  hd__surrogate_kind surrogate;
  float slope;         /* k */
  bool has_current;    /* alpha counts */
  bool has_adaptation; /* kappa and rho count */
  bool is_soft, is_detached;
  bool is_tied; /* gamma = gain (1 - beta), so that it follows a learned beta */
  float kappa, v_reset;
} hd__cell;

/* What each cell has of its own, [n] each. */
typedef struct hd__cell_lanes {
  const float *alpha, *beta, *gamma, *theta, *rho;
} hd__cell_lanes;

/* x = u - threshold. */
HD_FN float hd__surrogate_of(int kind, float k, float x) {
  const float far = x < 0.0f ? -x : x;
  if (kind == HD_SURROGATE_SIGMOID) {
    const float s = hd__sigmoidf(k * x);
    return k * (s * (1.0f - s));
  }
  if (kind == HD_SURROGATE_ATAN) {
    const float y = (0.5f * HD_PI_F * k) * x;
    return (0.5f * k) / (1.0f + y * y);
  }
  if (kind == HD_SURROGATE_FAST_SIGMOID) {
    const float y = 1.0f + k * far;
    return 1.0f / (y * y);
  }
  if (kind == HD_SURROGATE_TRIANGLE) {
    return k * hd__maxf(0.0f, 1.0f - k * far);
  }
  return 2.0f * k * far < 1.0f ? k : 0.0f;
}

/* A substep. Returns the spike; writes the potential before it. */
HD_FN float hd__cell_step(float alpha, float beta, float gamma, float theta, float rho, float kappa,
                          float v_reset, bool has_current, bool has_adaptation, bool is_soft,
                          float z, float *c, float *v, float *a, float *u) {
  *c = has_current ? alpha * *c + z : z;
  *u = beta * *v + gamma * *c;
  const float threshold = has_adaptation ? theta + kappa * *a : theta;
  const float s = *u >= threshold ? 1.0f : 0.0f;
  const float lowered = *u - s * (theta - v_reset), set = s > 0.5f ? v_reset : *u;
  *v = is_soft ? lowered : set;
  *a = has_adaptation ? rho * *a + s : 0.0f;
  return s;
}

#endif
