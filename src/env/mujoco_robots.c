/* Six robots of Gymnasium's, on MuJoCo: what they observe, what they are paid and when they have
 * fallen. How they move is for MuJoCo and Gymnasium's models to say.
 *
 * Gymnasium hands observations over in double; ours are float. Controls beyond their range are cut
 * off by MuJoCo, but paid for in full.
 *
 * Source: Gymnasium 1.4.0, envs/mujoco/..._v4.py, operation for operation; where the action enters
 * the reward numpy computes in float. */
#include <math.h>
#include <mujoco/mjdata.h>
#include <string.h>

#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "mujoco_simulator.h"
#include "uniform.h"

static void mujoco_robots_reset(const hd_env_desc *self, void *state, hd_random *random) {
  const hd__robot *robot = self->data;
  hd__robot_state *s = state;
  const double far = robot->position_noise, fast = robot->velocity_noise;
  for (int i = 0; i < robot->nq; i++) {
    s->qpos[i] = hd__uniform_between(random, -far, far);
  }
  for (int i = 0; i < robot->nv; i++) {
    s->qvel[i] = robot->velocity_is_normal ? fast * hd_random_normal(random)
                                           : hd__uniform_between(random, -fast, fast);
  }
  hd__simulator_start(robot, s);
}

/* Where MuJoCo cannot go on, the episode ends. */
static bool mujoco_robots_step(const hd_env_desc *self, void *state, const float *action,
                               hd_random *random, double *reward) {
  const hd__robot *robot = self->data;
  hd__robot_state *s = state;
  const hd__robot_state before = *s;
  *reward = 0;
  if (!hd__simulator_step(robot, s, action)) {
    return true;
  }
  return robot->outcome(&before, s, hd__simulator_dt(robot, s->body), action, random, reward);
}

/* ---- what they observe ---- */

enum { FASTEST = 10 }; /* of an observed velocity, where Gymnasium cuts it off */

/* Positions from the first-th on, so that a robot does not know how far it has come; then all
 * velocities. */
static void mujoco_robots_observe_from(const hd__robot *robot, const hd__robot_state *s, int first,
                                       double most, float *obs) {
  for (int i = first; i < robot->nq; i++) {
    *obs++ = (float)s->qpos[i];
  }
  for (int i = 0; i < robot->nv; i++) {
    *obs++ = (float)hd__clampd(s->qvel[i], -most, most);
  }
}

static void mujoco_robots_observe_all(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robots_observe_from(self->data, state, 0, INFINITY, obs);
}

static void mujoco_robots_observe_but_x(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robots_observe_from(self->data, state, 1, INFINITY, obs);
}

static void mujoco_robots_observe_but_x_and_haste(const hd_env_desc *self, const void *state,
                                                  float *obs) {
  mujoco_robots_observe_from(self->data, state, 1, FASTEST, obs);
}

static void mujoco_robots_observe_but_x_and_y(const hd_env_desc *self, const void *state,
                                              float *obs) {
  mujoco_robots_observe_from(self->data, state, 2, INFINITY, obs);
}

/* ---- what they are paid ---- */

/* weight |action|^2, added up as numpy adds floats: eight by halves, fewer from left to right. */
static double mujoco_robots_effort(float weight, const float *action, int n) {
  float square[HD_ROBOT_NU], sum = 0;
  for (int i = 0; i < n; i++) {
    square[i] = action[i] * action[i];
  }
  if (n == 8) {
    sum = ((square[0] + square[1]) + (square[2] + square[3])) +
          ((square[4] + square[5]) + (square[6] + square[7]));
  }
  for (int i = 0; n < 8 && i < n; i++) {
    sum += square[i];
  }
  const float cost = weight * sum;
  return (double)cost;
}

static bool mujoco_robots_is_between(double x, double low, double high) {
  return low < x && x < high;
}

static double mujoco_robots_speed(const hd__robot_state *from, const hd__robot_state *to,
                                  double dt) {
  return (to->qpos[0] - from->qpos[0]) / dt;
}

