#include "unicode.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes that a first byte announces, 0: it is none. */
static int unicode_announced(unsigned char c) {
  return c < 0x80 ? 1 : c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

int unicode_length(const char *text) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *p = (const unsigned char *)text;
  const int n = unicode_announced(p[0]);
  uint32_t code = p[0] & (0xFFu >> (n + 1));
  for (int i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) {
      return 0;
    }
    code = code << 6 | (p[i] & 0x3Fu);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return n <= 1 || (code >= least[n] && code <= 0x10FFFF && !is_surrogate) ? n : 0;
}

int unicode_count(const char *text) {
  int count = 0;
  for (; *text != '\0'; count++) {
    const int n = unicode_length(text);
    text += n > 0 ? n : 1;
  }
  return count;
}
