#include "coding_all.h"
#include "mathf.h"

/* Lines 2d and 2d+1 carry the positive and the negative part of component d. */
static hd_status code_split_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  code->n = 2 * code->def.env->n_obs;
  return HD_OK;
}

static void code_split_encode(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; 2 * d < code->n; d++) {
    const float value = code->def.gain * hd__code_signed(code, obs, d);
    x[2 * d] = hd__maxf(value, 0.0f);
    x[2 * d + 1] = hd__maxf(-value, 0.0f);
  }
}

const hd__code_desc hd__code_split = {
    .name = "split",
    .doc = "as current, with the positive and the negative part on lines of their own",
    .source = "Wang et al. 2023 (input [x, -x])",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_RANGE | HD_READS_GAIN,
    .measure = code_split_measure,
    .encode = code_split_encode,
};
