#include "coding_all.h"
#include "mathf.h"

/* x is the probability of a spike per substep. */
static void code_rate_encode(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; d < code->n; d++) {
    const float p = code->def.gain * hd__code_unit(code, obs, d);
    x[d] = hd__clampf(p, 0.0f, 1.0f);
  }
}

/* x is the expected number of spikes per substep of a Poisson process; a substep with at least
 * one of them is a spike: p = 1 - exp(-rate dt). */
static void code_rate_encode_poisson(const hd__code *code, const float *obs, float *x) {
  for (int d = 0; d < code->n; d++) {
    const float rate = code->def.gain * hd__code_unit(code, obs, d);
    x[d] = -hd__expm1f(-hd__maxf(rate, 0.0f) * code->def.dt_ms);
  }
}

static void code_rate_spikes(const hd__code *code, const float *x, int t, hd__key key, float *state,
                             float *s) {
  (void)t;
  (void)state;
  for (int i = 0; i < code->n; i++) {
    s[i] = hd__uniform24(key, (uint32_t)i) < x[i] ? 1.0f : 0.0f;
  }
}

const hd__code_desc hd__code_rate = {
    .name = "rate",
    .doc = "a spike with probability gain x unit value in every substep",
    .source = "Bernoulli process",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_RANGE | HD_READS_GAIN,
    .measure = hd__code_line_each,
    .encode = code_rate_encode,
    .spikes = code_rate_spikes,
};

const hd__code_desc hd__code_poisson = {
    .name = "poisson",
    .doc = "a Poisson process of rate gain x unit value, in spikes per ms",
    .source = "Gerstner et al. 2014, ch. 7",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_RANGE | HD_READS_GAIN | HD_READS_DT,
    .measure = hd__code_line_each,
    .encode = code_rate_encode_poisson,
    .spikes = code_rate_spikes,
};