/* ---- inverted pendulum ---- */

static bool mujoco_robots_pendulum_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                           double dt, const float *action, const hd_random *random,
                                           double *reward) {
  (void)from, (void)dt, (void)action, (void)random;
  const double sum = to->qpos[0] + to->qpos[1] + to->qvel[0] + to->qvel[1];
  *reward = 1;
  return !isfinite(sum) || fabs(to->qpos[1]) > 0.2;
}

static const hd_dim pendulum_obs[] = {{"x", "m", 0, -1.0f, 1.0f},
                                      {"angle", "rad", 0, -0.3f, 0.3f},
                                      {"velocity", "m/s", 0, -3.0f, 3.0f},
                                      {"angular velocity", "rad/s", 0, -3.0f, 3.0f}};
static const hd_dim pendulum_act[] = {{"force on the cart", "100 N", 0, -3.0f, 3.0f}};

static const hd__robot pendulum = {.file = "inverted_pendulum.xml",
                                   .nq = HD_AT_MOST(2, HD_ROBOT_NQ),
                                   .nv = HD_AT_MOST(2, HD_ROBOT_NV),
                                   .nu = HD_AT_MOST(1, HD_ROBOT_NU),
                                   .frame_skip = 2,
                                   .position_noise = 0.01,
                                   .velocity_noise = 0.01,
                                   .outcome = mujoco_robots_pendulum_outcome};

/* ---- inverted double pendulum ---- */

enum { FORCE = 0, TIP_X = 3, TIP_Z = 4 }; /* what is seen of it */

static void mujoco_robots_read_tip(const mjData *d, double *sensor) {
  memcpy(sensor + FORCE, d->qfrc_constraint, 3 * sizeof *sensor);
  sensor[TIP_X] = d->site_xpos[0];
  sensor[TIP_Z] = d->site_xpos[2];
}

static bool mujoco_robots_double_pendulum_outcome(const hd__robot_state *from,
                                                  const hd__robot_state *to, double dt,
                                                  const float *action, const hd_random *random,
                                                  double *reward) {
  (void)from, (void)dt, (void)action;
  const hd__maths *m = hd__maths_of(random);
  const double z = to->sensor[TIP_Z];
  const double away = 0.01 * m->square(to->sensor[TIP_X]) + m->square(z - 2);
  const double haste = 1e-3 * m->square(to->qvel[1]) + 5e-3 * m->square(to->qvel[2]);
  *reward = 10 - away - haste;
  return z <= 1;
}

static void mujoco_robots_observe_double_pendulum(const hd_env_desc *self, const void *state,
                                                  float *obs) {
  (void)self;
  const hd__robot_state *s = state;
  obs[0] = (float)s->qpos[0];
  for (int i = 0; i < 2; i++) {
    double sine, cosine;
    hd__sincos(s->qpos[1 + i], &sine, &cosine);
    obs[1 + i] = (float)sine;
    obs[3 + i] = (float)cosine;
  }
  for (int i = 0; i < 3; i++) {
    obs[5 + i] = (float)hd__clampd(s->qvel[i], -FASTEST, FASTEST);
    obs[8 + i] = (float)hd__clampd(s->sensor[FORCE + i], -FASTEST, FASTEST);
  }
}

static const hd_dim double_pendulum_obs[] = {
    {"x", "m", 0, -1.0f, 1.0f},
    {"sin lower angle", "sin", 0, -1.0f, 1.0f},
    {"sin upper angle", "sin", 0, -1.0f, 1.0f},
    {"cos lower angle", "cos", 0, -1.0f, 1.0f},
    {"cos upper angle", "cos", 0, -1.0f, 1.0f},
    {"velocity", "m/s", 0, -10.0f, 10.0f},
    {"lower angular velocity", "rad/s", 0, -10.0f, 10.0f},
    {"upper angular velocity", "rad/s", 0, -10.0f, 10.0f},
    {"force of the rail's end", "N", 0, -10.0f, 10.0f},
    {"torque on the lower joint", "N m", 0, -10.0f, 10.0f},
    {"torque on the upper joint", "N m", 0, -10.0f, 10.0f}};
