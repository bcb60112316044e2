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

static int events_pack(int n_slices, int n, const float *restrict x, int x_stride,
                       uint64_t *restrict bits, int words) {
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

/* Sources are taken in words of 64, targets in blocks of so many vectors: their weights fill half
 * of a first-level cache. Rows far apart would fall onto few of its sets, so where they serve many
 * slices they are copied next to each other. */
enum { EVENT_COLS = 4, EVENT_LANES = EVENT_COLS * HD_LANES, EVENT_ROWS = 64, EVENT_MANY = 12 };
typedef float event_block[EVENT_ROWS * EVENT_LANES];

/* Rows of `cols` vectors, times scale[row] unless NULL. */
HD_INLINE void gather_rows(int rows, int cols, const float *scale, const float *from, size_t stride,
                           float *to) {
  for (int i = 0; i < rows; i++, from += stride, to += cols * HD_LANES) {
    for (int j = 0; j < cols; j++) {
      const hd__lanes x = hd__load(from + j * HD_LANES);
      hd__store(to + j * HD_LANES, scale != NULL ? hd__scale(scale[i], x) : x);
    }
  }
}

/* sum += rows named by the bits of a word, in their order. */
HD_INLINE void add_rows(int cols, uint64_t word, const float *rows, size_t stride, float *sum) {
  hd__lanes acc[EVENT_COLS];
  for (int j = 0; j < cols; j++) {
    acc[j] = hd__load(sum + j * HD_LANES);
  }
  for (uint64_t left = word; left != 0; left &= left - 1) {
    const float *row = rows + (size_t)__builtin_ctzll(left) * stride;
    for (int j = 0; j < cols; j++) {
      acc[j] = hd__add(acc[j], hd__load(row + j * HD_LANES));
    }
  }
  for (int j = 0; j < cols; j++) {
    hd__store(sum + j * HD_LANES, acc[j]);
  }
}

/* Targets of `cols` vectors. */
HD_INLINE void drive_cols(int cols, int n_slices, int n_pre, int n, const float *W,
                          const uint64_t *bits, int words, float *drive) {
  event_block block __attribute__((aligned(64)));
  const size_t stride = (size_t)n;
  for (int s = 0; s < n_slices; s++) {
    memset(drive + (size_t)s * stride, 0, sizeof(float) * (size_t)(cols * HD_LANES));
  }
  for (int i = 0; i < n_pre; i += EVENT_ROWS, W += EVENT_ROWS * stride, bits++) {
    const bool is_copied = n_slices >= EVENT_MANY && n > EVENT_LANES;
    if (is_copied) {
      gather_rows(n_pre - i < EVENT_ROWS ? n_pre - i : EVENT_ROWS, cols, NULL, W, stride, block);
    }
    for (int s = 0; s < n_slices; s++) {
      add_rows(cols, bits[(size_t)s * (size_t)words], is_copied ? block : W,
               is_copied ? (size_t)(cols * HD_LANES) : stride, drive + (size_t)s * stride);
    }
  }
}

static void rows_events(int n_slices, int n_pre, int n, const float *restrict W,
                        const uint64_t *restrict bits, int words, float *restrict drive) {
  int j = 0;
  for (; j + EVENT_LANES <= n; j += EVENT_LANES) {
    drive_cols(EVENT_COLS, n_slices, n_pre, n, W + j, bits, words, drive + j);
  }
  for (; j < n; j += HD_LANES) {
    drive_cols(1, n_slices, n_pre, n, W + j, bits, words, drive + j);
  }
}

/* Rows become columns: bit c of row r is bit r of row c. Source: Warren 2012, section 7-3. */
HD_INLINE void transpose_bits(uint64_t x[64]) {
  uint64_t mask = 0x00000000FFFFFFFFu;
  for (int size = 32; size > 0; size /= 2, mask ^= mask << size) {
    for (int at = 0; at < 64; at += 2 * size) {
      for (int r = at; r < at + size; r++) {
        const uint64_t other = (x[r] >> size ^ x[r + size]) & mask;
        x[r] ^= other << size;
        x[r + size] ^= other;
      }
    }
  }
}

/* Up to 64 slices: each source adds those in which it fired, and its row is touched once. */
HD_INLINE void event_slices(int cols, int n_slices, int n_pre, int n, const float *scale,
                            const uint64_t *bits, int words, const float *g, int g_stride,
                            float *E) {
  event_block block __attribute__((aligned(64)));
  uint64_t fired[EVENT_ROWS];
  gather_rows(n_slices, cols, scale, g, (size_t)g_stride, block);
  for (int i = 0; i < n_pre; i += EVENT_ROWS, bits++) {
    for (int s = 0; s < EVENT_ROWS; s++) {
      fired[s] = s < n_slices ? bits[(size_t)s * (size_t)words] : 0;
    }
    transpose_bits(fired);
    const int rows = n_pre - i < EVENT_ROWS ? n_pre - i : EVENT_ROWS;
    for (int k = 0; k < rows; k++) {
      if (fired[k] != 0) {
        add_rows(cols, fired[k], block, (size_t)(cols * HD_LANES), E + (size_t)(i + k) * (size_t)n);
      }
    }
  }
}

static void outer_events(int n_slices, int n_pre, int n, const float *restrict scale,
                         const uint64_t *restrict bits, int words, const float *restrict g,
                         int g_stride, float *restrict E) {
  for (int s = 0; s < n_slices; s += EVENT_ROWS) {
    const int count = n_slices - s < EVENT_ROWS ? n_slices - s : EVENT_ROWS;
    const uint64_t *some = bits + (size_t)s * (size_t)words;
    const float *from = g + (size_t)s * (size_t)g_stride;
    int j = 0;
    for (; j + EVENT_LANES <= n; j += EVENT_LANES) {
      event_slices(EVENT_COLS, count, n_pre, n, scale + s, some, words, from + j, g_stride, E + j);
    }
    for (; j < n; j += HD_LANES) {
      event_slices(1, count, n_pre, n, scale + s, some, words, from + j, g_stride, E + j);
    }
  }
}
