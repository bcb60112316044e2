/* CartPole: keep a pole upright on a cart by pushing left or right; +1 for every step.
 * Source: Gymnasium 1.4.0, envs/classic_control/cartpole.py; Barto, Sutton & Anderson 1983. */
#include "cartpole_dynamics.h"
#include "env_random.h"
#include "env_table.h"
#include "maths.h"
#include "uniform.h"

static void cartpole_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  hd__cartpole *s = state;
  s->x = hd__uniform_between(random, -HD_CARTPOLE_START, HD_CARTPOLE_START);
  s->velocity = hd__uniform_between(random, -HD_CARTPOLE_START, HD_CARTPOLE_START);
  s->angle = hd__uniform_between(random, -HD_CARTPOLE_START, HD_CARTPOLE_START);
  s->angular_velocity = hd__uniform_between(random, -HD_CARTPOLE_START, HD_CARTPOLE_START);
}

static bool cartpole_step(const hd_env_desc *self, void *state, const float *action,
                          hd_random *random, double *reward) {
  (void)self;
  hd__cartpole *s = state;
  const double force = action[0] != 0.0f ? 10.0 : -10.0;
  *reward = 1;
  if (random->kind == HD_RNG_NATIVE) {
    return hd__cartpole_step(s, force);
  }
  double sine, cosine;
  hd__maths_of(random)->sincos(s->angle, &sine, &cosine);
  return hd__cartpole_advance(s, force, sine, cosine);
}

static void cartpole_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const hd__cartpole *s = state;
  obs[0] = (float)s->x;
  obs[1] = (float)s->velocity;
  obs[2] = (float)s->angle;
  obs[3] = (float)s->angular_velocity;
}

static const hd_dim obs_dims[] = {{"position", "m", 0, -2.4f, 2.4f},
                                  {"velocity", "m/s", 0, -2.0f, 2.0f},
                                  {"angle", "rad", 0, -0.2095f, 0.2095f},
                                  {"angular velocity", "rad/s", 0, -2.0f, 2.0f}};
static const hd_dim act_dims[] = {{"left, right", "", 2, 0, 1}};

#define CARTPOLE(name_, alias_, limit, threshold, doc_, n_obs_, obs_, observe_)                  \
  {                                                                                              \
    .size = sizeof(hd_env_desc), .name = name_, .alias = alias_, .doc = doc_,                    \
    .source = "Gymnasium 1.4.0, envs/classic_control/cartpole.py", .obs = obs_, .n_obs = n_obs_, \
    .act = act_dims, .n_act = 1, .max_steps = (limit), .solved = (threshold), .low_score = 22,   \
    .high_score = (limit), .state_size = sizeof(hd__cartpole), .reset = cartpole_reset,          \
    .step = cartpole_step, .observe = observe_,                                                  \
  }

const hd_env_desc hd__env_cartpole_v0 =
    CARTPOLE("CartPole-v0", "cartpole-v0", 200, 195, "balance a pole on a cart for 200 steps", 4,
             obs_dims, cartpole_observe);
const hd_env_desc hd__env_cartpole_v1 =
    CARTPOLE("CartPole-v1", "cartpole", 500, 475, "balance a pole on a cart for 500 steps", 4,
             obs_dims, cartpole_observe);

/* ---- without velocities ---- */

static void cartpole_observe_positions(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const hd__cartpole *s = state;
  obs[0] = (float)s->x;
  obs[1] = (float)s->angle;
}

static const hd_dim position_dims[] = {{"position", "m", 0, -2.4f, 2.4f},
                                       {"angle", "rad", 0, -0.2095f, 0.2095f}};

/* One picture says nothing of velocities: 400 steps count as solved. */
const hd_env_desc hd__env_cartpole_positions =
    CARTPOLE("CartPolePositions-v1", "cartpole-positions", 500, 400,
             "balance a pole on a cart without seeing velocities", 2, position_dims,
             cartpole_observe_positions);
