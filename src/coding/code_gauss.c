#include "coding_all.h"
#include "mathf.h"

/* Unit j of a component is centred at j / (bins - 1) of its working range:
 *   a = gain exp(-((x - centre) / (width spacing))^2 / 2), at most 1.
 * Values beyond the range count as the range's end, so that no observation silences all units. */
#define gauss_PARAMS(P)             \
  P(width, 1.0f, 0.01f, 100.0f, "", \
    "The receptive field of a unit has a standard deviation of this many spacings of the units.")
HD_CODE_PARAMS(gauss)

static hd_status code_gauss_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  if (code->def.bins < 2 || code->def.bins > 1000) {
    return hd__fail(ctx, HD_RANGE, "bins = %d, a population needs 2 to 1000", code->def.bins);
  }
  code->n = code->def.env->n_obs * code->def.bins;
  code->n_state = code->n;
  return HD_OK;
}

static void code_gauss_encode(const hd__code *code, const float *obs, float *x) {
  const int bins = code->def.bins;
  const float width = HD_CODE_OWN(gauss, code)->width;
  for (int d = 0; d < code->def.env->n_obs; d++) {
    const float place = hd__code_unit(code, obs, d) * (float)(bins - 1);
    for (int j = 0; j < bins; j++) {
      const float z = (place - (float)j) / width;
      const float a = code->def.gain * hd__expf(-0.5f * z * z);
      x[d * bins + j] = hd__clampf(a, 0.0f, 1.0f);
    }
  }
}

/* An integrator per unit: as regular as a spike train of that rate can be. The margin keeps sums
 * such as ten times 0.1 from missing their spike by a rounding. */
static void code_gauss_spikes_regular(const hd__code *code, const float *x, int t, hd__key key,
                                      float *state, float *s) {
  const float threshold = 1.0f - 1e-3f;
  (void)t;
  (void)key;
  for (int i = 0; i < code->n; i++) {
    const float v = state[i] + x[i];
    s[i] = v >= threshold ? 1.0f : 0.0f;
    state[i] = v - s[i];
  }
}

static void code_gauss_spikes_stochastic(const hd__code *code, const float *x, int t, hd__key key,
                                         float *state, float *s) {
  (void)t;
  (void)state;
  for (int i = 0; i < code->n; i++) {
    s[i] = hd__uniform24(key, (uint32_t)i) < x[i] ? 1.0f : 0.0f;
  }
}

const hd__code_desc hd__code_gauss = {
    .name = "gauss",
    .doc = "a population of Gaussian receptive fields per component, regular spike trains",
    .source = "Tang et al. 2020 (PopSAN), deterministic encoder",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_BINS | HD_READS_RANGE | HD_READS_GAIN,
    HD_CODE_LIST(gauss),
    .measure = code_gauss_measure,
    .encode = code_gauss_encode,
    .spikes = code_gauss_spikes_regular,
};

const hd__code_desc hd__code_gauss_stochastic = {
    .name = "gauss-stochastic",
    .doc = "a population of Gaussian receptive fields per component, Bernoulli spikes",
    .source = "Tang et al. 2020 (PopSAN), probabilistic encoder",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_BINS | HD_READS_RANGE | HD_READS_GAIN,
    HD_CODE_LIST(gauss),
    .measure = code_gauss_measure,
    .encode = code_gauss_encode,
    .spikes = code_gauss_spikes_stochastic,
};
