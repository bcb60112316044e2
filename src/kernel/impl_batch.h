/* Loops over a batch of rows, blocked so that sums stay in registers. Included by kernel_impl.c
 * only. */
#include "lanes.h"

/* Blocks by what the registers hold: 32 of 16 floats, or 16 of 8 or 4. */
#if defined(__AVX512F__)
enum { HD_BLOCK_ROWS = 5, HD_BLOCK_COLS = 4, HD_BLOCK_WIDE = 8 };
#elif defined(__AVX__)
enum { HD_BLOCK_ROWS = 5, HD_BLOCK_COLS = 1, HD_BLOCK_WIDE = 4 };
#else
enum { HD_BLOCK_ROWS = 2, HD_BLOCK_COLS = 1, HD_BLOCK_WIDE = 2 };
#endif

static void rows_dot(int B, int n, const float *restrict w, const float *restrict x, int x_stride,
                     float *restrict out) {
  int r = 0;
  for (; r + 4 <= B; r += 4) {
    const float *row = x + (size_t)r * (size_t)x_stride;
    hd__lanes acc[4] = {hd__zero(), hd__zero(), hd__zero(), hd__zero()};
    for (int i = 0; i < n; i += HD_LANES) {
      const hd__lanes weight = hd__load(w + i);
      for (int k = 0; k < 4; k++) {
        acc[k] = hd__add_product(acc[k], weight, hd__load(row + (size_t)k * (size_t)x_stride + i));
      }
    }
    const hd__quad sum = hd__sum4(acc);
    for (int k = 0; k < 4; k++) {
      out[r + k] = sum[k];
    }
  }
  for (; r < B; r++) {
    out[r] = linear_dot(n, w, x + (size_t)r * (size_t)x_stride);
  }
}

/* Two rows of x meet two rows of W; the last row of an odd number goes alone. */
static void batch_heads(int B, int A, int n, const float *restrict W, const float *restrict x,
                        int x_stride, float *restrict out, int out_stride) {
  int r = 0;
  for (; r + 2 <= B; r += 2) {
    const float *x0 = x + (size_t)r * (size_t)x_stride, *x1 = x0 + x_stride;
    float *out0 = out + (size_t)r * (size_t)out_stride, *out1 = out0 + out_stride;
    for (int a = 0; a < A; a += 2) {
      const int a2 = a + 1 < A ? a + 1 : a;
      const float *w0 = W + (size_t)a * (size_t)n, *w1 = W + (size_t)a2 * (size_t)n;
      hd__lanes acc[4] = {hd__zero(), hd__zero(), hd__zero(), hd__zero()};
      for (int i = 0; i < n; i += HD_LANES) {
        const hd__lanes y0 = hd__load(x0 + i), y1 = hd__load(x1 + i);
        const hd__lanes v0 = hd__load(w0 + i), v1 = hd__load(w1 + i);
        acc[0] = hd__add_product(acc[0], v0, y0);
        acc[1] = hd__add_product(acc[1], v1, y0);
        acc[2] = hd__add_product(acc[2], v0, y1);
        acc[3] = hd__add_product(acc[3], v1, y1);
      }
      const hd__quad sum = hd__sum4(acc);
      out0[a] = sum[0];
      out0[a2] = sum[1];
      out1[a] = sum[2];
      out1[a2] = sum[3];
    }
  }
  if (r < B) {
    cols_drive(A, n, W, x + (size_t)r * (size_t)x_stride, out + (size_t)r * (size_t)out_stride);
  }
}

/* A block of `rows` x `cols` vectors of E over all slices. */
HD_INLINE void outer_block(int rows, int cols, int n_slices, int n, const float *scale,
                           const float *x, int x_stride, const float *g, int g_stride, float *E) {
  hd__lanes acc[HD_BLOCK_ROWS][HD_BLOCK_COLS];
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < cols; j++) {
      acc[i][j] = hd__load(E + (size_t)i * (size_t)n + (size_t)(j * HD_LANES));
    }
  }
  for (int s = 0; s < n_slices; s++, x += x_stride, g += g_stride) {
    hd__lanes scaled[HD_BLOCK_COLS];
    for (int j = 0; j < cols; j++) {
      scaled[j] = hd__scale(scale[s], hd__load(g + j * HD_LANES));
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        acc[i][j] = hd__add_scaled(acc[i][j], x[i], scaled[j]);
      }
    }
  }
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < cols; j++) {
      hd__store(E + (size_t)i * (size_t)n + (size_t)(j * HD_LANES), acc[i][j]);
    }
  }
}

/* All rows of a block of columns. */
HD_INLINE void outer_cols(int cols, int n_slices, int n_pre, int n, const float *scale,
                          const float *x, int x_stride, const float *g, int g_stride, float *E) {
  int i = 0;
  for (; i + HD_BLOCK_ROWS <= n_pre; i += HD_BLOCK_ROWS) {
    outer_block(HD_BLOCK_ROWS, cols, n_slices, n, scale, x + i, x_stride, g, g_stride,
                E + (size_t)i * (size_t)n);
  }
  for (; i < n_pre; i++) {
    outer_block(1, cols, n_slices, n, scale, x + i, x_stride, g, g_stride,
                E + (size_t)i * (size_t)n);
  }
}

