#include "neuron_own.h"

#include <string.h>

/* What the registry keeps of a model: what was registered, and the library's description of it. */
typedef struct neuron_own_item {
  hd_neuron_desc own;
  hd__neuron_desc desc;
} neuron_own_item;

/* What a substep needs to know. */
typedef struct neuron_own_derived {
  const hd_neuron_desc *own;
  float dt_ms;
  float param[HD_NEURON_PARAMS_MAX];
} neuron_own_derived;

_Static_assert(sizeof(neuron_own_derived) <= HD_NEURON_DERIVED_MAX * sizeof(float),
               "raise HD_NEURON_DERIVED_MAX: parameters of registered models");

int hd__neuron_own_count(const hd_ctx *ctx) { return ctx != NULL ? ctx->neurons.n : 0; }

const hd__neuron_desc *hd__neuron_own_at(const hd_ctx *ctx, int index) {
  return &((const neuron_own_item *)ctx->neurons.item[index])->desc;
}

/* ---- what the library asks of a model ---- */

void hd__neuron_own_derive(const hd__neuron_desc *neuron, void *derived, const float *params,
                           float dt_ms) {
  neuron_own_derived d = {.own = neuron->own, .dt_ms = dt_ms};
  memcpy(d.param, params, sizeof(float) * (size_t)neuron->n_params);
  memcpy(derived, &d, sizeof d);
}

static void neuron_own_reset(const void *derived, float *state) {
  const neuron_own_derived *d = derived;
  memset(state, 0, sizeof(float) * (size_t)d->own->n_state);
  if (d->own->reset != NULL) {
    d->own->reset(d->own, d->param, d->dt_ms, state);
  }
}

static hd__memory neuron_own_memory(const void *derived) {
  const neuron_own_derived *d = derived;
  const float keep = d->own->keep != NULL ? d->own->keep(d->own, d->param, d->dt_ms) : 0.0f;
  return (hd__memory){.keep = keep >= 0.0f && keep <= 1.0f ? keep : 0.0f};
}

/* Lanes that are no neurons never fire, whatever the model wrote there. */
void hd__neuron_own_step(const void *derived, int n, const float *drive, const float *noise,
                         const float *live, float *state, float *b, float *p, float *gain) {
  const neuron_own_derived *d = derived;
  const hd_neuron_io io = {.n = n,
                           .dt_ms = d->dt_ms,
                           .param = d->param,
                           .drive = drive,
                           .noise = d->own->stochastic ? noise : NULL,
                           .state = state,
                           .b = b,
                           .p = p,
                           .gain = gain};
  d->own->step(d->own, &io);
  for (int i = 0; i < n; i++) {
    const bool is_live = live[i] > 0.0f;
    b[i] = is_live && b[i] > 0.0f ? 1.0f : 0.0f;
    p[i] = is_live ? p[i] : 0.0f;
    gain[i] = is_live && d->own->has_gain ? gain[i] : 0.0f;
  }
}

/* ---- the registry ---- */

static hd__neuron_desc neuron_own_describe(const hd_neuron_desc *own) {
  return (hd__neuron_desc){.name = own->name,
                           .doc = own->doc != NULL ? own->doc : "",
                           .source = own->source != NULL ? own->source : "",
                           .spiking = true,
                           .stochastic = own->stochastic,
                           .back = HD_BACK_NONE,
                           .has_slope = own->has_gain,
                           .param = own->param,
                           .n_params = own->n_params,
                           .state = own->state,
                           .n_state = own->n_state,
                           .derived_size = sizeof(neuron_own_derived),
                           .reset = neuron_own_reset,
                           .memory = neuron_own_memory,
                           .own = own,
                           .id = HD_NEURON_COUNT};
}

hd_status hd__neuron_own_add(hd_ctx *ctx, const hd_neuron_desc *desc) {
  const neuron_own_item item = {.own = *desc};
  HD_TRY(hd__registry_add(ctx, &ctx->neurons, &item, sizeof item));
  neuron_own_item *kept = ctx->neurons.item[ctx->neurons.n - 1];
  kept->desc = neuron_own_describe(&kept->own);
  return HD_OK;
}
