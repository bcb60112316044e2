#include "env_random.h"

#include <math.h>

#include "normal.h"
#include "pcg64.h"
#include "ziggurat.h"

void hd__random_start(hd_random *random, hd_rng_kind kind, uint64_t seed, uint64_t env) {
  *random = (hd_random){.kind = (uint64_t)kind, .seed = seed, .env = env};
  if (kind == HD_RNG_GYMNASIUM) {
    hd__pcg64_start(random, seed, env);
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

static uint32_t env_random_next32(hd_random *random) {
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
    product = (uint64_t)env_random_next32(random) * n;
  } while ((uint32_t)product < unfair);
  return (uint32_t)(product >> 32);
}

/* Half the density's graph, up to a factor; the innermost layer reaches its top. */
static double env_random_ziggurat_height(int layer) {
  return layer == 0 ? 1 : exp(-0.5 * hd__ziggurat[layer] * hd__ziggurat[layer]);
}

/* Beyond the outermost layer (Marsaglia 1964). */
static double env_random_ziggurat_tail(hd_random *random) {
  const double start = hd__ziggurat[HD_ZIGGURAT_LAYERS - 1];
  double beyond, fall;
  do {
    beyond = -(1 / start) * log1p(-hd_random_uniform(random));
    fall = -log1p(-hd_random_uniform(random));
  } while (fall + fall <= beyond * beyond);
  return start + beyond;
}

/* A word is a layer, a sign and a place in the layer, taken at once if the layer above it reaches
 * so far (Marsaglia & Tsang 2000); in the order in which numpy draws and tests. */
static double env_random_ziggurat(hd_random *random) {
  const double unit = 1.0 / 4503599627370496.0; /* 2^-52 */
  for (;;) {
    const uint64_t word = hd__pcg64_next64(random);
    const int layer = (int)(word & (HD_ZIGGURAT_LAYERS - 1));
    const uint64_t place = word >> 9 & 0xFFFFFFFFFFFFFu;
    const double width = hd__ziggurat[layer];
    const double inner = hd__ziggurat[(layer - 1) & (HD_ZIGGURAT_LAYERS - 1)] / width;
    const double x = (double)place * (width * unit), sign = (word >> 8 & 1) ? -1 : 1;
    if (layer != 1 && place < (uint64_t)(inner / unit)) {
      return sign * x;
    }
    if (layer == 0) {
      const double tail = env_random_ziggurat_tail(random);
      return (place >> 8 & 1) ? -tail : tail;
    }
    const double low = env_random_ziggurat_height(layer),
                 high = env_random_ziggurat_height(layer - 1);
    if ((high - low) * hd_random_uniform(random) + low < exp(-0.5 * x * x)) {
      return sign * x;
    }
  }
}

double hd_random_normal(hd_random *random) {
  if (random->kind == HD_RNG_GYMNASIUM) {
    return env_random_ziggurat(random);
  }
  uint32_t index;
  const hd__key key = hd__random_take(random, 1, &index);
  return (double)hd__normalf(key, index);
}
