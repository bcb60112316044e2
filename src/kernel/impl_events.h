/* Inputs of zeros and ones as bits: only rows of set bits are touched. Adding the product with a
 * zero changes no sum, so the results are those of the dense loops. Included by kernel_impl.c only.
 */
#include "lanes.h"

/* Bits of the lanes of x that are not 0, and of those that are not 1 either. The compilers make no
 * mask of a comparison by themselves: 16 times faster so. */
HD_INLINE uint32_t set_bits(const float *x, uint32_t *odd) {
  uint32_t set = 0, other = 0;
#if defined(HD_KERNEL_SCALAR) || !defined(__SSE2__)
  for (int i = 0; i < HD_LANES; i++) {
    set |= (uint32_t)(x[i] != 0.0f) << i;
    other |= (uint32_t)(x[i] != 1.0f) << i;
  }
#elif defined(__AVX512F__)
  const __m512 v = _mm512_loadu_ps(x);
  set = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
  other = _mm512_cmp_ps_mask(v, _mm512_set1_ps(1.0f), _CMP_NEQ_UQ);
#else
  for (int i = 0; i < HD_LANES; i += 4) {
    const __m128 v = _mm_loadu_ps(x + i);
    set |= (uint32_t)_mm_movemask_ps(_mm_cmpneq_ps(v, _mm_setzero_ps())) << i;
    other |= (uint32_t)_mm_movemask_ps(_mm_cmpneq_ps(v, _mm_set1_ps(1.0f))) << i;
  }
#endif
  *odd |= set & other;
  return set;
}

static int pack(int n_slices, int n, const float *restrict x, int x_stride, uint64_t *restrict bits,
                int words) {
  uint32_t odd = 0;
  int count = 0;
  for (int s = 0; s < n_slices; s++, x += x_stride, bits += words) {
    for (int k = 0; k < words; k++) {
      const int end = n - 64 * k < 64 ? n - 64 * k : 64;
      uint64_t word = 0;
      for (int i = 0; i < end; i += HD_LANES) {
        const float *from = x + 64 * k + i;
        float last[HD_LANES] = {0};
        if (end - i < HD_LANES) {
          memcpy(last, from, sizeof(float) * (size_t)(end - i));
          from = last;
        }
        word |= (uint64_t)set_bits(from, &odd) << i;
      }
      bits[k] = word;
      count += __builtin_popcountll(word);
    }
  }
  return odd == 0 ? count : -1;
}

HD_INLINE void drive_cols(int cols, int n, const float *W, const uint64_t *bits, int words,
                          float *drive) {
  hd__lanes acc[HD_BLOCK_WIDE];
  for (int j = 0; j < cols; j++) {
    acc[j] = hd__zero();
  }
  for (int k = 0; k < words; k++) {
    const float *block = W + (size_t)(64 * k) * (size_t)n;
    for (uint64_t left = bits[k]; left != 0; left &= left - 1) {
      const float *row = block + (size_t)__builtin_ctzll(left) * (size_t)n;
      for (int j = 0; j < cols; j++) {
        acc[j] = hd__add(acc[j], hd__load(row + j * HD_LANES));
      }
    }
  }
  for (int j = 0; j < cols; j++) {
    hd__store(drive + j * HD_LANES, acc[j]);
  }
}

static void rows_events(int n_slices, int n_pre, int n, const float *restrict W,
                        const uint64_t *restrict bits, int words, float *restrict drive) {
  const int used = (n_pre + 63) / 64;
  for (int s = 0; s < n_slices; s++, bits += words, drive += n) {
    int j = 0;
    for (; j + HD_BLOCK_WIDE * HD_LANES <= n; j += HD_BLOCK_WIDE * HD_LANES) {
      drive_cols(HD_BLOCK_WIDE, n, W + j, bits, used, drive + j);
    }
    for (; j + HD_BLOCK_WIDE / 2 * HD_LANES <= n; j += HD_BLOCK_WIDE / 2 * HD_LANES) {
      drive_cols(HD_BLOCK_WIDE / 2, n, W + j, bits, used, drive + j);
    }
    for (; j < n; j += HD_LANES) {
      drive_cols(1, n, W + j, bits, used, drive + j);
    }
  }
}

HD_INLINE void event_cols(int cols, int n, float scale, const uint64_t *bits, int words,
                          const float *g, float *E) {
  hd__lanes scaled[HD_BLOCK_WIDE];
  for (int j = 0; j < cols; j++) {
    scaled[j] = hd__scale(scale, hd__load(g + j * HD_LANES));
  }
  for (int k = 0; k < words; k++) {
    float *block = E + (size_t)(64 * k) * (size_t)n;
    for (uint64_t left = bits[k]; left != 0; left &= left - 1) {
      float *row = block + (size_t)__builtin_ctzll(left) * (size_t)n;
      for (int j = 0; j < cols; j++) {
        float *at = row + j * HD_LANES;
        hd__store(at, hd__add(hd__load(at), scaled[j]));
      }
    }
  }
}

HD_INLINE void events_all(int cols, int n_slices, int used, int n, const float *scale,
                          const uint64_t *bits, int words, const float *g, int g_stride, float *E) {
  for (int s = 0; s < n_slices; s++, bits += words, g += g_stride) {
    event_cols(cols, n, scale[s], bits, used, g, E);
  }
}

static void outer_events(int n_slices, int n_pre, int n, const float *restrict scale,
                         const uint64_t *restrict bits, int words, const float *restrict g,
                         int g_stride, float *restrict E) {
  const int used = (n_pre + 63) / 64;
  int j = 0;
  for (; j + HD_BLOCK_WIDE * HD_LANES <= n; j += HD_BLOCK_WIDE * HD_LANES) {
    events_all(HD_BLOCK_WIDE, n_slices, used, n, scale, bits, words, g + j, g_stride, E + j);
  }
  for (; j + HD_BLOCK_WIDE / 2 * HD_LANES <= n; j += HD_BLOCK_WIDE / 2 * HD_LANES) {
    events_all(HD_BLOCK_WIDE / 2, n_slices, used, n, scale, bits, words, g + j, g_stride, E + j);
  }
  for (; j < n; j += HD_LANES) {
    events_all(1, n_slices, used, n, scale, bits, words, g + j, g_stride, E + j);
  }
}
