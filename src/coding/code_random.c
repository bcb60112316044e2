#include "coding_all.h"
#include "normal.h"

#include <string.h>

/* sigma(w.x + b) with fixed w, b ~ N(0, gain^2), x the observation as the coding 'current' scales
 * it. A finite component has a column of weights per value instead, so that every state gets
 * features of its own. Table: column by column, padded, the bias first. */
enum { TABLE_MAX = 1 << 26 };

static int code_random_columns_of(const hd_env_desc *env) {
  int64_t columns = 1;
  for (int d = 0; d < env->n_obs; d++) {
    columns += env->obs[d].count > 0 ? env->obs[d].count : 1;
  }
  return columns < TABLE_MAX ? (int)columns : TABLE_MAX;
}

static hd_status code_random_measure(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  const int columns = code_random_columns_of(code->def.env), cells_max = TABLE_MAX / columns;
  if (code->def.cells < 1 || code->def.cells > cells_max) {
    return hd__fail(ctx, HD_RANGE, "cells = %d, allowed 1 to %d random features for %s",
                    code->def.cells, cells_max, code->def.env->name);
  }
  code->n = code->def.cells;
  code->n_table = HD_PAD(code->n) * columns;
  return HD_OK;
}

static void code_random_init(hd__code *code) {
  const hd__key key = hd__key_make(code->def.seed, HD_STREAM_FEATURE, 0, 0);
  const int stride = HD_PAD(code->n);
  for (int k = 0; k < code->n_table / stride; k++) {
    for (int i = 0; i < code->n; i++) {
      code->table[k * stride + i] = code->def.gain * hd__normalf(key, (uint32_t)(k * code->n + i));
    }
  }
}

/* The bias and a row per component, where finite ones have several to choose from. */
static void code_random_project_finite(const hd__code *code, const float *obs, float *x) {
  const hd_env_desc *env = code->def.env;
  const int n = HD_PAD(code->n);
  memcpy(x, code->table, sizeof(float) * (size_t)n);
  for (int d = 0, next = 1; d < env->n_obs; d++) {
    const int count = env->obs[d].count;
    const int value = count > 0 ? (int)hd__clampf(obs[d], 0.0f, (float)(count - 1)) : 0;
    const float factor = count > 0 ? 1.0f : hd__code_signed(code, obs, d);
    code->kernel->axpy(n, factor, code->table + (size_t)(next + value) * (size_t)n, x);
    next += count > 0 ? count : 1;
  }
}

/* Observations at a time, fewer where they are long. */
enum { CHUNK = 16, FACTORS = 1 + HD_MAX_OBS };

static int code_random_chunk(int dims) {
  const int fit = FACTORS / (1 + dims);
  return fit < CHUNK ? fit : CHUNK;
}

/* All components real: the table is a matrix, and a row of x is at least as long as one of it. */
static void code_random_project_real(const hd__code *code, int B, const float *obs, float *x,
                                     int x_stride) {
  const int dims = code->def.env->n_obs, n = HD_PAD(code->n), n_factor = 1 + dims;
  float factor[FACTORS];
  HD_ASSERT(B > 0);
  for (int r = 0; r < B; r++) {
    factor[r * n_factor] = 1.0f;
    for (int d = 0; d < dims; d++) {
      factor[r * n_factor + 1 + d] = hd__code_signed(code, obs + r * dims, d);
    }
  }
  code->kernel->rows_drive(B, n_factor, n, code->table, factor, n_factor, x);
  for (int r = B - 1; r > 0 && x_stride > n; r--) {
    memmove(x + (size_t)r * (size_t)x_stride, x + (size_t)r * (size_t)n, sizeof(float) * (size_t)n);
  }
}

static bool code_random_has_finite(const hd_env_desc *env) {
  bool has = false;
  for (int d = 0; d < env->n_obs; d++) {
    has |= env->obs[d].count > 0;
  }
  return has;
}

static void code_random_encode_batch(const hd__code *code, int B, const float *obs, float *x,
                                     int x_stride) {
  const int dims = code->def.env->n_obs, n = HD_PAD(code->n);
  const bool is_finite = code_random_has_finite(code->def.env);
  const int chunk = code_random_chunk(dims);
  for (int at = 0; at < B; at += chunk) {
    const int count = B - at < chunk ? B - at : chunk;
    const float *from = obs + at * dims;
    float *to = x + (size_t)at * (size_t)x_stride;
    if (!is_finite) {
      code_random_project_real(code, count, from, to, x_stride);
    }
    for (int r = 0; r < count; r++) {
      float *row = to + (size_t)r * (size_t)x_stride;
      if (is_finite) {
        code_random_project_finite(code, from + r * dims, row);
      }
      code->kernel->sigmoid(n, row);
      memset(row + code->n, 0, sizeof(float) * (size_t)(x_stride - code->n));
    }
  }
}

static void code_random_encode(const hd__code *code, const float *obs, float *x) {
  code_random_encode_batch(code, 1, obs, x, HD_PAD(code->n));
}

const hd__code_desc hd__code_random = {
    .name = "random",
    .doc = "fixed random features: sigmoids of random projections of the observation",
    .source = "Rahimi & Recht 2008; Huang, Zhu & Siew 2006",
    .kind = HD_CODE_GRADED,
    .reads = HD_READS_CELLS | HD_READS_RANGE | HD_READS_GAIN,
    .measure = code_random_measure,
    .init = code_random_init,
    .encode = code_random_encode,
    .encode_batch = code_random_encode_batch,
};
