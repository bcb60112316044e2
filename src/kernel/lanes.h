/* The vector of one instruction set: HD_VW floats, added and multiplied lane by lane. In the scalar
 * reference it is one float, and the same source is a plain loop. */
#ifndef HD_LANES_H
#define HD_LANES_H

#include "kernel.h"

#if defined(HD_KERNEL_SCALAR)
enum { HD_VW = 1 };
typedef float hd__v;
#else
#if defined(__AVX512F__)
enum { HD_VW = 16 };
#elif defined(__AVX__)
enum { HD_VW = 8 };
#else
enum { HD_VW = 4 };
#endif
typedef float hd__v __attribute__((vector_size(4 * HD_VW), may_alias));
#endif

/* HD_LANES floats held in registers. */
enum { HD_VN = HD_LANES / HD_VW };
typedef struct hd__lanes {
  hd__v v[HD_VN];
} hd__lanes;

#define HD_INLINE static inline __attribute__((always_inline))

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

/* The sum over lanes, always by the same tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1. */
HD_INLINE float hd__sum(hd__lanes x) {
  float lane[HD_LANES] __attribute__((aligned(64)));
  hd__store(lane, x);
  for (int width = HD_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) {
      lane[i] += lane[i + width];
    }
  }
  return lane[0];
}

#endif
