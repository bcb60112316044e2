/* MountainCar: an engine too weak for the hill must swing up; -1 for every step. Two variants.
 * Sources: Gymnasium 1.4.0, envs/classic_control/mountain_car.py; Moore 1990. The paper's variant
 * is that of Aenugu 2020, arXiv 2005.05941. */
#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "uniform.h"

static const double min_position = -1.2, max_position = 0.6, max_speed = 0.07, goal = 0.5;

typedef struct mountaincar {
  double position, velocity;
} mountaincar;

static double mountaincar_accelerated(const mountaincar *s, float action, const hd_random *random) {
  double sine, cosine;
  hd__maths_of(random)->sincos(3 * s->position, &sine, &cosine);
  return s->velocity + (((double)action - 1) * 0.001 + cosine * -0.0025);
}

static void mountaincar_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  mountaincar *s = state;
  s->position = hd__uniform_between(random, -0.6, -0.4);
  s->velocity = 0;
}

static bool mountaincar_step(const hd_env_desc *self, void *state, const float *action,
                             hd_random *random, double *reward) {
  (void)self;
  mountaincar *s = state;
  const double velocity =
      hd__clampd(mountaincar_accelerated(s, action[0], random), -max_speed, max_speed);
  s->position = hd__clampd(s->position + velocity, min_position, max_position);
  s->velocity = s->position == min_position && velocity < 0 ? 0 : velocity;
  *reward = -1;
  return s->position >= goal && s->velocity >= 0;
}

static void mountaincar_reset_paper(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  mountaincar *s = state;
  s->position = -0.5;
  s->velocity = 0;
}

/* The position moves by the velocity before it is clipped; the left wall stops the car. */
static bool mountaincar_step_paper(const hd_env_desc *self, void *state, const float *action,
                                   hd_random *random, double *reward) {
  (void)self;
  mountaincar *s = state;
  const double velocity = mountaincar_accelerated(s, action[0], random);
  s->position = hd__clampd(s->position + velocity, min_position, goal);
  s->velocity = s->position == min_position ? 0 : hd__clampd(velocity, -max_speed, max_speed);
  *reward = -1;
  return s->position >= goal;
}

static void mountaincar_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const mountaincar *s = state;
  obs[0] = (float)s->position;
  obs[1] = (float)s->velocity;
}

static const hd_dim obs_dims[] = {{"position", "", 0, -1.2f, 0.6f},
                                  {"velocity", "1/step", 0, -0.07f, 0.07f}};
static const hd_dim act_dims[] = {{"left, none, right", "", 3, 0, 2}};

const hd_env_desc hd__env_mountaincar = {
    .size = sizeof(hd_env_desc),
    .name = "MountainCar-v0",
    .alias = "mountaincar",
    .doc = "swing an underpowered car up a hill within 200 steps",
    .source = "Gymnasium 1.4.0, envs/classic_control/mountain_car.py",
    .obs = obs_dims,
    .n_obs = 2,
    .act = act_dims,
    .n_act = 1,
    .max_steps = 200,
    .solved = -110,
    .low_score = -200,
    .high_score = -96.8,
    .state_size = sizeof(mountaincar),
    .reset = mountaincar_reset,
    .step = mountaincar_step,
    .observe = mountaincar_observe,
};

/* Five of six random episodes reach the limit, which only keeps them from lasting for ever. The
 * best score is that of the best sequence left, right, left, right with three switches. */
const hd_env_desc hd__env_mountaincar_paper = {
    .size = sizeof(hd_env_desc),
    .name = "MountainCarPaper-v0",
    .alias = "mountaincar-paper",
    .doc = "MountainCar from -0.5, practically without a time limit",
    .source = "Aenugu 2020, arXiv 2005.05941",
    .obs = obs_dims,
    .n_obs = 2,
    .act = act_dims,
    .n_act = 1,
    .max_steps = 10000,
    .solved = -150,
    .low_score = -9300,
    .high_score = -102,
    .state_size = sizeof(mountaincar),
    .reset = mountaincar_reset_paper,
    .step = mountaincar_step_paper,
    .observe = mountaincar_observe,
};
