#include "coding_all.h"

/* Apart from the coding, since nothing here overlaps: no order of reading and writing matters. */
static inline void code_current_scale(int n, float gain, const float *restrict obs,
                                      const float *restrict centre, const float *restrict scale,
                                      float *restrict x) {
  for (int d = 0; d < n; d++) {
    x[d] = gain * ((obs[d] - centre[d]) * scale[d]);
  }
}

static void code_current_encode(const hd__code *code, const float *obs, float *x) {
  code_current_scale(code->n, code->def.gain, obs, code->centre, code->scale, x);
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
