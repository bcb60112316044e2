/* Is every number of an array finite? By their bits, so that loops over them become vector code. */
#ifndef HD_IS_FINITE_H
#define HD_IS_FINITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t hd__is_infinite_or_nan(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & 0x7F800000u) == 0x7F800000u;
}

static inline bool hd__is_finite(const float *x, size_t n) {
  uint32_t bad = 0;
  for (size_t i = 0; i < n; i++) {
    bad |= hd__is_infinite_or_nan(x[i]);
  }
  return bad == 0;
}

#endif
