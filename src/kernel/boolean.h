/* Packing of weights that are there or not. */
#ifndef HD_BOOLEAN_H
#define HD_BOOLEAN_H

#include "kernel.h"

/* Lanes of n targets, and bytes of one sign of the weights of n_pre sources. */
static inline int hd__boolean_stride(int n) {
  return (n + HD_BOOLEAN_PAD - 1) / HD_BOOLEAN_PAD * HD_BOOLEAN_PAD;
}

static inline size_t hd__boolean_bytes(int n_pre, int n) {
  return (size_t)((n_pre + 63) / 64 * 16) * (size_t)hd__boolean_stride(n);
}

/* Pack W [n_pre][n] into plus and minus, hd__boolean_bytes each. False if it holds more than one
 * size of weights, or one whose sums would be rounded. */
bool hd__boolean_pack(int n_pre, int n, const float *W, uint8_t *plus, uint8_t *minus,
                      hd__boolean *out);

#endif
