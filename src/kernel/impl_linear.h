/* Weight matrices by rows and by columns, and plain vectors. Included by kernel_impl.c only. */
#include "lanes.h"

/* Two blocks of lanes at a time, so that each x[i] is read once for both. */
static void rows_drive(int n_pre, int n, const float *restrict W, const float *restrict x,
                       float *restrict drive) {
  int j = 0;
  for (; j + 2 * HD_LANES <= n; j += 2 * HD_LANES) {
    hd__lanes a = hd__zero(), b = hd__zero();
    for (int i = 0; i < n_pre; i++) {
      const float *row = W + (size_t)i * (size_t)n + (size_t)j;
      a = hd__add_scaled(a, x[i], hd__load(row));
      b = hd__add_scaled(b, x[i], hd__load(row + HD_LANES));
    }
    hd__store(drive + j, a);
    hd__store(drive + j + HD_LANES, b);
  }
  for (; j < n; j += HD_LANES) {
    hd__lanes a = hd__zero();
    for (int i = 0; i < n_pre; i++) {
      a = hd__add_scaled(a, x[i], hd__load(W + (size_t)i * (size_t)n + (size_t)j));
    }
    hd__store(drive + j, a);
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

static void rows_outer(int n_slices, int n_pre, int n, float scale, const float *restrict x,
                       int x_stride, const float *restrict g, float *restrict E) {
  for (int j = 0; j < n; j += HD_LANES) {
    for (int i = 0; i < n_pre; i++) {
      float *at = E + (size_t)i * (size_t)n + (size_t)j;
      hd__lanes acc = hd__load(at);
      for (int s = 0; s < n_slices; s++) {
        acc = hd__add_scaled(acc, scale * x[s * x_stride + i],
                             hd__load(g + (size_t)s * (size_t)n + (size_t)j));
      }
      hd__store(at, acc);
    }
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