static void outer_batch(int n_slices, int n_pre, int n, const float *restrict scale,
                        const float *restrict x, int x_stride, const float *restrict g,
                        int g_stride, float *restrict E) {
  int j = 0;
  for (; j + HD_BLOCK_COLS * HD_LANES <= n; j += HD_BLOCK_COLS * HD_LANES) {
    outer_cols(HD_BLOCK_COLS, n_slices, n_pre, n, scale, x, x_stride, g + j, g_stride, E + j);
  }
  for (; j < n; j += HD_LANES) {
    outer_cols(1, n_slices, n_pre, n, scale, x, x_stride, g + j, g_stride, E + j);
  }
}

HD_INLINE void sum_cols(int cols, int n_slices, const float *scale, const float *x, int x_stride,
                        float *y) {
  hd__lanes acc[HD_BLOCK_WIDE];
  for (int j = 0; j < cols; j++) {
    acc[j] = hd__load(y + j * HD_LANES);
  }
  for (int s = 0; s < n_slices; s++, x += x_stride) {
    for (int j = 0; j < cols; j++) {
      acc[j] = hd__add_scaled(acc[j], scale[s], hd__load(x + j * HD_LANES));
    }
  }
  for (int j = 0; j < cols; j++) {
    hd__store(y + j * HD_LANES, acc[j]);
  }
}

static void sum_scaled(int n_slices, int n, const float *restrict scale, const float *restrict x,
                       int x_stride, float *restrict y) {
  int j = 0;
  for (; j + HD_BLOCK_WIDE * HD_LANES <= n; j += HD_BLOCK_WIDE * HD_LANES) {
    sum_cols(HD_BLOCK_WIDE, n_slices, scale, x + j, x_stride, y + j);
  }
  for (; j < n; j += HD_LANES) {
    sum_cols(1, n_slices, scale, x + j, x_stride, y + j);
  }
}

/* Before the first n floats are written: zeros in the lanes behind them that go along. One vector
 * is stored sooner than a memset finds out how long it is. */
HD_INLINE void batch_clear_rest(int n, float *x) {
  if (n % HD_LANES != 0) {
    hd__store(x + n / HD_LANES * HD_LANES, hd__zero());
  }
}

/* Few actions: those of many rows share a vector. */
HD_INLINE void softmax_of(int B, int A, int stride, float temperature, const float *restrict logit,
                          float *restrict pi) {
  enum { CHUNK = 64 };
  float buffer[CHUNK] __attribute__((aligned(64)));
  const int rows = A <= CHUNK ? CHUNK / A : 1;
  for (int r = 0; r < B; r += rows, logit += rows * stride, pi += rows * stride) {
    const int count = B - r < rows ? B - r : rows;
    float *power = A <= CHUNK ? buffer : pi;
    batch_clear_rest(count * A, power);
    for (int k = 0; k < count; k++) {
      float top = logit[k * stride];
      for (int a = 1; a < A; a++) {
        top = hd__maxf(top, logit[k * stride + a]);
      }
      for (int a = 0; a < A; a++) {
        power[k * A + a] = logit[k * stride + a] - top;
      }
    }
    for (int i = 0; i < HD_PAD(count * A); i++) {
      power[i] = hd__expf(power[i] / temperature);
    }
    for (int k = 0; k < count; k++) {
      float sum = 0.0f;
      for (int a = 0; a < A; a++) {
        sum += power[k * A + a];
      }
      float *row = pi + k * stride;
      for (int a = 0; a < A; a++) {
        row[a] = power[k * A + a] / sum;
      }
      memset(row + A, 0, sizeof(float) * (size_t)(stride - A));
    }
  }
}

/* A row of few actions in registers: a vector of many rows is loaded only when all its floats have
 * been stored, which one to three rows need not wait for. */
HD_INLINE void softmax_alone(int A, int stride, float temperature, const float *restrict logit,
                             float *restrict pi) {
  float power[4], top = logit[0], sum = 0.0f;
  for (int a = 1; a < A; a++) {
    top = hd__maxf(top, logit[a]);
  }
  for (int a = 0; a < A; a++) {
    power[a] = hd__expf((logit[a] - top) / temperature);
  }
  for (int a = 0; a < A; a++) {
    sum += power[a];
  }
  for (int i = 0; i < stride; i += HD_LANES) {
    hd__store(pi + i, hd__zero());
  }
  for (int a = 0; a < A; a++) {
    pi[a] = power[a] / sum;
  }
}

