#include "critic.h"

#include <string.h>

static const char *const code_names[] = {
    [hd__critic_none] = NULL,     [hd__critic_table] = "onehot",  [hd__critic_fourier] = "fourier",
    [hd__critic_tiles] = "tiles", [hd__critic_random] = "random", [hd__critic_spiking] = "random",
};

hd_status hd__critic_compile(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                             hd__critic *critic) {
  const hd__settings *s = hd__config_settings(config);
  *critic = (hd__critic){.kind = s->critic,
                         .kernel = hd__kernel_for(ctx->isa),
                         .n = HD_LANES,
                         .substeps = (int)s->substeps,
                         .step_scale = 1.0f};
  if (s->critic == hd__critic_none) {
    return HD_OK;
  }
  hd__code_def def = {.env = hd__config_env(config),
                      .substeps = (int)s->substeps,
                      .dt_ms = (float)s->dt,
                      .order = (int)s->critic_order,
                      .tilings = (int)s->critic_tilings,
                      .cells = (int)s->critic_cells,
                      .range = (float)s->critic_range,
                      .gain = (float)s->critic_gain,
                      .bins = (int)s->code_bins,
                      .seed = seed};
  memcpy(def.tile_bins, s->critic_tile_bins.item, sizeof(int) * (size_t)s->critic_tile_bins.n);
  critic->code = (hd__code){.desc = hd__code_find(code_names[s->critic]), .def = def};
  HD_TRY(critic->code.desc->measure(ctx, &critic->code));
  critic->is_sparse = critic->code.desc->kind == HD_CODE_SPARSE;
  critic->has_bias = s->critic == hd__critic_random || s->critic == hd__critic_spiking;
  critic->n = HD_PAD(critic->code.n + critic->has_bias);
  critic->step_scale = critic->is_sparse ? 1.0f / (float)critic->code.n_active : 1.0f;
  return HD_OK;
}

void hd__critic_lay_out(hd__critic *critic, hd__arena *arena) {
  critic->w = hd__arena_field(arena, "critic", "F32", 1, critic->n);
  critic->code.table = HD_TAKE(arena, float, critic->code.n_table);
  critic->root = critic->kind == hd__critic_fourier ? HD_TAKE(arena, float, critic->n) : NULL;
}

void hd__critic_lay_out_phi(const hd__critic *critic, hd__arena *arena, bool is_kept,
                            hd__phi *phi) {
  const int n = critic->is_sparse ? critic->code.n_active : critic->n;
  void *data = is_kept ? hd__arena_field(arena, "phi", critic->is_sparse ? "I32" : "F32", 1, n)
                       : HD_TAKE(arena, float, n);
  if (critic->is_sparse) {
    phi->line = data;
  } else {
    phi->x = data;
  }
}

void hd__critic_start(hd__critic *critic) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (critic->code.desc->init != NULL) {
    critic->code.desc->init(&critic->code);
  }
  if (critic->root != NULL) {
    for (int i = 0; i < critic->code.n; i++) {
      critic->root[i] = hd__sqrtf(critic->code.table[i]);
    }
  }
}

/* The graded feature is a firing probability; the critic sees a mean over the substeps. */
static void draw_rates(const hd__critic *critic, hd__key key, float *x) {
  const int T = critic->substeps;
  for (int i = 0; i < critic->code.n; i++) {
    int spikes = 0;
    for (int t = 0; t < T; t++) {
      spikes += hd__uniform16(key, (uint32_t)(t * critic->n + i)) < x[i];
    }
    x[i] = (float)spikes / (float)T;
  }
}

void hd__critic_features(const hd__critic *critic, const float *obs, hd__key key,
                         const hd__phi *phi) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (critic->is_sparse) {
    critic->code.desc->active(&critic->code, obs, phi->line);
    return;
  }
  critic->code.desc->encode(&critic->code, obs, phi->x);
  if (critic->root != NULL) {
    for (int i = 0; i < critic->n; i++) {
      phi->x[i] *= critic->root[i];
    }
  }
  if (critic->kind == hd__critic_spiking) {
    draw_rates(critic, key, phi->x);
  }
  if (critic->has_bias) {
    phi->x[critic->code.n] = 1.0f;
  }
}

float hd__critic_value(const hd__critic *critic, const hd__phi *phi) {
  if (critic->kind == hd__critic_none) {
    return 0.0f;
  }
  if (!critic->is_sparse) {
    return critic->kernel->dot(critic->n, critic->w, phi->x);
  }
  float sum = 0.0f;
  for (int k = 0; k < critic->code.n_active; k++) {
    sum += critic->w[phi->line[k]];
  }
  return sum;
}

void hd__critic_add(const hd__critic *critic, const hd__phi *phi, float scale, float *E) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (!critic->is_sparse) {
    critic->kernel->axpy(critic->n, scale, phi->x, E);
    return;
  }
  for (int k = 0; k < critic->code.n_active; k++) {
    E[phi->line[k]] += scale;
  }
}

void hd__critic_copy(const hd__critic *critic, const hd__phi *from, const hd__phi *to) {
  if (critic->is_sparse) {
    memcpy(to->line, from->line, sizeof(int32_t) * (size_t)critic->code.n_active);
  } else {
    memcpy(to->x, from->x, sizeof(float) * (size_t)critic->n);
  }
}
