#include "neuron.h"

#include <string.h>

#include "hedon/config.h"
#include "neuron_models.h"
#include "neuron_own.h"

#define PARAM_ROW(name_, fallback_, low_, high_, unit_, help_) \
  {.name = #name_, .fallback = fallback_, .low = low_, .high = high_, .unit = unit_, .help = help_},
#define STATE_ROW(name_, unit_, help_) {.name = #name_, .unit = unit_, .help = help_},

/* Rows and untyped entry points of every model. A last empty row keeps empty lists legal. */
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_)     \
  static const hd_param model##_param_rows[] = {model##_PARAMS(PARAM_ROW){0}};             \
  static const hd_field model##_state_rows[] = {model##_STATE(STATE_ROW){0}};              \
  static void model##_derive_any(void *derived, const float *params, float dt_ms) {        \
    struct model##_params p = {0};                                                         \
    memcpy(&p, params,                                                                     \
           sizeof(model##_param_rows) / sizeof(hd_param) * sizeof(float) - sizeof(float)); \
    model##_derive(derived, &p, dt_ms);                                                    \
  }                                                                                        \
  static void model##_reset_any(const void *derived, float *state) {                       \
    struct model##_lane lane = {0};                                                        \
    model##_reset(derived, &lane);                                                         \
    memcpy(state, &lane, sizeof lane - sizeof(float));                                     \
  }                                                                                        \
  static hd__memory model##_memory_any(const void *derived) { return model##_memory(derived); }
#include "neuron_table.h"
#undef HD_NEURON

#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_)      \
  _Static_assert(sizeof(model##_param_rows) / sizeof(hd_param) - 1 <= HD_NEURON_PARAMS_MAX, \
                 "raise HD_NEURON_PARAMS_MAX: too many parameters in model " name_);        \
  _Static_assert(sizeof(model##_state_rows) / sizeof(hd_field) - 1 <= HD_NEURON_STATE_MAX,  \
                 "raise HD_NEURON_STATE_MAX: too many state variables in model " name_);    \
  _Static_assert(sizeof(struct model##_derived) <= HD_NEURON_DERIVED_MAX * sizeof(float),   \
                 "raise HD_NEURON_DERIVED_MAX: too many derived values in model " name_);
#include "neuron_table.h"
#undef HD_NEURON

/* What a form has to go backwards. */
#define BACK_MEMBRANE HD_BACK_MEMBRANE
#define BACK_DRAWING HD_BACK_NONE
#define BACK_UNIT HD_BACK_UNIT
#define BACK_STEP HD_BACK_NONE
#define BACK_ODE HD_BACK_NONE

/* Whether its gain is a derivative. */
#define SLOPE_MEMBRANE true
#define SLOPE_DRAWING true
#define SLOPE_UNIT true
#define SLOPE_STEP true
#define SLOPE_ODE false

static const hd__neuron_desc table[HD_NEURON_COUNT] = {
#define HD_NEURON(model, name_, form_, spiking_, stochastic_, silence_, doc_, source_) \
  {.name = name_,                                                                      \
   .doc = doc_,                                                                        \
   .source = source_,                                                                  \
   .spiking = spiking_,                                                                \
   .stochastic = stochastic_,                                                          \
   .back = BACK_##form_,                                                               \
   .has_slope = SLOPE_##form_,                                                         \
   .silence = silence_,                                                                \
   .param = model##_param_rows,                                                        \
   .n_params = sizeof(model##_param_rows) / sizeof(hd_param) - 1,                      \
   .state = model##_state_rows,                                                        \
   .n_state = sizeof(model##_state_rows) / sizeof(hd_field) - 1,                       \
   .derived_size = sizeof(struct model##_derived),                                     \
   .derive = model##_derive_any,                                                       \
   .reset = model##_reset_any,                                                         \
   .memory = model##_memory_any,                                                       \
   .id = HD_NEURON_##model},
#include "neuron_table.h"
#undef HD_NEURON
};

int hd__neuron_count(const hd_ctx *ctx) { return HD_NEURON_COUNT + hd__neuron_own_count(ctx); }

const hd__neuron_desc *hd__neuron_at(const hd_ctx *ctx, int index) {
  return index < HD_NEURON_COUNT ? &table[index] : hd__neuron_own_at(ctx, index - HD_NEURON_COUNT);
}

const hd__neuron_desc *hd__neuron_find(const hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd__neuron_count(ctx); i++) {
    if (strcmp(hd__neuron_at(ctx, i)->name, name) == 0) {
      return hd__neuron_at(ctx, i);
    }
  }
  return NULL;
}

void hd__neuron_derive(const hd__neuron_desc *neuron, void *derived, const float *params,
                       float dt_ms) {
  if (neuron->own != NULL) {
    hd__neuron_own_derive(neuron, derived, params, dt_ms);
  } else {
    neuron->derive(derived, params, dt_ms);
  }
}

int hd_neuron_count(const hd_ctx *ctx) { return hd__neuron_count(ctx); }

hd_listing hd_neuron_at(const hd_ctx *ctx, int index) {
  const hd__neuron_desc *neuron = hd__neuron_at(ctx, index);
  return (hd_listing){.name = neuron->name, .doc = neuron->doc, .source = neuron->source};
}
