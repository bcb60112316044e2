/* Environments that stand on another library may lack what it reads: tests that walk through all of
 * them leave such a one out, aloud. */
#ifndef HD_OPENS_H
#define HD_OPENS_H

#include "hedon/hedon.h"
#include "test.h"

static inline bool opens(hd_ctx *ctx, const hd_env_desc *desc) {
  hd_envs *envs = NULL;
  const bool is_open =
      desc->open == NULL || hd_envs_create(ctx, desc, 1, 0, HD_RNG_NATIVE, &envs) == HD_OK;
  if (!is_open) {
    printf("  skipped: %s\n", hd_ctx_error(ctx));
  }
  hd_envs_destroy(envs);
  return is_open;
}

#endif
