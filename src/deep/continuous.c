#include "continuous.h"

#include "normal.h"
#include "td.h"

/* Draws of an environment at a step. */
enum { DRAW_FIRST, DRAW_NEXT, DRAWS };
_Static_assert((int)DRAWS <= (int)HD_GRADIENT_RL_USES,
               "raise HD_GRADIENT_RL_USES: each use has keys of its own");

static hd_status continuous_check(const hd__gradient_rl *rl) {
  const hd__settings *s = rl->settings;
  if (s->carry) {
    return hd__fail(rl->ctx, HD_CONFLICT,
                    "algorithm = %s replays single decisions; use carry = false", rl->desc->name);
  }
  if (s->replay < rl->B * s->n_step) {
    return hd__fail(rl->ctx, HD_RANGE,
                    "replay.size = %lld, with these envs and replay.n_step at least %lld",
                    (long long)s->replay, (long long)(rl->B * s->n_step));
  }
  for (int k = 0; k < rl->env->n_act; k++) {
    const hd_dim *dim = &rl->env->act[k];
    const float width = dim->high - dim->low;
    if (!(width > 0.0f && width - width == 0.0f)) {
      return hd__fail(rl->ctx, HD_CONFLICT, "%s: action '%s' runs from %g to %g; %s needs bounds",
                      rl->env->name, dim->name, (double)dim->low, (double)dim->high,
                      rl->desc->name);
    }
  }
  return HD_OK;
}

/* Spiking outputs are populations of their own, each read by its own decoder. */
static hd_status continuous_compile_actor(hd__gradient_rl *rl, int n_out) {
  hd__stack_def def;
  HD_TRY(hd__model_actor_def(rl->ctx, rl->config, &def));
  def.n_in = rl->code.n;
  def.n_out = n_out;
  const int neurons = (int)rl->settings->action_neurons;
  if (neurons > 1 && def.cell.unit == HD_UNIT_NONE) {
    if (def.n_layers == HD_STACK_LAYERS) {
      return hd__fail(rl->ctx, HD_RANGE,
                      "hidden has %d layers; with the output population at most %d fit",
                      def.n_layers, HD_STACK_LAYERS - 1);
    }
    def.width[def.n_layers++] = neurons * n_out;
    def.is_grouped = true;
  }
  hd__gradient_rl_add_model(rl, "actor", &def);
  return HD_OK;
}

hd_status hd__continuous_compile(hd__gradient_rl *rl, hd__continuous *self, int n_out) {
  const hd__settings *s = rl->settings;
  hd__stack_def critic;
  self->n_act = rl->env->n_act;
  HD_TRY(continuous_check(rl));
  HD_TRY(continuous_compile_actor(rl, self->n_act * n_out));
  HD_TRY(hd__model_critic_def(rl->ctx, rl->config, &critic));
  critic.n_in = rl->env->n_obs + self->n_act;
  critic.n_out = 1;
  for (int k = 0; k < 4; k++) {
    static const char *const name[] = {"critic.1", "critic.2", "target.1", "target.2"};
    hd__gradient_rl_add_model(rl, name[k], &critic);
  }
  hd__twin_compile(&self->twin, &rl->model[HD_CRITIC], &rl->model[HD_TARGET], rl->env->n_obs,
                   self->n_act);
  hd__noise_compile(&self->noise, rl->kernel, self->n_act, (float)s->noise_memory);
  self->rows = (int)s->batch;
  self->in = hd__gradient_rl_n_in(rl);
  self->replay.def = (hd__replay_def){.capacity = s->replay,
                                      .B = rl->B,
                                      .n_obs = rl->env->n_obs,
                                      .n_act = self->n_act,
                                      .n_step = (int)s->n_step,
                                      .gamma = (float)s->gamma};
  return HD_OK;
}

