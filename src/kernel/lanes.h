/* The vector of one instruction set: HD_VW floats, added and multiplied lane by lane. In the scalar
 * reference it is one float, and the same source is a plain loop. */
#ifndef HD_LANES_H
#define HD_LANES_H

#include "kernel.h"

#if !defined(HD_KERNEL_SCALAR) && defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(HD_KERNEL_SCALAR)
enum { HD_VW = 1 };
typedef float hd__v, hd__v_any;
#else
#if defined(__AVX512F__)
enum { HD_VW = 16 };
#elif defined(__AVX__)
enum { HD_VW = 8 };
#else
enum { HD_VW = 4 };
#endif
typedef float hd__v __attribute__((vector_size(4 * HD_VW), may_alias));
typedef float hd__v_any __attribute__((vector_size(4 * HD_VW), may_alias, aligned(4)));
#endif
/* The same bytes as words, and as the words' halves in memory order. */
typedef uint32_t hd__vu __attribute__((vector_size(4 * HD_VW), may_alias));
typedef uint16_t hd__vh __attribute__((vector_size(4 * HD_VW), may_alias));

/* HD_LANES floats held in registers. */
enum { HD_VN = HD_LANES / HD_VW };
typedef struct hd__lanes {
  hd__v v[HD_VN];
} hd__lanes;

/* Before a loop whose arrays lie apart. */
#if defined(__clang__)
#define HD_APART _Pragma("clang loop vectorize(assume_safety)")
#elif defined(HD_KERNEL_SCALAR)
#define HD_APART
#else
#define HD_APART _Pragma("GCC ivdep")
#endif

/* Loops are inlined whole, but for a sanitizer: its checks on every copy would take a compiler a
 * quarter of an hour. */
#if defined(__SANITIZE_ADDRESS__)
#define HD_INLINE static inline
#else
#define HD_INLINE static inline __attribute__((always_inline))
#endif

HD_INLINE hd__lanes hd__load(const float *p) {
  hd__lanes x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = *(const hd__v *)(p + k * HD_VW);
  }
  return x;
}

HD_INLINE void hd__store(float *p, hd__lanes x) {
  for (int k = 0; k < HD_VN; k++) {
    *(hd__v *)(p + k * HD_VW) = x.v[k];
  }
}

HD_INLINE hd__lanes hd__zero(void) {
  hd__lanes x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = (hd__v){0};
  }
  return x;
}

HD_INLINE hd__lanes hd__add(hd__lanes x, hd__lanes y) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] += y.v[k];
  }
  return x;
}

HD_INLINE hd__lanes hd__multiply(hd__lanes x, hd__lanes y) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] *= y.v[k];
  }
  return x;
}

/* acc + a * x */
HD_INLINE hd__lanes hd__add_scaled(hd__lanes acc, float a, hd__lanes x) {
  for (int k = 0; k < HD_VN; k++) {
    acc.v[k] += a * x.v[k];
  }
  return acc;
}

HD_INLINE hd__lanes hd__scale(float a, hd__lanes x) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = a * x.v[k];
  }
  return x;
}

HD_INLINE hd__lanes hd__add_product(hd__lanes acc, hd__lanes x, hd__lanes y) {
  for (int k = 0; k < HD_VN; k++) {
    acc.v[k] += x.v[k] * y.v[k];
  }
  return acc;
}

HD_INLINE hd__lanes hd__subtract(hd__lanes x, hd__lanes y) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] -= y.v[k];
  }
  return x;
}

HD_INLINE hd__lanes hd__divide(hd__lanes x, hd__lanes y) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] /= y.v[k];
  }
  return x;
}

HD_INLINE hd__lanes hd__all(float a) {
  hd__lanes x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = a - (hd__v){0};
  }
  return x;
}

/* A bit per lane, or what comparing lanes gives where there is no such thing. */
#if defined(__AVX512F__) && !defined(HD_KERNEL_SCALAR)
typedef struct hd__mask {
  __mmask16 m;
} hd__mask;

HD_INLINE hd__mask hd__at_least(hd__lanes x, hd__lanes y) {
  return (hd__mask){_mm512_cmp_ps_mask((__m512)x.v[0], (__m512)y.v[0], _CMP_GE_OQ)};
}

HD_INLINE hd__lanes hd__where(hd__mask m, hd__lanes yes, hd__lanes no) {
  return (hd__lanes){{(hd__v)_mm512_mask_blend_ps(m.m, (__m512)no.v[0], (__m512)yes.v[0])}};
}

HD_INLINE hd__mask hd__both(hd__mask x, hd__mask y) { return (hd__mask){x.m & y.m}; }

HD_INLINE uint32_t hd__mask_bits(hd__mask m) { return m.m; }
#else
#if defined(HD_KERNEL_SCALAR)
typedef int32_t hd__vi;
#else
typedef int32_t hd__vi __attribute__((vector_size(4 * HD_VW), may_alias));
#endif
typedef struct hd__mask {
  hd__vi m[HD_VN];
} hd__mask;

HD_INLINE hd__mask hd__at_least(hd__lanes x, hd__lanes y) {
  hd__mask m;
  for (int k = 0; k < HD_VN; k++) {
    m.m[k] = x.v[k] >= y.v[k];
  }
  return m;
}

