#include "coding_all.h"
#include "mathf.h"

/* x is the substep of the component's only spike: the larger the value, the earlier. */
static void code_latency_encode(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; d < code->n; d++) {
    const float unit = hd__code_unit(code, obs, d);
    x[d] = hd__roundf((1.0f - unit) * (float)(code->def.substeps - 1));
  }
}

static void code_latency_spikes(const hd__code *code, const float *x, int t, hd__key key,
                                float *state, float *s) {
  (void)key;
  (void)state;
  for (int i = 0; i < code->n; i++) {
    s[i] = x[i] == (float)t ? 1.0f : 0.0f;
  }
}

const hd__code_desc hd__code_latency = {
    .name = "latency",
    .doc = "one spike per component and decision, the earlier the larger the value",
    .source = "Thorpe, Delorme & Van Rullen 2001",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_RANGE,
    .measure = hd__code_line_each,
    .encode = code_latency_encode,
    .spikes = code_latency_spikes,
};
