#include "check_times.h"

#include <string.h>

#include "number.h"
#include "option.h"
#include "readers.h"

/* Below 1 floats lie 2^-24 apart: exp(-dt/tau), rounded, is off by up to 2^-25, which is a thousandth
 * of dt/tau once that is 2^-15. */
enum { SUBSTEPS_MOST = 32768 };

static bool check_times_is_named(const char *name) {
  const size_t n = strlen(name);
  return strncmp(name, "tau", 3) == 0 || (n > 4 && strcmp(name + n - 4, "_tau") == 0);
}

/* "lif.tau_m", "release.facilitation_tau": the options in ms that are called so. */
static bool check_times_is_constant(const hd_config *config, int index) {
  const hd__option_row *row = hd__config_row(index);
  if (row != NULL) {
    return strcmp(row->unit, "ms") == 0 && check_times_is_named(row->key);
  }
  const hd_param *param = hd__config_model_param(config, index).param;
  return strcmp(param->unit, "ms") == 0 && check_times_is_named(param->name);
}

static hd_status check_times_option(const hd_config *config, const hd_option *option) {
  const double dt = hd__config_settings(config)->dt;
  double tau;
  if (!hd__number_read(option->value, &tau) || tau <= dt * SUBSTEPS_MOST) {
    return HD_OK;
  }
  return hd__fail(hd__config_ctx(config), HD_CONFLICT,
                  "%s = %s ms is %.3g substeps of dt = %g ms, and a potential in single precision "
                  "forgets over at most %d; use a larger dt or a smaller %s",
                  option->key, option->value, tau / dt, dt, SUBSTEPS_MOST, option->key);
}

hd_status hd__config_check_times(const hd_config *config) {
  const hd__facts facts = hd__facts_of(config);
  const int n = hd_config_count(config);
  for (int i = 0; i < n; i++) {
    if (check_times_is_constant(config, i) && hd__facts_read(&facts, i)) {
      const hd_option option = hd__config_line(config, i);
      HD_TRY(check_times_option(config, &option));
    }
  }
  return HD_OK;
}
