#include "change.h"

#include <stdio.h>
#include <string.h>

#include "config_internal.h"

/* Every learner that reads one of these reads it anew at each decision or update. */
static const char *const changing[] = {"alpha",
                                       "alpha_readout",
                                       "alpha_critic",
                                       "sac.alpha_temperature",
                                       "td3.alpha_proxy",
                                       "epsilon",
                                       "relax.tau",
                                       "entropy",
                                       "ppo.clip",
                                       "td3.noise",
                                       "td3.target_noise",
                                       "td3.target_noise_clip",
                                       "replay.target_rate",
                                       "clip_gradient",
                                       "clip_value"};

enum { CHANGING = sizeof changing / sizeof *changing };

static bool change_is_allowed(const char *key) {
  for (int i = 0; i < CHANGING; i++) {
    if (strcmp(changing[i], key) == 0) {
      return true;
    }
  }
  return false;
}

static hd_status change_refuse(const hd_config *config, const char *key) {
  char names[512];
  size_t used = 0;
  for (int i = 0; i < CHANGING && used < sizeof names; i++) {
    used +=
        (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", changing[i]);
  }
  return hd__fail(config->ctx, HD_CONFLICT,
                  "%s cannot change while a learner learns, since it shapes what the learner is "
                  "made of; what can: %s",
                  key, names);
}

/* What ends a line that begins at the value of an option: NAN if the value stays. */
static double change_end(const hd__settings *s, const char *key, const char **end) {
  const bool is_epsilon = strcmp(key, "epsilon") == 0, is_tau = strcmp(key, "relax.tau") == 0;
  *end = is_epsilon ? "epsilon.end" : "relax.tau_end";
  return is_epsilon ? s->epsilon_end : is_tau ? s->tau_end : (double)NAN;
}

hd_status hd__config_check_change(const hd_config *config, const char *key) {
  const int index = hd__config_find(config, key);
  if (index < 0) {
    return hd__key_unknown(config->ctx, key);
  }
  const hd__option_row *row = hd__config_row(index);
  if (row == NULL || !change_is_allowed(row->key)) {
    return change_refuse(config, key);
  }
  const char *end;
  const double value = change_end(&config->settings, row->key, &end);
  if (!isnan(value)) {
    return hd__fail(config->ctx, HD_CONFLICT,
                    "%s follows a schedule of its own to %s = %g; make the session with %s = nan",
                    row->key, end, value, end);
  }
  return HD_OK;
}
