/* Spikes of memoryless neurons, many rows at once, compared as integers. Included by kernel_impl.c
 * only.
 *
 * A draw is one half h of a word and fires if (h + 1/2) / 65536 < p, which is to say exactly if
 * h < ceil(65536 p - 1/2); no step of that rounds. The bound is 65536 where even the highest draw
 * fires: such a lane is `always` on. */
#include "lanes.h"

enum { HD_HALVES = 2 * HD_LANES }; /* draws of HD_LANES words */

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

/* The words from `index` on. */
HD_INLINE hd__halves halves_draw(hd__key key, uint32_t index) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "halves are read in memory order");
#define STEP(i) ((i)*HD_HASH_STEP)
  static const uint32_t lane[HD_LANES] __attribute__((aligned(64))) = {
      STEP(0), STEP(1), STEP(2),  STEP(3),  STEP(4),  STEP(5),  STEP(6),  STEP(7),
      STEP(8), STEP(9), STEP(10), STEP(11), STEP(12), STEP(13), STEP(14), STEP(15)};
#undef STEP
  const uint32_t start = index * HD_HASH_STEP + key.a;
  hd__halves half;
  for (int k = 0; k < HD_VN; k++) {
    hd__vu x = *(const hd__vu *)(lane + k * HD_VW) + start;
    HD_HASH_FINISH(x, key);
    half.v[k] = (hd__vh)x;
  }
  return half;
}

typedef struct hd__bounds {
  hd__halves below, always;
} hd__bounds;

/* The bounds of m lanes, m = HD_HALVES or HD_LANES. */
HD_INLINE hd__bounds bounds_of(int m, const float *p) {
  uint16_t bound[HD_HALVES] __attribute__((aligned(64))) = {0};
  uint16_t always[HD_HALVES] __attribute__((aligned(64))) = {0};
  for (int i = 0; i < m; i++) {
    const float y = p[i] * 65536.0f - 0.5f;
    const int32_t whole = (int32_t)y, up = whole + (y > (float)whole);
    bound[i] = (uint16_t)up;
    always[i] = (uint16_t) - (up >> 16);
  }
  return (hd__bounds){halves_load(bound), halves_load(always)};
}

HD_INLINE hd__halves halves_zero(void) {
  hd__halves x;
  for (int k = 0; k < HD_VN; k++) {
    x.v[k] = (hd__vh){0};
  }
  return x;
}

/* All bits of the lanes whose draw is below the bound; count them. */
HD_INLINE hd__halves halves_fired(hd__key key, uint32_t index, hd__halves below,
                                  hd__halves *count) {
  hd__halves fired = halves_draw(key, index);
  for (int k = 0; k < HD_VN; k++) {
    fired.v[k] = (hd__vh)(fired.v[k] < below.v[k]);
    count->v[k] -= fired.v[k];
  }
  return fired;
}

/* Counts of T substeps, lanes that always fire included: their bound does not fit, and is 0. */
HD_INLINE void halves_counted(hd__halves count, hd__halves always, int T, uint16_t *out) {
  for (int k = 0; k < HD_VN; k++) {
    count.v[k] += always.v[k] & (uint16_t)T;
  }
  halves_store(out, count);
}

/* Lanes at .. at + m of one row, m = HD_HALVES or HD_LANES; substeps are t_stride apart in b. */
HD_INLINE void spikes_block(int at, int m, int n, int T, size_t t_stride, hd__key key,
                            uint32_t first, const float *p, float *b, float *mean) {
  uint16_t out[HD_HALVES] __attribute__((aligned(64)));
  const hd__bounds bounds = bounds_of(m, p + at);
  hd__halves count = halves_zero();
  for (int t = 0; t < T; t++) {
    hd__halves fired =
        halves_fired(key, (first + (uint32_t)(t * n + at)) >> 1, bounds.below, &count);
    if (b != NULL) {
      for (int k = 0; k < HD_VN; k++) {
        fired.v[k] |= bounds.always.v[k];
      }
      halves_store(out, fired);
      for (int i = 0; i < m; i++) {
        b[(size_t)t * t_stride + (size_t)(at + i)] = (float)(out[i] & 1);
      }
    }
  }
  if (mean != NULL) {
    const float share = 1.0f / (float)T;
    halves_counted(count, bounds.always, T, out);
    for (int i = 0; i < m; i++) {
      mean[at + i] = share * (float)out[i];
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
