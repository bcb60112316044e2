/* Which neuron models a program may register. */
#include <string.h>

#include "described.h"
#include "neuron_own.h"

static hd_status neuron_register_check_lists(hd_ctx *ctx, const hd_neuron_desc *desc) {
  HD_TRY(hd__params_check(ctx, "neuron model", desc->name, desc->param, desc->n_params,
                          HD_NEURON_PARAMS_MAX));
  if (desc->n_state < 0 || desc->n_state > HD_NEURON_STATE_MAX) {
    return hd__fail(ctx, HD_USAGE, "neuron model '%s' has %d state variables, allowed up to %d",
                    desc->name, desc->n_state, HD_NEURON_STATE_MAX);
  }
  return HD_OK;
}

static hd_status neuron_register_check(hd_ctx *ctx, const hd_neuron_desc *desc) {
  if (desc == NULL || desc->size != sizeof(hd_neuron_desc)) {
    return hd__fail(ctx, HD_USAGE,
                    "a neuron model's descriptor must have size = sizeof(hd_neuron_desc)");
  }
  if (desc->name == NULL || desc->name[0] == '\0') {
    return hd__fail(ctx, HD_USAGE, "a neuron model needs a name");
  }
  if (desc->step == NULL) {
    return hd__fail(ctx, HD_USAGE, "neuron model '%s' has no function step", desc->name);
  }
  if (strcmp(desc->name, "input") == 0 || hd__neuron_find(ctx, desc->name) != NULL) {
    return hd__fail(ctx, HD_USAGE, "a neuron model called '%s' exists already", desc->name);
  }
  return neuron_register_check_lists(ctx, desc);
}

hd_status hd_neuron_register(hd_ctx *ctx, const hd_neuron_desc *desc) {
  HD_TRY(neuron_register_check(ctx, desc));
  return hd__neuron_own_add(ctx, desc);
}
