#include "coding_all.h"
#include "normal.h"

#include <string.h>

/* sigma(w.x + b) with fixed w, b ~ N(0, gain^2), x the observation as the coding 'current' scales
 * it. A finite component has a column of weights per value instead, so that every state gets
 * features of its own. Table: column by column, padded, the bias first. */
enum { TABLE_MAX = 1 << 26 };

static int columns_of(const hd_env_desc *env) {
  int64_t columns = 1;
  for (int d = 0; d < env->n_obs; d++) {
    columns += env->obs[d].count > 0 ? env->obs[d].count : 1;
  }
  return columns < TABLE_MAX ? (int)columns : TABLE_MAX;
}

static hd_status measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  const int columns = columns_of(code->def.env), cells_max = TABLE_MAX / columns;
  if (code->def.cells < 1 || code->def.cells > cells_max) {
    return hd__fail(ctx, HD_RANGE, "cells = %d, allowed 1 to %d random features for %s",
                    code->def.cells, cells_max, code->def.env->name);
  }
  code->n = code->def.cells;
  code->n_table = HD_PAD(code->n) * columns;
  return HD_OK;
}

static void init(hd__code *code) {
  const hd__key key = hd__key_make(code->def.seed, HD_STREAM_FEATURE, 0, 0);
  const int stride = HD_PAD(code->n);
  for (int k = 0; k < code->n_table / stride; k++) {
    for (int i = 0; i < code->n; i++) {
      code->table[k * stride + i] = code->def.gain * hd__normalf(key, (uint32_t)(k * code->n + i));
    }
  }
}

/* A row per column in use: the bias, then one per component, gathered first where a finite one has
 * several to choose from. */
static void encode(const hd__code *code, const float *obs, float *x) {
  const hd_env_desc *env = code->def.env;
  const int n = HD_PAD(code->n);
  float factor[1 + HD_MAX_DIMS] = {1.0f};
  int32_t row[1 + HD_MAX_DIMS] = {0};
  int next = 1, is_finite = 0;
  for (int d = 0; d < env->n_obs; d++) {
    const int count = env->obs[d].count;
    const int value = count > 0 ? (int)hd__clampf(obs[d], 0.0f, (float)(count - 1)) : 0;
    factor[1 + d] = count > 0 ? 1.0f : hd__code_signed(&code->def, obs, d);
    row[1 + d] = next + value;
    next += count > 0 ? count : 1;
    is_finite |= count > 0;
  }
  if (is_finite) {
    memset(x, 0, sizeof(float) * (size_t)n);
    for (int k = 0; k <= env->n_obs; k++) {
      code->kernel->axpy(n, factor[k], code->table + (size_t)row[k] * (size_t)n, x);
    }
  } else {
    code->kernel->rows_drive(1, 1 + env->n_obs, n, code->table, factor, 0, x);
  }
  code->kernel->sigmoid(n, x);
  memset(x + code->n, 0, sizeof(float) * (size_t)(n - code->n));
}

const hd__code_desc hd__code_random = {
    .name = "random",
    .doc = "fixed random features: sigmoids of random projections of the observation",
    .source = "Rahimi & Recht 2008; Huang, Zhu & Siew 2006",
    .kind = HD_CODE_GRADED,
    .measure = measure,
    .init = init,
    .encode = encode,
};
