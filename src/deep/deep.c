#include "deep.h"

#include <string.h>

#include "deep_table.h"
#include "hash.h"
#include "schedule.h"

/* By the choice of option `algorithm`. */
static const hd__deep_desc *const descs[] = {
#define ROW(name) [hd__algorithm_##name] = &hd__deep_##name,
    HD_DEEP_LIST(ROW)
#undef ROW
};

const hd__deep_desc *hd__deep_desc_of(int algorithm) { return descs[algorithm]; }

hd_status hd__deep_compile(hd__deep *deep) {
  hd_ctx *ctx = deep->ctx;
  const hd__settings *s = deep->settings;
  const hd_env_desc *env = deep->env;
  deep->desc = hd__deep_desc_of(s->algorithm);
  deep->n_models = 0;
  const bool is_discrete = env->act[0].count > 0;
  deep->n_actions = is_discrete              ? env->act[0].count
                    : deep->desc->takes_real ? 0
                                             : (int)s->action_levels;
  deep->obs_norm.is_on = s->normalise_obs;
  deep->reward_norm.is_on = s->normalise_reward;
  if (is_discrete && !deep->desc->takes_discrete) {
    return hd__fail(ctx, HD_CONFLICT,
                    "algorithm = %s takes real-valued actions, and those of %s are discrete",
                    deep->desc->name, env->name);
  }
  if (deep->n_actions > 0 && env->n_act > 1) {
    return hd__fail(ctx, HD_CONFLICT,
                    "%s takes %d action components at once, and algorithm = %s chooses one action",
                    env->name, env->n_act, deep->desc->name);
  }
  if (deep->code.desc->kind == HD_CODE_SPIKES) {
    return hd__fail(ctx, HD_CONFLICT,
                    "algorithm = %s reads inputs that stay during a decision, and those of coding "
                    "= %s are spikes; use coding = current, raw, bins, population, onehot or "
                    "tiles",
                    deep->desc->name, deep->code.desc->name);
  }
  return deep->desc->compile(deep);
}

hd__model *hd__deep_add_model(hd__deep *deep, const char *name, const hd__stack_def *def) {
  HD_ASSERT(deep->n_models < HD_DEEP_MODELS);
  hd__model *model = &deep->model[deep->n_models++];
  hd__model_compile(model, name, def, deep->kernel);
  return model;
}

hd__batch_def hd__deep_batch(const hd__deep *deep, hd__batch_use use, int units) {
  return (hd__batch_def){.use = use,
                         .units = units,
                         .decisions = 1,
                         .room = (size_t)deep->settings->memory_limit << 20,
                         .n_workers = hd__workers_count(deep->workers)};
}

hd_status hd__deep_check_room(const hd__deep *deep) {
  for (int k = 0; k < deep->n_models; k++) {
    HD_TRY(hd__batch_check(deep->ctx, &deep->model[k].stack, 1,
                           (size_t)deep->settings->memory_limit << 20));
  }
  return HD_OK;
}

void hd__deep_lay_out(hd__deep *deep, hd__arena *arena) {
  const int rows = deep->B > deep->eval_rows ? deep->B : deep->eval_rows;
  const hd__stack *actor = &deep->model[0].stack;
  deep->clock = hd__arena_field(arena, "clock", "I64", 1, 2);
  deep->code.table = HD_TAKE(arena, float, deep->code.n_table);
  hd__normaliser_lay_out(&deep->obs_norm, arena, "obs_norm", deep->env->n_obs, 1);
  hd__normaliser_lay_out(&deep->reward_norm, arena, "reward_norm", 1, deep->B);
  const int n_workers = hd__workers_count(deep->workers);
  deep->plain = HD_TAKE(arena, float, n_workers * deep->env->n_obs);
  deep->x = HD_TAKE(arena, float, rows *hd__deep_in(deep));
  deep->fresh = hd__arena_field(arena, "fresh", "U8", 1, deep->B);
  deep->eval_fresh = HD_TAKE(arena, bool, deep->eval_rows);
  deep->line = HD_TAKE(arena, int32_t, n_workers * (deep->code.n_active + 1));
  if (actor->def.is_carried) {
    deep->state = hd__arena_field(arena, "state", "F32", deep->B, actor->n_state);
    deep->eval_state = HD_TAKE(arena, float, deep->eval_rows * actor->n_state);
  }
  deep->desc->lay_out(deep, arena);
  if (deep->settings->average > 0) {
    hd__model_compile(&deep->average, "average", &actor->def, deep->kernel);
    hd__model_lay_out(&deep->average, arena, HD_MODEL_ANSWERS, deep->eval_rows, NULL);
  }
}

void hd__deep_start(hd__deep *deep) {
  if (deep->code.desc->init != NULL) {
    deep->code.desc->init(&deep->code);
  }
  memset(deep->fresh, true, sizeof(bool) * (size_t)deep->B);
  hd__normaliser_start(&deep->obs_norm);
  hd__normaliser_start(&deep->reward_norm);
  deep->desc->start(deep);
  if (deep->settings->average > 0) {
    hd__model_copy(&deep->average, &deep->model[0]);
  }
}

