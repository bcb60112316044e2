#include "gradient_learner.h"

#include <string.h>

#include "gradient_rl_scratch.h"
#include "settings_use.h"
#include "shown_net.h"

static hd__gradient_learner *gradient_learner_state_of(const hd__learner *learner) {
  return learner->state;
}

static bool gradient_learner_is_chosen(const hd__settings *s) {
  return s->algorithm != hd__algorithm_none && !hd__settings_is_gated(s) &&
         !hd__settings_is_team(s);
}

static hd_status gradient_learner_compile(hd__learner *learner) {
  const hd__settings *s = learner->settings;
  hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  if (strcmp(s->search, "none") != 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "an algorithm that learns by gradients does not search; use search = none");
  }
  *rl = (hd__gradient_rl){.ctx = learner->ctx,
                          .config = learner->config,
                          .settings = s,
                          .env = learner->env,
                          .kernel = learner->kernel,
                          .workers = learner->workers,
                          .seed = learner->seed,
                          .B = learner->training->B,
                          .eval_rows = HD_EVAL_ROWS};
  learner->eval_rows = HD_EVAL_ROWS;
  HD_TRY(hd__settings_code(learner->ctx, learner->config, learner->seed, &rl->code));
  return hd__gradient_rl_compile(rl);
}

/* Layers that the activity tells of: those that spike. */
static int gradient_learner_spiking(const hd__model *actor) {
  const hd__stack_def *def = &actor->stack.def;
  return def->cell.unit == HD_UNIT_NONE ? def->n_layers : 0;
}

static void gradient_learner_list_activity(hd__model *actor, hd__arena *arena) {
  const int n = gradient_learner_spiking(actor);
  if (n > 0) {
    hd__list_substeps(arena, &actor->counted);
  }
  for (int l = 0; l < n; l++) {
    hd__list_spikes(arena, actor->spikes[l], actor->stack.layer[l].n_pad);
  }
}

static void gradient_learner_lay_out(hd__learner *learner, hd__arena *arena) {
  hd__gradient_learner *self = gradient_learner_state_of(learner);
  const int B = learner->training->B, n_obs = learner->env->n_obs;
  hd__gradient_rl_lay_out(&self->rl, arena);
  gradient_learner_list_activity(&self->rl.model[0], arena);
  self->before = HD_TAKE(arena, float, B *n_obs);
  self->next = HD_TAKE(arena, float, B *n_obs);
  self->reward = HD_TAKE(arena, double, B);
}

static void gradient_learner_start(hd__learner *learner) {
  hd__gradient_rl_start(&gradient_learner_state_of(learner)->rl);
}

/* ---- who looks ---- */

static hd_status gradient_learner_show(const hd__learner *learner, hd_network **out) {
  const hd__model *actor = &gradient_learner_state_of(learner)->rl.model[0];
  return hd__shown_stack_create(learner->ctx, &actor->stack,
                                hd__neuron_find(learner->ctx, learner->settings->neuron),
                                (float)learner->settings->dt, out);
}

static void gradient_learner_begin_shown(hd__learner *learner) {
  const hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  const hd__stack *stack = &rl->model[0].stack;
  const int b = learner->shown_env;
  const bool goes_on = rl->carried != NULL && !rl->fresh[b];
  hd__shown_stack_continue(learner->shown, stack,
                           goes_on ? rl->carried + b * stack->n_state : NULL);
}

/* What `actor` has just decided: its input is in the scratch of the algorithm. */
static void gradient_learner_repeat_decided(hd__learner *learner) {
  hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  const hd__model *model = hd__gradient_rl_eval_model(rl);
  hd__shown_stack_repeat(learner->shown, &model->stack, &model->ready, rl->x,
                         rl->eval_carried == NULL || rl->eval_fresh[0]);
}

/* The decision just made, for whom the algorithm may have drawn an action without asking the
 * network. */
static void gradient_learner_repeat(hd__learner *learner) {
  hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  const hd__model *actor = &rl->model[0];
  const int b = learner->shown_env;
  float *x = rl->x + b * actor->stack.in_pad;
  hd__gradient_rl_encode(rl, 0, 1,
                         gradient_learner_state_of(learner)->before + b * learner->env->n_obs, x);
  hd__shown_stack_repeat(learner->shown, &actor->stack, &actor->ready, x,
                         rl->carried == NULL || rl->fresh[b]);
}

/* ---- learning ---- */

