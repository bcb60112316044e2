#include "coding_all.h"

static void code_raw_encode(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; d < code->n; d++) {
    x[d] = obs[d];
  }
}

const hd__code_desc hd__code_raw = {
    .name = "raw",
    .doc = "the observation as it is, a constant current per component",
    .source = "Aenugu 2020",
    .kind = HD_CODE_GRADED,
    .measure = hd__code_line_each,
    .encode = code_raw_encode,
};
