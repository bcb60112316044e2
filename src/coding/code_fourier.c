#include <string.h>

#include "coding_all.h"
#include "mathf.h"

/* x_c = cos(pi c.s) for every c in {0 .. order}^d, s the unit values. Feature number: c read as
 * digits, the first component most significant. The table holds the features' learning-rate
 * scales, 1 / ||c||, and 1 for c = 0.
 *
 * The order is lowered until there are at most 4096 features; n tells what came out. Of more than
 * 12 components no order would be left, so the frequencies are those of one component alone, and
 * the features 1, then cos(pi k s_d) for k = 1 .. order, component by component.
 *
 * Source: Konidaris, Osentoski & Thomas 2011; components alone: their "uncoupled" basis. */
enum { ORDER_MAX = HD_FOURIER_MAX - 1, TOGETHER_MAX = 12 };

static int code_fourier_features(int order, int dims) {
  int64_t n = 1;
  for (int d = 0; d < dims && n <= HD_FOURIER_MAX; d++) {
    n *= order + 1;
  }
  return n <= HD_FOURIER_MAX ? (int)n : 0;
}

static bool code_fourier_is_apart(const hd__code *code) {
  return code->def.env->n_obs > TOGETHER_MAX;
}

/* The highest order that tells anything new of components alone: k values have k - 1. */
static int code_fourier_useful(const hd_env_desc *env) {
  int most = 1;
  for (int d = 0; d < env->n_obs; d++) {
    const int useful = env->obs[d].count > 0 ? env->obs[d].count - 1 : ORDER_MAX;
    most = useful > most ? useful : most;
  }
  return most;
}

/* The same, but for what has no room. */
static int code_fourier_order_apart(const hd_env_desc *env) {
  const int useful = code_fourier_useful(env), room = (HD_FOURIER_MAX - 1) / env->n_obs;
  const int most = useful < room ? useful : room;
  return most > 1 ? most : 1;
}

/* Lower the order as far as need be, and return the number of features. */
static int code_fourier_fit(hd__code *code) {
  const int dims = code->def.env->n_obs;
  if (code_fourier_is_apart(code)) {
    const int most = code_fourier_order_apart(code->def.env);
    code->def.order = code->def.order > most ? most : code->def.order;
    return 1 + code->def.order * dims;
  }
  int n;
  while ((n = code_fourier_features(code->def.order, dims)) == 0) {
    code->def.order--;
  }
  return n;
}

static hd_status code_fourier_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  if (code->def.order < 1 || code->def.order > ORDER_MAX) {
    return hd__fail(ctx, HD_RANGE, "order = %d, allowed 1 to %d", code->def.order, ORDER_MAX);
  }
  code->n = code_fourier_fit(code);
  code->n_table = code->n;
  return HD_OK;
}

static void code_fourier_init_apart(hd__code *code) {
  code->table[0] = 1.0f;
  for (int i = 1; i < code->n; i++) {
    code->table[i] = 1.0f / (float)((i - 1) % code->def.order + 1);
  }
}

static void code_fourier_init(hd__code *code) {
  const int base = code->def.order + 1;
  if (code_fourier_is_apart(code)) {
    code_fourier_init_apart(code);
    return;
  }
  for (int i = 0; i < code->n; i++) {
    float norm2 = 0.0f;
    for (int rest = i; rest > 0; rest /= base) {
      norm2 += (float)(rest % base) * (float)(rest % base);
    }
    code->table[i] = norm2 > 0.0f ? 1.0f / hd__sqrtf(norm2) : 1.0f;
  }
}

static void code_fourier_encode_apart(const hd__code *code, const float *obs, float *x) {
  const int order = code->def.order;
  x[0] = 1.0f;
  for (int d = 0; d < code->def.env->n_obs; d++) {
    const float half = 0.5f * hd__code_unit(code, obs, d); /* of a turn */
    for (int k = 1; k <= order; k++) {
      float sine;
      hd__sincos_turnf((float)k * half, &sine, &x[d * order + k]);
    }
  }
  for (int i = 0; code->factor != NULL && i < code->n; i++) {
    x[i] *= code->factor[i];
  }
  memset(x + code->n, 0, sizeof(float) * (size_t)(HD_PAD(code->n) - code->n));
}

enum { CHUNK = 16 }; /* observations at a time */

static void code_fourier_encode_batch(const hd__code *code, int B, const float *obs, float *x,
                                      int x_stride) {
  const int dims = code->def.env->n_obs;
  float unit[CHUNK * TOGETHER_MAX];
  for (int r = 0; code_fourier_is_apart(code) && r < B; r++) {
    code_fourier_encode_apart(code, obs + r * dims, x + (size_t)r * (size_t)x_stride);
  }
  for (int r = 0; !code_fourier_is_apart(code) && r < B; r += CHUNK) {
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
        "4096 features; of more than 12 components, those of each component alone",
    .source = "Konidaris, Osentoski & Thomas 2011",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_ORDER | HD_READS_RANGE,
    .measure = code_fourier_measure,
    .init = code_fourier_init,
    .encode = code_fourier_encode,
    .encode_batch = code_fourier_encode_batch,
};
