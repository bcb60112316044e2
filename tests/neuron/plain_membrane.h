/* The recursion of src/neuron/cell.h in its plain form: one cell, one substep, in the order of the
 * formulas. */
#ifndef HD_PLAIN_MEMBRANE_H
#define HD_PLAIN_MEMBRANE_H

#include "membrane.h"

typedef struct plain_membrane {
  float v, c, a, r;
} plain_membrane;

/* What the cell has of its own. */
typedef struct plain_own {
  float alpha, beta, gamma, theta, rho;
} plain_own;

/* Potential before a spike; the current has moved on. */
static inline float plain_integrate(const hd__cell *cell, const plain_own *own, float z,
                                    plain_membrane *x) {
  const float rest = cell->v_rest;
  x->c = cell->has_current ? own->alpha * x->c + z : z;
  return x->r > 0.0f ? x->v : rest + own->beta * (x->v - rest) + own->gamma * x->c;
}

static inline float plain_threshold(const hd__cell *cell, const plain_own *own,
                                    const plain_membrane *x) {
  return cell->has_adaptation ? own->theta + cell->kappa * x->a : own->theta;
}

/* What a spike s at potential u leaves behind. */
static inline void plain_settle(const hd__cell *cell, const plain_own *own, float u, float s,
                                plain_membrane *x) {
  const float lowered = u - s * (own->theta - cell->v_reset), set = s > 0.0f ? cell->v_reset : u;
  x->v = cell->is_soft ? lowered : set;
  x->a = cell->has_adaptation ? own->rho * x->a + s : 0.0f;
  x->r = s > 0.0f ? cell->ref_steps : hd__maxf(x->r - 1.0f, 0.0f);
}

/* A whole substep; *u is the potential before the spike. */
static inline hd__fire plain_membrane_step(const hd__cell *cell, const plain_own *own, float z,
                                           plain_membrane *x, float *u) {
  const bool is_open = x->r <= 0.0f;
  const float threshold = plain_threshold(cell, own, x);
  *u = plain_integrate(cell, own, z, x);
  const float slope = hd__surrogate_of(cell->surrogate, cell->slope, *u - threshold);
  const float s = is_open && *u >= threshold ? 1.0f : 0.0f;
  plain_settle(cell, own, *u, s, x);
  return (hd__fire){.b = s, .p = s, .gain = is_open ? slope * own->gamma : 0.0f};
}

#endif