static const hd_dim double_pendulum_act[] = {{"force on the cart", "500 N", 0, -1.0f, 1.0f}};

static const hd__robot double_pendulum = {.file = "inverted_double_pendulum.xml",
                                          .nq = HD_AT_MOST(3, HD_ROBOT_NQ),
                                          .nv = HD_AT_MOST(3, HD_ROBOT_NV),
                                          .nu = HD_AT_MOST(1, HD_ROBOT_NU),
                                          .frame_skip = 5,
                                          .position_noise = 0.1,
                                          .velocity_noise = 0.1,
                                          .velocity_is_normal = true,
                                          .read_sensors = mujoco_robots_read_tip,
                                          .outcome = mujoco_robots_double_pendulum_outcome};

/* ---- hopper ---- */

static bool mujoco_robots_hopper_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                         double dt, const float *action, const hd_random *random,
                                         double *reward) {
  (void)random;
  bool is_healthy = to->qpos[1] > 0.7 && mujoco_robots_is_between(to->qpos[2], -0.2, 0.2);
  for (int i = 0; i < 6; i++) {
    is_healthy &= (i < 2 || mujoco_robots_is_between(to->qpos[i], -100, 100)) &&
                  mujoco_robots_is_between(to->qvel[i], -100, 100);
  }
  *reward = mujoco_robots_speed(from, to, dt) + 1 - mujoco_robots_effort(1e-3f, action, 3);
  return !is_healthy;
}

