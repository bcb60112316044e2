#include "coding_all.h"
#include "mathf.h"

/* x_c = cos(pi c.s) for every c in {0 .. order}^d, s the unit values. Feature number: c read as
 * digits, the first component most significant. The table holds the features' learning-rate
 * scales, 1 / ||c||, and 1 for c = 0.
 *
 * The order is lowered until there are at most 4096 features; n tells what came out.
 *
 * Source: Konidaris, Osentoski & Thomas 2011. */
enum { ORDER_MAX = HD_FOURIER_MAX - 1 };

static int code_fourier_features(int order, int dims) {
  int64_t n = 1;
  for (int d = 0; d < dims && n <= HD_FOURIER_MAX; d++) {
    n *= order + 1;
  }
  return n <= HD_FOURIER_MAX ? (int)n : 0;
}

static hd_status code_fourier_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  if (code->def.order < 1 || code->def.order > ORDER_MAX) {
    return hd__fail(ctx, HD_RANGE, "order = %d, allowed 1 to %d", code->def.order, ORDER_MAX);
  }
  while ((code->n = code_fourier_features(code->def.order, code->def.env->n_obs)) == 0) {
    code->def.order--;
  }
  code->n_table = code->n;
  return HD_OK;
}

static void code_fourier_init(hd__code *code) {
  const int base = code->def.order + 1;
  for (int i = 0; i < code->n; i++) {
    float norm2 = 0.0f;
    for (int rest = i; rest > 0; rest /= base) {
      norm2 += (float)(rest % base) * (float)(rest % base);
    }
    code->table[i] = norm2 > 0.0f ? 1.0f / hd__sqrtf(norm2) : 1.0f;
  }
}

enum { CHUNK = 16 }; /* observations at a time */

static void code_fourier_encode_batch(const hd__code *code, int B, const float *obs, float *x,
                                      int x_stride) {
  const int dims = code->def.env->n_obs;
  float unit[CHUNK * HD_MAX_DIMS];
  for (int r = 0; r < B; r += CHUNK) {
    const int count = B - r < CHUNK ? B - r : CHUNK;
    for (int k = 0; k < count; k++) {
      for (int d = 0; d < dims; d++) {
        unit[k * dims + d] = hd__code_unit(code, obs + (r + k) * dims, d);
      }
    }
    code->kernel->fourier(count, code->def.order, dims, unit, code->factor,
                          x + (size_t)r * (size_t)x_stride, x_stride);
  }
}

static void code_fourier_encode(const hd__code *code, const float *obs, float *x) {
  code_fourier_encode_batch(code, 1, obs, x, 0);
}

const hd__code_desc hd__code_fourier = {
    .name = "fourier",
    .doc =
        "cosines of all integer frequencies up to the order, which is lowered to give at most "
        "4096 features",
    .source = "Konidaris, Osentoski & Thomas 2011",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_ORDER | HD_READS_RANGE,
    .measure = code_fourier_measure,
    .init = code_fourier_init,
    .encode = code_fourier_encode,
    .encode_batch = code_fourier_encode_batch,
};
