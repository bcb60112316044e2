/* CRC-32 as in zlib, PNG and IEEE 802.3: finds damage, not forgery. */
#ifndef HD_CRC32_H
#define HD_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continue a sum over `size` more bytes; start with 0. */
uint32_t hd__crc32(uint32_t crc, const void *data, size_t size);

#endif
