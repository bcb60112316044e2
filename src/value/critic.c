#include "critic.h"

#include "settings_use.h"

#include <string.h>

bool hd__critic_draws(const hd__critic *critic) {
  return critic->kind == hd__critic_random_spikes || critic->kind == hd__critic_learned_spikes;
}

/* Adam and RMSprop bring steps to scale by themselves, and weights that learn features have no
 * length in common with those that read them. */
static bool critic_is_normalised(const hd__settings *s) {
  return s->critic_normalise && s->optimiser == hd__optimiser_sgd &&
         s->critic != hd__critic_learned_spikes;
}

/* Place cells that learn are those of the input: actor and critic share them. */
static hd_status critic_shared_code(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                                    hd__code *code) {
  const hd__settings *s = hd__config_settings(config);
  if (strcmp(s->coding, "place") != 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "critic = place reads the cells of coding = place, and coding = %s; use both, "
                    "or critic = fourier, tiles or random",
                    s->coding);
  }
  return hd__settings_code(ctx, config, seed, code);
}

static hd_status critic_code(hd_ctx *ctx, const hd_config *config, uint64_t seed, hd__code *code) {
  const hd__settings *s = hd__config_settings(config);
  if (s->critic == hd__critic_place) {
    return critic_shared_code(ctx, config, seed, code);
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
  *code = hd__code_make(hd__code_find(ctx, hd__settings_critic_code(s)), &def, NULL);
  return code->desc->measure(ctx, code);
}

hd_status hd__critic_compile(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                             hd__critic *critic) {
  const hd__settings *s = hd__config_settings(config);
  *critic = (hd__critic){.kind = s->critic,
                         .kernel = hd__kernel_for(ctx->isa),
                         .n = HD_LANES,
                         .substeps = (int)s->substeps,
                         .is_normalised = critic_is_normalised(s),
                         .step_scale = 1.0f};
  if (s->critic == hd__critic_none) {
    return HD_OK;
  }
  HD_TRY(critic_code(ctx, config, seed, &critic->code));
  critic->is_sparse = critic->code.desc->kind == HD_CODE_SPARSE;
  critic->has_bias = s->critic == hd__critic_random || hd__critic_draws(critic);
  critic->n_readout = HD_PAD(critic->code.n + critic->has_bias);
  critic->n = critic->n_readout;
  critic->n += s->critic == hd__critic_learned_spikes ? HD_PAD(critic->code.n_table) : 0;
  critic->step_scale = critic->is_sparse ? 1.0f / (float)critic->code.n_active : 1.0f;
  return HD_OK;
}

/* Of learned-spikes: the table of its coding, behind the weights of the readout. */
static float *critic_input_weights(const hd__critic *critic) {
  return critic->w == NULL ? NULL : critic->w + critic->n_readout;
}

void hd__critic_lay_out(hd__critic *critic, hd__arena *arena) {
  critic->w = hd__arena_field(arena, "critic", "F32", 1, critic->n);
  if (critic->kind != hd__critic_none) {
    hd__code_lay_out(&critic->code, arena);
  }
  if (critic->kind == hd__critic_learned_spikes) {
    critic->code.table = critic_input_weights(critic);
  } else if (critic->kind != hd__critic_place) { /* whose cells the owner hands over */
    critic->code.table = HD_TAKE(arena, float, critic->code.n_table);
  }
  critic->root = critic->kind == hd__critic_fourier ? HD_TAKE(arena, float, critic->n) : NULL;
  critic->code.factor = critic->root;
}

hd__phi hd__critic_lay_out_phi(const hd__critic *critic, hd__arena *arena, int rows, int kept) {
  hd__phi phi = {0};
  if (critic->is_sparse) {
    phi.line = HD_TAKE(arena, int32_t, rows * critic->code.n_active);
    hd__arena_list(arena, "phi", "I32", kept, critic->code.n_active, phi.line);
  } else {
    phi.x = HD_TAKE(arena, float, rows * critic->n);
    hd__arena_list(arena, "phi", "F32", kept, critic->n, phi.x);
  }
  if (critic->kind == hd__critic_learned_spikes) {
    phi.rest = HD_TAKE(arena, float, rows);
    hd__arena_list(arena, "phi.rest", "F32", 1, kept, phi.rest);
  }
  return phi;
}

hd__phi hd__phi_from(const hd__critic *critic, const hd__phi *phi, int row) {
  return (hd__phi){
      .x = phi->x == NULL ? NULL : phi->x + (size_t)row * (size_t)critic->n,
      .line = phi->line == NULL ? NULL : phi->line + row * critic->code.n_active,
      .rest = phi->rest == NULL ? NULL : phi->rest + row,
  };
}

/* Mean squared length of dense features: cosines have a mean square of a half, and sigmoids of
 * steep projections are 0 or 1 about as often. The constant one counts whole. */
static float critic_length2(const hd__critic *critic) {
  float sum = 0.5f;
  for (int i = 0; i < critic->code.n; i++) {
    sum += critic->root != NULL ? 0.5f * critic->code.table[i] : 0.5f;
  }
  return sum;
}

void hd__critic_start(hd__critic *critic) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (critic->kind != hd__critic_place) {
    hd__code_start(&critic->code);
  }
  if (critic->root != NULL) {
    for (int i = 0; i < critic->code.n; i++) {
      critic->root[i] = hd__sqrtf(critic->code.table[i]);
    }
  }
  if (critic->is_normalised && !critic->is_sparse) {
    critic->step_scale = 1.0f / critic_length2(critic);
  }
}

