#include "crc32.h"

#include <string.h>

/* The remainder of a byte followed by k zero bytes, polynomial 0xEDB88320 (reflected 0x04C11DB7),
 * is the sum of those of its bits; eight bytes at a time are the sum of eight such remainders
 * (slicing by eight: Kounavis & Berry 2008). */
#define BIT(i, k, r) (((i) >> (k)&1) != 0 ? (r) : 0u)
#define BYTE(i, a, b, c, d, e, f, g, h)                                                      \
  (BIT(i, 0, a) ^ BIT(i, 1, b) ^ BIT(i, 2, c) ^ BIT(i, 3, d) ^ BIT(i, 4, e) ^ BIT(i, 5, f) ^ \
   BIT(i, 6, g) ^ BIT(i, 7, h))
#define FOUR(i, ...) \
  BYTE(i, __VA_ARGS__), BYTE(i + 1, __VA_ARGS__), BYTE(i + 2, __VA_ARGS__), BYTE(i + 3, __VA_ARGS__)
#define SIXTEEN(i, ...)                                                     \
  FOUR(i, __VA_ARGS__), FOUR(i + 4, __VA_ARGS__), FOUR(i + 8, __VA_ARGS__), \
      FOUR(i + 12, __VA_ARGS__)
#define SIXTY_FOUR(i, ...)                                                             \
  SIXTEEN(i, __VA_ARGS__), SIXTEEN(i + 16, __VA_ARGS__), SIXTEEN(i + 32, __VA_ARGS__), \
      SIXTEEN(i + 48, __VA_ARGS__)
#define ALL(...)                                                                           \
  {                                                                                        \
    SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__), SIXTY_FOUR(128, __VA_ARGS__), \
        SIXTY_FOUR(192, __VA_ARGS__)                                                       \
  }

static const uint32_t remainder_of[8][256] = {
    ALL(0x77073096u, 0xEE0E612Cu, 0x076DC419u, 0x0EDB8832u, 0x1DB71064u, 0x3B6E20C8u, 0x76DC4190u,
        0xEDB88320u),
    ALL(0x191B3141u, 0x32366282u, 0x646CC504u, 0xC8D98A08u, 0x4AC21251u, 0x958424A2u, 0xF0794F05u,
        0x3B83984Bu),
    ALL(0x01C26A37u, 0x0384D46Eu, 0x0709A8DCu, 0x0E1351B8u, 0x1C26A370u, 0x384D46E0u, 0x709A8DC0u,
        0xE1351B80u),
    ALL(0xB8BC6765u, 0xAA09C88Bu, 0x8F629757u, 0xC5B428EFu, 0x5019579Fu, 0xA032AF3Eu, 0x9B14583Du,
        0xED59B63Bu),
    ALL(0x3D6029B0u, 0x7AC05360u, 0xF580A6C0u, 0x30704BC1u, 0x60E09782u, 0xC1C12F04u, 0x58F35849u,
        0xB1E6B092u),
    ALL(0xCB5CD3A5u, 0x4DC8A10Bu, 0x9B914216u, 0xEC53826Du, 0x03D6029Bu, 0x07AC0536u, 0x0F580A6Cu,
        0x1EB014D8u),
    ALL(0xA6770BB4u, 0x979F1129u, 0xF44F2413u, 0x33EF4E67u, 0x67DE9CCEu, 0xCFBD399Cu, 0x440B7579u,
        0x8816EAF2u),
    ALL(0xCCAA009Eu, 0x4225077Du, 0x844A0EFAu, 0xD3E51BB5u, 0x7CBB312Bu, 0xF9766256u, 0x299DC2EDu,
        0x533B85DAu),
};

static uint32_t crc32_eight(uint32_t crc, const unsigned char *p) {
  uint32_t low, high;
  memcpy(&low, p, 4);
  memcpy(&high, p + 4, 4);
  low ^= crc;
  return remainder_of[7][low & 255] ^ remainder_of[6][low >> 8 & 255] ^
         remainder_of[5][low >> 16 & 255] ^ remainder_of[4][low >> 24] ^
         remainder_of[3][high & 255] ^ remainder_of[2][high >> 8 & 255] ^
         remainder_of[1][high >> 16 & 255] ^ remainder_of[0][high >> 24];
}

uint32_t hd__crc32(uint32_t crc, const void *data, size_t size) {
  const unsigned char *p = data;
  crc = ~crc;
  for (; size >= 8; size -= 8, p += 8) {
    crc = crc32_eight(crc, p);
  }
  for (; size > 0; size--, p++) {
    crc = crc >> 8 ^ remainder_of[0][(crc ^ *p) & 255];
  }
  return ~crc;
}
