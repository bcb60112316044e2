#include "coding_all.h"

/* Each component is cut into bins, and a bin is told by which 5 of the component's 10 lines are
 * +1, in lexicographic order. A finite component has a bin per value. */
enum { LINES = 10, ON = 5, BINS_MAX = 252 };

static int code_bins_of(const hd__code_def *def, int d) {
  return def->env->obs[d].count > 0 ? def->env->obs[d].count : def->bins;
}

static hd_status code_bins_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  const hd_env_desc *env = code->def.env;
  for (int d = 0; d < env->n_obs; d++) {
    const int bins = code_bins_of(&code->def, d);
    if (env->obs[d].count > BINS_MAX) {
      return hd__fail(ctx, HD_CONFLICT,
                      "coding 'bins' tells %d values apart, and '%s' of %s has %d: use 'onehot'",
                      BINS_MAX, env->obs[d].name, env->name, bins);
    }
    if (bins < 1 || bins > BINS_MAX) {
      return hd__fail(ctx, HD_RANGE, "bins = %d, coding 'bins' allows 1 to %d", bins, BINS_MAX);
    }
  }
  code->n = env->n_obs * LINES;
  return HD_OK;
}

static void code_bins_encode(const hd__code *code, const float *obs, float *x) {
  for (int i = 0; i < code->n; i++) {
    x[i] = -1.0f;
  }
  for (int d = 0; d * LINES < code->n; d++) {
    const int bins = code_bins_of(&code->def, d);
    const int cell = code->def.env->obs[d].count > 0
                         ? (int)(hd__code_unit(code, obs, d) * (float)(bins - 1) + 0.5f)
                         : (int)(hd__code_unit(code, obs, d) * (float)bins);
    int on[ON];
    hd__code_subset(LINES, ON, cell < bins ? cell : bins - 1, on);
    for (int i = 0; i < ON; i++) {
      x[d * LINES + on[i]] = 1.0f;
    }
  }
}

const hd__code_desc hd__code_bins = {
    .name = "bins",
    .doc = "ten lines of -1 and +1 per component, five of them +1, told by the value's bin",
    .source = "Aenugu 2020, arXiv 2005.05941, mountain car",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_BINS | HD_READS_RANGE,
    .silence = -1.0f,
    .measure = code_bins_measure,
    .encode = code_bins_encode,
};
