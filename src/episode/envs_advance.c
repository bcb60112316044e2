#include <string.h>

#include "envs_internal.h"

static bool envs_advance_takes(const hd_dim *dim, float x) {
  return dim->count > 0 ? x >= 0.0f && x < (float)dim->count && x == (float)(int)x : x - x == 0.0f;
}

static hd_status envs_advance_refuse(const hd_envs *envs, int b, int i, float x) {
  const hd_dim *dim = &envs->desc->act[i];
  return dim->count > 0
             ? hd__fail(envs->ctx, HD_RANGE,
                        "the action of environment %d is %g; allowed: whole numbers 0 to %d", b,
                        (double)x, dim->count - 1)
             : hd__fail(envs->ctx, HD_RANGE,
                        "action %d of environment %d is %g; allowed: finite numbers", i, b,
                        (double)x);
}

hd_status hd_envs_check_actions(hd_envs *envs, const float *action) {
  const int n_act = envs->desc->n_act;
  for (int b = 0; b < envs->B; b++) {
    for (int i = 0; i < n_act; i++) {
      if (!envs_advance_takes(&envs->desc->act[i], action[b * n_act + i])) {
        return envs_advance_refuse(envs, b, i, action[b * n_act + i]);
      }
    }
  }
  return HD_OK;
}

void hd_envs_reset_some(hd_envs *envs, const bool *which, const uint64_t *seed, float *obs) {
  for (int b = 0; b < envs->B; b++) {
    envs->over[b] = which[b];
    if (which[b] && seed != NULL) {
      hd__random_start(&envs->random[b], envs->rng, seed[b], 0);
    }
  }
  hd__envs_start_flagged(envs, envs->over, obs);
}

hd_status hd_envs_advance(hd_envs *envs, const float *action, float *obs, double *reward,
                          bool *terminated, bool *truncated) {
  HD_TRY(hd_envs_check_actions(envs, action));
  memcpy(envs->over, envs->done, (size_t)envs->B);
  memcpy(envs->idle, envs->done, (size_t)envs->B);
  hd_envs_step(envs, action, obs, reward, terminated, truncated);
  hd__envs_start_flagged(envs, envs->over, obs);
  for (int b = 0; b < envs->B; b++) {
    reward[b] = envs->over[b] ? 0.0 : reward[b];
    terminated[b] = terminated[b] && !envs->over[b];
    truncated[b] = truncated[b] && !envs->over[b];
  }
  return HD_OK;
}
