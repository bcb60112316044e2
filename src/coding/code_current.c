#include "coding_all.h"

static void code_current_encode(const hd__code *code, const float *obs, float *x) {
  const float *restrict from = obs, *restrict centre = code->centre, *restrict scale = code->scale;
  float *restrict to = x;
  for (int d = 0; d < code->n; d++) {
    to[d] = code->def.gain * ((from[d] - centre[d]) * scale[d]);
  }
}

const hd__code_desc hd__code_current = {
    .name = "current",
    .doc = "a constant current per component: -1 to 1 over its working range, not clipped",
    .source = "direct current, as in Bellec et al. 2020",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_RANGE | HD_READS_GAIN,
    .measure = hd__code_line_each,
    .encode = code_current_encode,
};
