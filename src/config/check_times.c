#include "check_times.h"

#include <stdio.h>

#include "config_internal.h"
#include "described.h"
#include "readers.h"

static hd_status check_times_refuse(const hd_config *config, const char *key, double tau) {
  const double dt = config->settings.dt;
  return hd__fail(config->ctx, HD_CONFLICT,
                  "%s = %g ms is %.3g substeps of dt = %g ms, and a potential in single precision "
                  "forgets over at most %d; use a larger dt or a smaller %s",
                  key, tau, tau / dt, dt, HD_TIME_SUBSTEPS, key);
}

/* A parameter that is longer than that, if it is a time constant that the run reads. */
static hd_status check_times_param(const hd_config *config, int i) {
  const hd__facts facts = hd__facts_of(config);
  const hd__model_param at = hd__config_model_param(config, HD_OPTION_KEYS + i);
  if (!hd__param_is_too_long(at.param, (double)config->param[i], config->settings.dt) ||
      !hd__facts_read(&facts, HD_OPTION_KEYS + i)) {
    return HD_OK;
  }
  char key[2 * HD_WORD_SIZE];
  snprintf(key, sizeof key, "%s.%s", at.model, at.param->name);
  return check_times_refuse(config, key, (double)config->param[i]);
}

hd_status hd__config_check_times(const hd_config *config) {
  const hd__settings *s = &config->settings;
  const double longest = s->dt * HD_TIME_SUBSTEPS;
  for (int i = 0; i < config->models.n_params; i++) {
    if ((double)config->param[i] > longest) {
      HD_TRY(check_times_param(config, i));
    }
  }
  return s->release && s->facilitation_tau > longest
             ? check_times_refuse(config, "release.facilitation_tau", s->facilitation_tau)
             : HD_OK;
}
