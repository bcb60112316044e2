#include <string.h>

#include "code_own.h"
#include "coding_all.h"
#include "hedon/config.h"
#include "mathf.h"

static const hd__code_desc *const table[] = {
#define HD_CODING(name) &hd__code_##name,
#include "coding_table.h"
#undef HD_CODING
};

enum { CODE_COUNT = sizeof table / sizeof table[0] };

int hd__code_count(const hd_ctx *ctx) { return CODE_COUNT + ctx->codings.n; }

const hd__code_desc *hd__code_at(const hd_ctx *ctx, int index) {
  return index < CODE_COUNT ? table[index]
                            : &((const hd__own_code *)ctx->codings.item[index - CODE_COUNT])->desc;
}

const hd__code_desc *hd__code_find(const hd_ctx *ctx, const char *name) {
  for (int i = 0; i < hd__code_count(ctx); i++) {
    if (strcmp(hd__code_at(ctx, i)->name, name) == 0) {
      return hd__code_at(ctx, i);
    }
  }
  return NULL;
}

hd__code hd__code_make(const hd__code_desc *desc, const hd__code_def *def, const float *param) {
  hd__code code = {.desc = desc, .def = *def};
  for (int i = 0; i < desc->n_params; i++) {
    code.param[i] = param != NULL ? param[i] : desc->param[i].fallback;
  }
  return code;
}

int hd_coding_count(const hd_ctx *ctx) { return hd__code_count(ctx); }

hd_listing hd_coding_at(const hd_ctx *ctx, int index) {
  const hd__code_desc *code = hd__code_at(ctx, index);
  return (hd_listing){.name = code->name, .doc = code->doc, .source = code->source};
}

/* A finite component runs from -1 to 1; of a single value it is always 0. */
static void coding_set_scale(hd__code *code, int d, const hd_dim *dim) {
  const float last = (float)(dim->count - 1);
  code->centre[d] = dim->count > 0 ? 0.5f * last : 0.5f * (dim->low + dim->high);
  code->scale[d] = dim->count == 1  ? 0.0f
                   : dim->count > 1 ? 2.0f / last
                                    : 2.0f / ((dim->high - dim->low) * code->def.range);
}

hd_status hd__code_check(hd_ctx *ctx, hd__code *code) {
  const hd__code_def *def = &code->def;
  code->kernel = hd__kernel_for(ctx->isa);
  if (def->substeps < 1) {
    return hd__fail(ctx, HD_RANGE, "substeps = %d, at least 1", def->substeps);
  }
  if (!(def->range > 0.0f)) {
    return hd__fail(ctx, HD_RANGE, "range = %g, must be positive", (double)def->range);
  }
  for (int d = 0; d < def->env->n_obs; d++) {
    const hd_dim *dim = &def->env->obs[d];
    const float width = dim->high - dim->low;
    if (dim->count == 0 && !(width > 0.0f && width - width == 0.0f)) {
      return hd__fail(ctx, HD_RANGE,
                      "%s: observation '%s' has no working range (%g to %g): give it a finite one",
                      def->env->name, dim->name, (double)dim->low, (double)dim->high);
    }
  }
  return HD_OK;
}

void hd__code_lay_out(hd__code *code, hd__arena *arena) {
  code->centre = HD_TAKE(arena, float, code->def.env->n_obs);
  code->scale = HD_TAKE(arena, float, code->def.env->n_obs);
}

void hd__code_start(hd__code *code) {
  for (int d = 0; d < code->def.env->n_obs; d++) {
    coding_set_scale(code, d, &code->def.env->obs[d]);
  }
  if (code->desc->init != NULL) {
    code->desc->init(code);
  }
}

hd_status hd__code_line_each(hd_ctx *ctx, hd__code *code) {
  HD_TRY(hd__code_check(ctx, code));
  code->n = code->def.env->n_obs;
  return HD_OK;
}