/* Act and step every environment, perhaps on a thread of its own. */
static void gradient_learner_move(void *user) {
  hd__learner *learner = user;
  hd__gradient_learner *self = gradient_learner_state_of(learner);
  hd__training *training = learner->training;
  self->rl.desc->act(&self->rl, self->before, training->action);
  if (hd__learner_shows_training(learner)) {
    gradient_learner_repeat(learner);
  }
  if (hd__code_wrote_finite(&self->rl.code)) {
    hd_envs_step(training->envs, training->action, training->obs, training->reward,
                 training->terminated, training->truncated);
  }
}

/* A step of every environment; `before`, `next` and `reward` say what happened. */
static hd_status gradient_learner_step(hd__learner *learner) {
  hd__gradient_learner *self = gradient_learner_state_of(learner);
  hd__training *training = learner->training;
  const int B = training->B;
  const size_t size = sizeof(float) * (size_t)B * (size_t)learner->env->n_obs;
  memcpy(self->before, training->obs, size);
  HD_TRY(hd__check_stopped(learner->ctx));
  const hd_status status = hd__gradient_rl_catch_up(&self->rl, gradient_learner_move, learner);
  HD_TRY(hd__code_check_written(learner->ctx, &self->rl.code));
  HD_TRY(status);
  HD_TRY(hd__training_take_step(training));
  memcpy(self->next, training->obs, size);
  for (int b = 0; b < B; b++) {
    self->reward[b] =
        hd__settings_reward(learner->settings, training->reward[b], training->terminated[b]);
  }
  return hd__training_count_episodes(training) ? hd__training_reset_ended(training) : HD_OK;
}

/* The updates after a step and the next step are made side by side, where that changes nothing: one
 * environment, of this program, in which nobody looks on. */
static hd_status gradient_learner_begin(hd__learner *learner) {
  gradient_learner_state_of(learner)->rl.may_owe =
      learner->workers != NULL && learner->training->B == 1 && learner->env->foreign == NULL &&
      !hd__learner_shows_training(learner);
  return HD_OK;
}

static hd_status gradient_learner_end(hd__learner *learner) {
  hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  HD_TRY(hd__gradient_rl_catch_up(rl, NULL, NULL));
  learner->training->counters->updates = rl->clock[1];
  return HD_OK;
}

static hd_status gradient_learner_advance(hd__learner *learner) {
  hd__gradient_learner *self = gradient_learner_state_of(learner);
  hd__training *training = learner->training;
  const hd__transition transition = {.obs = self->before,
                                     .action = training->action,
                                     .reward = self->reward,
                                     .next = self->next,
                                     .terminated = training->terminated,
                                     .truncated = training->truncated};
  if (training->counters->steps == 0) {
    HD_TRY(hd__training_check_obs(training));
  }
  HD_TRY(gradient_learner_step(learner));
  self->rl.factor = hd__learner_annealed(learner);
  const hd_status status = hd__gradient_rl_observe_transition(&self->rl, &transition);
  if (status != HD_OK) { /* a registered coding is named before the weights */
    HD_TRY(hd__code_check_written(learner->ctx, &self->rl.code));
    return status;
  }
  training->counters->updates = self->rl.clock[1];
  return HD_OK;
}

/* ---- what it shows ---- */

static void gradient_learner_decide(void *self, int rows, const float *obs,
                                    const hd__random_base *random, float *action) {
  hd__gradient_rl_decide(self, rows, obs, random, action);
}

static hd_status gradient_learner_check(void *self, hd_ctx *ctx) {
  return hd__code_check_written(ctx, &((const hd__gradient_rl *)self)->code);
}

static hd__carried gradient_learner_carried(void *self, int row) {
  const hd__gradient_rl *rl = self;
  const hd__stack *stack = &rl->model[0].stack;
  hd__carried out = {.n = {0}};
  if (rl->eval_carried != NULL) {
    out.at[0] = rl->eval_carried + (size_t)row * (size_t)stack->n_state;
    out.n[0] = (int)stack->n_state;
  }
  if (rl->eval_above != NULL) {
    out.at[1] = rl->eval_above + (size_t)row * (size_t)stack->n_above;
    out.n[1] = (int)stack->n_above;
  }
  return out;
}

static hd__actor gradient_learner_actor(hd__learner *learner) {
  return (hd__actor){.self = &gradient_learner_state_of(learner)->rl,
                     .decide = gradient_learner_decide,
                     .check = gradient_learner_check,
                     .carried = gradient_learner_carried};
}

