/* TD3: two critics, an actor that is updated less often than they are, and targets at noisy
 * actions. The actor may spike; its slow copy, which acts in the targets, may be a smooth network
 * that is taught to imitate it, since a slow copy of a spiking network jumps where its weights
 * creep.
 *
 * Sources: Fujimoto, van Hoof & Meger 2018, arXiv 1802.09477; Tang et al. 2020 (spiking actor); Xu
 * et al. 2025, arXiv 2505.24161 (proxy target). */
#include "continuous.h"
#include "mathf.h"

_Static_assert(sizeof(hd__continuous) <= HD_GRADIENT_RL_STATE, "an algorithm's own fits");

static hd__continuous *td3_state_of(hd__gradient_rl *rl) { return (hd__continuous *)rl->state; }

static hd_status td3_compile(hd__gradient_rl *rl) {
  hd__continuous *self = td3_state_of(rl);
  HD_TRY(hd__continuous_compile(rl, self, 1));
  hd__stack_def def = rl->model[HD_ACTOR].stack.def;
  if (rl->settings->proxy) {
    HD_TRY(hd__model_critic_def(rl->ctx, rl->config, &def));
    def.n_in = rl->code.n;
    def.n_out = self->n_act;
  }
  hd__gradient_rl_add_model(rl, rl->settings->proxy ? "proxy" : "follower", &def);
  return hd__gradient_rl_check_room(rl);
}

static void td3_lay_out(hd__gradient_rl *rl, hd__arena *arena) {
  hd__continuous *self = td3_state_of(rl);
  const bool learns = rl->settings->proxy;
  const hd__batch_def batch =
      hd__gradient_rl_batch(rl, learns ? HD_BATCH_LEARNS : HD_BATCH_ANSWERS, self->rows);
  hd__continuous_lay_out(rl, self, arena);
  hd__model_lay_out(&rl->model[HD_TARGET_ACTOR], arena, learns ? HD_MODEL_LEARNS : HD_MODEL_INFERS,
                    0, &batch);
}

static void td3_start(hd__gradient_rl *rl) {
  hd__continuous_start(rl, td3_state_of(rl));
  if (rl->settings->proxy) {
    hd__model_start(&rl->model[HD_TARGET_ACTOR], rl->seed, hd__continuous_first(HD_TARGET_ACTOR));
  } else {
    hd__model_copy(&rl->model[HD_TARGET_ACTOR], &rl->model[HD_ACTOR]);
  }
}

/* Component k of a row of output, and noise. */
static float td3_explored(const hd__gradient_rl *rl, const float *out, int k, float e) {
  return hd__clampf(hd__tanhf(out[k]) + (float)rl->settings->noise * e, -1.0f, 1.0f);
}

static void td3_explore(const hd__gradient_rl *rl, const float *out, hd__key key, float *action) {
  hd__continuous_explore(rl, out, key, td3_explored, action);
}

static void td3_act(hd__gradient_rl *rl, const float *obs, float *action) {
  hd__continuous *base = td3_state_of(rl);
  const float *out = hd__continuous_output(rl, base, obs);
  const int stride = rl->model[HD_ACTOR].stack.out_pad;
  for (int b = 0; b < rl->B; b++) {
    const float *e = hd__continuous_noise(rl, base, b);
    float *a = action + b * base->n_act;
    for (int k = 0; k < base->n_act; k++) {
      a[k] =
          out != NULL ? td3_explored(rl, out + b * stride, k, e[k]) : hd__uniform_of_normal(e[k]);
    }
    hd__continuous_scale(base, a);
  }
}

/* What the actor's follower would do next, and noise that smooths the critics around it. */
static void td3_next_actions(hd__gradient_rl *rl, hd__continuous *base, int worker, int at) {
  const hd__settings *s = rl->settings;
  hd__model *follower = &rl->model[HD_TARGET_ACTOR];
  const float deviation = (float)s->target_noise, limit = (float)s->target_noise_clip;
  const int n = hd__continuous_rows(base, at), stride = follower->stack.out_pad;
  const float *out = hd__model_answer_block(follower, worker, n, base->next_x + at * base->in);
  for (int r = 0; r < n; r++) {
    for (int k = 0; k < base->n_act; k++) {
      const int i = (at + r) * base->n_act + k;
      const float noise = hd__clampf(deviation * base->e[i], -limit, limit);
      base->chosen[i] = hd__clampf(hd__tanhf(out[r * stride + k]) + noise, -1.0f, 1.0f);
    }
  }
}

