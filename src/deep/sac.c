/* SAC: a policy that is paid for being undecided, tanh of a normal deviate, twin critics, and a
 * temperature that keeps the entropy near its target.
 * Sources: Haarnoja et al. 2018, arXiv 1812.05905; Tang et al. 2020 (spiking actor). */
#include <math.h>

#include "continuous.h"
#include "deep_table.h"
#include "squash.h"

/* What is saved of the temperature and of the moments by which it moves. */
typedef struct temperature {
  double log, mean, square, beta1_power, beta2_power;
} temperature;

enum { TEMPERATURE = sizeof(temperature) / sizeof(double) };

typedef struct sac {
  hd__continuous base; /* first */
  hd__squashed *drawn; /* [rows][n_act] */
  float *cost;         /* [rows] temperature times log probability of the chosen action */
  temperature *temperature;
} sac;

_Static_assert(sizeof(sac) <= HD_DEEP_OWN, "an algorithm's own fits");

static sac *own_of(hd__deep *deep) { return (sac *)deep->own; }

static hd_status compile(hd__deep *deep) {
  sac *own = own_of(deep);
  HD_TRY(hd__continuous_compile(deep, &own->base, 2));
  return hd__deep_fits(deep, own->base.rows);
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  sac *own = own_of(deep);
  hd__continuous_lay_out(deep, &own->base, arena);
  own->drawn = HD_TAKE(arena, hd__squashed, own->base.rows * own->base.n_act);
  own->cost = HD_TAKE(arena, float, own->base.rows);
  own->temperature = hd__arena_field(arena, "temperature", "F64", 1, TEMPERATURE);
}

static void start(hd__deep *deep) {
  sac *own = own_of(deep);
  hd__continuous_start(deep, &own->base);
  *own->temperature = (temperature){.log = (double)hd__logf((float)deep->settings->temperature),
                                    .beta1_power = 1.0,
                                    .beta2_power = 1.0};
}

static float heat(const sac *own) { return hd__expf((float)own->temperature->log); }

/* Component k of a row of output: means come first, then the logarithms of deviations. */
static hd__squashed draw(const sac *own, const float *out, int k, float e) {
  return hd__squash(out[k], out[own->base.n_act + k], e);
}

static void act(hd__deep *deep, const float *obs, float *action) {
  sac *own = own_of(deep);
  hd__continuous *base = &own->base;
  const float *out = hd__continuous_output(deep, base, obs);
  for (int b = 0; b < deep->B; b++) {
    const float *e = hd__continuous_noise(deep, base, b);
    float *a = action + b * base->n_act;
    for (int k = 0; k < base->n_act; k++) {
      a[k] = out != NULL ? draw(own, out + b * deep->model[HD_ACTOR].stack.out_pad, k, e[k]).action
                         : hd__uniform_of_normal(e[k]);
    }
    hd__continuous_scale(base, a);
  }
}

/* Draw an action per row from the actor's output; returns the mean log probability. */
static float draw_all(hd__deep *deep, sac *own, const float *out, hd__update_use use) {
  hd__continuous *base = &own->base;
  const float price = heat(own);
  float total = 0.0f;
  hd__continuous_draw(deep, base, use);
  for (int r = 0; r < base->rows; r++) {
    float log_p = 0.0f;
    for (int k = 0; k < base->n_act; k++) {
      const int i = r * base->n_act + k;
      own->drawn[i] = draw(own, out + r * deep->model[HD_ACTOR].stack.out_pad, k, base->e[i]);
      base->chosen[i] = own->drawn[i].action;
      log_p += own->drawn[i].log_p;
    }
    own->cost[r] = price * log_p;
    total += log_p;
  }
  return total / (float)base->rows;
}

/* Down the mean of temperature times log probability minus worth. */
static hd_status teach_actor(hd__deep *deep, sac *own, float *log_p) {
  hd__continuous *base = &own->base;
  hd__model *actor = &deep->model[HD_ACTOR];
  const int stride = actor->stack.out_pad;
  const float share = 1.0f / (float)base->rows, price = share * heat(own);
  const float *out = hd__model_answer(actor, base->rows, base->x, true);
  *log_p = draw_all(deep, own, out, HD_USE_PRESENT);
  hd__twin_show(&base->twin, base->rows, base->plain, base->chosen);
  hd__twin_slope(&base->twin, base->rows, true, base->slope);
  for (int r = 0; r < base->rows; r++) {
    float *g = base->g_out + r * stride;
    for (int k = 0; k < base->n_act; k++) {
      const int i = r * base->n_act + k;
      hd__squash_back(&own->drawn[i], out[r * stride + base->n_act + k], -share * base->slope[i],
                      price, &g[k], &g[base->n_act + k]);
    }
  }
  hd__model_clear(actor);
  hd__model_blame(actor, base->rows, base->x, base->g_out, true, NULL);
  return hd__model_descend(deep->ctx, actor, deep->settings,
                           deep->factor * (float)deep->settings->alpha);
}

/* A step of Adam down -log temperature (log probability + target entropy). */
static void teach_temperature(const hd__deep *deep, sac *own, float log_p) {
  const hd__settings *s = deep->settings;
  temperature *t = own->temperature;
  const double target = isnan(s->target_entropy) ? -(double)own->base.n_act : s->target_entropy;
  const double g = -((double)log_p + target);
  t->mean = s->beta1 * t->mean + (1.0 - s->beta1) * g;
  t->square = s->beta2 * t->square + (1.0 - s->beta2) * g * g;
  t->beta1_power *= s->beta1;
  t->beta2_power *= s->beta2;
  const double root = sqrt(t->square / (1.0 - t->beta2_power));
  t->log -= (double)deep->factor * s->alpha_temperature * (t->mean / (1.0 - t->beta1_power)) /
            (root + s->optimiser_epsilon);
}

static hd_status update(hd__deep *deep) {
  sac *own = own_of(deep);
  hd__continuous *base = &own->base;
  float log_p;
  hd__continuous_fetch(deep, base);
  draw_all(deep, own, hd__model_answer(&deep->model[HD_ACTOR], base->rows, base->next_x, false),
           HD_USE_NEXT);
  hd__continuous_judge(base, own->cost);
  HD_TRY(hd__continuous_teach_critics(deep, base));
  HD_TRY(teach_actor(deep, own, &log_p));
  if (deep->settings->alpha_temperature > 0) {
    teach_temperature(deep, own, log_p);
  }
  hd__twin_follow(&base->twin, (float)deep->settings->target_rate);
  deep->clock[1] += 1;
  return HD_OK;
}

static hd_status tell(hd__deep *deep, const hd__moment *moment) {
  return hd__continuous_tell(deep, moment, update);
}

const hd__deep_desc hd__deep_sac = {
    .name = "sac",
    .doc = "a squashed normal policy, twin critics, entropy at a target; real-valued actions",
    .source = "Haarnoja et al. 2018; Tang et al. 2020",
    .takes_real = true,
    .compile = compile,
    .lay_out = lay_out,
    .start = start,
    .act = act,
    .tell = tell,
    .choose = hd__continuous_choose,
    .is_sound = hd__continuous_is_sound,
};
