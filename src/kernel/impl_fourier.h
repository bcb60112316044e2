/* Cosines of all integer frequencies up to an order. Included by kernel_impl.c only.
 *
 * Feature (c_1 .. c_d) is the real part of exp(i pi c.s), a product of a head, which holds the
 * first components, and a tail, which holds the others: two short tables of sines and cosines, and
 * then one complex product a feature, of which the imaginary part is not needed. */
#include "lanes.h"
#include "mathf.h"

/* Cosine and sine of pi r, |r| <= 1/2, by polynomials (tools/fit_turn.py: 3e-9), then of twice the
 * angle: 2 pi (coarse + fine), coarse a multiple of 2^-13 and below 2048, so that whole turns leave
 * it exactly. */
HD_INLINE void cosine_sine(hd__v coarse, hd__v fine, hd__v *cosine, hd__v *sine) {
  const hd__v sum = (coarse - ((coarse + HD_ROUNDER) - HD_ROUNDER)) + fine;
  const hd__v r = sum - ((sum + HD_ROUNDER) - HD_ROUNDER), z = r * r;
  const hd__v s =
      r * (3.14159258f +
           z * (-5.16770688f + z * (2.55003138f + z * (-5.98045172e-1f + z * 7.72201247e-2f))));
  const hd__v c =
      1.0f +
      z * (-4.93480216f +
           z * (4.05870960f + z * (-1.33521610f + z * (2.34953925e-1f + z * -2.44206988e-2f))));
  *cosine = c * c - s * s;
  *sine = 2.0f * (s * c);
}

static const float lane_number[HD_LANES]
    __attribute__((aligned(64))) = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* The m frequencies of `dims` components, the first component most significant; written in whole
 * vectors. */
HD_INLINE void fourier_factors(int order, int dims, int m, const float *unit, float *cosine,
                               float *sine) {
  const float base = (float)(order + 1), inverse = 1.0f / base;
  for (int at = 0; at < m; at += HD_VW) {
    hd__v rest = *(const hd__v *)lane_number + (float)at, coarse = (hd__v){0}, fine = coarse;
    for (int d = dims - 1; d >= 0; d--) {
      const float half = 0.5f * unit[d], steps = hd__roundf(8192.0f * half) * (1.0f / 8192.0f);
      hd__v digit = rest;
      if (d > 0) {
        /* floor(rest / base): the nearest integer to the middle of its remainders, minus a half */
        rest = (rest * inverse + 0.5f * (inverse - 1.0f) + HD_ROUNDER) - HD_ROUNDER;
        digit -= rest * base;
      }
      coarse += digit * steps;
      fine += digit * (half - steps);
    }
    cosine_sine(coarse, fine, (hd__v *)(cosine + at), (hd__v *)(sine + at));
  }
}

/* Features of all heads where the tails fill whole vectors, which then stay in registers. */
HD_INLINE void features_whole(int n_head, int n_tail, const float *head_cosine,
                              const float *head_sine, const float *cosine, const float *sine,
                              const float *root, float *x) {
  for (int j = 0; j < n_tail; j += HD_LANES) {
    const hd__lanes c = hd__load(cosine + j), s = hd__load(sine + j);
    for (int h = 0; h < n_head; h++) {
      const size_t at = (size_t)(h * n_tail + j);
      hd__lanes y = hd__add_scaled(hd__scale(head_cosine[h], c), -head_sine[h], s);
      if (root != NULL) {
        y = hd__multiply(y, hd__load(root + at));
      }
      hd__store(x + at, y);
    }
  }
}

/* m features of one head, and whatever comes after them in the last vector, as long as there is
 * room for whole vectors. */
HD_INLINE void fourier_features(int m, int room, float head_cosine, float head_sine,
                                const float *cosine, const float *sine, const float *root,
                                float *x) {
  int j = 0;
  for (; j < m && j + HD_VW <= room; j += HD_VW) {
    hd__v tail =
        head_cosine * *(const hd__v *)(cosine + j) - head_sine * *(const hd__v *)(sine + j);
    if (root != NULL) {
      tail *= *(const hd__v_any *)(root + j);
    }
    *(hd__v_any *)(x + j) = tail;
  }
  for (; j < m; j++) {
    const float tail = head_cosine * cosine[j] - head_sine * sine[j];
    x[j] = root != NULL ? tail * root[j] : tail;
  }
}

/* Vectors that hold the tail of order 5 and four components, 36: the common case of those that do
 * not fill them. */
enum { HD_SHORT = (36 + HD_VW - 1) / HD_VW };

/* The same for all heads but those whose vectors would pass the end; returns how many were done.
 * The tail is `vectors` vectors, a constant, which stay in registers. */
HD_INLINE int features_short(int vectors, int n_head, int n_tail, const float *head_cosine,
                             const float *head_sine, const float *cosine, const float *sine,
                             const float *root, float *x) {
  hd__v c[HD_SHORT], s[HD_SHORT];
  for (int k = 0; k < vectors; k++) {
    c[k] = *(const hd__v *)(cosine + k * HD_VW);
    s[k] = *(const hd__v *)(sine + k * HD_VW);
  }
  int h = 0;
  for (; h * n_tail + vectors * HD_VW <= n_head * n_tail; h++) {
    const size_t at = (size_t)(h * n_tail);
    for (int k = 0; k < vectors; k++) {
      hd__v y = head_cosine[h] * c[k] - head_sine[h] * s[k];
      if (root != NULL) {
        y *= *(const hd__v_any *)(root + at + k * HD_VW);
      }
      *(hd__v_any *)(x + at + k * HD_VW) = y;
    }
  }
  return h;
}

HD_INLINE void fourier_rows(int B, int order, int dims, const float *unit, const float *root,
                            float *x, int x_stride) {
  float cosine[HD_FOURIER_MAX + HD_LANES] __attribute__((aligned(64)));
  float sine[HD_FOURIER_MAX + HD_LANES] __attribute__((aligned(64)));
  int n_head = 1, n_tail = 1;
  for (int d = 0; d < dims; d++) {
    *(d < dims / 2 ? &n_head : &n_tail) *= order + 1;
  }
  const int n = n_head * n_tail, head = HD_PAD(n_tail);
  for (int r = 0; r < B; r++, unit += dims, x += x_stride) {
    fourier_factors(order, dims - dims / 2, n_tail, unit + dims / 2, cosine, sine);
    fourier_factors(order, dims / 2, n_head, unit, cosine + head, sine + head);
    if (n_tail % HD_LANES == 0) {
      features_whole(n_head, n_tail, cosine + head, sine + head, cosine, sine, root, x);
      continue;
    }
    int h = 0;
    if (n_tail > (HD_SHORT - 1) * HD_VW && n_tail <= HD_SHORT * HD_VW) {
      h = features_short(HD_SHORT, n_head, n_tail, cosine + head, sine + head, cosine, sine, root,
                         x);
    }
    for (; h < n_head; h++) {
      const int at = h * n_tail;
      fourier_features(n_tail, n - at, cosine[head + h], sine[head + h], cosine, sine,
                       root != NULL ? root + at : NULL, x + at);
    }
    memset(x + n, 0, sizeof(float) * (size_t)(HD_PAD(n) - n));
  }
}

static void fourier(int B, int order, int dims, const float *restrict unit,
                    const float *restrict root, float *restrict x, int x_stride) {
  if (root != NULL) {
    fourier_rows(B, order, dims, unit, root, x, x_stride);
  } else {
    fourier_rows(B, order, dims, unit, NULL, x, x_stride);
  }
}