static void td3_block_targets(void *user, int worker, int block) {
  hd__gradient_rl *rl = user;
  hd__continuous *base = td3_state_of(rl);
  const int at = block * HD_BATCH_BLOCK;
  hd__continuous_prepare_block(rl, base, worker, at);
  td3_next_actions(rl, base, worker, at);
  hd__continuous_target_block(base, worker, at, NULL);
}

/* Up the slope of the first critic: the loss is minus the mean q of what the actor does. */
static void td3_actor_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                           const float *out, float *g) {
  hd__continuous *base = td3_state_of(user);
  const int at = index[0], n_act = base->n_act; /* rows follow each other */
  const float share = 1.0f / (float)base->rows;
  float *chosen = base->chosen + at * n_act, *slope = base->slope + at * n_act;
  for (int r = 0; r < n; r++) {
    for (int k = 0; k < n_act; k++) {
      chosen[r * n_act + k] = hd__tanhf(out[r * out_pad + k]);
    }
  }
  hd__twin_set_input(&base->twin, at, n, base->plain + at * base->twin.n_obs, chosen);
  hd__twin_action_gradient(&base->twin, worker, at, n, false, slope);
  for (int r = 0; r < n; r++) {
    for (int k = 0; k < n_act; k++) {
      const float a = chosen[r * n_act + k];
      g[r * out_pad + k] = -share * slope[r * n_act + k] * (1.0f - a * a);
    }
  }
}

/* The proxy comes nearer to what the actor just did. */
static void td3_proxy_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                           const float *out, float *g) {
  const hd__continuous *base = td3_state_of(user);
  const int n_act = base->n_act;
  const float share = 2.0f / (float)(base->rows * n_act);
  (void)worker;
  for (int r = 0; r < n; r++) {
    for (int k = 0; k < n_act; k++) {
      const float a = hd__tanhf(out[r * out_pad + k]);
      g[r * out_pad + k] = share * (a - base->chosen[index[r] * n_act + k]) * (1.0f - a * a);
    }
  }
}

/* The slow copies come nearer. */
static void td3_follow(hd__gradient_rl *rl) {
  hd__model *model = rl->model;
  const hd__model_pair pair[] = {{&model[HD_TARGET], &model[HD_CRITIC]},
                                 {&model[HD_TARGET + 1], &model[HD_CRITIC + 1]},
                                 {&model[HD_TARGET_ACTOR], &model[HD_ACTOR]}};
  hd__models_follow(rl->workers, rl->settings->proxy ? 2 : 3, pair,
                    (float)rl->settings->target_rate);
}

static hd_status td3_update(hd__gradient_rl *rl) {
  hd__continuous *base = td3_state_of(rl);
  const hd__settings *s = rl->settings;
  const bool moves_actor = (rl->clock[1] + 1) % s->policy_delay == 0;
  if (!moves_actor) {
    hd__gradient_rl_release_actor(rl);
  }
  hd__continuous_draw_batch(rl, base);
  hd__continuous_normals(rl, base, HD_USE_NEXT);
  hd__continuous_each_block(rl, base, td3_block_targets);
  HD_TRY(hd__continuous_update_critics(rl, base));
  rl->clock[1] += 1;
  if (!moves_actor) {
    return HD_OK;
  }
  HD_TRY(hd__continuous_teach(rl, base, &rl->model[HD_ACTOR], td3_actor_loss, s->alpha));
  hd__gradient_rl_release_actor(rl);
  for (int64_t step = 0; s->proxy && step < s->proxy_steps; step++) {
    HD_TRY(hd__continuous_teach(rl, base, &rl->model[HD_TARGET_ACTOR], td3_proxy_loss,
                                s->alpha_proxy));
  }
  td3_follow(rl);
  return HD_OK;
}

const hd__gradient_rl_desc hd__gradient_rl_td3 = {
    .name = "td3",
    .doc = "twin critics, delayed policy, smoothed targets; real-valued actions",
    .source = "Fujimoto et al. 2018; Tang et al. 2020",
    .takes_real = true,
    .compile = td3_compile,
    .lay_out = td3_lay_out,
    .start = td3_start,
    .act = td3_act,
    .observe_transition = hd__continuous_observe_transition,
    .update = td3_update,
    .choose = hd__continuous_choose,
    .value = hd__continuous_value,
    .explore = td3_explore,
    .is_consistent = hd__continuous_is_consistent,
};
