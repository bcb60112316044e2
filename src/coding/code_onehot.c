#include "coding_all.h"

static hd_status code_onehot_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  const hd_env_desc *env = code->def.env;
  const int states = hd__code_states(env);
  if (states == 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "coding 'onehot' numbers finite states, and %s observes real numbers: "
                    "use 'tiles'",
                    env->name);
  }
  if (states == HD_STATES_MAX) {
    return hd__fail(ctx, HD_CONFLICT, "%s has too many states for coding 'onehot': use '%s'",
                    env->name, env->n_obs > HD_CELL_COORDS_MAX ? "raw" : "tiles");
  }
  code->n = states;
  code->n_active = 1;
  return HD_OK;
}

static void code_onehot_active(const hd__code *code, const float *obs, int32_t *line) {
  line[0] = hd__code_state(code->def.env, obs);
}

const hd__code_desc hd__code_onehot = {
    .name = "onehot",
    .doc = "one line per state of a finite environment",
    .source = "tabular representation, Sutton & Barto 2018, sec. 9.4",
    .kind = HD_CODE_SPARSE,
    .measure = code_onehot_measure,
    .active = code_onehot_active,
};