static const hd_dim hopper_obs[] = {{"height", "m", 0, 0.7f, 1.7f},
                                    {"angle", "rad", 0, -0.2f, 0.2f},
                                    {"thigh", "rad", 0, -2.7f, 0.1f},
                                    {"leg", "rad", 0, -2.7f, 0.1f},
                                    {"foot", "rad", 0, -0.9f, 0.9f},
                                    {"velocity", "m/s", 0, -10.0f, 10.0f},
                                    {"vertical velocity", "m/s", 0, -10.0f, 10.0f},
                                    {"angular velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"thigh velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"leg velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"foot velocity", "rad/s", 0, -10.0f, 10.0f}};
static const hd_dim hopper_act[] = {{"torque on the thigh", "200 N m", 0, -1.0f, 1.0f},
                                    {"torque on the leg", "200 N m", 0, -1.0f, 1.0f},
                                    {"torque on the foot", "200 N m", 0, -1.0f, 1.0f}};

static const hd__robot hopper = {.file = "hopper.xml",
                                 .nq = HD_AT_MOST(6, HD_ROBOT_NQ),
                                 .nv = HD_AT_MOST(6, HD_ROBOT_NV),
                                 .nu = HD_AT_MOST(3, HD_ROBOT_NU),
                                 .frame_skip = 4,
                                 .position_noise = 5e-3,
                                 .velocity_noise = 5e-3,
                                 .outcome = mujoco_robots_hopper_outcome};

/* ---- half cheetah ---- */

static bool mujoco_robots_cheetah_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                          double dt, const float *action, const hd_random *random,
                                          double *reward) {
  (void)random;
  *reward = mujoco_robots_speed(from, to, dt) - mujoco_robots_effort(0.1f, action, 6);
  return false;
}

static const hd_dim cheetah_obs[] = {{"height", "m", 0, -0.7f, 0.7f},
                                     {"angle", "rad", 0, -3.2f, 3.2f},
                                     {"back thigh", "rad", 0, -0.6f, 1.1f},
                                     {"back shin", "rad", 0, -0.9f, 0.9f},
                                     {"back foot", "rad", 0, -0.5f, 0.9f},
                                     {"front thigh", "rad", 0, -1.1f, 0.8f},
                                     {"front shin", "rad", 0, -1.3f, 1.0f},
                                     {"front foot", "rad", 0, -0.6f, 0.6f},
                                     {"velocity", "m/s", 0, -10.0f, 10.0f},
                                     {"vertical velocity", "m/s", 0, -10.0f, 10.0f},
                                     {"angular velocity", "rad/s", 0, -10.0f, 10.0f},
                                     {"back thigh velocity", "rad/s", 0, -25.0f, 25.0f},
                                     {"back shin velocity", "rad/s", 0, -25.0f, 25.0f},
                                     {"back foot velocity", "rad/s", 0, -25.0f, 25.0f},
                                     {"front thigh velocity", "rad/s", 0, -25.0f, 25.0f},
                                     {"front shin velocity", "rad/s", 0, -25.0f, 25.0f},
                                     {"front foot velocity", "rad/s", 0, -25.0f, 25.0f}};
static const hd_dim cheetah_act[] = {{"torque on the back thigh", "120 N m", 0, -1.0f, 1.0f},
                                     {"torque on the back shin", "90 N m", 0, -1.0f, 1.0f},
                                     {"torque on the back foot", "60 N m", 0, -1.0f, 1.0f},
                                     {"torque on the front thigh", "120 N m", 0, -1.0f, 1.0f},
                                     {"torque on the front shin", "60 N m", 0, -1.0f, 1.0f},
                                     {"torque on the front foot", "30 N m", 0, -1.0f, 1.0f}};

static const hd__robot cheetah = {.file = "half_cheetah.xml",
                                  .nq = HD_AT_MOST(9, HD_ROBOT_NQ),
                                  .nv = HD_AT_MOST(9, HD_ROBOT_NV),
                                  .nu = HD_AT_MOST(6, HD_ROBOT_NU),
                                  .frame_skip = 5,
                                  .position_noise = 0.1,
                                  .velocity_noise = 0.1,
                                  .velocity_is_normal = true,
                                  .outcome = mujoco_robots_cheetah_outcome};

/* ---- walker ---- */

static bool mujoco_robots_walker_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                         double dt, const float *action, const hd_random *random,
                                         double *reward) {
  (void)random;
  *reward = mujoco_robots_speed(from, to, dt) + 1 - mujoco_robots_effort(1e-3f, action, 6);
  return !(mujoco_robots_is_between(to->qpos[1], 0.8, 2) &&
           mujoco_robots_is_between(to->qpos[2], -1, 1));
}

