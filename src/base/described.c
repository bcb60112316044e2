/* What a program lists of a model that it registers. */
#include "described.h"

#include <math.h>
#include <string.h>

#include "context_internal.h"

bool hd__param_is_whole(const hd_param *param) { return strcmp(param->unit, HD_WHOLE) == 0; }

/* Bounds are floats: a number counts as the float that it becomes. */
bool hd__param_allows(const hd_param *param, double value) {
  return (float)value >= param->low && (float)value <= param->high &&
         (!hd__param_is_whole(param) || value == rint(value));
}

bool hd__param_is_too_long(const hd_param *param, double value, double dt_ms) {
  return strncmp(param->name, "tau", 3) == 0 && strcmp(param->unit, "ms") == 0 &&
         value > dt_ms * HD_TIME_SUBSTEPS;
}

hd_status hd__params_check(hd_ctx *ctx, const char *kind, const char *name, const hd_param *param,
                           int n, int most) {
  if (n < 0 || n > most) {
    return hd__fail(ctx, HD_USAGE, "%s '%s' has %d parameters, allowed up to %d", kind, name, n,
                    most);
  }
  for (int i = 0; i < n; i++) {
    const hd_param *p = &param[i];
    const bool is_named = p->name != NULL && p->unit != NULL && p->help != NULL;
    if (!is_named || !hd__param_allows(p, (double)p->fallback)) {
      return hd__fail(ctx, HD_USAGE,
                      "parameter %d of %s '%s' needs a name, a unit, a help text and a default "
                      "within its bounds",
                      i + 1, kind, name);
    }
  }
  return HD_OK;
}
