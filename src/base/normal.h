/* Normal deviates from the counter-based generator. */
#ifndef HD_NORMAL_H
#define HD_NORMAL_H

#include "mathf.h"
#include "random.h"

/* Standard normal number `index` under a key, from its words 2 index and 2 index + 1; at most
 * 5.9 in size, the limit of 24 bits.  Source: Box & Muller 1958. */
static inline float hd__normalf(hd__key key, uint32_t index) {
  const float radius = hd__sqrtf(-2.0f * hd__logf(hd__uniform24(key, 2 * index)));
  float sine, cosine;
  hd__sincos_turnf(hd__uniform24(key, 2 * index + 1), &sine, &cosine);
  return radius * cosine;
}

#endif
