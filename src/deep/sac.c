/* SAC: a policy that is paid for being undecided, tanh of a normal deviate, twin critics, and a
 * temperature that keeps the entropy near its target.
 * Sources: Haarnoja et al. 2018, arXiv 1812.05905; Tang et al. 2020 (spiking actor). */
#include <math.h>

#include "continuous.h"
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

_Static_assert(sizeof(sac) <= HD_GRADIENT_RL_STATE, "an algorithm's own fits");

static sac *sac_state_of(hd__gradient_rl *rl) { return (sac *)rl->state; }

static hd_status sac_compile(hd__gradient_rl *rl) {
  sac *self = sac_state_of(rl);
  HD_TRY(hd__continuous_compile(rl, &self->base, 2));
  return hd__gradient_rl_check_room(rl);
}

static void sac_lay_out(hd__gradient_rl *rl, hd__arena *arena) {
  sac *self = sac_state_of(rl);
  hd__continuous_lay_out(rl, &self->base, arena);
  self->drawn = HD_TAKE(arena, hd__squashed, self->base.rows * self->base.n_act);
  self->log_p = HD_TAKE(arena, float, self->base.rows);
  self->cost = HD_TAKE(arena, float, self->base.rows);
  self->temperature = hd__arena_field(arena, "temperature", "F64", 1, TEMPERATURE);
}

static void sac_start(hd__gradient_rl *rl) {
  sac *self = sac_state_of(rl);
  hd__continuous_start(rl, &self->base);
  *self->temperature = (temperature){.log = (double)hd__logf((float)rl->settings->temperature),
                                     .beta1_power = 1.0,
                                     .beta2_power = 1.0};
}

static float sac_temperature_of(const sac *self) { return hd__expf((float)self->temperature->log); }

/* Component k of a row of output: means come first, then the logarithms of deviations. */
static hd__squashed sac_draw(const sac *self, const float *out, int k, float e) {
  return hd__squash(out[k], out[self->base.n_act + k], e);
}

static float sac_explored(const hd__gradient_rl *rl, const float *out, int k, float e) {
  return sac_draw((const sac *)rl->state, out, k, e).action;
}

static void sac_explore(const hd__gradient_rl *rl, const float *out, hd__key key, float *action) {
  hd__continuous_explore(rl, out, key, sac_explored, action);
}

static void sac_act(hd__gradient_rl *rl, const float *obs, float *action) {
  sac *self = sac_state_of(rl);
  hd__continuous *base = &self->base;
  const float *out = hd__continuous_output(rl, base, obs);
  for (int b = 0; b < rl->B; b++) {
    const float *e = hd__continuous_noise(rl, base, b);
    float *a = action + b * base->n_act;
    for (int k = 0; k < base->n_act; k++) {
      a[k] = out != NULL ? sac_explored(rl, out + b * rl->model[HD_ACTOR].stack.out_pad, k, e[k])
                         : hd__uniform_of_normal(e[k]);
    }
    hd__continuous_scale(base, a);
  }
}

/* Draw an action for each of n rows from row `at` on, from the actor's output. */
static void sac_draw_actions(hd__gradient_rl *rl, int at, int n, const float *out) {
  sac *self = sac_state_of(rl);
  hd__continuous *base = &self->base;
  const float price = sac_temperature_of(self);
  for (int r = 0; r < n; r++) {
    float log_p = 0.0f;
    for (int k = 0; k < base->n_act; k++) {
      const int i = (at + r) * base->n_act + k;
      self->drawn[i] = sac_draw(self, out + r * rl->model[HD_ACTOR].stack.out_pad, k, base->e[i]);
      base->chosen[i] = self->drawn[i].action;
      log_p += self->drawn[i].log_p;
    }
    self->log_p[at + r] = log_p;
    self->cost[at + r] = price * log_p;
  }
}

static void sac_block_targets(void *user, int worker, int block) {
  hd__gradient_rl *rl = user;
  sac *self = sac_state_of(rl);
  hd__continuous *base = &self->base;
  const int at = block * HD_BATCH_BLOCK, n = hd__continuous_rows(base, at);
  hd__continuous_prepare_block(rl, base, worker, at);
  sac_draw_actions(
      rl, at, n,
      hd__model_answer_block(&rl->model[HD_ACTOR], worker, n, base->next_x + at * base->in));
  hd__continuous_target_block(base, worker, at, self->cost);
}

