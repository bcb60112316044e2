/* Weight matrices by rows and by columns, and plain vectors. Included by kernel_impl.c only. */
#include "lanes.h"

/* Sums held in registers: 16 vectors of 16 floats, 8 of 8 or 4. */
#if defined(__AVX512F__)
enum { HD_DRIVE_SLICES = 4, HD_DRIVE_COLS = 4 };
#else
enum { HD_DRIVE_SLICES = 4, HD_DRIVE_COLS = 1 };
#endif

/* Slices are independent sums: several at a time keep the adders busy and read each weight once. */
HD_INLINE void rows_drive_block(int count, int cols, int n_pre, int n, const float *W,
                                const float *x, int x_stride, float *drive) {
  hd__lanes acc[HD_DRIVE_SLICES][HD_DRIVE_COLS];
  for (int s = 0; s < count; s++) {
    for (int j = 0; j < cols; j++) {
      acc[s][j] = hd__zero();
    }
  }
  for (int i = 0; i < n_pre; i++) {
    hd__lanes row[HD_DRIVE_COLS];
    for (int j = 0; j < cols; j++) {
      row[j] = hd__load(W + (size_t)i * (size_t)n + (size_t)(j * HD_LANES));
    }
    for (int s = 0; s < count; s++) {
      const float value = x[s * x_stride + i];
      for (int j = 0; j < cols; j++) {
        acc[s][j] = hd__add_scaled(acc[s][j], value, row[j]);
      }
    }
  }
  for (int s = 0; s < count; s++) {
    for (int j = 0; j < cols; j++) {
      hd__store(drive + (size_t)s * (size_t)n + (size_t)(j * HD_LANES), acc[s][j]);
    }
  }
}

HD_INLINE void rows_drive_slices(int count, int n_pre, int n, const float *W, const float *x,
                                 int x_stride, float *drive) {
  int j = 0;
  for (; j + HD_DRIVE_COLS * HD_LANES <= n; j += HD_DRIVE_COLS * HD_LANES) {
    rows_drive_block(count, HD_DRIVE_COLS, n_pre, n, W + j, x, x_stride, drive + j);
  }
  for (; HD_DRIVE_COLS > 1 && j < n; j += HD_LANES) {
    rows_drive_block(count, 1, n_pre, n, W + j, x, x_stride, drive + j);
  }
}

static void rows_drive(int n_slices, int n_pre, int n, const float *restrict W,
                       const float *restrict x, int x_stride, float *restrict drive) {
  int s = 0;
  for (; s + HD_DRIVE_SLICES <= n_slices; s += HD_DRIVE_SLICES) {
    rows_drive_slices(HD_DRIVE_SLICES, n_pre, n, W, x + s * x_stride, x_stride,
                      drive + (size_t)s * (size_t)n);
  }
  for (; s < n_slices; s++) {
    rows_drive_slices(1, n_pre, n, W, x + s * x_stride, x_stride, drive + (size_t)s * (size_t)n);
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

static float dot(int n, const float *restrict x, const float *restrict y) {
  hd__lanes acc = hd__zero();
  for (int i = 0; i < n; i += HD_LANES) {
    acc = hd__add_product(acc, hd__load(x + i), hd__load(y + i));
  }
  return hd__sum(acc);
}

static void rows_back(int n_pre, int n, const float *restrict W, const float *restrict g,
                      float *restrict back) {
  for (int i = 0; i < n_pre; i++) {
    back[i] = dot(n, W + (size_t)i * (size_t)n, g);
  }
}

static void axpy(int n, float a, const float *restrict x, float *restrict y) {
  for (int i = 0; i < n; i += HD_LANES) {
    hd__store(y + i, hd__add_scaled(hd__load(y + i), a, hd__load(x + i)));
  }
}

static void cols_drive(int n_post, int n, const float *restrict W, const float *restrict x,
                       float *restrict out) {
  for (int k = 0; k < n_post; k++) {
    out[k] = dot(n, W + (size_t)k * (size_t)n, x);
  }
}

static void cols_back(int n_post, int n, const float *restrict W, const float *restrict g,
                      float *restrict back) {
  for (int k = 0; k < n_post; k++) {
    axpy(n, g[k], W + (size_t)k * (size_t)n, back);
  }
}

static void scale(int n, float a, float *restrict x) {
  for (int i = 0; i < n; i += HD_LANES) {
    hd__store(x + i, hd__scale(a, hd__load(x + i)));
  }
}
