#include "env_check.h"

#include "env_option.h"
#include "hedon/foreign.h"

/* The first text that is missing, or NULL. */
static const char *env_check_missing_text(const hd_env_desc *desc) {
  return desc->doc == NULL ? "doc" : desc->source == NULL ? "source" : NULL;
}

/* The first function that is missing, or NULL. */
static const char *env_check_missing_function(const hd_env_desc *desc) {
  return desc->reset == NULL     ? "reset"
         : desc->step == NULL    ? "step"
         : desc->observe == NULL ? "observe"
                                 : NULL;
}

/* The first function that a foreign environment misses, or NULL. */
static const char *env_check_missing_foreign(const hd_foreign *foreign) {
  return foreign->open == NULL      ? "foreign.open"
         : foreign->close == NULL   ? "foreign.close"
         : foreign->reset == NULL   ? "foreign.reset"
         : foreign->step == NULL    ? "foreign.step"
         : foreign->refused == NULL ? "foreign.refused"
                                    : NULL;
}

/* A foreign environment has no functions of its own, and no state. */
static bool env_check_is_foreign_alone(const hd_env_desc *desc) {
  return desc->reset == NULL && desc->step == NULL && desc->observe == NULL &&
         desc->truncated == NULL && desc->model == NULL && desc->start == NULL &&
         desc->open == NULL && desc->close == NULL && desc->state_size == 0;
}

static hd_status env_check_functions(hd_ctx *ctx, const hd_env_desc *desc) {
  const hd_foreign *foreign = desc->foreign;
  if (foreign != NULL && foreign->size != sizeof *foreign) {
    return hd__fail(ctx, HD_USAGE,
                    "environment %s: foreign.size is not sizeof(hd_foreign), %zu bytes", desc->name,
                    sizeof *foreign);
  }
  const char *function =
      foreign != NULL ? env_check_missing_foreign(foreign) : env_check_missing_function(desc);
  if (function != NULL) {
    return hd__fail(ctx, HD_USAGE, "environment %s: function %s is missing", desc->name, function);
  }
  if (foreign != NULL && !env_check_is_foreign_alone(desc)) {
    return hd__fail(
        ctx, HD_USAGE,
        "environment %s: it has foreign functions, and functions or a state_size of its "
        "own beside them; allowed: one or the other",
        desc->name);
  }
  return HD_OK;
}

/* A body is opened and closed, and its pointer has room in the state. */
static hd_status env_check_body(hd_ctx *ctx, const hd_env_desc *desc) {
  if ((desc->open == NULL) != (desc->close == NULL)) {
    return hd__fail(ctx, HD_USAGE, "environment %s: function %s is missing", desc->name,
                    desc->open == NULL ? "open" : "close");
  }
  if (desc->open != NULL && desc->state_size < sizeof(void *)) {
    return hd__fail(ctx, HD_RANGE,
                    "environment %s: a state of %zu bytes has no room for the pointer to its body",
                    desc->name, desc->state_size);
  }
  return HD_OK;
}

static hd_status env_check_option(hd_ctx *ctx, const hd_env_desc *desc, int i) {
  const hd_env_option *option = &desc->option[i];
  double number;
  if (option->name == NULL || option->help == NULL || option->fallback == NULL) {
    return hd__fail(ctx, HD_USAGE, "environment %s: option[%d] has no %s", desc->name, i,
                    option->name == NULL   ? "name"
                    : option->help == NULL ? "help"
                                           : "fallback");
  }
  return hd__env_option_read(option, option->fallback, &number)
             ? HD_OK
             : hd__env_option_refuse(ctx, desc, option, option->fallback);
}

static hd_status env_check_options(hd_ctx *ctx, const hd_env_desc *desc) {
  if (desc->n_options < 0 || desc->n_options > HD_ENV_OPTIONS_MAX) {
    return hd__fail(ctx, HD_RANGE, "environment %s: n_options = %d, allowed 0 to %d", desc->name,
                    desc->n_options, HD_ENV_OPTIONS_MAX);
  }
  if (desc->n_options > 0 && (desc->option == NULL || desc->configure == NULL)) {
    return hd__fail(ctx, HD_USAGE, "environment %s: it has options, and %s is missing", desc->name,
                    desc->option == NULL ? "option" : "function configure");
  }
  for (int i = 0; i < desc->n_options; i++) {
    HD_TRY(env_check_option(ctx, desc, i));
  }
  return HD_OK;
}

static bool env_check_is_finite(float x) { return x - x == 0.0f; }

