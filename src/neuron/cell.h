/* The membrane that integrate-and-fire, leaky, current-based and adaptive neurons share: one
 * recursion, whose loops are in src/kernel/impl_cell.h, and its derivative.
 *
 *   c(t) = alpha c(t-1) + z(t)                        synaptic current; alpha = 0: none
 *   u(t) = rest + beta (v(t-1) - rest) + gamma c(t)   potential before a spike, or
 *          v(t-1) while refractory, r(t-1) > 0
 *   s(t) = 1 if u(t) >= theta + kappa a(t-1) and r(t-1) = 0    spike
 *   v(t) = u - s (theta - v_reset)   (soft), or
 *          (1 - s) u + s v_reset     (hard)           potential after it
 *   a(t) = rho a(t-1) + s(t)                          adaptation; kappa = 0: none
 *   r(t) = ref_steps after a spike, else max(r(t-1) - 1, 0)    substeps still refractory
 *
 * Backwards the step of s is replaced by a surrogate; all else is exact. A detached reset takes s
 * in v(t) for a constant; r, a count, has no gradient.
 * Sources: Neftci, Mostafa & Zenke 2019; Bellec et al. 2020 (adaptation); Fang et al. 2021 (learned
 * time constants). */
#ifndef HD_CELL_H
#define HD_CELL_H

#include "neuron.h"

/* Smooth units: the models of that form. */
enum {
  HD_UNIT_NONE,
#define HD_NEURON(model, name, form, spiking, stochastic, silence, doc, source) \
  HD_UNIT_##model = 1 + HD_NEURON_##model,
#include "neuron_table.h"
#undef HD_NEURON
};

HD_FN int hd__unit_of(int neuron_id) { return 1 + neuron_id; }

typedef enum hd__surrogate_kind {
  HD_SURROGATE_SIGMOID,      /* k sigma(k x) (1 - sigma(k x)): Neftci, Mostafa & Zenke 2019 */
  HD_SURROGATE_ATAN,         /* k / 2 / (1 + (pi k x / 2)^2): Fang et al. 2021 */
  HD_SURROGATE_FAST_SIGMOID, /* 1 / (1 + k |x|)^2: Zenke & Ganguli 2018 (SuperSpike) */
  HD_SURROGATE_TRIANGLE,     /* k max(0, 1 - k |x|): Esser et al. 2016; Bellec et al. 2018 */
  HD_SURROGATE_RECTANGLE,    /* k where |x| < 1 / (2 k): Wu et al. 2018; Tang et al. 2020 */
  HD_SURROGATES
} hd__surrogate_kind;

/* State variables, by the names that neurons' STATE lists give them. */
enum { HD_CELL_v, HD_CELL_c, HD_CELL_a, HD_CELL_refrac, HD_CELL_STATES };

/* What all cells of a layer share. */
typedef struct hd__cell {
  int unit; /* HD_UNIT_model: a smooth unit without memory, of which all below is nothing; or
               HD_UNIT_NONE: it spikes */
  hd__surrogate_kind surrogate;
  float slope;         /* k */
  bool has_current;    /* alpha counts */
  bool has_adaptation; /* kappa and rho count */
  bool is_soft, is_detached;
  bool is_tied; /* gamma = gain (1 - beta), so that it follows a learned beta */
  float kappa, v_reset, v_rest;
  float v_start;   /* potential at the start of a decision or episode */
  float ref_steps; /* whole; 0: never refractory */
} hd__cell;

HD_FN bool hd__cell_refracts(const hd__cell *cell) { return cell->ref_steps > 0.0f; }

/* What each cell has of its own, [n] each. */
typedef struct hd__cell_lanes {
  const float *alpha, *beta, *gamma, *theta, *rho;
} hd__cell_lanes;

/* Slope of a spike at x = u - threshold. */
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

#endif
