#include "continuous.h"

/* Draws of an environment at a step. */
enum { DRAW_FIRST, DRAW_NEXT, DRAWS };
_Static_assert((int)DRAWS <= (int)HD_DEEP_USES, "raise HD_DEEP_USES: each use has keys of its own");

static hd_status check(const hd__deep *deep) {
  const hd__settings *s = deep->settings;
  if (s->carry) {
    return hd__fail(deep->ctx, HD_CONFLICT,
                    "algorithm = %s replays single decisions; use carry = false", deep->desc->name);
  }
  if (s->replay < deep->B * s->n_step) {
    return hd__fail(deep->ctx, HD_RANGE, "replay = %lld, with these envs and n_step at least %lld",
                    (long long)s->replay, (long long)(deep->B * s->n_step));
  }
  for (int k = 0; k < deep->env->n_act; k++) {
    const hd_dim *dim = &deep->env->act[k];
    const float width = dim->high - dim->low;
    if (!(width > 0.0f && width - width == 0.0f)) {
      return hd__fail(deep->ctx, HD_CONFLICT, "%s: action '%s' runs from %g to %g; %s needs bounds",
                      deep->env->name, dim->name, (double)dim->low, (double)dim->high,
                      deep->desc->name);
    }
  }
  return HD_OK;
}

/* Spiking outputs are populations of their own, each read by its own decoder. */
static hd_status compile_actor(hd__deep *deep, int n_out) {
  hd__stack_def def;
  HD_TRY(hd__model_actor_def(deep->ctx, deep->config, &def));
  def.n_in = deep->code.n;
  def.n_out = n_out;
  const int neurons = (int)deep->settings->action_neurons;
  if (neurons > 1 && def.cell.activation == HD_ACTIVATION_SPIKE) {
    if (def.n_layers == HD_STACK_LAYERS) {
      return hd__fail(deep->ctx, HD_RANGE,
                      "hidden has %d layers; with the output population at most %d fit",
                      def.n_layers, HD_STACK_LAYERS - 1);
    }
    def.width[def.n_layers++] = neurons * n_out;
    def.is_grouped = true;
  }
  hd__deep_add_model(deep, "actor", &def);
  return HD_OK;
}

hd_status hd__continuous_compile(hd__deep *deep, hd__continuous *own, int n_out) {
  const hd__settings *s = deep->settings;
  hd__stack_def critic;
  own->n_act = deep->env->n_act;
  HD_TRY(check(deep));
  HD_TRY(compile_actor(deep, own->n_act * n_out));
  HD_TRY(hd__model_critic_def(deep->ctx, deep->config, &critic));
  critic.n_in = deep->env->n_obs + own->n_act;
  critic.n_out = 1;
  for (int k = 0; k < 4; k++) {
    static const char *const name[] = {"critic.1", "critic.2", "target.1", "target.2"};
    hd__deep_add_model(deep, name[k], &critic);
  }
  hd__twin_compile(&own->twin, &deep->model[HD_CRITIC], &deep->model[HD_TARGET], deep->env->n_obs,
                   own->n_act);
  hd__noise_compile(&own->noise, deep->kernel, own->n_act, (float)s->noise_memory);
  own->rows = (int)s->batch;
  own->in = hd__deep_in(deep);
  own->replay.def = (hd__replay_def){.capacity = s->replay,
                                     .B = deep->B,
                                     .n_obs = deep->env->n_obs,
                                     .n_act = own->n_act,
                                     .n_step = (int)s->n_step,
                                     .gamma = (float)s->gamma};
  return HD_OK;
}

void hd__continuous_lay_out(hd__deep *deep, hd__continuous *own, hd__arena *arena) {
  const int rows = own->rows, n_obs = deep->env->n_obs;
  const int acting = deep->B > deep->eval_rows ? deep->B : deep->eval_rows;
  const hd__batch_def learns = hd__deep_batch(deep, HD_BATCH_LEARNS, rows);
  hd__model_lay_out(&deep->model[HD_ACTOR], arena, HD_MODEL_LEARNS, acting, &learns);
  hd__twin_lay_out(&own->twin, arena, &learns);
  hd__noise_lay_out(&own->noise, arena, deep->B);
  hd__replay_lay_out(&own->replay, arena);
  hd__replay_batch_lay_out(&own->replay, arena, rows, &own->batch);
  own->middle = HD_TAKE(arena, float, own->n_act);
  own->half = HD_TAKE(arena, float, own->n_act);
  own->plain = HD_TAKE(arena, float, rows *n_obs);
  own->next_plain = HD_TAKE(arena, float, rows *n_obs);
  own->x = HD_TAKE(arena, float, rows * own->in);
  own->next_x = HD_TAKE(arena, float, rows * own->in);
  own->e = HD_TAKE(arena, float, HD_PAD(rows * own->n_act));
  own->chosen = HD_TAKE(arena, float, rows * own->n_act);
  own->slope = HD_TAKE(arena, float, rows * own->n_act);
}

void hd__continuous_start(hd__deep *deep, hd__continuous *own) {
  for (int k = 0; k < own->n_act; k++) {
    const hd_dim *dim = &deep->env->act[k];
    own->middle[k] = 0.5f * (dim->low + dim->high);
    own->half[k] = 0.5f * (dim->high - dim->low);
  }
  hd__model_start(&deep->model[HD_ACTOR], deep->seed, hd__continuous_first(HD_ACTOR));
  hd__twin_start(&own->twin, deep->seed, hd__continuous_first(HD_CRITIC));
  hd__replay_start(&own->replay);
  for (int b = 0; b < deep->B; b++) {
    hd__noise_start(&own->noise, b, hd__deep_key(deep, b, DRAW_FIRST));
  }
}

