#include "gradient_rl.h"

#include <string.h>

#include "action_level.h"
#include "hash.h"
#include "schedule.h"
#include "settings_use.h"

/* By the choice of option `algorithm`. */
static const hd__gradient_rl_desc *const descs[] = {
#define ROW(W, name, by) [hd__algorithm_##name] = &hd__gradient_rl_##name,
    HD_ALGORITHMS(ROW, )
#undef ROW
};

const hd__gradient_rl_desc *hd__gradient_rl_desc_of(int algorithm) { return descs[algorithm]; }

hd_status hd__gradient_rl_compile(hd__gradient_rl *rl) {
  hd_ctx *ctx = rl->ctx;
  const hd__settings *s = rl->settings;
  const hd_env_desc *env = rl->env;
  rl->desc = hd__gradient_rl_desc_of(s->algorithm);
  rl->n_models = 0;
  const bool is_discrete = env->act[0].count > 0;
  rl->n_actions = is_discrete            ? env->act[0].count
                  : rl->desc->takes_real ? 0
                                         : (int)s->action_levels;
  rl->obs_norm.is_on = s->normalise_obs;
  rl->range = hd__learned_range_make(
      env, s->learn_range && !s->normalise_obs && rl->code.desc->reads & HD_READS_RANGE,
      rl->code.desc->kind == HD_CODE_SPARSE);
  rl->return_scale = (hd__return_scale){
      .is_on = s->normalise_reward, .gamma = s->gamma, .factor = s->reward_scale};
  if (is_discrete && !rl->desc->takes_discrete) {
    return hd__fail(ctx, HD_CONFLICT,
                    "algorithm = %s takes real-valued actions, and those of %s are discrete",
                    rl->desc->name, env->name);
  }
  if (s->shuffle_signal && s->batch < 2) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "replay.batch = %lld, and shuffle_signal = true gives every transition of a batch "
        "the target of another; use replay.batch = 2 or more",
        (long long)s->batch);
  }
  if (rl->n_actions > 0 && env->n_act > 1 && !rl->desc->takes_several) {
    return hd__fail(ctx, HD_CONFLICT,
                    "%s takes %d action components at once, and algorithm = %s chooses one action; "
                    "use algorithm = ppo, a2c, reinforce, td3 or sac",
                    env->name, env->n_act, rl->desc->name);
  }
  if (rl->code.desc->kind == HD_CODE_SPIKES) {
    return hd__fail(ctx, HD_CONFLICT,
                    "algorithm = %s reads inputs that stay during a decision, and those of coding "
                    "= %s are spikes; use coding = current, raw, bins, population, onehot or "
                    "tiles",
                    rl->desc->name, rl->code.desc->name);
  }
  HD_TRY(rl->desc->compile(rl));
  HD_TRY(hd__settings_check_frozen(ctx, s, rl->model[0].stack.def.n_layers));
  hd__model_freeze(&rl->model[0], s);
  return HD_OK;
}

hd__model *hd__gradient_rl_add_model(hd__gradient_rl *rl, const char *name,
                                     const hd__stack_def *def) {
  HD_ASSERT(rl->n_models < HD_GRADIENT_RL_MODELS);
  hd__model *model = &rl->model[rl->n_models++];
  hd__model_compile(model, name, def, rl->kernel);
  return model;
}

hd__batch_def hd__gradient_rl_batch(const hd__gradient_rl *rl, hd__batch_use use, int units) {
  return (hd__batch_def){.use = use,
                         .units = units,
                         .decisions = 1,
                         .room = (size_t)rl->settings->memory_limit << 20,
                         .n_workers = hd__workers_count(rl->workers)};
}

hd_status hd__gradient_rl_check_room(const hd__gradient_rl *rl) {
  for (int k = 0; k < rl->n_models; k++) {
    HD_TRY(
        hd__batch_check(rl->ctx, &rl->model[k].stack, 1, (size_t)rl->settings->memory_limit << 20));
  }
  return HD_OK;
}

/* Floats, and lines of a code, that a thread writes while it encodes: in cache lines of its own. */
static int gradient_rl_plain(const hd__gradient_rl *rl) { return HD_PAD(rl->env->n_obs); }

static int gradient_rl_line(const hd__gradient_rl *rl) { return HD_PAD(rl->code.n_active + 1); }

