/* Gymnasium's poles on a cart, on MuJoCo. */
#include <math.h>
#include <mujoco/mjdata.h>
#include <string.h>

#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "mujoco_robot.h"

/* ---- inverted pendulum ---- */

static bool mujoco_pendulums_pendulum_outcome(const hd__robot_state *from,
                                              const hd__robot_state *to, double dt,
                                              const float *action, const hd_random *random,
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
                                   .outcome = mujoco_pendulums_pendulum_outcome};

/* ---- inverted double pendulum ---- */

enum { FORCE = 0, TIP_X = 3, TIP_Z = 4 }; /* what is seen of it */

static void mujoco_pendulums_read_tip(const mjData *d, double *sensor) {
  memcpy(sensor + FORCE, d->qfrc_constraint, 3 * sizeof *sensor);
  sensor[TIP_X] = d->site_xpos[0];
  sensor[TIP_Z] = d->site_xpos[2];
}

static bool mujoco_pendulums_double_pendulum_outcome(const hd__robot_state *from,
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

static void mujoco_pendulums_observe_double_pendulum(const hd_env_desc *self, const void *state,
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
    obs[5 + i] = (float)hd__clampd(s->qvel[i], -HD_ROBOT_FASTEST, HD_ROBOT_FASTEST);
    obs[8 + i] = (float)hd__clampd(s->sensor[FORCE + i], -HD_ROBOT_FASTEST, HD_ROBOT_FASTEST);
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
                                          .read_sensors = mujoco_pendulums_read_tip,
                                          .outcome = mujoco_pendulums_double_pendulum_outcome};

/* ---- descriptors ---- */

const hd_env_desc hd__env_inverted_pendulum = {
    HD_ROBOT(pendulum),
    .name = "InvertedPendulum-v4",
    .alias = "inverted-pendulum",
    .doc = "move a cart so that the pole on it stays upright",
    .source = "Gymnasium 1.4.0, envs/mujoco/inverted_pendulum_v4.py",
    .solved = 950,
    .low_score = 5.8,
    .high_score = 1000,
    .observe = hd__robot_observe_all,
};

const hd_env_desc hd__env_inverted_double_pendulum = {
    HD_ROBOT(double_pendulum),
    .name = "InvertedDoublePendulum-v4",
    .alias = "inverted-double-pendulum",
    .doc = "move a cart so that two poles, one on the other, stay upright",
    .source = "Gymnasium 1.4.0, envs/mujoco/inverted_double_pendulum_v4.py",
    .solved = 9100,
    .low_score = 57,
    .high_score = 9359,
    .observe = mujoco_pendulums_observe_double_pendulum,
};
