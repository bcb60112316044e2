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
  float *log_p, *cost; /* [rows] log probability of the chosen action, and times temperature */
  temperature *temperature;
} sac;

_Static_assert(sizeof(sac) <= HD_DEEP_OWN, "an algorithm's own fits");

static sac *own_of(hd__deep *deep) { return (sac *)deep->own; }

static hd_status compile(hd__deep *deep) {
  sac *own = own_of(deep);
  HD_TRY(hd__continuous_compile(deep, &own->base, 2));
  return hd__deep_check_room(deep);
}

static void lay_out(hd__deep *deep, hd__arena *arena) {
  sac *own = own_of(deep);
  hd__continuous_lay_out(deep, &own->base, arena);
  own->drawn = HD_TAKE(arena, hd__squashed, own->base.rows * own->base.n_act);
  own->log_p = HD_TAKE(arena, float, own->base.rows);
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

/* Draw an action for each of n rows from row `at` on, from the actor's output. */
static void sac_draw_actions(hd__deep *deep, int at, int n, const float *out) {
  sac *own = own_of(deep);
  hd__continuous *base = &own->base;
  const float price = heat(own);
  for (int r = 0; r < n; r++) {
    float log_p = 0.0f;
    for (int k = 0; k < base->n_act; k++) {
      const int i = (at + r) * base->n_act + k;
      own->drawn[i] = draw(own, out + r * deep->model[HD_ACTOR].stack.out_pad, k, base->e[i]);
      base->chosen[i] = own->drawn[i].action;
      log_p += own->drawn[i].log_p;
    }
    own->log_p[at + r] = log_p;
    own->cost[at + r] = price * log_p;
  }
}

static void sac_block_targets(void *user, int worker, int block) {
  hd__deep *deep = user;
  sac *own = own_of(deep);
  hd__continuous *base = &own->base;
  const int at = block * HD_BATCH_BLOCK, n = hd__continuous_rows(base, at);
  hd__continuous_prepare_block(deep, base, worker, at);
  sac_draw_actions(
      deep, at, n,
      hd__model_answer_block(&deep->model[HD_ACTOR], worker, n, base->next_x + at * base->in));
  hd__continuous_target_block(base, worker, at, own->cost);
}

/* Down the mean of temperature times log probability minus q. */
static void sac_actor_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                           const float *out, float *g) {
  hd__deep *deep = user;
  sac *own = own_of(deep);
  hd__continuous *base = &own->base;
  const int at = index[0], n_act = base->n_act; /* rows follow each other */
  const float share = 1.0f / (float)base->rows, price = share * heat(own);
  sac_draw_actions(deep, at, n, out);
  hd__twin_show(&base->twin, at, n, base->plain + at * base->twin.n_obs, base->chosen + at * n_act);
  hd__twin_slope(&base->twin, worker, at, n, true, base->slope + at * n_act);
  for (int r = 0; r < n; r++, g += out_pad, out += out_pad) {
    for (int k = 0; k < n_act; k++) {
      const int i = (at + r) * n_act + k;
      hd__squash_back(&own->drawn[i], out[n_act + k], -share * base->slope[i], price, &g[k],
                      &g[n_act + k]);
    }
  }
}

static float sac_mean_log_p(const sac *own) {
  float total = 0.0f;
  for (int r = 0; r < own->base.rows; r++) {
    total += own->log_p[r];
  }
  return total / (float)own->base.rows;
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
  hd__model *model = deep->model;
  const hd__settings *s = deep->settings;
  const hd__model_pair pair[] = {{&model[HD_TARGET], &model[HD_CRITIC]},
                                 {&model[HD_TARGET + 1], &model[HD_CRITIC + 1]}};
  hd__continuous_draw_batch(deep, base);
  hd__continuous_draw(deep, base, HD_USE_NEXT);
  hd__continuous_each_block(deep, base, sac_block_targets);
  HD_TRY(hd__continuous_teach_critics(deep, base));
  hd__continuous_draw(deep, base, HD_USE_PRESENT);
  HD_TRY(hd__continuous_teach(deep, base, &model[HD_ACTOR], sac_actor_loss, s->alpha));
  if (s->alpha_temperature > 0) {
    teach_temperature(deep, own, sac_mean_log_p(own));
  }
  hd__models_follow(deep->workers, 2, pair, (float)s->target_rate);
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
