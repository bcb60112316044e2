/* A coding made ready for a test, and small environments for it to look at. */
#ifndef HD_CODE_FIXTURE_H
#define HD_CODE_FIXTURE_H

#include <stdlib.h>

#include "coding.h"
#include "test.h"

enum { FIXTURE_TABLE = 1 << 21 };

static float fixture_centre[HD_MAX_OBS], fixture_scale[HD_MAX_OBS];

/* Start a measured coding: its table is there. */
static inline void fixture_start(hd__code *code) {
  code->centre = fixture_centre;
  code->scale = fixture_scale;
  hd__code_start(code);
}

static inline hd__code_def fixture_def(const hd_env_desc *env) {
  return (hd__code_def){.env = env,
                        .substeps = 8,
                        .dt_ms = 1.0f,
                        .bins = 10,
                        .order = 3,
                        .tilings = 8,
                        .tile_bins = {8},
                        .cells = 4096,
                        .range = 1.0f,
                        .gain = 1.0f,
                        .seed = 1};
}

static inline hd_ctx *fixture_ctx(void) {
  static hd_ctx *ctx;
  if (ctx == NULL) {
    const hd_ctx_def def = hd_ctx_def_default();
    if (hd_ctx_create(&def, &ctx) != HD_OK) {
      exit(2);
    }
  }
  return ctx;
}

/* Measure and start; memory is static, good until the next call. */
static inline hd_status fixture_open(const char *name, const hd__code_def *def, hd__code *code) {
  static _Alignas(64) float table[FIXTURE_TABLE];
  const hd__code_desc *desc = hd__code_find(fixture_ctx(), name);
  if (desc == NULL) {
    return HD_UNKNOWN;
  }
  *code = hd__code_make(desc, def, NULL);
  HD_TRY(code->desc->measure(fixture_ctx(), code));
  if (code->n_table > FIXTURE_TABLE) {
    return HD_NOMEM;
  }
  code->table = code->n_table > 0 ? table : NULL;
  fixture_start(code);
  return HD_OK;
}

static inline hd__key fixture_key(int step) {
  return hd__key_make(1, HD_STREAM_CODE, 0, (uint64_t)step);
}

/* Cart-pole's observation with the working ranges of its place code. */
static const hd_dim cart_obs[] = {{"x", "m", 0, -2.4f, 2.4f},
                                  {"v", "m/s", 0, -2.0f, 2.0f},
                                  {"angle", "rad", 0, -0.21f, 0.21f},
                                  {"rate", "rad/s", 0, -2.2f, 2.2f}};
static const hd_env_desc cart = {.name = "cart", .obs = cart_obs, .n_obs = 4};

static const hd_dim car_obs[] = {{"x", "m", 0, -1.2f, 0.6f}, {"v", "m/s", 0, -0.07f, 0.07f}};
static const hd_env_desc car = {.name = "car", .obs = car_obs, .n_obs = 2};

static const hd_dim arms_obs[] = {{"cos1", "cos", 0, -1, 1},
                                  {"sin1", "sin", 0, -1, 1},
                                  {"cos2", "cos", 0, -1, 1},
                                  {"sin2", "sin", 0, -1, 1},
                                  {"rate1", "rad/s", 0, -12.566371f, 12.566371f},
                                  {"rate2", "rad/s", 0, -28.274334f, 28.274334f}};
static const hd_env_desc arms = {.name = "arms", .obs = arms_obs, .n_obs = 6};

static const hd_dim grid_obs[] = {{"state", "", 100, 0, 0}};
static const hd_env_desc grid = {.name = "grid", .obs = grid_obs, .n_obs = 1};

static const hd_dim cards_obs[] = {
    {"sum", "", 32, 0, 0}, {"dealer", "", 11, 0, 0}, {"ace", "", 2, 0, 0}};
static const hd_env_desc cards = {.name = "cards", .obs = cards_obs, .n_obs = 3};

static const hd_dim mixed_obs[] = {{"x", "", 0, 0.0f, 4.0f}, {"mode", "", 3, 0, 0}};
static const hd_env_desc mixed = {.name = "mixed", .obs = mixed_obs, .n_obs = 2};

#endif
