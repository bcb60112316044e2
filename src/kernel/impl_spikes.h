/* Spikes of memoryless neurons, many rows at once, compared as integers. Included by kernel_impl.c
 * only.
 *
 * A draw is one half h of a word and fires if (h + 1/2) / 65536 < p, which is to say exactly if
 * h < ceil(65536 p - 1/2); no step of that rounds. Where even the highest draw fires the bound,
 * 65536, does not fit into a half: such lanes are set in the end. */
#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

#include "lanes.h"

enum { HD_HALVES = 2 * HD_LANES }; /* draws of HD_LANES words */

#define HD_ALWAYS (65535.5f / 65536.0f) /* a lane is always on above this */

typedef struct hd__words {
  hd__vu v[HD_VN];
} hd__words;

/* The integer above y, of [-1, 65536]. */
HD_INLINE int32_t spike_ceiling(float y) {
#if defined(HD_KERNEL_SCALAR)
  const int32_t whole = (int32_t)y;
  return whole + (y > (float)whole);
#else
  return (int32_t)__builtin_ceilf(y);
#endif
}

typedef struct hd__halves {
  hd__vh v[HD_VN];
} hd__halves;

HD_INLINE hd__halves halves_load(const uint16_t *p) {
  hd__halves x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = *(const hd__vh *)(p + 2 * k * HD_VW);
  }
  return x;
}

HD_INLINE void halves_store(uint16_t *p, hd__halves x) {
  for (int k = 0; k < HD_VN; k++) {
    *(hd__vh *)(p + 2 * k * HD_VW) = x.v[k];
  }
}

/* Where the hashes of the words from `index` on start; those of `more` words later start
 * HD_HASH_STEP times as far on. */
HD_INLINE hd__words words_from(hd__key key, uint32_t index) {
#define STEP(i) ((i)*HD_HASH_STEP)
  static const uint32_t lane[HD_LANES] __attribute__((aligned(64))) = {
      STEP(0), STEP(1), STEP(2),  STEP(3),  STEP(4),  STEP(5),  STEP(6),  STEP(7),
      STEP(8), STEP(9), STEP(10), STEP(11), STEP(12), STEP(13), STEP(14), STEP(15)};
#undef STEP
  hd__words x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = *(const hd__vu *)(lane + k * HD_VW) + (index * HD_HASH_STEP + key.a);
  }
  return x;
}

HD_INLINE hd__words words_later(hd__words x, uint32_t more) {
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] += more * HD_HASH_STEP;
  }
  return x;
}

/* The bounds of m lanes, m = HD_HALVES or HD_LANES. That of a lane which is always on is cut to 0.
 */
HD_INLINE hd__halves bounds_of(int m, const float *p) {
  uint16_t bound[HD_HALVES] __attribute__((aligned(64))) = {0};
  for (int i = 0; i < m; i++) {
    bound[i] = (uint16_t)spike_ceiling(p[i] * 65536.0f - 0.5f);
  }
  return halves_load(bound);
}

HD_INLINE hd__halves halves_zero(void) {
  hd__halves x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = (hd__vh){0};
  }
  return x;
}

/* All bits of the lanes whose draw is below the bound. */
HD_INLINE hd__halves halves_fired(hd__words x, hd__key key, hd__halves below) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "halves are read in memory order");
  hd__halves fired;
  for (int k = 0; k < HD_VN; k++) {
    HD_HASH_FINISH(x.v[k], key);
    fired.v[k] = (hd__vh)((hd__vh)x.v[k] < below.v[k]);
  }
  return fired;
}

/* The same, only counted. */
HD_INLINE hd__halves halves_count(hd__halves count, hd__words x, hd__key key, hd__halves below) {
#if defined(__AVX512BW__) && !defined(HD_KERNEL_SCALAR)
  HD_HASH_FINISH(x.v[0], key);
  const __m512i all = _mm512_set1_epi32(-1), old = (__m512i)count.v[0];
  const __mmask32 fired = _mm512_cmplt_epu16_mask((__m512i)x.v[0], (__m512i)below.v[0]);
  count.v[0] = (hd__vh)_mm512_mask_sub_epi16(old, fired, old, all);
#else
  const hd__halves fired = halves_fired(x, key, below);
  for (int k = 0; k < HD_VN; k++) {
    count.v[k] -= fired.v[k];
  }
#endif
  return count;
}

/* Lanes at .. at + m of one row, m = HD_HALVES or HD_LANES; substeps are t_stride apart in b. */
HD_INLINE void spikes_block(int at, int m, int n, int T, size_t t_stride, hd__key key,
                            uint32_t first, const float *p, float *b, float *mean) {
  uint16_t out[HD_HALVES] __attribute__((aligned(64)));
  const hd__halves below = bounds_of(m, p + at);
  hd__halves count = halves_zero();
  hd__words words = words_from(key, (first + (uint32_t)at) >> 1);
  for (int t = 0; t < T; t++, words = words_later(words, (uint32_t)n / 2)) {
    if (b == NULL) {
      count = halves_count(count, words, key, below);
      continue;
    }
    const hd__halves fired = halves_fired(words, key, below);
    for (int k = 0; k < HD_VN; k++) {
      count.v[k] -= fired.v[k];
    }
    halves_store(out, fired);
    for (int i = 0; i < m; i++) {
      const float drawn = (float)(out[i] & 1);
      b[(size_t)t * t_stride + (size_t)(at + i)] = p[at + i] > HD_ALWAYS ? 1.0f : drawn;
    }
  }
  if (mean != NULL) {
    const float share = 1.0f / (float)T;
    halves_store(out, count);
    for (int i = 0; i < m; i++) {
      const float drawn = (float)out[i];
      mean[at + i] = share * (p[at + i] > HD_ALWAYS ? (float)T : drawn);
    }
  }
}

static void spikes_batch(int B, int n, int T, const hd__key *restrict key, uint32_t first,
                         const float *restrict p, float *b, float *mean) {
  for (int r = 0; r < B; r++) {
    const size_t row = (size_t)r * (size_t)n, t_stride = (size_t)B * (size_t)n;
    float *b_row = b != NULL ? b + row : NULL, *mean_row = mean != NULL ? mean + row : NULL;
    int at = 0;
    for (; at + HD_HALVES <= n; at += HD_HALVES) {
      spikes_block(at, HD_HALVES, n, T, t_stride, key[r], first, p + row, b_row, mean_row);
    }
    if (at < n) {
      spikes_block(at, HD_LANES, n, T, t_stride, key[r], first, p + row, b_row, mean_row);
    }
  }
}
