#include "boolean.h"

#include <string.h>

/* The size of the first weight that is there, or 0. */
static float boolean_size_of(size_t n, const float *W) {
  size_t i = 0;
  while (i < n && W[i] == 0.0f) {
    i++;
  }
  return i == n ? 0.0f : W[i] < 0.0f ? -W[i] : W[i];
}

/* Whether float holds every multiple of size up to the n-th: size = M 2^e with odd M, n M < 2^24.
 */
static bool boolean_is_exact(float size, int n) {
  uint32_t bits;
  memcpy(&bits, &size, sizeof bits);
  const uint32_t exponent = bits >> 23;
  if (exponent == 0 || exponent > 200) {
    return false;
  }
  uint32_t odd = (bits & 0x7FFFFFu) | 0x800000u;
  odd >>= __builtin_ctz(odd);
  return (uint64_t)odd * (uint64_t)n < UINT64_C(1) << 24;
}

bool hd__boolean_pack(int n_pre, int n, const float *W, uint8_t *plus, uint8_t *minus,
                      hd__boolean *out) {
  const float size = boolean_size_of((size_t)n_pre * (size_t)n, W);
  const int stride = hd__boolean_stride(n);
  if (!boolean_is_exact(size, n_pre)) {
    return false;
  }
  memset(plus, 0, hd__boolean_bytes(n_pre, n));
  memset(minus, 0, hd__boolean_bytes(n_pre, n));
  unsigned others = 0;
  for (int i = 0; i < n_pre; i++, W += n) {
    uint8_t *up = plus + (size_t)(i / 4) * (size_t)stride;
    uint8_t *down = minus + (size_t)(i / 4) * (size_t)stride;
    for (int j = 0; j < n; j++) {
      const unsigned is_up = W[j] == size, is_down = W[j] == -size;
      up[j] = (uint8_t)(up[j] | is_up << (i % 4));
      down[j] = (uint8_t)(down[j] | is_down << (i % 4));
      others |= (W[j] != 0.0f) ^ (is_up | is_down);
    }
  }
  *out = (hd__boolean){.size = size, .stride = stride, .plus = plus, .minus = minus};
  return others == 0;
}
