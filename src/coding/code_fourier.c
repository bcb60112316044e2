#include "coding_all.h"
#include "mathf.h"

/* x_c = cos(pi c.s) for every c in {0 .. order}^d, s the unit values. Feature number: c read as
 * digits, the first component most significant. The table holds the features' learning-rate
 * scales, 1 / ||c||, and 1 for c = 0.
 *
 * The order is lowered until there are at most 4096 features; n tells what came out.
 *
 * Source: Konidaris, Osentoski & Thomas 2011. */
enum { FEATURES_MAX = 4096, ORDER_MAX = FEATURES_MAX - 1 };

static int features(int order, int dims) {
  int64_t n = 1;
  for (int d = 0; d < dims && n <= FEATURES_MAX; d++) {
    n *= order + 1;
  }
  return n <= FEATURES_MAX ? (int)n : 0;
}

/* The order in use. */
static int order_of(const hd__code_def *def) {
  int order = def->order;
  while (features(order, def->env->n_obs) == 0) {
    order--;
  }
  return order;
}

static hd_status measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  if (code->def.order < 1 || code->def.order > ORDER_MAX) {
    return hd__fail(ctx, HD_RANGE, "order = %d, allowed 1 to %d", code->def.order, ORDER_MAX);
  }
  code->n = features(order_of(&code->def), code->def.env->n_obs);
  code->n_table = code->n;
  return HD_OK;
}

static void init(hd__code *code) {
  const int base = order_of(&code->def) + 1;
  for (int i = 0; i < code->n; i++) {
    float norm2 = 0.0f;
    for (int rest = i; rest > 0; rest /= base) {
      norm2 += (float)(rest % base) * (float)(rest % base);
    }
    code->table[i] = norm2 > 0.0f ? 1.0f / hd__sqrtf(norm2) : 1.0f;
  }
}

/* exp(i pi c.s) is a product of one factor per component: starting from the last component, each
 * turns a block of m features into order + 1 blocks, the c-th rotated by pi c s. */
static void encode(const hd__code *code, const float *obs, float *x) {
  const int order = order_of(&code->def), dims = code->def.env->n_obs;
  float sine[FEATURES_MAX]; /* imaginary parts; x holds the real ones */
  x[0] = 1.0f;
  sine[0] = 0.0f;
  int m = 1;
  for (int d = dims - 1; d >= 0; d--, m *= order + 1) {
    const float half_unit = 0.5f * hd__code_unit(&code->def, obs, d);
    for (int c = 1; c <= order; c++) {
      float turn_sine, turn_cosine;
      hd__sincos_turnf((float)c * half_unit, &turn_sine, &turn_cosine);
      code->kernel->turn(m, turn_cosine, turn_sine, x, sine, x + c * m, sine + c * m);
    }
  }
}

const hd__code_desc hd__code_fourier = {
    .name = "fourier",
    .doc =
        "cosines of all integer frequencies up to the order, which is lowered to give at most "
        "4096 features",
    .source = "Konidaris, Osentoski & Thomas 2011",
    .kind = HD_CODE_GRADED,
    .measure = measure,
    .init = init,
    .encode = encode,
};