void hd__gradient_rl_lay_out(hd__gradient_rl *rl, hd__arena *arena) {
  const int rows = rl->B > rl->eval_rows ? rl->B : rl->eval_rows;
  const hd__stack *actor = &rl->model[0].stack;
  rl->clock = hd__arena_field(arena, "clock", "I64", 1, 2);
  hd__code_lay_out(&rl->code, arena);
  rl->code.table = HD_TAKE(arena, float, rl->code.n_table);
  hd__normaliser_lay_out(&rl->obs_norm, arena, "obs_norm", rl->env->n_obs);
  hd__learned_range_lay_out(&rl->range, arena);
  hd__return_scale_lay_out(&rl->return_scale, arena, rl->B);
  const int n_encoding = 1 + hd__workers_count(rl->workers);
  rl->plain = HD_TAKE(arena, float, n_encoding *gradient_rl_plain(rl));
  rl->x = HD_TAKE(arena, float, rows *hd__gradient_rl_n_in(rl));
  rl->seen = HD_TAKE(arena, float, rows *hd__gradient_rl_n_seen(rl));
  rl->fresh = hd__arena_field(arena, "fresh", "U8", 1, rl->B);
  rl->eval_fresh = HD_TAKE(arena, bool, rl->eval_rows);
  rl->line = HD_TAKE(arena, int32_t, n_encoding * gradient_rl_line(rl));
  if (actor->def.is_carried) {
    rl->carried = hd__arena_field(arena, "state", "F32", rl->B, actor->n_state);
    rl->eval_carried = HD_TAKE(arena, float, rl->eval_rows * actor->n_state);
  }
  if (actor->n_above > 0) {
    rl->above = hd__arena_field(arena, "above", "F32", rl->B, actor->n_above);
    rl->eval_above = HD_TAKE(arena, float, rl->eval_rows * actor->n_above);
  }
  rl->desc->lay_out(rl, arena);
  if (rl->settings->average > 0) {
    hd__model_compile(&rl->average, "average", &actor->def, rl->kernel);
    hd__model_lay_out(&rl->average, arena, HD_MODEL_INFERS, rl->eval_rows, NULL);
  }
}

void hd__gradient_rl_start(hd__gradient_rl *rl) {
  hd__code_start(&rl->code);
  memset(rl->fresh, true, sizeof(bool) * (size_t)rl->B);
  hd__normaliser_start(&rl->obs_norm);
  rl->desc->start(rl);
  if (rl->settings->average > 0) {
    hd__model_copy(&rl->average, &rl->model[0]);
  }
}

bool hd__gradient_rl_check_loaded(hd__gradient_rl *rl) {
  hd__normaliser_prepare(&rl->obs_norm);
  for (int k = 0; k < rl->n_models; k++) {
    hd__model_prepare(&rl->model[k]);
  }
  if (rl->settings->average > 0) {
    hd__model_prepare(&rl->average);
  }
  return rl->desc->is_consistent == NULL || rl->desc->is_consistent(rl);
}

hd__model *hd__gradient_rl_eval_model(hd__gradient_rl *rl) {
  return rl->settings->average > 0 ? &rl->average : &rl->model[0];
}

static int gradient_rl_n_above(const hd__gradient_rl *rl) { return rl->model[0].stack.n_above; }

int hd__gradient_rl_n_in(const hd__gradient_rl *rl) {
  return HD_PAD(rl->code.n) + gradient_rl_n_above(rl);
}

int hd__gradient_rl_n_seen(const hd__gradient_rl *rl) {
  return rl->env->n_obs + gradient_rl_n_above(rl);
}

void hd__gradient_rl_see(const hd__gradient_rl *rl, int rows, const float *obs, const bool *fresh,
                         const float *above, float *seen) {
  const int n_obs = rl->env->n_obs, n_above = gradient_rl_n_above(rl);
  const size_t size = sizeof(float) * (size_t)n_above;
  for (int r = 0; r < rows; r++) {
    memcpy(seen, obs + r * n_obs, sizeof(float) * (size_t)n_obs);
    seen += n_obs;
    if (n_above > 0 && fresh != NULL && fresh[r]) {
      memset(seen, 0, size);
    } else if (n_above > 0) {
      memcpy(seen, above + r * n_above, size);
    }
    seen += n_above;
  }
}

