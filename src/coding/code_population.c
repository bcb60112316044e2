#include "coding_all.h"
#include "mathf.h"

/* Unit j of a component is centred at an even place on +-reach and has a deviation,
 *   a = gain exp(-((x - centre) / deviation)^2 / 2),
 * both times code.range. x is the component as it is shown: the coding is meant for observations
 * brought to mean 0 and deviation 1. Values beyond the outermost units count as theirs, so that no
 * observation silences a population. */
#define population_PARAMS(P)                                            \
  P(reach, 3.0f, 0.01f, 1000.0f, "",                                    \
    "The outermost units of a population are centred this far from 0.") \
  P(deviation, 0.387298335f, 0.001f, 1000.0f, "",                       \
    "The receptive field of a unit has this standard deviation; 0.387 is sqrt(0.15).")
HD_CODE_PARAMS(population)

static hd_status code_population_measure_any(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  if (code->def.bins < 2 || code->def.bins > 1000) {
    return hd__fail(ctx, HD_RANGE, "bins = %d, a population needs 2 to 1000", code->def.bins);
  }
  code->n = code->def.env->n_obs * code->def.bins;
  return HD_OK;
}

static hd_status code_population_measure_spikes(hd_ctx *ctx, hd__code *code) {
  HD_TRY(code_population_measure_any(ctx, code));
  code->n_state = code->n;
  return HD_OK;
}

static void code_population_encode(const hd__code *code, const float *obs, float *x) {
  const int bins = code->def.bins;
  const struct population_params *p = HD_CODE_OWN(population, code);
  const float end = p->reach * code->def.range, step = 2.0f * end / (float)(bins - 1);
  const float sharpness = 1.0f / (p->deviation * code->def.range);
  for (int d = 0; d < code->def.env->n_obs; d++) {
    const float place = hd__clampf(obs[d], -end, end);
    for (int j = 0; j < bins; j++) {
      const float z = (place - (step * (float)j - end)) * sharpness;
      x[d * bins + j] = code->def.gain * hd__expf(-0.5f * z * z);
    }
  }
}

/* v = v + a; a spike at v > 0.999, which takes as much away. */
static void code_population_spikes(const hd__code *code, const float *x, int t, hd__key key,
                                   float *state, float *s) {
  const float threshold = 0.999f;
  (void)t;
  (void)key;
  for (int i = 0; i < code->n; i++) {
    const float v = state[i] + x[i];
    s[i] = v > threshold ? 1.0f : 0.0f;
    state[i] = v - threshold * s[i];
  }
}

const hd__code_desc hd__code_population = {
    .name = "population",
    .doc = "Gaussian receptive fields over a normalised observation, as constant currents",
    .source = "Tang et al. 2020 (PopSAN), activities without the encoding spikes",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_BINS | HD_READS_RANGE | HD_READS_GAIN,
    HD_CODE_LIST(population),
    .measure = code_population_measure_any,
    .encode = code_population_encode,
};

const hd__code_desc hd__code_population_spikes = {
    .name = "population-spikes",
    .doc = "Gaussian receptive fields over a normalised observation, integrate-and-fire encoders",
    .source = "Tang et al. 2020 (PopSAN), deterministic encoder",
    .kind = HD_CODE_SPIKES,
    .reads = HD_READS_BINS | HD_READS_RANGE | HD_READS_GAIN,
    HD_CODE_LIST(population),
    .measure = code_population_measure_spikes,
    .encode = code_population_encode,
    .spikes = code_population_spikes,
};
