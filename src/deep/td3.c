/* TD3: two critics, an actor that is updated less often than they are, and targets at noisy
 * actions. The actor may spike; its slow copy, which acts in the targets, may be a smooth network
 * that is taught to imitate it, since a slow copy of a spiking network jumps where its weights
 * creep.
 *
 * Sources: Fujimoto, van Hoof & Meger 2018, arXiv 1802.09477; Tang et al. 2020 (spiking actor); Xu
 * et al. 2025, arXiv 2505.24161 (proxy target). */
#include "continuous.h"
#include "deep_table.h"
#include "mathf.h"

_Static_assert(sizeof(hd__continuous) <= HD_DEEP_OWN, "an algorithm's own fits");

static hd__continuous *own_of(hd__deep *deep) { return (hd__continuous *)deep->own; }

static hd_status compile(hd__deep *deep) {
  hd__continuous *own = own_of(deep);
  HD_TRY(hd__continuous_compile(deep, own, 1));
  hd__stack_def def = deep->model[HD_ACTOR].stack.def;
  if (deep->settings->proxy) {
    HD_TRY(hd__model_critic_def(deep->ctx, deep->config, &def));
    def.n_in = deep->code.n;
    def.n_out = own->n_act;
  }
  hd__deep_add_model(deep, deep->settings->proxy ? "proxy" : "follower", &def);
  return hd__deep_check_room(deep);
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  hd__continuous *own = own_of(deep);
  const bool learns = deep->settings->proxy;
  const hd__batch_def batch =
      hd__deep_batch(deep, learns ? HD_BATCH_LEARNS : HD_BATCH_ANSWERS, own->rows);
  hd__continuous_lay_out(deep, own, arena);
  hd__model_lay_out(&deep->model[HD_FOLLOWER], arena, learns ? HD_MODEL_LEARNS : HD_MODEL_ANSWERS,
                    0, &batch);
}

static void start(hd__deep *deep) {
  hd__continuous_start(deep, own_of(deep));
  if (deep->settings->proxy) {
    hd__model_start(&deep->model[HD_FOLLOWER], deep->seed, hd__continuous_first(HD_FOLLOWER));
  } else {
    hd__model_copy(&deep->model[HD_FOLLOWER], &deep->model[HD_ACTOR]);
  }
}

static void act(hd__deep *deep, const float *obs, float *action) {
  hd__continuous *base = own_of(deep);
  const float deviation = (float)deep->settings->noise;
  const float *out = hd__continuous_output(deep, base, obs);
  const int stride = deep->model[HD_ACTOR].stack.out_pad;
  for (int b = 0; b < deep->B; b++) {
    const float *e = hd__continuous_noise(deep, base, b);
    float *a = action + b * base->n_act;
    for (int k = 0; k < base->n_act; k++) {
      a[k] = out != NULL
                 ? hd__clampf(hd__tanhf(out[b * stride + k]) + deviation * e[k], -1.0f, 1.0f)
                 : hd__uniform_of_normal(e[k]);
    }
    hd__continuous_scale(base, a);
  }
}

/* What the actor's follower would do next, and noise that smooths the critics around it. */
static void td3_next_actions(hd__deep *deep, hd__continuous *base, int worker, int at) {
  const hd__settings *s = deep->settings;
  hd__model *follower = &deep->model[HD_FOLLOWER];
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
  hd__deep *deep = user;
  hd__continuous *base = own_of(deep);
  const int at = block * HD_BATCH_BLOCK;
  hd__continuous_prepare_block(deep, base, worker, at);
  td3_next_actions(deep, base, worker, at);
  hd__continuous_target_block(base, worker, at, NULL);
}

/* Up the slope of the first critic: the loss is minus the mean q of what the actor does. */
static void td3_actor_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                           const float *out, float *g) {
  hd__continuous *base = own_of(user);
  const int at = index[0], n_act = base->n_act; /* rows follow each other */
  const float share = 1.0f / (float)base->rows;
  float *chosen = base->chosen + at * n_act, *slope = base->slope + at * n_act;
  for (int r = 0; r < n; r++) {
    for (int k = 0; k < n_act; k++) {
      chosen[r * n_act + k] = hd__tanhf(out[r * out_pad + k]);
    }
  }
  hd__twin_show(&base->twin, at, n, base->plain + at * base->twin.n_obs, chosen);
  hd__twin_slope(&base->twin, worker, at, n, false, slope);
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
  const hd__continuous *base = own_of(user);
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
static void td3_follow(hd__deep *deep) {
  hd__model *model = deep->model;
  const hd__model_pair pair[] = {{&model[HD_TARGET], &model[HD_CRITIC]},
                                 {&model[HD_TARGET + 1], &model[HD_CRITIC + 1]},
                                 {&model[HD_FOLLOWER], &model[HD_ACTOR]}};
  hd__models_follow(deep->workers, deep->settings->proxy ? 2 : 3, pair,
                    (float)deep->settings->target_rate);
}

static hd_status update(hd__deep *deep) {
  hd__continuous *base = own_of(deep);
  const hd__settings *s = deep->settings;
  hd__continuous_draw_batch(deep, base);
  hd__continuous_draw(deep, base, HD_USE_NEXT);
  hd__continuous_each_block(deep, base, td3_block_targets);
  HD_TRY(hd__continuous_teach_critics(deep, base));
  deep->clock[1] += 1;
  if (deep->clock[1] % s->policy_delay != 0) {
    return HD_OK;
  }
  HD_TRY(hd__continuous_teach(deep, base, &deep->model[HD_ACTOR], td3_actor_loss, s->alpha));
  for (int64_t step = 0; s->proxy && step < s->proxy_steps; step++) {
    HD_TRY(hd__continuous_teach(deep, base, &deep->model[HD_FOLLOWER], td3_proxy_loss,
                                s->alpha_proxy));
  }
  td3_follow(deep);
  return HD_OK;
}

static hd_status tell(hd__deep *deep, const hd__moment *moment) {
  return hd__continuous_tell(deep, moment, update);
}

const hd__deep_desc hd__deep_td3 = {
    .name = "td3",
    .doc = "twin critics, delayed policy, smoothed targets; real-valued actions",
    .source = "Fujimoto et al. 2018; Tang et al. 2020",
    .takes_real = true,
    .compile = compile,
    .lay_out = lay_out,
    .start = start,
    .act = act,
    .tell = tell,
    .choose = hd__continuous_choose,
    .is_sound = hd__continuous_is_sound,
};
