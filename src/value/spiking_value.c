#include "hedon/spiking_value.h"

#include <math.h>

#include "context_internal.h"
#include "mathf.h"

hd_spiking_value_def hd_spiking_value_def_default(void) {
  return (hd_spiking_value_def){.size = sizeof(hd_spiking_value_def),
                                .dt_ms = 1,
                                .tau_ms = 200,
                                .tau_rise_ms = 50,
                                .tau_reward_ms = 4000,
                                .gain = 1};
}

/* Above 0, and below `high` if that is not 0. */
static hd_status spiking_value_check(hd_ctx *ctx, const char *name, double value, double high) {
  if (!isfinite(value) || value <= 0) {
    return hd__fail(ctx, HD_RANGE, "%s = %g, allowed are finite numbers above 0", name, value);
  }
  if (high > 0 && value >= high) {
    return hd__fail(ctx, HD_RANGE, "%s = %g, allowed is less than tau_ms = %g", name, value, high);
  }
  return HD_OK;
}

hd_status hd_spiking_value_begin(hd_ctx *ctx, const hd_spiking_value_def *def,
                                 hd_spiking_value *out) {
  if (def == NULL || def->size != sizeof *def || out == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "hd_spiking_value_begin takes a definition from hd_spiking_value_def_default "
                    "and a place for the value");
  }
  HD_TRY(spiking_value_check(ctx, "dt_ms", def->dt_ms, 0));
  HD_TRY(spiking_value_check(ctx, "tau_ms", def->tau_ms, 0));
  HD_TRY(spiking_value_check(ctx, "tau_rise_ms", def->tau_rise_ms, def->tau_ms));
  HD_TRY(spiking_value_check(ctx, "tau_reward_ms", def->tau_reward_ms, 0));
  if (!isfinite(def->gain) || !isfinite(def->offset)) {
    return hd__fail(ctx, HD_RANGE, "gain = %g and offset = %g, allowed are finite numbers",
                    def->gain, def->offset);
  }
  *out = (hd_spiking_value){.read = *def, .value = def->offset};
  return HD_OK;
}

/* The share of a trace that a substep leaves. */
static double spiking_value_keep(double dt_ms, double tau_ms) {
  return 1 + (double)hd__expm1f((float)(-dt_ms / tau_ms));
}

void hd_spiking_value_step(hd_spiking_value *self, const float *spike, int n, double reward) {
  const hd_spiking_value_def *d = &self->read;
  double mean = 0;
  for (int j = 0; j < n; j++) {
    mean += (double)spike[j] / n;
  }
  self->slow = self->slow * spiking_value_keep(d->dt_ms, d->tau_ms) + mean;
  self->fast = self->fast * spiking_value_keep(d->dt_ms, d->tau_rise_ms) + mean;
  const double before = self->value;
  self->value =
      d->offset + 1000 * d->gain * (self->slow - self->fast) / (d->tau_ms - d->tau_rise_ms);
  self->error =
      1000 * ((self->value - before) / d->dt_ms - self->value / d->tau_reward_ms) + reward;
}
