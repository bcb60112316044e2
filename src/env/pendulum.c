/* Pendulum: swing up a pendulum with too little torque and hold it there; the cost of a step is
 * angle^2 + 0.1 velocity^2 + 0.001 torque^2, of the state before it.
 * Source: Gymnasium 1.4.0, envs/classic_control/pendulum.py, operation for operation; the torque
 * is a float there, and so are the two products numpy makes with it alone. */
#include <math.h>

#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "uniform.h"

typedef struct pendulum {
  double angle, velocity; /* rad from upright, not wrapped; rad/s */
} pendulum;

static void pendulum_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  pendulum *s = state;
  s->angle = hd__uniform_between(random, -HD_PI, HD_PI);
  s->velocity = hd__uniform_between(random, -1, 1);
}

/* To [-pi, pi). fmod is exact, hence the same everywhere. */
static double pendulum_wrapped(double angle) {
  const double turned = fmod(angle + HD_PI, 2 * HD_PI);
  return (turned < 0 ? turned + 2 * HD_PI : turned) - HD_PI;
}

static bool pendulum_step(const hd_env_desc *self, void *state, const float *action,
                          hd_random *random, double *reward) {
  (void)self;
  pendulum *s = state;
  const double dt = 0.05, max_speed = 8;
  const float torque = action[0] < -2.0f ? -2.0f : action[0] > 2.0f ? 2.0f : action[0];
  const hd__maths *m = hd__maths_of(random);
  const float effort = 0.001f * m->squaref(torque), push = 3.0f * torque;
  *reward =
      -(m->square(pendulum_wrapped(s->angle)) + 0.1 * m->square(s->velocity) + (double)effort);

  double sine, cosine;
  m->sincos(s->angle, &sine, &cosine);
  const double velocity = s->velocity + (15.0 * sine + (double)push) * dt;
  s->velocity = hd__clampd(velocity, -max_speed, max_speed);
  s->angle = s->angle + s->velocity * dt;
  return false;
}

static void pendulum_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const pendulum *s = state;
  double sine, cosine;
  hd__sincos(s->angle, &sine, &cosine);
  obs[0] = (float)cosine;
  obs[1] = (float)sine;
  obs[2] = (float)s->velocity;
}

static const hd_dim obs_dims[] = {{"cos theta", "cos", 0, -1.0f, 1.0f},
                                  {"sin theta", "sin", 0, -1.0f, 1.0f},
                                  {"velocity", "rad/s", 0, -8.0f, 8.0f}};
static const hd_dim act_dims[] = {{"torque", "N m", 0, -2.0f, 2.0f}};

#define PENDULUM(name_, alias_, doc_, n_obs_, observe_)                             \
  {                                                                                 \
    .size = sizeof(hd_env_desc), .name = name_, .alias = alias_, .doc = doc_,       \
    .source = "Gymnasium 1.4.0, envs/classic_control/pendulum.py", .obs = obs_dims, \
    .n_obs = n_obs_, .act = act_dims, .n_act = 1, .max_steps = 200, .solved = NAN,  \
    .low_score = -1231, .high_score = -137.4, .state_size = sizeof(pendulum),       \
    .reset = pendulum_reset, .step = pendulum_step, .observe = observe_,            \
  }

const hd_env_desc hd__env_pendulum =
    PENDULUM("Pendulum-v1", "pendulum", "swing up a pendulum and hold it there for 200 steps", 3,
             pendulum_observe);

/* ---- without velocities ---- */

static void pendulum_observe_position(const hd_env_desc *self, const void *state, float *obs) {
  float all[3];
  pendulum_observe(self, state, all);
  obs[0] = all[0];
  obs[1] = all[1];
}

const hd_env_desc hd__env_pendulum_positions =
    PENDULUM("PendulumPositions-v1", "pendulum-positions",
             "swing up a pendulum without seeing its velocity", 2, pendulum_observe_position);
