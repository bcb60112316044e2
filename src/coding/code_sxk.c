#include "coding_all.h"

/* S lines over K substeps. A line fires in two of the K substeps, which gives it P = C(K,2)
 * patterns; a state chooses S different ones, in lexicographic order. Five substeps and three
 * lines, 120 choices, are the published gridworld's code. It counts states from 1, so choice 0
 * stands for none. More states take more lines: S is the smallest number from 3 to P/2 with
 * C(P,S) > states. */
enum { LINES_MIN = 3, LINES_MAX = 64 };

static hd_status code_sxk_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  const hd_env_desc *env = code->def.env;
  const int states = hd__code_states(env), K = code->def.substeps;
  if (states == 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "coding 'sxk' numbers finite states, and %s observes real numbers: use 'bins'",
                    env->name);
  }
  if (K > 1000) {
    return hd__fail(ctx, HD_RANGE, "substeps = %d, coding 'sxk' allows 3 to 1000", K);
  }
  const int patterns = hd__code_subsets(K, 2);
  for (int S = LINES_MIN; S <= LINES_MAX && 2 * S <= patterns + 1; S++) {
    if (hd__code_subsets(patterns, S) > states && states < HD_STATES_MAX) {
      code->n = S;
      return HD_OK;
    }
  }
  return hd__fail(ctx, HD_CONFLICT,
                  "coding 'sxk' cannot tell the %d states of %s apart in %d substeps: use more",
                  states, env->name, K);
}

/* x holds a K + b for the two substeps a < b in which the line fires. */
static void code_sxk_encode(const hd__code *code, const float *obs, float *x) {
  const int K = code->def.substeps;
  int pattern[LINES_MAX], pair[2];
  const int choice = hd__code_state(code->def.env, obs) + 1;
  hd__code_subset(hd__code_subsets(K, 2), code->n, choice, pattern);
  for (int i = 0; i < code->n; i++) {
    hd__code_subset(K, 2, pattern[i], pair);
    x[i] = (float)(pair[0] * K + pair[1]);
  }
}

static void code_sxk_spikes(const hd__code *code, const float *x, int t, hd__key key, float *state,
                            float *s) {
  const int K = code->def.substeps;
  (void)key;
  (void)state;
  for (int i = 0; i < code->n; i++) {
    const int pair = (int)x[i];
    s[i] = t == pair / K || t == pair % K ? 1.0f : -1.0f;
  }
}

const hd__code_desc hd__code_sxk = {
    .name = "sxk",
    .doc = "spatio-temporal patterns of finite states: each of S lines is +1 in two substeps",
    .source = "Aenugu 2020, arXiv 2005.05941, published code",
    .kind = HD_CODE_SPIKES,
    .silence = -1.0f,
    .measure = code_sxk_measure,
    .encode = code_sxk_encode,
    .spikes = code_sxk_spikes,
};
