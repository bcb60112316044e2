/* MountainCarContinuous: the same hill with a throttle; +100 at the top, -0.1 a^2 for every step.
 *
 * Gymnasium keeps the state in double until the first step and in float from then on, and numpy
 * rounds each operation with a float in it to float. The step below repeats that, operation for
 * operation, so that trajectories agree to the bit.
 * Source: Gymnasium 1.4.0, envs/classic_control/continuous_mountain_car.py. */
#include <math.h>

#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "uniform.h"

typedef struct mountaincar_continuous {
  double start;             /* position before the first step */
  float position, velocity; /* from the first step on */
  int32_t has_moved;
} mountaincar_continuous;

static void mountaincar_continuous_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  mountaincar_continuous *s = state;
  *s = (mountaincar_continuous){.start = hd__uniform_between(random, -0.6, -0.4)};
}

/* x rounded to the precision of the state. */
static double mountaincar_continuous_rounded(const mountaincar_continuous *s, double x) {
  const float single = (float)x;
  return s->has_moved ? (double)single : x;
}

/* What engine and slope add to the velocity: in float where the action itself enters, in double
 * where its bound takes its place. */
static double mountaincar_continuous_push(float action, double slope) {
  if (fabsf(action) <= 1.0f) {
    const float engine = action * 0.0015f;
    return (double)(engine - (float)slope);
  }
  return (action > 0 ? 0.0015 : -0.0015) - slope;
}

static bool mountaincar_continuous_step(const hd_env_desc *self, void *state, const float *action,
                                        hd_random *random, double *reward) {
  (void)self;
  mountaincar_continuous *s = state;
  const double max_speed = mountaincar_continuous_rounded(s, 0.07),
               top = mountaincar_continuous_rounded(s, 0.6),
               wall = mountaincar_continuous_rounded(s, -1.2);
  const double before = s->has_moved ? (double)s->position : s->start;
  double sine, cosine;
  hd__maths_of(random)->sincos(mountaincar_continuous_rounded(s, 3 * before), &sine, &cosine);

  double velocity = mountaincar_continuous_rounded(
      s, (double)s->velocity + mountaincar_continuous_rounded(
                                   s, mountaincar_continuous_push(action[0], 0.0025 * cosine)));
  velocity = hd__clampd(velocity, -max_speed, max_speed);
  const double position =
      hd__clampd(mountaincar_continuous_rounded(s, before + velocity), wall, top);
  if (position == wall && velocity < 0) {
    velocity = 0;
  }
  const bool terminated = position >= mountaincar_continuous_rounded(s, 0.45) && velocity >= 0;
  *reward = (terminated ? 100.0 : 0.0) - (double)action[0] * (double)action[0] * 0.1;

  s->position = (float)position;
  s->velocity = (float)velocity;
  s->has_moved = 1;
  return terminated;
}

static void mountaincar_continuous_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const mountaincar_continuous *s = state;
  obs[0] = s->has_moved ? s->position : (float)s->start;
  obs[1] = s->velocity;
}

static const hd_dim obs_dims[] = {{"position", "", 0, -1.2f, 0.6f},
                                  {"velocity", "1/step", 0, -0.07f, 0.07f}};
static const hd_dim act_dims[] = {{"throttle", "", 0, -1.0f, 1.0f}};

const hd_env_desc hd__env_mountaincar_continuous = {
    .size = sizeof(hd_env_desc),
    .name = "MountainCarContinuous-v0",
    .alias = "mountaincar-continuous",
    .doc = "swing an underpowered car up a hill with little throttle",
    .source = "Gymnasium 1.4.0, envs/classic_control/continuous_mountain_car.py",
    .obs = obs_dims,
    .n_obs = 2,
    .act = act_dims,
    .n_act = 1,
    .max_steps = 999,
    .solved = 90,
    .low_score = -33,
    .high_score = 97,
    .state_size = sizeof(mountaincar_continuous),
    .reset = mountaincar_continuous_reset,
    .step = mountaincar_continuous_step,
    .observe = mountaincar_continuous_observe,
};
