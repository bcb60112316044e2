/* Weight matrices by rows and by columns, and plain vectors. Included by kernel_impl.c only. */
#include "lanes.h"

/* Slices are independent sums: four at a time keep the adders busy and read each weight once. */
HD_INLINE void rows_drive_slices(int count, int from, int n_pre, int n, const float *W,
                                 const float *x, int x_stride, float *drive) {
  for (int j = from; j < n; j += HD_LANES) {
    hd__lanes acc[4];
    for (int s = 0; s < count; s++) {
      acc[s] = hd__zero();
    }
    for (int i = 0; i < n_pre; i++) {
      const hd__lanes row = hd__load(W + (size_t)i * (size_t)n + (size_t)j);
      for (int s = 0; s < count; s++) {
        acc[s] = hd__add_scaled(acc[s], x[s * x_stride + i], row);
      }
    }
    for (int s = 0; s < count; s++) {
      hd__store(drive + (size_t)s * (size_t)n + (size_t)j, acc[s]);
    }
  }
}

/* Where registers hold sixteen sums: four vectors together, so that an input is read once for them.
 * Returns how many targets are done. */
HD_INLINE int rows_drive_wide(int count, int n_pre, int n, const float *W, const float *x,
                              int x_stride, float *drive) {
  int j = 0;
#if defined(__AVX512F__) && !defined(HD_KERNEL_SCALAR)
  enum { COLS = 4 };
  for (; j + COLS * HD_LANES <= n; j += COLS * HD_LANES) {
    hd__lanes acc[4][COLS];
    for (int k = 0; k < count * COLS; k++) {
      acc[k / COLS][k % COLS] = hd__zero();
    }
    for (int i = 0; i < n_pre; i++) {
      const float *row = W + (size_t)i * (size_t)n + (size_t)j;
      for (int k = 0; k < count * COLS; k++) {
        const int s = k / COLS, c = k % COLS;
        acc[s][c] = hd__add_scaled(acc[s][c], x[s * x_stride + i], hd__load(row + c * HD_LANES));
      }
    }
    for (int k = 0; k < count * COLS; k++) {
      const int s = k / COLS, c = k % COLS;
      hd__store(drive + (size_t)s * (size_t)n + (size_t)(j + c * HD_LANES), acc[s][c]);
    }
  }
#else
  (void)count, (void)n_pre, (void)n, (void)W, (void)x, (void)x_stride, (void)drive;
#endif
  return j;
}

static void rows_drive(int n_slices, int n_pre, int n, const float *restrict W,
                       const float *restrict x, int x_stride, float *restrict drive) {
  int s = 0;
  for (; s + 4 <= n_slices; s += 4) {
    const float *from = x + s * x_stride;
    float *to = drive + (size_t)s * (size_t)n;
    const int done = rows_drive_wide(4, n_pre, n, W, from, x_stride, to);
    rows_drive_slices(4, done, n_pre, n, W, from, x_stride, to);
  }
  for (; s < n_slices; s++) {
    const float *from = x + s * x_stride;
    float *to = drive + (size_t)s * (size_t)n;
    const int done = rows_drive_wide(1, n_pre, n, W, from, x_stride, to);
    rows_drive_slices(1, done, n_pre, n, W, from, x_stride, to);
  }
}

static void rows_lines(int n_lines, int n, const int32_t *restrict line, const float *restrict W,
                       float *restrict drive) {
  for (int j = 0; j < n; j += HD_LANES) {
    hd__lanes acc = hd__zero();
    for (int k = 0; k < n_lines; k++) {
      acc = hd__add_scaled(acc, 1.0f, hd__load(W + (size_t)line[k] * (size_t)n + (size_t)j));
    }
    hd__store(drive + j, acc);
  }
}

static float linear_dot(int n, const float *restrict x, const float *restrict y) {
  hd__lanes acc = hd__zero();
  for (int i = 0; i < n; i += HD_LANES) {
    acc = hd__add_product(acc, hd__load(x + i), hd__load(y + i));
  }
  return hd__sum(acc);
}

static void rows_back(int n_pre, int n, const float *restrict W, const float *restrict g,
                      float *restrict back) {
  for (int i = 0; i < n_pre; i++) {
    back[i] = linear_dot(n, W + (size_t)i * (size_t)n, g);
  }
}

static void linear_axpy(int n, float a, const float *restrict x, float *restrict y) {
  for (int i = 0; i < n; i += HD_LANES) {
    hd__store(y + i, hd__add_scaled(hd__load(y + i), a, hd__load(x + i)));
  }
}

static void linear_approach(int n, float a, const float *restrict x, float *restrict y) {
  for (int i = 0; i < n; i += HD_LANES) {
    const hd__lanes from = hd__load(y + i);
    hd__store(y + i, hd__add_scaled(from, a, hd__add_scaled(hd__load(x + i), -1.0f, from)));
  }
}

/* Some lanes at a time go all the way in registers. */
static void linear_approach_often(int n, int steps, const float *restrict a,
                                  const float *restrict x, float *restrict y) {
  enum { MOST = 4 };
  for (int i = 0; i < n; i += MOST * HD_LANES) {
    const int left = (n - i + HD_LANES - 1) / HD_LANES, some = left < MOST ? left : MOST;
    hd__lanes from[MOST] = {0};
    for (int k = 0; k < some; k++) {
      from[k] = hd__load(y + i + k * HD_LANES);
    }
    for (int s = 0; s < steps; s++) {
      for (int k = 0; k < MOST; k++) {
        const float *to = x + i + (k < some ? k : 0) * HD_LANES;
        from[k] = hd__add_scaled(from[k], a[s], hd__add_scaled(hd__load(to), -1.0f, from[k]));
      }
    }
    for (int k = 0; k < some; k++) {
      hd__store(y + i + k * HD_LANES, from[k]);
    }
  }
}

static void cols_drive(int n_post, int n, const float *restrict W, const float *restrict x,
                       float *restrict out) {
  for (int k = 0; k < n_post; k++) {
    out[k] = linear_dot(n, W + (size_t)k * (size_t)n, x);
  }
}

static void cols_back(int n_post, int n, const float *restrict W, const float *restrict g,
                      float *restrict back) {
  for (int k = 0; k < n_post; k++) {
    linear_axpy(n, g[k], W + (size_t)k * (size_t)n, back);
  }
}

static void linear_scale(int n, float a, float *restrict x) {
  for (int i = 0; i < n; i += HD_LANES) {
    hd__store(x + i, hd__scale(a, hd__load(x + i)));
  }
}