/* Input for observations, into which what layers did before goes. */
static void gradient_rl_look(hd__gradient_rl *rl, int rows, const float *obs, const bool *fresh,
                             const float *above) {
  hd__gradient_rl_see(rl, rows, obs, fresh, above, rl->seen);
  hd__gradient_rl_encode(rl, 0, rows, rl->seen, rl->x);
}

/* Output for that input; what layers do now is kept. */
static const float *gradient_rl_act(hd__gradient_rl *rl, hd__model *actor, int rows,
                                    const bool *fresh, float *state, float *above) {
  const float *out = hd__model_act(actor, rows, rl->x, fresh, state);
  if (above != NULL) {
    hd__stack_above(&actor->stack, &actor->tape, rows, above);
  }
  return out;
}

/* What layers did stands behind the code. */
static void gradient_rl_encode_above(const hd__gradient_rl *rl, const float *seen, float *x) {
  const int n_above = gradient_rl_n_above(rl);
  if (n_above > 0) {
    memcpy(x + HD_PAD(rl->code.n), seen + rl->env->n_obs, sizeof(float) * (size_t)n_above);
  }
}

void hd__gradient_rl_encode(const hd__gradient_rl *rl, int who, int rows, const float *seen,
                            float *x) {
  const int n_in = hd__gradient_rl_n_in(rl);
  const int n_seen = hd__gradient_rl_n_seen(rl);
  const hd__code *code = &rl->code;
  float *plain = rl->plain + who * gradient_rl_plain(rl);
  int32_t *line = rl->line + who * gradient_rl_line(rl);
  for (int r = 0; r < rows; r++) {
    float *to = x + (size_t)r * (size_t)n_in;
    const float *from = seen + (size_t)r * (size_t)n_seen;
    hd__normaliser_apply(&rl->obs_norm, 1, from, plain);
    hd__learned_range_apply(&rl->range, 1, plain, plain);
    gradient_rl_encode_above(rl, from, to);
    if (code->desc->kind == HD_CODE_GRADED) {
      code->desc->encode(code, plain, to);
      continue;
    }
    memset(to, 0, sizeof(float) * (size_t)HD_PAD(code->n));
    code->desc->active(code, plain, line);
    for (int k = 0; k < code->n_active; k++) {
      to[line[k]] = 1.0f;
    }
  }
}

float hd__gradient_rl_action(const hd__gradient_rl *rl, int k, int choice) {
  return hd__action_of(&rl->env->act[k], rl->n_actions, choice);
}

float hd__gradient_rl_epsilon(const hd__gradient_rl *rl) {
  return hd__epsilon(rl->settings, rl->clock[0] * rl->B);
}

hd__key hd__gradient_rl_key(const hd__gradient_rl *rl, int b, uint64_t use) {
  const uint64_t row = (uint64_t)b * HD_GRADIENT_RL_USES + use;
  return hd__key_make(rl->seed, HD_STREAM_ACTION, row, (uint64_t)rl->clock[0]);
}

void hd__gradient_rl_look(hd__gradient_rl *rl, const float *obs) {
  gradient_rl_look(rl, rl->B, obs, rl->fresh, rl->above);
}

const float *hd__gradient_rl_answer(hd__gradient_rl *rl) {
  hd__model *actor = &rl->model[0];
  const float *out = gradient_rl_act(rl, actor, rl->B, rl->fresh, rl->carried, rl->above);
  hd__model_update_statistics(actor, rl->B);
  return out;
}

const float *hd__gradient_rl_forward(hd__gradient_rl *rl, const float *obs) {
  hd__gradient_rl_look(rl, obs);
  return hd__gradient_rl_answer(rl);
}

/* Output of a model for rows of an evaluation. */
static const float *gradient_rl_eval(hd__gradient_rl *rl, hd__model *actor, int rows,
                                     const float *obs, const hd__random_base *draw) {
  for (int r = 0; r < rows; r++) {
    rl->eval_fresh[r] = draw[r].step == 0;
  }
  gradient_rl_look(rl, rows, obs, rl->eval_fresh, rl->eval_above);
  return gradient_rl_act(rl, actor, rows, rl->eval_fresh, rl->eval_carried, rl->eval_above);
}