static const hd_dim walker_obs[] = {{"height", "m", 0, 0.8f, 2.0f},
                                    {"angle", "rad", 0, -1.0f, 1.0f},
                                    {"right thigh", "rad", 0, -2.7f, 0.1f},
                                    {"right leg", "rad", 0, -2.7f, 0.1f},
                                    {"right foot", "rad", 0, -0.9f, 0.9f},
                                    {"left thigh", "rad", 0, -2.7f, 0.1f},
                                    {"left leg", "rad", 0, -2.7f, 0.1f},
                                    {"left foot", "rad", 0, -0.9f, 0.9f},
                                    {"velocity", "m/s", 0, -10.0f, 10.0f},
                                    {"vertical velocity", "m/s", 0, -10.0f, 10.0f},
                                    {"angular velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"right thigh velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"right leg velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"right foot velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"left thigh velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"left leg velocity", "rad/s", 0, -10.0f, 10.0f},
                                    {"left foot velocity", "rad/s", 0, -10.0f, 10.0f}};
static const hd_dim walker_act[] = {{"torque on the right thigh", "100 N m", 0, -1.0f, 1.0f},
                                    {"torque on the right leg", "100 N m", 0, -1.0f, 1.0f},
                                    {"torque on the right foot", "100 N m", 0, -1.0f, 1.0f},
                                    {"torque on the left thigh", "100 N m", 0, -1.0f, 1.0f},
                                    {"torque on the left leg", "100 N m", 0, -1.0f, 1.0f},
                                    {"torque on the left foot", "100 N m", 0, -1.0f, 1.0f}};

static const hd__robot walker = {.file = "walker2d.xml",
                                 .nq = HD_AT_MOST(9, HD_ROBOT_NQ),
                                 .nv = HD_AT_MOST(9, HD_ROBOT_NV),
                                 .nu = HD_AT_MOST(6, HD_ROBOT_NU),
                                 .frame_skip = 4,
                                 .position_noise = 5e-3,
                                 .velocity_noise = 5e-3,
                                 .outcome = mujoco_robots_walker_outcome};

/* ---- ant ---- */

enum { TORSO = 1 }; /* the first body after the world */

/* Where the torso was when MuJoCo last looked, which is not quite where the step led to; Gymnasium
 * pays for this distance. */
static void mujoco_robots_read_torso(const mjData *d, double *sensor) {
  sensor[0] = d->xpos[3 * TORSO];
}

static bool mujoco_robots_ant_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                      double dt, const float *action, const hd_random *random,
                                      double *reward) {
  (void)random;
  bool is_finite = true;
  for (int i = 0; i < HD_ROBOT_NV; i++) {
    is_finite &= isfinite(to->qpos[i]) && isfinite(to->qvel[i]);
  }
  is_finite &= isfinite(to->qpos[HD_ROBOT_NV]) != 0;
  *reward = (to->sensor[0] - from->sensor[0]) / dt + 1 - mujoco_robots_effort(0.5f, action, 8);
  return !(is_finite && 0.2 <= to->qpos[2] && to->qpos[2] <= 1);
}

static const hd_dim ant_obs[] = {{"height", "m", 0, 0.2f, 1.0f},
                                 {"orientation w", "", 0, -1.0f, 1.0f},
                                 {"orientation x", "", 0, -1.0f, 1.0f},
                                 {"orientation y", "", 0, -1.0f, 1.0f},
                                 {"orientation z", "", 0, -1.0f, 1.0f},
                                 {"front left hip", "rad", 0, -0.6f, 0.6f},
                                 {"front left ankle", "rad", 0, 0.4f, 1.3f},
                                 {"front right hip", "rad", 0, -0.6f, 0.6f},
                                 {"front right ankle", "rad", 0, -1.3f, -0.4f},
                                 {"back left hip", "rad", 0, -0.6f, 0.6f},
                                 {"back left ankle", "rad", 0, -1.3f, -0.4f},
                                 {"back right hip", "rad", 0, -0.6f, 0.6f},
                                 {"back right ankle", "rad", 0, 0.4f, 1.3f},
                                 {"velocity x", "m/s", 0, -10.0f, 10.0f},
                                 {"velocity y", "m/s", 0, -10.0f, 10.0f},
                                 {"velocity z", "m/s", 0, -10.0f, 10.0f},
                                 {"angular velocity x", "rad/s", 0, -10.0f, 10.0f},
                                 {"angular velocity y", "rad/s", 0, -10.0f, 10.0f},
                                 {"angular velocity z", "rad/s", 0, -10.0f, 10.0f},
                                 {"front left hip velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"front left ankle velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"front right hip velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"front right ankle velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"back left hip velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"back left ankle velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"back right hip velocity", "rad/s", 0, -15.0f, 15.0f},
                                 {"back right ankle velocity", "rad/s", 0, -15.0f, 15.0f}};
static const hd_dim ant_act[] = {{"torque on the back right hip", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the back right ankle", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the front left hip", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the front left ankle", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the front right hip", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the front right ankle", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the back left hip", "150 N m", 0, -1.0f, 1.0f},
                                 {"torque on the back left ankle", "150 N m", 0, -1.0f, 1.0f}};

