/* Loops that keep one unit of the processor busy and do nothing else: the limits that other loops
 * are compared with. Included by kernel_impl.c only. */
#if defined(__AVX512F__) || defined(__FMA__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "lanes.h"

/* a * b + c rounded once, where the instruction set can. The results go nowhere. */
HD_INLINE hd__v multiply_add(hd__v a, hd__v b, hd__v c) {
#if defined(HD_KERNEL_SCALAR)
  return a * b + c;
#elif defined(__AVX512F__)
  return (hd__v)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__)
  return (hd__v)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (hd__v)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}

/* More chains than any unit's latency times its number, and with both constants still within 16
 * registers. Values go to a fixed point near one, far from the slow range of tiny numbers. */
HD_INLINE float limit_chains(int64_t rounds, bool is_fused) {
  hd__v x[HD_LIMIT_CHAINS];
  for (int k = 0; k < HD_LIMIT_CHAINS; k++) {
    x[k] = (hd__v){0} + (float)(k + 1);
  }
  const hd__v b = (hd__v){0} + 0.999f, c = (hd__v){0} + 0.001f;
  for (int64_t i = 0; i < rounds; i++) {
    for (int k = 0; k < HD_LIMIT_CHAINS; k++) {
      if (is_fused) {
        x[k] = multiply_add(x[k], b, c);
      } else {
        x[k] = x[k] * b + c;
      }
    }
  }
  hd__v sum = x[0];
  for (int k = 1; k < HD_LIMIT_CHAINS; k++) {
    sum += x[k];
  }
  return *(const float *)&sum;
}

static float limit_fused(int64_t rounds) { return limit_chains(rounds, true); }

static float limit_separate(int64_t rounds) { return limit_chains(rounds, false); }

static float limit_read(int64_t n, const float *x) {
  hd__lanes acc[4];
  for (int k = 0; k < 4; k++) {
    acc[k] = hd__zero();
  }
  for (int64_t i = 0; i < n; i += 4 * HD_LANES) {
    for (int k = 0; k < 4; k++) {
      acc[k] = hd__add_scaled(acc[k], 1.0f, hd__load(x + i + k * HD_LANES));
    }
  }
  return hd__sum(acc[0]) + hd__sum(acc[1]) + hd__sum(acc[2]) + hd__sum(acc[3]);
}
