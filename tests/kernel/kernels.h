/* What the kernel tests share: arrays of random numbers, and a test of every instruction set. */
#ifndef HD_TEST_KERNELS_H
#define HD_TEST_KERNELS_H

#include "isa.h"
#include "kernel.h"
#include "test.h"

/* x = n numbers in (-1, 1), others for every array number. */
static inline void fill(float *x, int n, uint32_t array) {
  const hd__key key = hd__key_make(3, HD_STREAM_INIT, array, 0);
  for (int i = 0; i < n; i++) {
    x[i] = 2.0f * hd__uniform24(key, (uint32_t)i) - 1.0f;
  }
}

/* A number in low .. high, another for every (seed, i). */
static inline int any(uint32_t seed, uint32_t i, int low, int high) {
  const float u = hd__uniform24(hd__key_make(4, HD_STREAM_INIT, seed, 0), i);
  return low + (int)(u * (float)(high - low + 1));
}

/* Run a test with every kernel table this processor can use. */
static inline void each_isa(void (*test)(const hd__kernel *kernel)) {
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    const int before = test_failures;
    if (hd__isa_choose(hd__isa_name(isa)) != isa) {
      printf("  %s skipped: this processor lacks it\n", hd__isa_name(isa));
      continue;
    }
    test(hd__kernel_for(isa));
    if (test_failures != before) {
      printf("  with %s\n", hd__isa_name(isa));
    }
  }
}

/* NAME(n, x, y): the sum that `dot` must give, in float to the bit: 16 partial sums, then a tree.
 */
#define HD_PLAIN_DOT(NAME, REAL)                                 \
  static inline REAL NAME(int n, const REAL *x, const REAL *y) { \
    REAL part[HD_LANES] = {0};                                   \
    for (int i = 0; i < n; i++) {                                \
      part[i % HD_LANES] += x[i] * y[i];                         \
    }                                                            \
    for (int width = HD_LANES / 2; width > 0; width /= 2) {      \
      for (int i = 0; i < width; i++) {                          \
        part[i] += part[i + width];                              \
      }                                                          \
    }                                                            \
    return part[0];                                              \
  }

HD_PLAIN_DOT(sum_of_products, float)

#endif
