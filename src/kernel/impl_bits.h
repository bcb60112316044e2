/* Weights of one size that are there or not, times spikes: counting instead of multiplying. Four
 * sources meet a target in one byte, whose low half says which of them reach it; how many of those
 * spiked is looked up in sixteen entries, so that one shuffle of bytes serves as many targets as a
 * vector has bytes. Included by kernel_impl.c only.
 * Source of counting bits by shuffles: Mula, Kurz & Lemire 2018. */
#include "lanes.h"

#if !defined(HD_KERNEL_SCALAR) && defined(__SSSE3__)
#include <immintrin.h>
#define HD_HAS_LOOKUP 1
#endif

/* Counts of a block of targets stay within a byte for so many lookups of at most 4. */
enum { HD_LOOKUPS_MAX = 127 / 4, HD_BLOCK_BYTES = 256, HD_WORDS_NEAR = 2 };

/* hd__common[a][b] = bits set in both a and b */
#define HD_ONES(a) (((a)&1) + ((a) >> 1 & 1) + ((a) >> 2 & 1) + ((a) >> 3 & 1))
#define HD_COMMON4(a, b) \
  HD_ONES((a) & (b)), HD_ONES((a) & ((b) + 1)), HD_ONES((a) & ((b) + 2)), HD_ONES((a) & ((b) + 3))
#define HD_COMMON(a) \
  { HD_COMMON4(a, 0), HD_COMMON4(a, 4), HD_COMMON4(a, 8), HD_COMMON4(a, 12) }
static const _Alignas(16) int8_t common[16][16] = {
    HD_COMMON(0),  HD_COMMON(1),  HD_COMMON(2),  HD_COMMON(3), HD_COMMON(4),  HD_COMMON(5),
    HD_COMMON(6),  HD_COMMON(7),  HD_COMMON(8),  HD_COMMON(9), HD_COMMON(10), HD_COMMON(11),
    HD_COMMON(12), HD_COMMON(13), HD_COMMON(14), HD_COMMON(15)};
#undef HD_COMMON
#undef HD_COMMON4
#undef HD_ONES

#if defined(HD_HAS_LOOKUP)
enum { HD_VBYTES = 4 * HD_VW };
typedef int8_t hd__vb __attribute__((vector_size(4 * HD_VW), may_alias));

#if defined(__AVX512F__)
HD_INLINE hd__vb table_at(const int8_t *entry) {
  return (hd__vb)_mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)entry));
}
HD_INLINE hd__vb look_up(hd__vb table, hd__vb index) {
  return (hd__vb)_mm512_shuffle_epi8((__m512i)table, (__m512i)index);
}
#elif defined(__AVX2__)
HD_INLINE hd__vb table_at(const int8_t *entry) {
  return (hd__vb)_mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)entry));
}
HD_INLINE hd__vb look_up(hd__vb table, hd__vb index) {
  return (hd__vb)_mm256_shuffle_epi8((__m256i)table, (__m256i)index);
}
#else
HD_INLINE hd__vb table_at(const int8_t *entry) { return *(const hd__vb *)entry; }
HD_INLINE hd__vb look_up(hd__vb table, hd__vb index) {
  return (hd__vb)_mm_shuffle_epi8((__m128i)table, (__m128i)index);
}
#endif
#else
enum { HD_VBYTES = HD_LANES };
typedef struct hd__vb {
  int8_t lane[HD_LANES];
} hd__vb;
#endif

/* count += what the spiking ones among four sources give to `vectors` vectors of targets */
HD_INLINE void count_four(int vectors, const int8_t *entry, const uint8_t *plus,
                          const uint8_t *minus, hd__vb *count) {
#if defined(HD_HAS_LOOKUP)
  const hd__vb table = table_at(entry);
  for (int v = 0; v < vectors; v++) {
    const hd__vb up = look_up(table, *(const hd__vb *)(plus + v * HD_VBYTES));
    const hd__vb down = look_up(table, *(const hd__vb *)(minus + v * HD_VBYTES));
    count[v] += up - down;
  }
#else
  for (int v = 0; v < vectors; v++) {
    for (int j = 0; j < HD_VBYTES; j++) {
      const int at = v * HD_VBYTES + j;
      count[v].lane[j] = (int8_t)(count[v].lane[j] + entry[plus[at]] - entry[minus[at]]);
    }
  }
#endif
}

HD_INLINE void bits_clear(int vectors, hd__vb *count) {
  for (int v = 0; v < vectors; v++) {
    count[v] = (hd__vb){0};
  }
}

/* drive += size count */
HD_INLINE void add_count(int vectors, int end, float size, const hd__vb *count, float *drive) {
  _Alignas(64) int8_t whole[HD_BLOCK_BYTES];
  for (int v = 0; v < vectors; v++) {
    *(hd__vb *)(whole + v * HD_VBYTES) = count[v];
  }
  for (int j = 0; j < end; j++) {
    drive[j] += size * (float)whole[j];
  }
}

/* What the sources of `words` words give to the targets of a block. */
HD_INLINE void count_words(int vectors, int end, const hd__boolean *W, size_t at,
                           const uint64_t *bits, int words, float *drive) {
  hd__vb count[HD_BLOCK_BYTES / HD_VBYTES];
  int lookups = 0;
  bits_clear(vectors, count);
  for (int k = 0; k < words; k++, at += 16 * (size_t)W->stride) {
    const uint64_t some = bits[k] | bits[k] >> 1;
    for (uint64_t left = (some | some >> 2) & 0x1111111111111111u; left != 0; left &= left - 1) {
      const int first = __builtin_ctzll(left);
      const size_t row = at + (size_t)(first / 4) * (size_t)W->stride;
      count_four(vectors, common[bits[k] >> first & 15], W->plus + row, W->minus + row, count);
      if (++lookups == HD_LOOKUPS_MAX) {
        add_count(vectors, end, W->size, count, drive);
        bits_clear(vectors, count);
        lookups = 0;
      }
    }
  }
  add_count(vectors, end, W->size, count, drive);
}

/* A few sources meet all slices while their weights lie in the nearest cache. */
HD_INLINE void count_block(int vectors, int end, int n_slices, int n, const hd__boolean *W, int j,
                           const uint64_t *bits, int words, float *drive) {
  for (int s = 0; s < n_slices; s++) {
    memset(drive + (size_t)s * (size_t)n, 0, sizeof(float) * (size_t)end);
  }
  for (int k = 0; k < words; k += HD_WORDS_NEAR) {
    const int count = words - k < HD_WORDS_NEAR ? words - k : HD_WORDS_NEAR;
    const size_t at = (size_t)(16 * k) * (size_t)W->stride + (size_t)j;
    for (int s = 0; s < n_slices; s++) {
      count_words(vectors, end, W, at, bits + s * words + k, count, drive + (size_t)s * (size_t)n);
    }
  }
}

static void bits_drive(int n_slices, int n, const hd__boolean *W, const uint64_t *restrict bits,
                       int words, float *restrict drive) {
  int j = 0;
  for (; j + HD_BLOCK_BYTES <= n; j += HD_BLOCK_BYTES) {
    count_block(HD_BLOCK_BYTES / HD_VBYTES, HD_BLOCK_BYTES, n_slices, n, W, j, bits, words,
                drive + j);
  }
  for (; j < n; j += HD_VBYTES) {
    const int end = n - j < HD_VBYTES ? n - j : HD_VBYTES;
    count_block(1, end, n_slices, n, W, j, bits, words, drive + j);
  }
}