/* Down the mean of temperature times log probability minus q. */
static void sac_actor_loss(void *user, int worker, int n, const int32_t *index, int out_pad,
                           const float *out, float *g) {
  hd__gradient_rl *rl = user;
  sac *self = sac_state_of(rl);
  hd__continuous *base = &self->base;
  const int at = index[0], n_act = base->n_act; /* rows follow each other */
  const float share = 1.0f / (float)base->rows, price = share * sac_temperature_of(self);
  sac_draw_actions(rl, at, n, out);
  hd__twin_set_input(&base->twin, at, n, base->plain + at * base->twin.n_obs,
                     base->chosen + at * n_act);
  hd__twin_action_gradient(&base->twin, worker, at, n, true, base->slope + at * n_act);
  for (int r = 0; r < n; r++, g += out_pad, out += out_pad) {
    for (int k = 0; k < n_act; k++) {
      const int i = (at + r) * n_act + k;
      hd__squash_back(&self->drawn[i], out[n_act + k], -share * base->slope[i], price, &g[k],
                      &g[n_act + k]);
    }
  }
}

static float sac_mean_log_p(const sac *self) {
  float total = 0.0f;
  for (int r = 0; r < self->base.rows; r++) {
    total += self->log_p[r];
  }
  return total / (float)self->base.rows;
}

/* A step of Adam down -log temperature (log probability + target entropy). */
static void sac_update_temperature(const hd__gradient_rl *rl, sac *self, float log_p) {
  const hd__settings *s = rl->settings;
  temperature *t = self->temperature;
  const double target = isnan(s->target_entropy) ? -(double)self->base.n_act : s->target_entropy;
  const double g = -((double)log_p + target);
  t->mean = s->beta1 * t->mean + (1.0 - s->beta1) * g;
  t->square = s->beta2 * t->square + (1.0 - s->beta2) * g * g;
  t->beta1_power *= s->beta1;
  t->beta2_power *= s->beta2;
  const double root = sqrt(t->square / (1.0 - t->beta2_power));
  t->log -= (double)rl->factor * s->alpha_temperature * (t->mean / (1.0 - t->beta1_power)) /
            (root + s->optimiser_epsilon);
}

static hd_status sac_update(hd__gradient_rl *rl) {
  sac *self = sac_state_of(rl);
  hd__continuous *base = &self->base;
  hd__model *model = rl->model;
  const hd__settings *s = rl->settings;
  const hd__model_pair pair[] = {{&model[HD_TARGET], &model[HD_CRITIC]},
                                 {&model[HD_TARGET + 1], &model[HD_CRITIC + 1]}};
  hd__continuous_draw_batch(rl, base);
  hd__continuous_normals(rl, base, HD_USE_NEXT);
  hd__continuous_each_block(rl, base, sac_block_targets);
  HD_TRY(hd__continuous_update_critics(rl, base));
  hd__continuous_normals(rl, base, HD_USE_PRESENT);
  HD_TRY(hd__continuous_teach(rl, base, &model[HD_ACTOR], sac_actor_loss, s->alpha));
  hd__gradient_rl_release_actor(rl);
  if (s->alpha_temperature > 0) {
    sac_update_temperature(rl, self, sac_mean_log_p(self));
  }
  hd__models_follow(rl->workers, 2, pair, (float)s->target_rate);
  rl->clock[1] += 1;
  return HD_OK;
}

const hd__gradient_rl_desc hd__gradient_rl_sac = {
    .name = "sac",
    .doc = "a squashed normal policy, twin critics, entropy at a target; real-valued actions",
    .source = "Haarnoja et al. 2018; Tang et al. 2020",
    .takes_real = true,
    .compile = sac_compile,
    .lay_out = sac_lay_out,
    .start = sac_start,
    .act = sac_act,
    .observe_transition = hd__continuous_observe_transition,
    .update = sac_update,
    .choose = hd__continuous_choose,
    .value = hd__continuous_value,
    .explore = sac_explore,
    .is_consistent = hd__continuous_is_consistent,
};