static const hd__robot ant = {.file = "ant.xml",
                              .nq = HD_AT_MOST(HD_ROBOT_NQ, HD_ROBOT_NQ),
                              .nv = HD_AT_MOST(HD_ROBOT_NV, HD_ROBOT_NV),
                              .nu = HD_AT_MOST(8, HD_ROBOT_NU),
                              .frame_skip = 5,
                              .position_noise = 0.1,
                              .velocity_noise = 0.1,
                              .velocity_is_normal = true,
                              .read_sensors = mujoco_robots_read_torso,
                              .outcome = mujoco_robots_ant_outcome};

/* ---- descriptors ----
 *
 * The low scores are means of 100 episodes and more under uniform controls; the high ones the best
 * of a million steps: SAC by Weng et al. 2022 (Tianshou, J. Machine Learning Research 23:267), for
 * the hopper TD3 by its authors (Fujimoto et al. 2018). */

#define COUNT(list) (int)(sizeof(list) / sizeof(list)[0])
#define ROBOT(robot)                                                                   \
  .size = sizeof(hd_env_desc), .obs = robot##_obs, .n_obs = COUNT(robot##_obs),        \
  .act = robot##_act, .n_act = COUNT(robot##_act), .max_steps = 1000,                  \
  .state_size = sizeof(hd__robot_state), .data = &robot, .reset = mujoco_robots_reset, \
  .step = mujoco_robots_step, .open = hd__simulator_open, .close = hd__simulator_close

const hd_env_desc hd__env_inverted_pendulum = {
    ROBOT(pendulum),
    .name = "InvertedPendulum-v4",
    .alias = "inverted-pendulum",
    .doc = "move a cart so that the pole on it stays upright",
    .source = "Gymnasium 1.4.0, envs/mujoco/inverted_pendulum_v4.py",
    .solved = 950,
    .low_score = 5.8,
    .high_score = 1000,
    .observe = mujoco_robots_observe_all,
};

const hd_env_desc hd__env_inverted_double_pendulum = {
    ROBOT(double_pendulum),
    .name = "InvertedDoublePendulum-v4",
    .alias = "inverted-double-pendulum",
    .doc = "move a cart so that two poles, one on the other, stay upright",
    .source = "Gymnasium 1.4.0, envs/mujoco/inverted_double_pendulum_v4.py",
    .solved = 9100,
    .low_score = 57,
    .high_score = 9359,
    .observe = mujoco_robots_observe_double_pendulum,
};

const hd_env_desc hd__env_hopper = {
    ROBOT(hopper),
    .name = "Hopper-v4",
    .alias = "hopper",
    .doc = "hop forward on one leg",
    .source = "Gymnasium 1.4.0, envs/mujoco/hopper_v4.py",
    .solved = 3800,
    .low_score = 18,
    .high_score = 3564,
    .observe = mujoco_robots_observe_but_x_and_haste,
};

const hd_env_desc hd__env_half_cheetah = {
    ROBOT(cheetah),
    .name = "HalfCheetah-v4",
    .alias = "half-cheetah",
    .doc = "run on two legs, in a plane",
    .source = "Gymnasium 1.4.0, envs/mujoco/half_cheetah_v4.py",
    .solved = 4800,
    .low_score = -276,
    .high_score = 12139,
    .observe = mujoco_robots_observe_but_x,
};

const hd_env_desc hd__env_walker2d = {
    ROBOT(walker),
    .name = "Walker2d-v4",
    .alias = "walker2d",
    .doc = "walk on two legs, in a plane",
    .source = "Gymnasium 1.4.0, envs/mujoco/walker2d_v4.py",
    .solved = NAN,
    .low_score = 2.6,
    .high_score = 5007,
    .observe = mujoco_robots_observe_but_x_and_haste,
};

const hd_env_desc hd__env_ant = {
    ROBOT(ant),
    .name = "Ant-v4",
    .alias = "ant",
    .doc = "run on four legs",
    .source = "Gymnasium 1.4.0, envs/mujoco/ant_v4.py",
    .solved = 6000,
    .low_score = -48,
    .high_score = 5850,
    .observe = mujoco_robots_observe_but_x_and_y,
};
