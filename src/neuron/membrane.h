/* From a neuron's parameters to the membrane recursion of cell.h.
 *
 * A membrane that decays to v_rest with tau_m and gathers a current that is constant during the
 * substep is integrated exactly:
 *   v(t + dt) = v_rest + beta (v(t) - v_rest) + gamma I,
 *   beta = exp(-dt/tau_m), gamma = r_m (1 - beta).
 * Source: Rotter & Diesmann 1999, Biol. Cybern. 81:381.
 *
 * A model is a row of this recursion if its header has NAME_membrane, which fills an hd__membrane
 * from its parameters. Its state variables say which parts it has: v, and any of c (a synaptic
 * current), a (adaptation) and refrac (a refractory period). Its step and its backward step, loops
 * over many substeps included, are then the recursion's. */
#ifndef HD_MEMBRANE_H
#define HD_MEMBRANE_H

#include "cell.h"

/* Parameters. What a model leaves at 0 it does not have. */
typedef struct hd__membrane {
  float tau_m;   /* ms; 0: no leak, and a drive of 1 raises the potential by 1 per ms */
  float r_m;     /* potential per unit of current, of a membrane that leaks */
  float tau_syn; /* ms, of the synaptic current */
  float tau_a;   /* ms, of the adaptation */
  float adapt;   /* by which a spike raises the threshold */
  float v_th, v_reset, v_rest, v_start;
  float t_ref; /* ms */
  bool is_soft;
  float slope; /* of the surrogate */
} hd__membrane;

/* The same for substeps of dt, of a single cell. */
typedef struct hd__membrane_derived {
  hd__cell cell;
  float alpha, beta, gamma, theta, rho;
  float gain; /* gamma = gain (1 - beta) if the cell is tied, else gamma = gain */
} hd__membrane_derived;

/* Substeps per time, whole. */
HD_FN float hd__steps(float time_ms, float dt_ms) { return hd__roundf(time_ms / dt_ms); }

/* What is left after a substep; of what is not there nothing is. */
HD_FN float hd__kept(float dt_ms, float tau_ms) {
  return tau_ms > 0.0f ? hd__expf(-dt_ms / tau_ms) : 0.0f;
}

/* Parts of a membrane: bit HD_CELL_x if it has the state variable x. */
#define HD_CELL_PART(name, unit, help) | 1u << HD_CELL_##name
#define HD_MEMBRANE_PARTS(model) (0u model##_STATE(HD_CELL_PART))

HD_FN hd__membrane_derived hd__membrane_derive(const hd__membrane *m, unsigned parts, float dt_ms) {
  const bool leaks = m->tau_m > 0.0f;
  const float leak = leaks ? -hd__expm1f(-dt_ms / m->tau_m) : 0.0f;
  return (hd__membrane_derived){.cell = {.surrogate = HD_SURROGATE_SIGMOID,
                                         .slope = m->slope,
                                         .has_current = parts >> HD_CELL_c & 1,
                                         .has_adaptation = parts >> HD_CELL_a & 1,
                                         .is_soft = m->is_soft,
                                         .is_tied = leaks,
                                         .kappa = m->adapt,
                                         .v_reset = m->v_reset,
                                         .v_rest = m->v_rest,
                                         .v_start = m->v_start,
                                         .ref_steps = hd__steps(m->t_ref, dt_ms)},
                                .alpha = hd__kept(dt_ms, m->tau_syn),
                                .beta = leaks ? hd__kept(dt_ms, m->tau_m) : 1.0f,
                                .gamma = leaks ? m->r_m * leak : dt_ms,
                                .theta = m->v_th,
                                .rho = hd__kept(dt_ms, m->tau_a),
                                .gain = leaks ? m->r_m : dt_ms};
}

HD_FN hd__memory hd__membrane_memory(const hd__membrane_derived *d) {
  return (hd__memory){.keep = d->beta,
                      .current = d->alpha,
                      .tire = d->cell.kappa / d->gamma,
                      .fade = d->rho,
                      .is_reset = !d->cell.is_soft,
                      .ref_steps = (int)d->cell.ref_steps};
}

/* The structs of a model that is a membrane, and what follows from NAME_membrane. */
#define HD_MEMBRANE_STATE(model)                                                      \
  struct model##_params {                                                             \
    model##_PARAMS(HD_FIELD_PARAM) float unused_;                                     \
  };                                                                                  \
  struct model##_lane {                                                               \
    model##_STATE(HD_FIELD_STATE) float unused_;                                      \
  };                                                                                  \
  HD_FN hd__membrane model##_membrane(const struct model##_params *p);                \
  HD_FN void model##_reset(const struct model##_derived *d, struct model##_lane *s) { \
    *s = (struct model##_lane){.v = d->membrane.cell.v_start};                        \
  }                                                                                   \
  HD_FN hd__memory model##_memory(const struct model##_derived *d) {                  \
    return hd__membrane_memory(&d->membrane);                                         \
  }

#define HD_MEMBRANE_TYPES(model)                                                       \
  struct model##_derived {                                                             \
    hd__membrane_derived membrane;                                                     \
  };                                                                                   \
  HD_MEMBRANE_STATE(model)                                                             \
  HD_FN void model##_derive(struct model##_derived *d, const struct model##_params *p, \
                            float dt_ms) {                                             \
    const hd__membrane m = model##_membrane(p);                                        \
    d->membrane = hd__membrane_derive(&m, HD_MEMBRANE_PARTS(model), dt_ms);            \
  }

/* The same of one that draws its spikes, by NAME_fire, and derives more than the membrane. */
#define HD_DRAWING_MEMBRANE_TYPES(model)             \
  struct model##_derived {                           \
    hd__membrane_derived membrane;                   \
    model##_DERIVED(HD_FIELD_DERIVED) float unused_; \
  };                                                 \
  HD_MEMBRANE_STATE(model)

#endif
