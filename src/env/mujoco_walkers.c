/* Gymnasium's robots that go forward, on MuJoCo. */
#include <math.h>
#include <mujoco/mjdata.h>

#include "env_table.h"
#include "mujoco_robot.h"

/* ---- hopper ---- */

static bool mujoco_walkers_hopper_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                          double dt, const float *action, const hd_random *random,
                                          double *reward) {
  (void)random;
  bool is_healthy = to->qpos[1] > 0.7 && hd__robot_is_between(to->qpos[2], -0.2, 0.2);
  for (int i = 0; i < 6; i++) {
    is_healthy &= (i < 2 || hd__robot_is_between(to->qpos[i], -100, 100)) &&
                  hd__robot_is_between(to->qvel[i], -100, 100);
  }
  *reward = hd__robot_speed(from, to, dt) + 1 - hd__robot_effort(1e-3f, action, 3);
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
                                 .outcome = mujoco_walkers_hopper_outcome};

/* ---- half cheetah ---- */

static bool mujoco_walkers_cheetah_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                           double dt, const float *action, const hd_random *random,
                                           double *reward) {
  (void)random;
  *reward = hd__robot_speed(from, to, dt) - hd__robot_effort(0.1f, action, 6);
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
                                  .outcome = mujoco_walkers_cheetah_outcome};

/* ---- walker ---- */

static bool mujoco_walkers_walker_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                          double dt, const float *action, const hd_random *random,
                                          double *reward) {
  (void)random;
  *reward = hd__robot_speed(from, to, dt) + 1 - hd__robot_effort(1e-3f, action, 6);
  return !(hd__robot_is_between(to->qpos[1], 0.8, 2) && hd__robot_is_between(to->qpos[2], -1, 1));
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
                                 .outcome = mujoco_walkers_walker_outcome};

/* ---- ant ---- */

enum { TORSO = 1 }; /* the first body after the world */

/* Where the torso was when MuJoCo last looked, which is not quite where the step led to; Gymnasium
 * pays for this distance. */
static void mujoco_walkers_read_torso(const mjData *d, double *sensor) {
  sensor[0] = d->xpos[3 * TORSO];
}

static bool mujoco_walkers_ant_outcome(const hd__robot_state *from, const hd__robot_state *to,
                                       double dt, const float *action, const hd_random *random,
                                       double *reward) {
  (void)random;
  bool is_finite = true;
  for (int i = 0; i < HD_ROBOT_NV; i++) {
    is_finite &= isfinite(to->qpos[i]) && isfinite(to->qvel[i]);
  }
  is_finite &= isfinite(to->qpos[HD_ROBOT_NV]) != 0;
  *reward = (to->sensor[0] - from->sensor[0]) / dt + 1 - hd__robot_effort(0.5f, action, 8);
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
                              .read_sensors = mujoco_walkers_read_torso,
                              .outcome = mujoco_walkers_ant_outcome};

/* ---- descriptors ---- */

const hd_env_desc hd__env_hopper = {
    HD_ROBOT(hopper),
    .name = "Hopper-v4",
    .alias = "hopper",
    .doc = "hop forward on one leg",
    .source = "Gymnasium 1.4.0, envs/mujoco/hopper_v4.py",
    .solved = 3800,
    .low_score = 18,
    .high_score = 3564,
    .observe = hd__robot_observe_but_x_and_haste,
};

const hd_env_desc hd__env_half_cheetah = {
    HD_ROBOT(cheetah),
    .name = "HalfCheetah-v4",
    .alias = "half-cheetah",
    .doc = "run on two legs, in a plane",
    .source = "Gymnasium 1.4.0, envs/mujoco/half_cheetah_v4.py",
    .solved = 4800,
    .low_score = -276,
    .high_score = 12139,
    .observe = hd__robot_observe_but_x,
};

const hd_env_desc hd__env_walker2d = {
    HD_ROBOT(walker),
    .name = "Walker2d-v4",
    .alias = "walker2d",
    .doc = "walk on two legs, in a plane",
    .source = "Gymnasium 1.4.0, envs/mujoco/walker2d_v4.py",
    .solved = NAN,
    .low_score = 2.6,
    .high_score = 5007,
    .observe = hd__robot_observe_but_x_and_haste,
};

const hd_env_desc hd__env_ant = {
    HD_ROBOT(ant),
    .name = "Ant-v4",
    .alias = "ant",
    .doc = "run on four legs",
    .source = "Gymnasium 1.4.0, envs/mujoco/ant_v4.py",
    .solved = 6000,
    .low_score = -48,
    .high_score = 5850,
    .observe = hd__robot_observe_but_x_and_y,
};
