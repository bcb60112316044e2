#include "coding_all.h"
#include "normal.h"

#include <string.h>

/* sigma(w.x + b) with fixed w, b ~ N(0, gain^2), x the observation as the coding 'current' scales
 * it: several components are quantities, whole numbers too. The number of a state has a column of
 * weights for each value instead, so that every state gets features of its own. Table: column by
 * column, padded, the bias first. */
enum { TABLE_MAX = 1 << 26 };

static int code_random_columns_of(const hd_env_desc *env) {
  const int64_t columns = 1 + (int64_t)(hd__code_is_state(env) ? env->obs[0].count : env->n_obs);
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

/* The bias and the column of the state. */
static void code_random_project_state(const hd__code *code, const float *obs, float *x) {
  const int n = HD_PAD(code->n);
  const int state = (int)hd__clampf(obs[0], 0.0f, (float)(code->def.env->obs[0].count - 1));
  memcpy(x, code->table, sizeof(float) * (size_t)n);
  code->kernel->axpy(n, 1.0f, code->table + (size_t)(1 + state) * (size_t)n, x);
}

/* Observations at a time, fewer where they are long. */
enum { CHUNK = 16, FACTORS = 1 + HD_MAX_OBS };

static int code_random_chunk(int dims) {
  const int fit = FACTORS / (1 + dims);
  return fit < CHUNK ? fit : CHUNK;
}

/* Quantities: the table is a matrix, and a row of x is at least as long as one of it. */
static void code_random_project_numbers(const hd__code *code, int B, const float *obs, float *x,
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

static void code_random_encode_batch(const hd__code *code, int B, const float *obs, float *x,
                                     int x_stride) {
  const int dims = code->def.env->n_obs, n = HD_PAD(code->n);
  const bool is_state = hd__code_is_state(code->def.env);
  const int chunk = code_random_chunk(dims);
  for (int at = 0; at < B; at += chunk) {
    const int count = B - at < chunk ? B - at : chunk;
    const float *from = obs + at * dims;
    float *to = x + (size_t)at * (size_t)x_stride;
    if (!is_state) {
      code_random_project_numbers(code, count, from, to, x_stride);
    }
    for (int r = 0; r < count; r++) {
      float *row = to + (size_t)r * (size_t)x_stride;
      if (is_state) {
        code_random_project_state(code, from + r * dims, row);
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