void hd__gradient_rl_explore(hd__gradient_rl *rl, int rows, const float *obs,
                             const hd__random_base *draw, float *action) {
  hd__model *actor = &rl->model[0];
  const float *out = gradient_rl_eval(rl, actor, rows, obs, draw);
  for (int r = 0; r < rows; r++) {
    rl->desc->explore(rl, out + (size_t)r * (size_t)actor->stack.out_pad,
                      hd__key_at(draw[r].action, draw[r].step),
                      action + (size_t)r * (size_t)rl->env->n_act);
  }
}

void hd__gradient_rl_decide(hd__gradient_rl *rl, int rows, const float *obs,
                            const hd__random_base *draw, float *action) {
  hd__model *actor = hd__gradient_rl_eval_model(rl);
  const float *out = gradient_rl_eval(rl, actor, rows, obs, draw);
  for (int r = 0; r < rows; r++) {
    rl->desc->choose(rl, out + (size_t)r * (size_t)actor->stack.out_pad,
                     action + (size_t)r * (size_t)rl->env->n_act);
  }
}

/* The slope of the surrogate goes from the neuron's own to slope_end. */
static void gradient_rl_schedule_slope(hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  for (int k = 0; !isnan(s->slope_end) && k < rl->n_models; k++) {
    hd__stack_def *def = &rl->model[k].stack.def;
    def->cell.slope = hd__linear(def->slope, s->slope_end, s->slope_steps, rl->clock[0] * rl->B);
  }
}

/* After updates, the first of which had the number `from`. */
static void gradient_rl_update_average(hd__gradient_rl *rl, int64_t from) {
  if (rl->settings->average > 0 && rl->clock[1] > from) {
    hd__model_polyak_update(&rl->average, &rl->model[0],
                            hd__average_rate(rl->settings->average, rl->clock[1]));
  }
}

static hd_status gradient_rl_make_updates(hd__gradient_rl *rl, void (*beside)(void *user)) {
  const int64_t from = rl->clock[1];
  int64_t left = rl->owed;
  rl->owed = 0;
  while (left-- > 0) {
    rl->beside = left == 0 ? beside : NULL;
    HD_TRY(rl->desc->update(rl));
  }
  gradient_rl_update_average(rl, from);
  return HD_OK;
}

void hd__gradient_rl_release_actor(hd__gradient_rl *rl) {
  if (rl->beside != NULL) {
    hd__workers_offer(rl->workers, rl->beside, rl->beside_user);
  }
}

hd_status hd__gradient_rl_catch_up(hd__gradient_rl *rl, void (*beside)(void *user), void *user) {
  if (beside == NULL) {
    return gradient_rl_make_updates(rl, NULL);
  }
  if (rl->owed == 0) {
    beside(user);
    return HD_OK;
  }
  rl->beside_user = user;
  const hd_status status = gradient_rl_make_updates(rl, beside);
  hd__workers_finish_offer(rl->workers);
  return status;
}

hd_status hd__gradient_rl_observe_transition(hd__gradient_rl *rl,
                                             const hd__transition *transition) {
  hd__normaliser_update(&rl->obs_norm, rl->B, transition->obs);
  hd__learned_range_update(&rl->range, rl->B, transition->obs);
  for (int b = 0; b < rl->B; b++) {
    rl->fresh[b] = transition->terminated[b] || transition->truncated[b];
  }
  hd__return_scale_update(&rl->return_scale, rl->B, transition->reward, rl->fresh);
  gradient_rl_schedule_slope(rl);
  const int64_t updates = rl->clock[1];
  HD_TRY(rl->desc->observe_transition(rl, transition));
  rl->clock[0]++;
  gradient_rl_update_average(rl, updates);
  return rl->may_owe ? HD_OK : gradient_rl_make_updates(rl, NULL);
}

uint64_t hd__gradient_rl_hash(const hd__gradient_rl *rl) {
  uint64_t hash = 0;
  for (int k = 0; k < rl->n_models; k++) {
    const hd__model *model = &rl->model[k];
    hash = hd__hash(hash, model->weights, sizeof(float) * model->stack.n_weights);
  }
  if (rl->settings->average > 0) {
    hash = hd__hash(hash, rl->average.weights, sizeof(float) * rl->average.stack.n_weights);
  }
  return hash;
}