int hd__code_states(const hd_env_desc *env) {
  int states = 1;
  for (int d = 0; d < env->n_obs; d++) {
    const int count = env->obs[d].count;
    if (count == 0) {
      return 0;
    }
    states = states > HD_STATES_MAX / count ? HD_STATES_MAX : states * count;
  }
  return states;
}

int hd__code_state(const hd_env_desc *env, const float *obs) {
  int state = 0;
  for (int d = 0; d < env->n_obs; d++) {
    const int count = env->obs[d].count;
    state = state * count + (int)hd__clampf(obs[d], 0.0f, (float)(count - 1));
  }
  return state;
}

static bool coding_has_unit(const hd_dim *dim, const char *unit) {
  return dim->unit != NULL && strcmp(dim->unit, unit) == 0;
}

/* Do component d and the next one fold into an angle? */
static bool coding_is_angle(const hd_env_desc *env, int d) {
  return d + 1 < env->n_obs && coding_has_unit(&env->obs[d], "cos") &&
         coding_has_unit(&env->obs[d + 1], "sin");
}

hd_status hd__code_check_coords(hd_ctx *ctx, const hd__code *code) {
  const hd_env_desc *env = code->def.env;
  int n = 0;
  for (int d = 0; d < env->n_obs; n++) {
    d += coding_is_angle(env, d) ? 2 : 1;
  }
  return n <= HD_CELL_COORDS_MAX
             ? HD_OK
             : hd__fail(ctx, HD_CONFLICT,
                        "coding '%s' has cells over all coordinates together, and of the %d "
                        "of %s hardly two observations would share one; allowed up to %d: use "
                        "'raw' or 'current', or as a critic 'fourier' or 'random'",
                        code->desc->name, n, env->name, HD_CELL_COORDS_MAX);
}

static hd__coord coding_coord(const hd__code_def *def, int d) {
  const hd_dim *dim = &def->env->obs[d];
  const float centre = 0.5f * (dim->low + dim->high);
  const float half = 0.5f * (dim->high - dim->low) * def->range;
  return coding_is_angle(def->env, d)
             ? (hd__coord){.dim = d, .low = -HD_PI_F, .high = HD_PI_F, .is_periodic = true}
             : (hd__coord){
                   .dim = d, .count = dim->count, .low = centre - half, .high = centre + half};
}

int hd__code_coords(const hd__code_def *def, hd__coord coord[HD_CELL_COORDS_MAX]) {
  int n = 0;
  for (int d = 0; d < def->env->n_obs; n++) {
    HD_ASSERT(n < HD_CELL_COORDS_MAX); /* as hd__code_check_coords saw */
    coord[n] = coding_coord(def, d);
    d += coord[n].is_periodic ? 2 : 1;
  }
  return n;
}

float hd__code_angle(const float *obs, int dim) { return hd__atan2f(obs[dim + 1], obs[dim]); }

int hd__code_subsets(int n, int k) {
  int64_t count = 1;
  for (int i = 1; i <= k; i++) {
    count = count * (n - k + i) / i;
    if (count >= HD_STATES_MAX) {
      return HD_STATES_MAX;
    }
  }
  return (int)count;
}

void hd__code_subset(int n, int k, int rank, int *subset) {
  int next = 0;
  for (int i = 0; i < k; i++, next++) {
    /* Skip the first members that too few subsets begin with. */
    for (;; next++) {
      const int with_next = hd__code_subsets(n - 1 - next, k - 1 - i);
      if (rank < with_next) {
        break;
      }
      rank -= with_next;
    }
    subset[i] = next;
  }
}

void hd__code_encode_batch(const hd__code *code, int B, const float *obs, float *x, int x_stride) {
  if (code->desc->encode_batch != NULL) {
    code->desc->encode_batch(code, B, obs, x, x_stride);
    return;
  }
  for (int row = 0; row < B; row++) {
    code->desc->encode(code, obs + row * code->def.env->n_obs, x + row * x_stride);
  }
}
