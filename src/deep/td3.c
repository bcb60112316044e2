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

typedef struct td3 {
  hd__continuous base; /* first */
  float *g_follower;   /* [rows][out_pad] by a proxy's output, or NULL */
} td3;

_Static_assert(sizeof(td3) <= HD_DEEP_OWN, "an algorithm's own fits");

static td3 *own_of(hd__deep *deep) { return (td3 *)deep->own; }

static hd_status compile(hd__deep *deep) {
  td3 *own = own_of(deep);
  HD_TRY(hd__continuous_compile(deep, &own->base, 1));
  hd__stack_def def = deep->model[HD_ACTOR].stack.def;
  if (deep->settings->proxy) {
    HD_TRY(hd__model_critic_def(deep->ctx, deep->config, &def));
    def.n_in = deep->code.n;
    def.n_out = own->base.n_act;
  }
  hd__deep_add_model(deep, deep->settings->proxy ? "proxy" : "follower", &def);
  return hd__deep_fits(deep, own->base.rows);
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  td3 *own = own_of(deep);
  const bool learns = deep->settings->proxy;
  hd__continuous_lay_out(deep, &own->base, arena);
  hd__model_lay_out(&deep->model[HD_FOLLOWER], arena, learns ? HD_MODEL_LEARNS : HD_MODEL_ANSWERS,
                    own->base.rows, 1);
  if (learns) {
    own->g_follower =
        HD_TAKE(arena, float, own->base.rows * deep->model[HD_FOLLOWER].stack.out_pad);
  }
}

static void start(hd__deep *deep) {
  td3 *own = own_of(deep);
  hd__continuous_start(deep, &own->base);
  if (deep->settings->proxy) {
    hd__model_start(&deep->model[HD_FOLLOWER], deep->seed, hd__continuous_first(HD_FOLLOWER));
  } else {
    hd__model_copy(&deep->model[HD_FOLLOWER], &deep->model[HD_ACTOR]);
  }
}

static void act(hd__deep *deep, const float *obs, float *action) {
  td3 *own = own_of(deep);
  hd__continuous *base = &own->base;
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
static void choose_next(hd__deep *deep, td3 *own) {
  hd__continuous *base = &own->base;
  const hd__settings *s = deep->settings;
  const float deviation = (float)s->target_noise, limit = (float)s->target_noise_clip;
  const float *out = hd__model_answer(&deep->model[HD_FOLLOWER], base->rows, base->next_x, false);
  const int stride = deep->model[HD_FOLLOWER].stack.out_pad;
  hd__continuous_draw(deep, base, HD_USE_NEXT);
  for (int r = 0; r < base->rows; r++) {
    for (int k = 0; k < base->n_act; k++) {
      const int i = r * base->n_act + k;
      const float noise = hd__clampf(deviation * base->e[i], -limit, limit);
      base->chosen[i] = hd__clampf(hd__tanhf(out[r * stride + k]) + noise, -1.0f, 1.0f);
    }
  }
}

/* Up the slope of the first critic: the loss is minus the mean worth of what the actor does. */
static hd_status teach_actor(hd__deep *deep, hd__continuous *base) {
  hd__model *actor = &deep->model[HD_ACTOR];
  const int stride = actor->stack.out_pad;
  const float share = 1.0f / (float)base->rows;
  const float *out = hd__model_answer(actor, base->rows, base->x, true);
  for (int r = 0; r < base->rows; r++) {
    for (int k = 0; k < base->n_act; k++) {
      base->chosen[r * base->n_act + k] = hd__tanhf(out[r * stride + k]);
    }
  }
  hd__twin_show(&base->twin, base->rows, base->plain, base->chosen);
  hd__twin_slope(&base->twin, base->rows, false, base->slope);
  for (int r = 0; r < base->rows; r++) {
    for (int k = 0; k < base->n_act; k++) {
      const float a = base->chosen[r * base->n_act + k];
      base->g_out[r * stride + k] = -share * base->slope[r * base->n_act + k] * (1.0f - a * a);
    }
  }
  hd__model_clear(actor);
  hd__model_blame(actor, base->rows, base->x, base->g_out, true, NULL);
  return hd__model_descend(deep->ctx, actor, deep->settings,
                           deep->factor * (float)deep->settings->alpha);
}

/* The proxy comes nearer to what the actor just did. */
static hd_status teach_proxy(hd__deep *deep, td3 *own) {
  const hd__continuous *base = &own->base;
  hd__model *proxy = &deep->model[HD_FOLLOWER];
  const hd__settings *s = deep->settings;
  const int stride = proxy->stack.out_pad;
  const float share = 2.0f / (float)(base->rows * base->n_act);
  for (int64_t step = 0; step < s->proxy_steps; step++) {
    const float *out = hd__model_answer(proxy, base->rows, base->x, true);
    for (int r = 0; r < base->rows; r++) {
      for (int k = 0; k < base->n_act; k++) {
        const float a = hd__tanhf(out[r * stride + k]);
        own->g_follower[r * stride + k] =
            share * (a - base->chosen[r * base->n_act + k]) * (1.0f - a * a);
      }
    }
    hd__model_clear(proxy);
    hd__model_blame(proxy, base->rows, base->x, own->g_follower, true, NULL);
    HD_TRY(hd__model_descend(deep->ctx, proxy, s, deep->factor * (float)s->alpha_proxy));
  }
  return HD_OK;
}

static hd_status update(hd__deep *deep) {
  td3 *own = own_of(deep);
  hd__continuous *base = &own->base;
  const hd__settings *s = deep->settings;
  const float rate = (float)s->target_rate;
  hd__continuous_fetch(deep, base);
  choose_next(deep, own);
  hd__continuous_judge(base, NULL);
  HD_TRY(hd__continuous_teach_critics(deep, base));
  deep->clock[1] += 1;
  if (deep->clock[1] % s->policy_delay != 0) {
    return HD_OK;
  }
  HD_TRY(teach_actor(deep, base));
  if (s->proxy) {
    HD_TRY(teach_proxy(deep, own));
  } else {
    hd__model_follow(&deep->model[HD_FOLLOWER], &deep->model[HD_ACTOR], rate);
  }
  hd__twin_follow(&base->twin, rate);
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