const float *hd__continuous_output(hd__deep *deep, const hd__continuous *own, const float *obs) {
  return *own->replay.written < deep->settings->learning_starts ? NULL : hd__deep_answer(deep, obs);
}

const float *hd__continuous_noise(hd__deep *deep, hd__continuous *own, int b) {
  return hd__noise_next(&own->noise, b, hd__deep_key(deep, b, DRAW_NEXT));
}

void hd__continuous_scale(const hd__continuous *own, float *action) {
  for (int k = 0; k < own->n_act; k++) {
    action[k] = own->middle[k] + own->half[k] * action[k];
  }
}

void hd__continuous_choose(const hd__deep *deep, const float *out, float *action) {
  const hd__continuous *own = (const hd__continuous *)deep->own;
  for (int k = 0; k < own->n_act; k++) {
    action[k] = hd__tanhf(out[k]);
  }
  hd__continuous_scale(own, action);
}

bool hd__continuous_is_sound(const hd__deep *deep) {
  const hd__continuous *own = (const hd__continuous *)deep->own;
  return hd__replay_is_sound(&own->replay);
}

hd_status hd__continuous_tell(hd__deep *deep, const hd__moment *moment,
                              hd_status (*update)(hd__deep *deep)) {
  const hd__settings *s = deep->settings;
  hd__continuous *own = (hd__continuous *)deep->own;
  hd__replay_add(&own->replay, moment->obs, moment->action, moment->reward, moment->next,
                 moment->terminated, moment->truncated);
  const int64_t now = *own->replay.written, before = now - deep->B;
  const int64_t due =
      now >= s->learning_starts ? now / s->train_every - before / s->train_every : 0;
  for (int64_t k = 0; k < due * s->gradient_steps; k++) {
    HD_TRY(update(deep));
  }
  return HD_OK;
}

static hd__key update_key(const hd__deep *deep, hd__update_use use) {
  return hd__key_make(deep->seed, HD_STREAM_REPLAY, (uint64_t)use, (uint64_t)deep->clock[1]);
}

void hd__continuous_draw_batch(hd__deep *deep, hd__continuous *own) {
  hd__replay_draw(&own->replay, update_key(deep, HD_USE_BATCH), 0.0f, &own->batch);
}

void hd__continuous_draw(hd__deep *deep, hd__continuous *own, hd__update_use use) {
  deep->kernel->normals(HD_PAD(own->rows * own->n_act), update_key(deep, use), 0, own->e);
}

void hd__continuous_each_block(hd__deep *deep, const hd__continuous *own, hd__task_fn fn) {
  hd__workers_run(deep->workers, (own->rows + HD_BATCH_BLOCK - 1) / HD_BATCH_BLOCK, fn, deep);
}

void hd__continuous_prepare_block(hd__deep *deep, hd__continuous *own, int worker, int at) {
  hd__replay_batch *batch = &own->batch;
  const int n = hd__continuous_rows(own, at), n_obs = deep->env->n_obs;
  for (int r = at; r < at + n; r++) {
    batch->reward[r] = hd__normaliser_reward(&deep->reward_norm, (double)batch->reward[r]);
    for (int k = 0; k < own->n_act; k++) {
      float *a = &batch->action[r * own->n_act + k];
      *a = (*a - own->middle[k]) / own->half[k];
    }
  }
  const float *obs = batch->obs + at * n_obs, *next = batch->next + at * n_obs;
  hd__normaliser_apply(&deep->obs_norm, n, obs, own->plain + at * n_obs);
  hd__normaliser_apply(&deep->obs_norm, n, next, own->next_plain + at * n_obs);
  hd__deep_encode(deep, worker, n, obs, own->x + at * own->in);
  hd__deep_encode(deep, worker, n, next, own->next_x + at * own->in);
}

void hd__continuous_target_block(hd__continuous *own, int worker, int at, const float *cost) {
  const hd__replay_batch *batch = &own->batch;
  hd__twin *twin = &own->twin;
  const int n = hd__continuous_rows(own, at), act = at * own->n_act, obs = at * twin->n_obs;
  float *y = twin->y + at;
  hd__twin_show(twin, at, n, own->next_plain + obs, own->chosen + act);
  hd__twin_target(twin, worker, at, n, y);
  for (int r = 0; r < n; r++) {
    const float q = cost != NULL ? y[r] - cost[at + r] : y[r];
    y[r] = batch->reward[at + r] + batch->discount[at + r] * q;
  }
  hd__twin_show(twin, at, n, own->plain + obs, batch->action + act);
}

hd_status hd__continuous_teach_critics(hd__deep *deep, hd__continuous *own) {
  return hd__twin_learn(deep->ctx, deep->workers, &own->twin, deep->settings,
                        deep->factor * (float)deep->settings->alpha_critic);
}

hd_status hd__continuous_teach(hd__deep *deep, hd__continuous *own, hd__model *model,
                               hd__loss_fn loss, double alpha) {
  const float size = deep->factor * (float)alpha;
  const hd__lesson lesson = {
      .model = model, .source.x = own->x, .n = own->rows, .loss = loss, .user = deep};
  hd__lessons_gradient(deep->workers, 1, &lesson);
  return hd__models_step(deep->ctx, deep->workers, 1, &model, deep->settings, &size);
}