void hd__continuous_lay_out(hd__gradient_rl *rl, hd__continuous *self, hd__arena *arena) {
  const int rows = self->rows, n_obs = rl->env->n_obs;
  const int acting = rl->B > rl->eval_rows ? rl->B : rl->eval_rows;
  const hd__batch_def learns = hd__gradient_rl_batch(rl, HD_BATCH_LEARNS, rows);
  hd__model_lay_out(&rl->model[HD_ACTOR], arena, HD_MODEL_LEARNS, acting, &learns);
  hd__twin_lay_out(&self->twin, arena, &learns);
  hd__noise_lay_out(&self->noise, arena, rl->B);
  hd__replay_lay_out(&self->replay, arena);
  hd__replay_batch_lay_out(&self->replay, arena, rows, &self->batch);
  self->middle = HD_TAKE(arena, float, self->n_act);
  self->half = HD_TAKE(arena, float, self->n_act);
  self->plain = HD_TAKE(arena, float, rows *n_obs);
  self->next_plain = HD_TAKE(arena, float, rows *n_obs);
  self->x = HD_TAKE(arena, float, rows * self->in);
  self->next_x = HD_TAKE(arena, float, rows * self->in);
  self->e = HD_TAKE(arena, float, HD_PAD(rows * self->n_act));
  self->chosen = HD_TAKE(arena, float, rows * self->n_act);
  self->slope = HD_TAKE(arena, float, rows * self->n_act);
}

void hd__continuous_start(hd__gradient_rl *rl, hd__continuous *self) {
  for (int k = 0; k < self->n_act; k++) {
    const hd_dim *dim = &rl->env->act[k];
    self->middle[k] = 0.5f * (dim->low + dim->high);
    self->half[k] = 0.5f * (dim->high - dim->low);
  }
  hd__model_start(&rl->model[HD_ACTOR], rl->seed, hd__continuous_first(HD_ACTOR));
  hd__twin_start(&self->twin, rl->seed, hd__continuous_first(HD_CRITIC));
  hd__replay_start(&self->replay);
  for (int b = 0; b < rl->B; b++) {
    hd__noise_start(&self->noise, b, hd__gradient_rl_key(rl, b, DRAW_FIRST));
  }
}

const float *hd__continuous_output(hd__gradient_rl *rl, const hd__continuous *self,
                                   const float *obs) {
  return *self->replay.written < rl->settings->learning_starts ? NULL
                                                               : hd__gradient_rl_forward(rl, obs);
}

const float *hd__continuous_noise(hd__gradient_rl *rl, hd__continuous *self, int b) {
  return hd__noise_next(&self->noise, b, hd__gradient_rl_key(rl, b, DRAW_NEXT));
}

void hd__continuous_scale(const hd__continuous *self, float *action) {
  for (int k = 0; k < self->n_act; k++) {
    action[k] = self->middle[k] + self->half[k] * action[k];
  }
}

void hd__continuous_choose(const hd__gradient_rl *rl, const float *out, float *action) {
  const hd__continuous *self = (const hd__continuous *)rl->state;
  for (int k = 0; k < self->n_act; k++) {
    action[k] = hd__tanhf(out[k]);
  }
  hd__continuous_scale(self, action);
}

float hd__continuous_value(hd__gradient_rl *rl, const float *obs) {
  hd__continuous *self = (hd__continuous *)rl->state;
  float q;
  hd__gradient_rl_encode(rl, 0, 1, obs, self->x);
  const float *out = hd__model_forward(&rl->model[HD_ACTOR], 1, self->x);
  for (int k = 0; k < self->n_act; k++) {
    self->chosen[k] = hd__tanhf(out[k]);
  }
  hd__normaliser_apply(&rl->obs_norm, 1, obs, self->plain);
  hd__twin_set_input(&self->twin, 0, 1, self->plain, self->chosen);
  hd__twin_target(&self->twin, 0, 0, 1, &q);
  return q;
}

void hd__continuous_explore(const hd__gradient_rl *rl, const float *out, hd__key key,
                            float (*draw)(const hd__gradient_rl *rl, const float *out, int k,
                                          float e),
                            float *action) {
  const hd__continuous *self = (const hd__continuous *)rl->state;
  for (int k = 0; k < self->n_act; k++) {
    action[k] = draw(rl, out, k, hd__normalf(key, (uint32_t)k));
  }
  hd__continuous_scale(self, action);
}

bool hd__continuous_is_consistent(const hd__gradient_rl *rl) {
  const hd__continuous *self = (const hd__continuous *)rl->state;
  return hd__replay_is_consistent(&self->replay);
}

hd_status hd__continuous_observe_transition(hd__gradient_rl *rl, const hd__transition *transition) {
  const hd__settings *s = rl->settings;
  hd__continuous *self = (hd__continuous *)rl->state;
  hd__replay_add(&self->replay, transition->obs, transition->action, transition->reward,
                 transition->next, transition->terminated, transition->truncated);
  const int64_t now = *self->replay.written, before = now - rl->B;
  const int64_t due =
      now >= s->learning_starts ? now / s->train_every - before / s->train_every : 0;
  rl->owed = due * s->gradient_steps;
  return HD_OK;
}