bool hd__deep_restored(hd__deep *deep) {
  for (int k = 0; k < deep->n_models; k++) {
    hd__model_ready(&deep->model[k]);
  }
  if (deep->settings->average > 0) {
    hd__model_ready(&deep->average);
  }
  return deep->desc->is_sound == NULL || deep->desc->is_sound(deep);
}

hd__model *hd__deep_judge(hd__deep *deep) {
  return deep->settings->average > 0 ? &deep->average : &deep->model[0];
}

int hd__deep_in(const hd__deep *deep) { return HD_PAD(deep->code.n); }

void hd__deep_encode(const hd__deep *deep, int worker, int rows, const float *obs, float *x) {
  const int n_obs = deep->env->n_obs, n_in = hd__deep_in(deep);
  const hd__code *code = &deep->code;
  float *plain = deep->plain + worker * n_obs;
  int32_t *line = deep->line + worker * (code->n_active + 1);
  for (int r = 0; r < rows; r++) {
    float *to = x + (size_t)r * (size_t)n_in;
    hd__normaliser_apply(&deep->obs_norm, 1, obs + (size_t)r * (size_t)n_obs, plain);
    if (code->desc->kind == HD_CODE_GRADED) {
      code->desc->encode(code, plain, to);
      continue;
    }
    memset(to, 0, sizeof(float) * (size_t)n_in);
    code->desc->active(code, plain, line);
    for (int k = 0; k < code->n_active; k++) {
      to[line[k]] = 1.0f;
    }
  }
}

float hd__deep_action(const hd__deep *deep, int choice) {
  const hd_dim *act = &deep->env->act[0];
  const float share = (float)choice / (float)(deep->n_actions - 1);
  return act->count > 0 ? (float)choice : act->low + share * (act->high - act->low);
}

int hd__deep_choice(const hd__deep *deep, float action) {
  const hd_dim *act = &deep->env->act[0];
  const float share = (action - act->low) / (act->high - act->low);
  return (int)hd__roundf(act->count > 0 ? action : share * (float)(deep->n_actions - 1));
}

float hd__deep_epsilon(const hd__deep *deep) {
  return hd__epsilon(deep->settings, deep->clock[0] * deep->B);
}

hd__key hd__deep_key(const hd__deep *deep, int b, uint64_t use) {
  const uint64_t row = (uint64_t)b * HD_DEEP_USES + use;
  return hd__key_make(deep->seed, HD_STREAM_ACTION, row, (uint64_t)deep->clock[0]);
}

const float *hd__deep_answer(hd__deep *deep, const float *obs) {
  hd__deep_encode(deep, 0, deep->B, obs, deep->x);
  hd__model *actor = &deep->model[0];
  const float *out = hd__model_act(actor, deep->B, deep->x, deep->fresh, deep->state);
  hd__model_note(actor, deep->B);
  return out;
}

void hd__deep_decide(hd__deep *deep, int rows, const float *obs, const hd__draw *draw,
                     float *action) {
  hd__model *actor = hd__deep_judge(deep);
  for (int r = 0; r < rows; r++) {
    deep->eval_fresh[r] = draw[r].step == 0;
  }
  hd__deep_encode(deep, 0, rows, obs, deep->x);
  const float *out = hd__model_act(actor, rows, deep->x, deep->eval_fresh, deep->eval_state);
  for (int r = 0; r < rows; r++) {
    deep->desc->choose(deep, out + (size_t)r * (size_t)actor->stack.out_pad,
                       action + (size_t)r * (size_t)deep->env->n_act);
  }
}

/* The slope of the surrogate goes from the neuron's own to slope_end. */
static void schedule_slope(hd__deep *deep) {
  const hd__settings *s = deep->settings;
  for (int k = 0; !isnan(s->slope_end) && k < deep->n_models; k++) {
    hd__stack_def *def = &deep->model[k].stack.def;
    def->cell.slope =
        hd__linear(def->slope, s->slope_end, s->slope_steps, deep->clock[0] * deep->B);
  }
}

hd_status hd__deep_tell(hd__deep *deep, const hd__moment *moment) {
  hd__normaliser_note(&deep->obs_norm, deep->B, moment->obs);
  for (int b = 0; b < deep->B; b++) {
    deep->fresh[b] = moment->terminated[b] || moment->truncated[b];
  }
  hd__normaliser_note_reward(&deep->reward_norm, deep->B, deep->settings->gamma, moment->reward,
                             deep->fresh);
  schedule_slope(deep);
  const int64_t updates = deep->clock[1];
  HD_TRY(deep->desc->tell(deep, moment));
  deep->clock[0]++;
  if (deep->settings->average > 0 && deep->clock[1] > updates) {
    hd__model_follow(&deep->average, &deep->model[0],
                     hd__average_rate(deep->settings->average, deep->clock[1]));
  }
  return HD_OK;
}

uint64_t hd__deep_hash(const hd__deep *deep) {
  uint64_t hash = 0;
  for (int k = 0; k < deep->n_models; k++) {
    const hd__model *model = &deep->model[k];
    hash = hd__hash(hash, model->weights, sizeof(float) * model->stack.n_weights);
  }
  if (deep->settings->average > 0) {
    hash = hd__hash(hash, deep->average.weights, sizeof(float) * deep->average.stack.n_weights);
  }
  return hash;
}
