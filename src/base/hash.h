/* 64-bit hash of plain data: tells two runs apart, not two adversaries. */
#ifndef HD_HASH_H
#define HD_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "random.h"

static inline uint64_t hd__hash(uint64_t hash, const void *data, size_t size) {
  const unsigned char *p = data;
  for (; size >= 8; size -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    hash = hd__mix64(hash * 0x9E3779B97F4A7C15ull + word);
  }
  uint64_t tail = size;
  for (size_t i = 0; i < size; i++) {
    tail = tail << 8 | p[i];
  }
  return hd__mix64(hash * 0x9E3779B97F4A7C15ull + tail);
}

#endif
