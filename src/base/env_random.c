#include "env_random.h"

#include "pcg64.h"

void hd__random_start(hd_random *random, hd_rng_kind kind, uint64_t seed, uint64_t env) {
  *random = (hd_random){.kind = (uint64_t)kind, .seed = seed, .env = env};
  if (kind == HD_RNG_GYMNASIUM) {
    hd__pcg64_start(random, seed + env);
  }
}

double hd_random_uniform(hd_random *random) {
  if (random->kind == HD_RNG_GYMNASIUM) {
    return (double)(hd__pcg64_next64(random) >> 11) * (1.0 / 9007199254740992.0);
  }
  uint32_t index;
  const hd__key key = hd__random_take(random, 1, &index);
  return hd__uniform53(key, index);
}

static uint32_t next32(hd_random *random) {
  if (random->kind == HD_RNG_GYMNASIUM) {
    return hd__pcg64_next32(random);
  }
  uint32_t index;
  const hd__key key = hd__random_take(random, 1, &index);
  return hd__word(key, 2 * index);
}

/* The high word of word * n is uniform once the few low words that would favour some results are
 * drawn again (Lemire 2019, algorithm 5). Like numpy, n = 1 draws nothing. */
uint32_t hd_random_below(hd_random *random, uint32_t n) {
  if (n <= 1) {
    return 0;
  }
  const uint32_t unfair = -n % n;
  uint64_t product;
  do {
    product = (uint64_t)next32(random) * n;
  } while ((uint32_t)product < unfair);
  return (uint32_t)(product >> 32);
}