/* The graded feature is a firing probability; the critic sees a mean over the substeps. */
static void critic_draw_rates(const hd__critic *critic, hd__key key, float *x) {
  const int T = critic->substeps;
  for (int i = 0; i < critic->code.n; i++) {
    int spikes = 0;
    for (int t = 0; t < T; t++) {
      spikes += hd__uniform16(key, (uint32_t)(t * critic->n + i)) < x[i];
    }
    x[i] = (float)spikes / (float)T;
  }
}

/* From firing probabilities x [n] of what obs shows: the gradient of V, and V less w . x. */
static float critic_gradient(const hd__critic *critic, const float *obs, hd__key key, float *x) {
  const int n = critic->code.n, stride = HD_PAD(n);
  const hd_env_desc *env = critic->code.def.env;
  float *column = x + critic->n_readout;
  memset(column, 0, sizeof(float) * (size_t)(critic->n - critic->n_readout));
  for (int i = 0; i < n; i++) {
    column[i] = critic->w[i] * x[i] * (1.0f - x[i]);
  }
  const bool is_state = hd__code_is_state(env);
  for (int d = 0; d < env->n_obs; d++) {
    const int at =
        1 + (is_state ? (int)hd__clampf(obs[0], 0.0f, (float)(env->obs[0].count - 1)) : d);
    const float z = is_state ? 1.0f : hd__code_signed(&critic->code, obs, d);
    critic->kernel->axpy(stride, z, column, column + at * stride);
  }
  critic_draw_rates(critic, key, x);
  const int n_input = critic->n - critic->n_readout;
  return -critic->kernel->dot(n_input, critic_input_weights(critic), column);
}

static void critic_sparse_features(const hd__critic *critic, int rows, const float *obs,
                                   const hd__phi *phi) {
  for (int row = 0; row < rows; row++) {
    critic->code.desc->active(&critic->code, obs + row * critic->code.def.env->n_obs,
                              phi->line + row * critic->code.n_active);
  }
}

void hd__critic_features(const hd__critic *critic, int rows, const float *obs, const hd__key *key,
                         const hd__phi *phi) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (critic->is_sparse) {
    critic_sparse_features(critic, rows, obs, phi);
    return;
  }
  const int n_obs = critic->code.def.env->n_obs;
  hd__code_encode_batch(&critic->code, rows, obs, phi->x, critic->n);
  for (int row = 0; row < rows; row++) {
    float *x = phi->x + row * critic->n;
    if (phi->rest != NULL) {
      phi->rest[row] = critic_gradient(critic, obs + row * n_obs, key[row], x);
    } else if (hd__critic_draws(critic)) {
      critic_draw_rates(critic, key[row], x);
    }
    if (critic->has_bias) {
      x[critic->code.n] = 1.0f;
    }
  }
}

void hd__critic_values(const hd__critic *critic, int rows, const hd__phi *phi, float *value) {
  if (critic->kind == hd__critic_none) {
    memset(value, 0, sizeof(float) * (size_t)rows);
    return;
  }
  if (!critic->is_sparse) {
    critic->kernel->rows_dot(rows, critic->n, critic->w, phi->x, critic->n, value);
    for (int row = 0; phi->rest != NULL && row < rows; row++) {
      value[row] += phi->rest[row];
    }
    return;
  }
  for (int row = 0; row < rows; row++) {
    const int32_t *line = phi->line + row * critic->code.n_active;
    float sum = 0.0f;
    for (int k = 0; k < critic->code.n_active; k++) {
      sum += critic->w[line[k]];
    }
    value[row] = sum;
  }
}

void hd__critic_add(const hd__critic *critic, int rows, const hd__phi *phi, const float *scale,
                    float *E) {
  if (critic->kind == hd__critic_none) {
    return;
  }
  if (!critic->is_sparse) {
    critic->kernel->sum_scaled(rows, critic->n, scale, phi->x, critic->n, E);
    return;
  }
  for (int row = 0; row < rows; row++) {
    const int32_t *line = phi->line + row * critic->code.n_active;
    for (int k = 0; k < critic->code.n_active; k++) {
      E[line[k]] += scale[row];
    }
  }
}

void hd__critic_copy(const hd__critic *critic, int rows, const hd__phi *from, const hd__phi *to) {
  if (critic->is_sparse) {
    memcpy(to->line, from->line, sizeof(int32_t) * (size_t)(rows * critic->code.n_active));
  } else {
    memcpy(to->x, from->x, sizeof(float) * (size_t)(rows * critic->n));
  }
  if (to->rest != NULL) {
    memcpy(to->rest, from->rest, sizeof(float) * (size_t)rows);
  }
}

bool hd__critic_is_consistent(const hd__critic *critic, int rows, const hd__phi *phi) {
  bool is_consistent = true;
  for (int k = 0; critic->is_sparse && k < rows * critic->code.n_active; k++) {
    is_consistent = is_consistent && phi->line[k] >= 0 && phi->line[k] < critic->code.n;
  }
  return is_consistent;
}
