#include "coding_all.h"

static hd_status measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  code->n = code->def.env->n_obs;
  return HD_OK;
}

static void encode(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; d < code->n; d++) {
    x[d] = obs[d];
  }
}

const hd__code_desc hd__code_raw = {
    .name = "raw",
    .doc = "the observation as it is, a constant current per component",
    .source = "Aenugu 2020",
    .kind = HD_CODE_GRADED,
    .measure = measure,
    .encode = encode,
};
