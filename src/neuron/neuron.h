/* Neuron models. A model is one header of lists and a few inline functions; the lists make its
 * structs, defaults, bounds, options, checkpoint fields and the manual's table.
 *
 *   name_PARAMS(P)   P(name, default, low, high, unit, help)
 *   name_DERIVED(D)  D(name, "formula")        floats computed once from the parameters
 *   name_STATE(S)    S(name, unit, help)       floats per neuron, advanced every substep
 *   name_derive      parameters -> derived
 *   name_reset       state at the start of a decision or episode
 *   name_memory      what its potential keeps of past drives
 *
 * What it does in a substep, and whether gradients go back through that, is its form, a column of
 * neuron_table.h:
 *
 *   MEMBRANE  a row of the recursion of membrane.h, which also has the backward step. In place of
 *             DERIVED and the functions above, name_membrane maps parameters onto the recursion
 *   DRAWING   the same recursion, but name_fire draws the spike; it has no backward step
 *   UNIT      smooth and without memory: name_value of a drive, and the backward step name_slope
 *   STEP      name_step, drive and noise in, hd__fire out; it has no backward step
 *   ODE       the same, and gain is 0: the threshold lies within the dynamics of several variables,
 *             and a spike has no derivative by the drive. Rules that ask for it refuse such neurons
 *
 * `step`, `fire`, `value` and `slope` are free of branches and of calls other than hd__*f: both
 * sides are computed, then one is selected, so that the loop round them becomes vector code. */
#ifndef HD_NEURON_H
#define HD_NEURON_H

#include <stdbool.h>
#include <stddef.h>

#include "hedon/neuron.h"
#include "mathf.h"

/* What a neuron did in one substep.
 *
 *   b     1 if it fired, else 0
 *   p     probability of firing; equal to b for a deterministic neuron
 *   gain  stochastic: d logit p / d drive; deterministic: surrogate d b / d drive */
typedef struct hd__fire {
  float b, p, gain;
} hd__fire;

/* What a potential keeps of the drives that came in. A learning rule speaks of the drive of one
 * substep; through this, of every drive that is still in the potential.
 *
 *   keep       share that is left a substep later; 0: nothing, the neuron is memoryless
 *   current    share that a synaptic current, which a spike leaves alone, keeps a substep later; 0:
 *              drives reach the potential at once
 *   tire       drive that it takes to make up for what a spike adds to the threshold; 0: nothing
 *   fade       share of that which is left a substep later
 *   is_reset   a spike wipes out all that came in before it, and during its own substep
 *   ref_steps  for so many substeps after a spike nothing comes in and nothing leaks */
typedef struct hd__memory {
  float keep, current, tire, fade;
  bool is_reset;
  int ref_steps;
} hd__memory;

/* Room for derived floats of a model, as HD_NEURON_PARAMS_MAX and HD_NEURON_STATE_MAX for its lists;
 * neuron.c checks that all models fit. */
enum { HD_NEURON_DERIVED_MAX = 32 };

/* Indices in the table, and in the kernels'. */
enum {
#define HD_NEURON(model, name, form, spiking, stochastic, silence, doc, source) HD_NEURON_##model,
#include "neuron_table.h"
#undef HD_NEURON
  HD_NEURON_COUNT
};

/* How gradients of a loss go back through a substep. */
typedef enum hd__back {
  HD_BACK_NONE,     /* they do not */
  HD_BACK_MEMBRANE, /* by the recursion of cell.h, whose coefficients begin `derived` */
  HD_BACK_UNIT      /* by the slope of a smooth unit */
} hd__back;

typedef struct hd__neuron_desc {
  const char *name, *doc, *source;
  bool spiking; /* false: a readout or a smooth unit, whose value is p and whose b is always 0 */
  bool stochastic;
  hd__back back;
  bool has_slope; /* gain is a derivative: of a spike, of its logit, or of a value */
  float silence; /* value of a silent substep seen by the next layer: 0, or -1 for +-1 spikes */
  const hd_param *param;
  int n_params;
  const hd_field *state;
  int n_state;
  size_t derived_size;
  void (*derive)(void *derived, const float *params, float dt_ms); /* see hd__neuron_derive */
  void (*reset)(const void *derived, float *state); /* one neuron, n_state floats */
  hd__memory (*memory)(const void *derived);
  const hd_neuron_desc *own; /* what a program registered; NULL: built in */
  int id;                    /* HD_NEURON_ and its identifier; HD_NEURON_COUNT: registered */
} hd__neuron_desc;

/* Built-in models, then those that were registered with ctx; ctx NULL: the built-in ones alone. */
int hd__neuron_count(const hd_ctx *ctx);
const hd__neuron_desc *hd__neuron_at(const hd_ctx *ctx, int index);
/* NULL if there is none of that name. */
const hd__neuron_desc *hd__neuron_find(const hd_ctx *ctx, const char *name);
/* Compute a model's derived values from its parameters [n_params]. */
void hd__neuron_derive(const hd__neuron_desc *neuron, void *derived, const float *params,
                       float dt_ms);

#define HD_FN static inline __attribute__((always_inline))

#define HD_FIELD_PARAM(name, fallback, low, high, unit, help) float name;
#define HD_FIELD_DERIVED(name, formula) float name;
#define HD_FIELD_STATE(name, unit, help) float name;

/* The three structs of a model. Each has at least one member, as C demands. */
#define HD_NEURON_TYPES(model)                       \
  struct model##_params {                            \
    model##_PARAMS(HD_FIELD_PARAM) float unused_;    \
  };                                                 \
  struct model##_derived {                           \
    model##_DERIVED(HD_FIELD_DERIVED) float unused_; \
  };                                                 \
  struct model##_lane {                              \
    model##_STATE(HD_FIELD_STATE) float unused_;     \
  };

/* The same of a smooth unit, which has no parameters and remembers nothing. */
#define HD_UNIT_TYPES(model)                                                           \
  HD_NEURON_TYPES(model)                                                               \
  HD_FN void model##_derive(struct model##_derived *d, const struct model##_params *p, \
                            float dt_ms) {                                             \
    (void)d, (void)p, (void)dt_ms;                                                     \
  }                                                                                    \
  HD_FN void model##_reset(const struct model##_derived *d, struct model##_lane *s) {  \
    (void)d, (void)s;                                                                  \
  }                                                                                    \
  HD_FN hd__memory model##_memory(const struct model##_derived *d) {                   \
    (void)d;                                                                           \
    return (hd__memory){0};                                                            \
  }

#endif