static void gradient_learner_explore(void *self, int rows, const float *obs,
                                     const hd__random_base *random, float *action) {
  hd__gradient_rl_explore(self, rows, obs, random, action);
}

static hd__actor gradient_learner_explorer(hd__learner *learner) {
  return (hd__actor){.self = &gradient_learner_state_of(learner)->rl,
                     .decide = gradient_learner_explore,
                     .check = gradient_learner_check,
                     .carried = gradient_learner_carried};
}

/* What a further thread acts with: a copy of the algorithm that writes elsewhere. */
typedef struct gradient_copy {
  hd__gradient_rl rl;
  hd__gradient_rl_scratch scratch;
} gradient_copy;

static void gradient_learner_lay_out_actor(hd__learner *learner, void *memory, hd__arena *arena) {
  gradient_copy *copy = memory;
  hd__gradient_rl_scratch_lay_out(&copy->scratch, arena, &gradient_learner_state_of(learner)->rl);
}

static void gradient_learner_start_actor(hd__learner *learner, void *memory) {
  (void)learner;
  (void)memory;
}

static hd__actor gradient_learner_actor_beside(hd__learner *learner, void *memory) {
  gradient_copy *copy = memory;
  hd__gradient_rl_copy_actor(&copy->rl, &gradient_learner_state_of(learner)->rl, &copy->scratch);
  return (hd__actor){
      .self = &copy->rl, .decide = gradient_learner_decide, .check = gradient_learner_check};
}

static void gradient_learner_activity(const hd__learner *learner, hd_stats *out) {
  static const char *const names[] = {"hidden 1", "hidden 2", "hidden 3",
                                      "hidden 4", "hidden 5", "hidden 6"};
  _Static_assert(sizeof names / sizeof names[0] == HD_STACK_LAYERS, "every layer has a name");
  _Static_assert((int)HD_STACK_LAYERS <= (int)HD_MAX_LAYERS,
                 "raise HD_MAX_LAYERS: hd_stats has room for every layer of a network");
  const hd__model *actor = &gradient_learner_state_of(learner)->rl.model[0];
  for (int l = 0; l < gradient_learner_spiking(actor); l++) {
    const hd__stack_layer *layer = &actor->stack.layer[l];
    hd__describe_layer(out, names[l], layer->n, layer->n_pad, NULL, actor->spikes[l],
                       actor->counted);
  }
}

static void gradient_learner_reset_activity(hd__learner *learner) {
  hd__model_count_reset(&gradient_learner_state_of(learner)->rl.model[0]);
}

static bool gradient_learner_value(hd__learner *learner, const float *obs, float *value) {
  hd__gradient_rl *rl = &gradient_learner_state_of(learner)->rl;
  *value = rl->desc->value(rl, obs);
  return true;
}

static uint64_t gradient_learner_hash(const hd__learner *learner) {
  return hd__gradient_rl_hash(&gradient_learner_state_of(learner)->rl);
}

static hd_status gradient_learner_check_loaded(hd__learner *learner) {
  if (!hd__gradient_rl_check_loaded(&gradient_learner_state_of(learner)->rl)) {
    return hd__fail(learner->ctx, HD_FORMAT,
                    "the %s of this checkpoint is inconsistent: a count or an action of its replay "
                    "buffer or rollout is out of range",
                    gradient_learner_state_of(learner)->rl.desc->name);
  }
  return HD_OK;
}

const hd__learner_desc hd__learner_gradient = {
    .name = "gradient",
    .doc = "an algorithm that learns by exact gradients of a loss",
    .state_size = sizeof(hd__gradient_learner),
    .is_chosen = gradient_learner_is_chosen,
    .compile = gradient_learner_compile,
    .lay_out = gradient_learner_lay_out,
    .start = gradient_learner_start,
    .begin = gradient_learner_begin,
    .end = gradient_learner_end,
    .advance = gradient_learner_advance,
    .actor = gradient_learner_actor,
    .explorer = gradient_learner_explorer,
    .actor_size = sizeof(gradient_copy),
    .lay_out_actor = gradient_learner_lay_out_actor,
    .start_actor = gradient_learner_start_actor,
    .actor_beside = gradient_learner_actor_beside,
    .activity = gradient_learner_activity,
    .reset_activity = gradient_learner_reset_activity,
    .hash = gradient_learner_hash,
    .check_loaded = gradient_learner_check_loaded,
    .value = gradient_learner_value,
    .show = gradient_learner_show,
    .begin_shown = gradient_learner_begin_shown,
    .repeat_decided = gradient_learner_repeat_decided,
};