HD_INLINE void softmax_few(int B, int A, int stride, float temperature, const float *restrict logit,
                           float *restrict pi) {
  if (B > 3) {
    softmax_of(B, A, stride, temperature, logit, pi);
    return;
  }
  for (int r = 0; r < B; r++, logit += stride, pi += stride) {
    softmax_alone(A, stride, temperature, logit, pi);
  }
}

/* With the number of actions known, the compiler unrolls the loops over them. */
static void batch_softmax(int B, int A, int stride, float temperature, const float *restrict logit,
                          float *restrict pi) {
  switch (A) {
    case 2:
      softmax_few(B, 2, stride, temperature, logit, pi);
      break;
    case 3:
      softmax_few(B, 3, stride, temperature, logit, pi);
      break;
    case 4:
      softmax_few(B, 4, stride, temperature, logit, pi);
      break;
    default:
      softmax_of(B, A, stride, temperature, logit, pi);
  }
}

HD_INLINE void log_softmax_of(int B, int A, int stride, const float *restrict logit,
                              float *restrict log_p, float *restrict p) {
  enum { ROWS = 64 };
  float top[ROWS], whole[ROWS];
  for (int r = 0; r < B; r += ROWS, logit += ROWS * stride, log_p += ROWS * A, p += ROWS * A) {
    const int count = B - r < ROWS ? B - r : ROWS, all = count * A;
    batch_clear_rest(all, p);
    batch_clear_rest(all, log_p);
    for (int k = 0; k < count; k++) {
      top[k] = logit[k * stride];
      for (int a = 1; a < A; a++) {
        top[k] = hd__maxf(top[k], logit[k * stride + a]);
      }
      for (int a = 0; a < A; a++) {
        p[k * A + a] = logit[k * stride + a] - top[k];
      }
    }
    for (int i = 0; i < HD_PAD(all); i++) {
      p[i] = hd__expf(p[i]);
    }
    for (int k = 0; k < HD_PAD(count); k++) {
      whole[k] = k < count ? 0.0f : 1.0f;
      for (int a = 0; k < count && a < A; a++) {
        whole[k] += p[k * A + a];
      }
    }
    for (int k = 0; k < HD_PAD(count); k++) {
      whole[k] = hd__logf(whole[k]);
    }
    for (int k = 0; k < count; k++) {
      for (int a = 0; a < A; a++) {
        log_p[k * A + a] = logit[k * stride + a] - (top[k] + whole[k]);
      }
    }
    for (int i = 0; i < HD_PAD(all); i++) {
      p[i] = hd__expf(log_p[i]);
    }
  }
}

/* A row of few actions in registers, as softmax_alone. */
HD_INLINE void log_softmax_alone(int A, const float *restrict logit, float *restrict log_p,
                                 float *restrict p) {
  float top = logit[0], whole = 0.0f;
  for (int a = 1; a < A; a++) {
    top = hd__maxf(top, logit[a]);
  }
  for (int a = 0; a < A; a++) {
    whole += hd__expf(logit[a] - top);
  }
  const float log_whole = top + hd__logf(whole);
  for (int a = 0; a < A; a++) {
    log_p[a] = logit[a] - log_whole;
    p[a] = hd__expf(logit[a] - log_whole);
  }
}

HD_INLINE void log_softmax_few(int B, int A, int stride, const float *restrict logit,
                               float *restrict log_p, float *restrict p) {
  if (B > 3) {
    log_softmax_of(B, A, stride, logit, log_p, p);
    return;
  }
  hd__store(log_p, hd__zero());
  hd__store(p, hd__zero());
  for (int r = 0; r < B; r++, logit += stride, log_p += A, p += A) {
    log_softmax_alone(A, logit, log_p, p);
  }
}

static void log_softmax(int B, int A, int stride, const float *restrict logit,
                        float *restrict log_p, float *restrict p) {
  switch (A) {
    case 2:
      log_softmax_few(B, 2, stride, logit, log_p, p);
      break;
    case 3:
      log_softmax_few(B, 3, stride, logit, log_p, p);
      break;
    case 4:
      log_softmax_few(B, 4, stride, logit, log_p, p);
      break;
    default:
      log_softmax_of(B, A, stride, logit, log_p, p);
  }
}

static float batch_td(int n, float decay, float a, const float *restrict phi,
                      const float *restrict next, float *restrict z, float *restrict w) {
  hd__lanes acc = hd__zero();
  for (int i = 0; i < n; i += HD_LANES) {
    const hd__lanes trace = hd__add_scaled(hd__load(phi + i), decay, hd__load(z + i));
    const hd__lanes weight = hd__add_scaled(hd__load(w + i), a, trace);
    hd__store(z + i, trace);
    hd__store(w + i, weight);
    acc = hd__add_product(acc, weight, hd__load(next + i));
  }
  return hd__sum(acc);
}

static void batch_trace(int n, float decay, const float *restrict x, float *restrict z) {
  for (int i = 0; i < n; i += HD_LANES) {
    hd__store(z + i, hd__add_scaled(hd__load(x + i), decay, hd__load(z + i)));
  }
}
