/* Characters of UTF-8, as TOML and JSON need them. */
#ifndef HD_UTF8_H
#define HD_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Written in place of a byte that belongs to no character. */
#define HD_UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* Bytes of the character at p, of which `left` bytes may be read; 0: it is no UTF-8. */
static inline size_t hd__utf8_length(const unsigned char *p, size_t left) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  uint32_t code = n == 4 ? p[0] & 0x07u : n == 3 ? p[0] & 0x0Fu : p[0] & 0x1Fu;
  if (n == 0 || n > left || p[0] > 0xF4) {
    return 0;
  }
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) {
      return 0;
    }
    code = code << 6 | (p[i] & 0x3Fu);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return n == 1 || (code >= least[n] && code <= 0x10FFFF && !is_surrogate) ? n : 0;
}

#endif
