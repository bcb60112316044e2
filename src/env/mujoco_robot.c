/* How Gymnasium's robots begin and move, what they observe and pay for. */
#include "mujoco_robot.h"

#include <math.h>

#include "mathd.h"
#include "uniform.h"

void hd__robot_reset(const hd_env_desc *self, void *state, hd_random *random) {
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

bool hd__robot_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                    double *reward) {
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

/* Positions from the first-th on, so that a robot does not know how far it has come; then all
 * velocities. */
static void mujoco_robot_observe_from(const hd__robot *robot, const hd__robot_state *s, int first,
                                      double most, float *obs) {
  for (int i = first; i < robot->nq; i++) {
    *obs++ = (float)s->qpos[i];
  }
  for (int i = 0; i < robot->nv; i++) {
    *obs++ = (float)hd__clampd(s->qvel[i], -most, most);
  }
}

void hd__robot_observe_all(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robot_observe_from(self->data, state, 0, INFINITY, obs);
}

void hd__robot_observe_but_x(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robot_observe_from(self->data, state, 1, INFINITY, obs);
}

void hd__robot_observe_but_x_and_haste(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robot_observe_from(self->data, state, 1, HD_ROBOT_FASTEST, obs);
}

void hd__robot_observe_but_x_and_y(const hd_env_desc *self, const void *state, float *obs) {
  mujoco_robot_observe_from(self->data, state, 2, INFINITY, obs);
}

/* As numpy adds floats: eight by halves, fewer from left to right. */
double hd__robot_effort(float weight, const float *action, int n) {
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

bool hd__robot_is_between(double x, double low, double high) { return low < x && x < high; }

double hd__robot_speed(const hd__robot_state *from, const hd__robot_state *to, double dt) {
  return (to->qpos[0] - from->qpos[0]) / dt;
}