static hd__key continuous_update_key(const hd__gradient_rl *rl, hd__update_use use) {
  return hd__key_make(rl->seed, HD_STREAM_REPLAY, (uint64_t)use, (uint64_t)rl->clock[1]);
}

void hd__continuous_draw_batch(hd__gradient_rl *rl, hd__continuous *self) {
  hd__replay_choose(&self->replay, continuous_update_key(rl, HD_USE_BATCH), 0.0f, &self->batch);
}

void hd__continuous_normals(hd__gradient_rl *rl, hd__continuous *self, hd__update_use use) {
  rl->kernel->normals(HD_PAD(self->rows * self->n_act), continuous_update_key(rl, use), 0, self->e);
}

/* What is done with every block of a batch. */
typedef struct continuous_job {
  hd__gradient_rl *rl;
  hd__task_fn fn;
} continuous_job;

static void continuous_do_block(void *user, int worker, int task) {
  const continuous_job *job = user;
  if (!hd__is_stopped(job->rl->ctx)) {
    job->fn(job->rl, worker, task);
  }
}

void hd__continuous_each_block(hd__gradient_rl *rl, const hd__continuous *self, hd__task_fn fn) {
  continuous_job job = {rl, fn};
  hd__workers_run(rl->workers, (self->rows + HD_BATCH_BLOCK - 1) / HD_BATCH_BLOCK,
                  continuous_do_block, &job);
}

void hd__continuous_prepare_block(hd__gradient_rl *rl, hd__continuous *self, int worker, int at) {
  hd__replay_batch *batch = &self->batch;
  const int n = hd__continuous_rows(self, at), n_obs = rl->env->n_obs;
  hd__replay_copy(&self->replay, batch, at, n);
  for (int r = at; r < at + n; r++) {
    batch->reward[r] = hd__return_scale_apply(&rl->return_scale, (double)batch->reward[r]);
    for (int k = 0; k < self->n_act; k++) {
      float *a = &batch->action[r * self->n_act + k];
      *a = (*a - self->middle[k]) / self->half[k];
    }
  }
  const float *obs = batch->obs + at * n_obs, *next = batch->next + at * n_obs;
  hd__normaliser_apply(&rl->obs_norm, n, obs, self->plain + at * n_obs);
  hd__normaliser_apply(&rl->obs_norm, n, next, self->next_plain + at * n_obs);
  hd__gradient_rl_encode(rl, 1 + worker, n, obs, self->x + at * self->in);
  hd__gradient_rl_encode(rl, 1 + worker, n, next, self->next_x + at * self->in);
}

void hd__continuous_target_block(hd__continuous *self, int worker, int at, const float *cost) {
  const hd__replay_batch *batch = &self->batch;
  hd__twin *twin = &self->twin;
  const int n = hd__continuous_rows(self, at), act = at * self->n_act, obs = at * twin->n_obs;
  float *y = twin->y + at;
  hd__twin_set_input(twin, at, n, self->next_plain + obs, self->chosen + act);
  hd__twin_target(twin, worker, at, n, y);
  for (int r = 0; r < n; r++) {
    const float q = cost != NULL ? y[r] - cost[at + r] : y[r];
    y[r] = batch->reward[at + r] + batch->discount[at + r] * q;
  }
  hd__twin_set_input(twin, at, n, self->plain + obs, batch->action + act);
}

hd_status hd__continuous_update_critics(hd__gradient_rl *rl, hd__continuous *self) {
  if (rl->settings->shuffle_signal) {
    hd__td_shuffle_targets(self->rows, self->twin.y, continuous_update_key(rl, HD_USE_SHUFFLE));
  }
  return hd__twin_learn(rl->ctx, rl->workers, &self->twin, rl->settings,
                        rl->factor * (float)rl->settings->alpha_critic);
}

hd_status hd__continuous_teach(hd__gradient_rl *rl, hd__continuous *self, hd__model *model,
                               hd__loss_fn loss, double alpha) {
  const float size = rl->factor * (float)alpha;
  const hd__gradient_job job = {.model = model,
                                .source.x = self->x,
                                .n = self->rows,
                                .loss = loss,
                                .user = rl,
                                .ctx = rl->ctx};
  hd__gradient_jobs_run(rl->workers, 1, &job);
  return hd__models_step(rl->ctx, rl->workers, 1, &model, rl->settings, &size);
}
