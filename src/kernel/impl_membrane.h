/* A substep of the membrane recursion (src/neuron/cell.h) for HD_LANES cells, which every loop
 * round it uses. What a kind of cell lacks is a constant where the loop is made for that kind.
 * Included by kernel_impl.c only. */
#ifndef HD_IMPL_MEMBRANE_H
#define HD_IMPL_MEMBRANE_H

#include "cell.h"
#include "lanes.h"

typedef struct cell_kind {
  bool has_current, has_adaptation, is_soft, has_rest, is_refractory;
} cell_kind;

typedef struct cell_lanes {
  hd__lanes alpha, beta, gamma, theta, rho;
  hd__lanes v_reset, fall; /* fall = theta - v_reset */
  hd__lanes v_rest, v_start, ref_steps;
  float kappa;
} cell_lanes;

typedef struct cell_state {
  hd__lanes v, c, a, r;
} cell_state;

HD_INLINE cell_kind cell_kind_of(const hd__cell *cell) {
  return (cell_kind){.has_current = cell->has_current,
                     .has_adaptation = cell->has_adaptation,
                     .is_soft = cell->is_soft,
                     .has_rest = cell->v_rest != 0.0f,
                     .is_refractory = cell->ref_steps > 0.0f};
}

HD_INLINE cell_lanes cell_share(const hd__cell *cell, hd__lanes theta) {
  const hd__lanes v_reset = hd__all(cell->v_reset);
  return (cell_lanes){.theta = theta,
                      .v_reset = v_reset,
                      .fall = hd__subtract(theta, v_reset),
                      .v_rest = hd__all(cell->v_rest),
                      .v_start = hd__all(cell->v_start),
                      .ref_steps = hd__all(cell->ref_steps),
                      .kappa = cell->kappa};
}

HD_INLINE cell_lanes cell_load(const hd__cell *cell, const hd__cell_lanes *from, int at) {
  cell_lanes own = cell_share(cell, hd__load(from->theta + at));
  own.alpha = hd__load(from->alpha + at);
  own.beta = hd__load(from->beta + at);
  own.gamma = hd__load(from->gamma + at);
  own.rho = hd__load(from->rho + at);
  return own;
}

/* ---- a substep ---- */

HD_INLINE hd__mask cell_is_open(hd__lanes r) { return hd__at_least(hd__zero(), r); }

/* What a drive adds to the potential; the current has moved on. */
HD_INLINE hd__lanes cell_input(cell_kind kind, const cell_lanes *own, hd__lanes drive,
                               cell_state *state) {
  state->c = kind.has_current ? hd__add(hd__multiply(own->alpha, state->c), drive) : drive;
  return hd__multiply(own->gamma, state->c);
}

/* Potential before a spike. */
HD_INLINE hd__lanes cell_integrate(cell_kind kind, const cell_lanes *own, hd__lanes input,
                                   const cell_state *state) {
  const hd__lanes left =
      kind.has_rest
          ? hd__add(own->v_rest, hd__multiply(own->beta, hd__subtract(state->v, own->v_rest)))
          : hd__multiply(own->beta, state->v);
  const hd__lanes u = hd__add(left, input);
  return kind.is_refractory ? hd__where(cell_is_open(state->r), u, state->v) : u;
}

HD_INLINE hd__lanes cell_threshold(cell_kind kind, const cell_lanes *own, hd__lanes a) {
  return kind.has_adaptation ? hd__add(own->theta, hd__scale(own->kappa, a)) : own->theta;
}

HD_INLINE hd__mask cell_fires(cell_kind kind, hd__lanes u, hd__lanes threshold, hd__lanes r) {
  const hd__mask fires = hd__at_least(u, threshold);
  return kind.is_refractory ? hd__both(fires, cell_is_open(r)) : fires;
}

/* v after a substep. */
HD_INLINE hd__lanes cell_reset(cell_kind kind, const cell_lanes *own, hd__mask fired, hd__lanes u) {
  return hd__where(fired, kind.is_soft ? hd__subtract(u, own->fall) : own->v_reset, u);
}

/* What a spike leaves behind, and time. */
HD_INLINE void cell_settle(cell_kind kind, const cell_lanes *own, hd__mask fired, hd__lanes u,
                           cell_state *state) {
  state->v = cell_reset(kind, own, fired, u);
  if (kind.has_adaptation) {
    const hd__lanes a = hd__multiply(own->rho, state->a);
    state->a = hd__where(fired, hd__add(a, hd__all(1.0f)), a);
  }
  if (kind.is_refractory) {
    const hd__lanes zero = hd__zero(), less = hd__subtract(state->r, hd__all(1.0f));
    state->r = hd__where(fired, own->ref_steps, hd__where(hd__at_least(less, zero), less, zero));
  }
}

/* Slope of the spike at x = u - threshold. */
HD_INLINE hd__lanes cell_slope(hd__surrogate_kind surrogate, float k, hd__lanes x) {
  float from[HD_LANES] __attribute__((aligned(64))), to[HD_LANES] __attribute__((aligned(64)));
  hd__store(from, x);
#define SLOPES(kind)                              \
  case kind:                                      \
    for (int i = 0; i < HD_LANES; i++) {          \
      to[i] = hd__surrogate_of(kind, k, from[i]); \
    }                                             \
    break;
  switch (surrogate) {
    SLOPES(HD_SURROGATE_SIGMOID)
    case HD_SURROGATE_ATAN: { /* the usual one: in registers */
      const hd__lanes y = hd__scale(0.5f * HD_PI_F * k, x);
      return hd__divide(hd__all(0.5f * k), hd__add(hd__all(1.0f), hd__multiply(y, y)));
    }
      SLOPES(HD_SURROGATE_FAST_SIGMOID)
      SLOPES(HD_SURROGATE_TRIANGLE)
    default:
      for (int i = 0; i < HD_LANES; i++) {
        to[i] = hd__surrogate_of(HD_SURROGATE_RECTANGLE, k, from[i]);
      }
      break;
  }
#undef SLOPES
  return hd__load(to);
}

/* d s / d drive by the surrogate. */
HD_INLINE hd__lanes cell_gain(cell_kind kind, const hd__cell *cell, const cell_lanes *own,
                              hd__lanes u, hd__lanes threshold, hd__lanes r) {
  const hd__lanes slope = cell_slope(cell->surrogate, cell->slope, hd__subtract(u, threshold));
  const hd__lanes gain = hd__multiply(slope, own->gamma);
  return kind.is_refractory ? hd__where(cell_is_open(r), gain, hd__zero()) : gain;
}

/* The kinds that have loops of their own: has_current, has_adaptation, is_soft. Where lanes are
 * single floats none has (HD_KERNEL_SCALAR): compilers take minutes for them, and nobody waits for
 * that copy. */
#define EACH_CELL(X) \
  X(0, 0, 0) X(0, 0, 1) X(0, 1, 0) X(0, 1, 1) X(1, 0, 0) X(1, 0, 1) X(1, 1, 0) X(1, 1, 1)

HD_INLINE bool cell_is_plain(const hd__cell *cell) {
  return cell->v_rest == 0.0f && cell->ref_steps == 0.0f;
}

#endif