HD_INLINE hd__lanes hd__where(hd__mask m, hd__lanes yes, hd__lanes no) {
  for (int k = 0; k < HD_VN; k++) {
#if defined(HD_KERNEL_SCALAR)
    yes.v[k] = m.m[k] ? yes.v[k] : no.v[k];
#elif defined(__AVX__)
    yes.v[k] = (hd__v)_mm256_blendv_ps((__m256)no.v[k], (__m256)yes.v[k], (__m256)m.m[k]);
#else
    yes.v[k] = (hd__v)((m.m[k] & (hd__vi)yes.v[k]) | (~m.m[k] & (hd__vi)no.v[k]));
#endif
  }
  return yes;
}

HD_INLINE hd__mask hd__both(hd__mask x, hd__mask y) {
  for (int k = 0; k < HD_VN; k++) {
    x.m[k] &= y.m[k];
  }
  return x;
}

HD_INLINE uint32_t hd__mask_bits(hd__mask m) {
  uint32_t bits = 0;
  for (int k = 0; k < HD_VN; k++) {
#if defined(HD_KERNEL_SCALAR)
    bits |= (uint32_t)(m.m[k] != 0) << k;
#elif defined(__AVX__)
    bits |= (uint32_t)_mm256_movemask_ps((__m256)m.m[k]) << (k * HD_VW);
#elif defined(__SSE2__)
    bits |= (uint32_t)_mm_movemask_ps((__m128)m.m[k]) << (k * HD_VW);
#else
    for (int i = 0; i < HD_VW; i++) {
      bits |= (uint32_t)(m.m[k][i] != 0) << (k * HD_VW + i);
    }
#endif
  }
  return bits;
}
#endif

/* Small whole numbers, one per lane. */
#if defined(HD_KERNEL_SCALAR)
typedef int32_t hd__vc;
#else
typedef int32_t hd__vc __attribute__((vector_size(4 * HD_VW), may_alias));
#endif
typedef struct hd__counts {
  hd__vc n[HD_VN];
} hd__counts;

HD_INLINE hd__counts hd__count_none(void) {
  hd__counts c;
  for (int k = 0; k < HD_VN; k++) {
    c.n[k] = (hd__vc){0};
  }
  return c;
}

/* One more where the mask is set. */
HD_INLINE hd__counts hd__count(hd__counts c, hd__mask m) {
#if defined(__AVX512F__) && !defined(HD_KERNEL_SCALAR)
  c.n[0] =
      (hd__vc)_mm512_mask_add_epi32((__m512i)c.n[0], m.m, (__m512i)c.n[0], _mm512_set1_epi32(1));
#elif defined(HD_KERNEL_SCALAR)
  for (int k = 0; k < HD_VN; k++) {
    c.n[k] += m.m[k] != 0;
  }
#else
  for (int k = 0; k < HD_VN; k++) {
    c.n[k] -= m.m[k];
  }
#endif
  return c;
}

HD_INLINE hd__lanes hd__count_lanes(hd__counts c) {
  hd__lanes x;
  for (int k = 0; k < HD_VN; k++) {
#if defined(HD_KERNEL_SCALAR)
    x.v[k] = (float)c.n[k];
#else
    x.v[k] = (hd__v) __builtin_convertvector(c.n[k], hd__v);
#endif
  }
  return x;
}

/* Sums over lanes, always by the same tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1. Its first two levels leave
 * four lanes. */
typedef float hd__quad __attribute__((vector_size(16), may_alias));

HD_INLINE hd__quad hd__fold(hd__lanes x) {
  for (int half = HD_VN / 2; half * HD_VW >= 4; half /= 2) {
    for (int k = 0; k < half; k++) {
      x.v[k] += x.v[k + half];
    }
  }
#if defined(HD_KERNEL_SCALAR)
  return (hd__quad){x.v[0], x.v[1], x.v[2], x.v[3]};
#elif defined(__AVX512F__)
  typedef float oct __attribute__((vector_size(32), may_alias));
  union {
    hd__v whole;
    oct half[2];
  } sixteen = {x.v[0]};
  union {
    oct whole;
    hd__quad half[2];
  } eight = {sixteen.half[0] + sixteen.half[1]};
  return eight.half[0] + eight.half[1];
#elif defined(__AVX__)
  union {
    hd__v whole;
    hd__quad half[2];
  } eight = {x.v[0]};
  return eight.half[0] + eight.half[1];
#else
  return x.v[0];
#endif
}

HD_INLINE float hd__sum(hd__lanes x) {
  const hd__quad q = hd__fold(x);
  return (q[0] + q[2]) + (q[1] + q[3]);
}

/* Lanes picked from a (0 to 3) and b (4 to 7). */
#if defined(__clang__)
#define HD_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int32_t hd__quad_index __attribute__((vector_size(16)));
#define HD_PICK(a, b, ...) __builtin_shuffle(a, b, (hd__quad_index){__VA_ARGS__})
#endif

/* Four such sums together. */
HD_INLINE hd__quad hd__sum4(const hd__lanes x[4]) {
  const hd__quad a = hd__fold(x[0]), b = hd__fold(x[1]), c = hd__fold(x[2]), d = hd__fold(x[3]);
  const hd__quad ab = HD_PICK(a, b, 0, 4, 1, 5) + HD_PICK(a, b, 2, 6, 3, 7);
  const hd__quad cd = HD_PICK(c, d, 0, 4, 1, 5) + HD_PICK(c, d, 2, 6, 3, 7);
  return HD_PICK(ab, cd, 0, 1, 4, 5) + HD_PICK(ab, cd, 2, 3, 6, 7);
}

#endif