static hd_status env_check_dim(hd_ctx *ctx, const char *env, const char *list, int i,
                               const hd_dim *dim) {
  if (dim->name == NULL || dim->unit == NULL) {
    return hd__fail(ctx, HD_USAGE, "environment %s: %s[%d] has no %s", env, list, i,
                    dim->name == NULL ? "name" : "unit (\"\" for none)");
  }
  if (dim->count < 0) {
    return hd__fail(ctx, HD_RANGE, "environment %s: %s[%d].count = %d, allowed 0 or more", env,
                    list, i, dim->count);
  }
  if (dim->count == 0 &&
      !(env_check_is_finite(dim->low) && env_check_is_finite(dim->high) && dim->low < dim->high)) {
    return hd__fail(ctx, HD_RANGE,
                    "environment %s: %s[%d] ranges from %g to %g, which is empty "
                    "or not finite",
                    env, list, i, (double)dim->low, (double)dim->high);
  }
  return HD_OK;
}

static hd_status env_check_dims(hd_ctx *ctx, const char *env, const char *list, const hd_dim *dim,
                                int n, int most) {
  if (n < 1 || n > most) {
    return hd__fail(ctx, HD_RANGE, "environment %s: n_%s = %d, allowed 1 to %d", env, list, n,
                    most);
  }
  if (dim == NULL) {
    return hd__fail(ctx, HD_USAGE, "environment %s: %s is NULL", env, list);
  }
  for (int i = 0; i < n; i++) {
    HD_TRY(env_check_dim(ctx, env, list, i, &dim[i]));
  }
  return HD_OK;
}

static int env_check_count_integers(const hd_dim *dim, int n) {
  int found = 0;
  for (int i = 0; i < n; i++) {
    found += dim[i].count > 0;
  }
  return found;
}

hd_status hd__env_check(hd_ctx *ctx, const hd_env_desc *desc) {
  if (desc == NULL || desc->size != sizeof(hd_env_desc)) {
    return hd__fail(ctx, HD_USAGE, "environment: size is not sizeof(hd_env_desc), %zu bytes",
                    sizeof(hd_env_desc));
  }
  if (desc->name == NULL || desc->name[0] == '\0') {
    return hd__fail(ctx, HD_USAGE, "environment: name is missing");
  }
  const char *text = env_check_missing_text(desc);
  if (text != NULL) {
    return hd__fail(ctx, HD_USAGE, "environment %s: %s is missing", desc->name, text);
  }
  HD_TRY(env_check_functions(ctx, desc));
  HD_TRY(env_check_body(ctx, desc));
  HD_TRY(env_check_options(ctx, desc));
  HD_TRY(env_check_dims(ctx, desc->name, "obs", desc->obs, desc->n_obs, HD_MAX_OBS));
  HD_TRY(env_check_dims(ctx, desc->name, "act", desc->act, desc->n_act, HD_MAX_ACT));
  if (env_check_count_integers(desc->act, desc->n_act) > 0 && desc->n_act != 1) {
    return hd__fail(ctx, HD_RANGE,
                    "environment %s: %d action components with an integer among "
                    "them, allowed one integer or real numbers only",
                    desc->name, desc->n_act);
  }
  if (desc->max_steps < 0) {
    return hd__fail(ctx, HD_RANGE, "environment %s: max_steps = %d, allowed 0 (no limit) or more",
                    desc->name, desc->max_steps);
  }
  if (desc->eval_env != NULL &&
      (desc->eval_env->n_obs != desc->n_obs || desc->eval_env->n_act != desc->n_act)) {
    return hd__fail(
        ctx, HD_RANGE,
        "environment %s: its eval_env %s has other dimensions of observations or actions",
        desc->name, desc->eval_env->name);
  }
  const bool is_finite_task = desc->n_obs == 1 && desc->obs[0].count > 0 && desc->act[0].count > 0;
  if ((desc->model != NULL || desc->start != NULL) && !is_finite_task) {
    return hd__fail(ctx, HD_USAGE,
                    "environment %s: model and start need one integer observation "
                    "and one integer action",
                    desc->name);
  }
  return HD_OK;
}

const float *hd__env_stray_integer(const hd_env_desc *desc, int n, const float *obs) {
  for (int i = 0; i < desc->n_obs; i++) {
    const int count = desc->obs[i].count;
    const float *x = obs + i;
    for (int k = 0; count > 0 && k < n; k++, x += desc->n_obs) {
      if (!(*x >= 0.0f && *x < (float)count && *x == (float)(int)*x)) {
        return x;
      }
    }
  }
  return NULL;
}
