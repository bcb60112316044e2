/* What tests of environments share: a context that main opens, environments by name, batches.
 * Included last, since other headers have parameters called `ctx`. */
#ifndef HD_ENV_FIXTURE_H
#define HD_ENV_FIXTURE_H

#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

/* NULL: there is none of this name. */
static inline const hd_env_desc *find(const char *name) {
  const hd_env_desc *desc = NULL;
  return hd_env_find(ctx, name, &desc) == HD_OK ? desc : NULL;
}

static inline hd_envs *create(const hd_env_desc *desc, int n, uint64_t seed, hd_rng_kind rng) {
  hd_envs *envs = NULL;
  CHECK(hd_envs_create(ctx, desc, n, seed, rng, &envs) == HD_OK);
  return envs;
}

#endif
