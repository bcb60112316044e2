/* What Gymnasium's robots have in common. How they move is for MuJoCo and Gymnasium's models to
 * say.
 *
 * Gymnasium hands observations over in double; ours are float. Controls beyond their range are cut
 * off by MuJoCo, but paid for in full.
 *
 * Source: Gymnasium 1.4.0, envs/mujoco/..._v4.py, operation for operation; where the action enters
 * the reward numpy computes in float. */
#ifndef HD_MUJOCO_ROBOT_H
#define HD_MUJOCO_ROBOT_H

#include "mujoco_simulator.h"

enum { HD_ROBOT_FASTEST = 10 }; /* of an observed velocity, where Gymnasium cuts it off */

/* What a robot's hd_env_desc calls; where MuJoCo cannot go on, the episode ends. */
void hd__robot_reset(const hd_env_desc *self, void *state, hd_random *random);
bool hd__robot_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                    double *reward);

/* Observations: positions, less those that tell how far it has come, then all velocities, which
 * HD_ROBOT_FASTEST cuts off for some. */
void hd__robot_observe_all(const hd_env_desc *self, const void *state, float *obs);
void hd__robot_observe_but_x(const hd_env_desc *self, const void *state, float *obs);
void hd__robot_observe_but_x_and_haste(const hd_env_desc *self, const void *state, float *obs);
void hd__robot_observe_but_x_and_y(const hd_env_desc *self, const void *state, float *obs);

/* weight |action|^2 */
double hd__robot_effort(float weight, const float *action, int n);
double hd__robot_speed(const hd__robot_state *from, const hd__robot_state *to, double dt);
bool hd__robot_is_between(double x, double low, double high);

/* Members of a descriptor that all robots share, of a hd__robot and lists of the same name.
 *
 * The low scores are means of 100 episodes and more under uniform controls; the high ones the best
 * of a million steps: SAC by Weng et al. 2022 (Tianshou, J. Machine Learning Research 23:267), for
 * the hopper TD3 by its authors (Fujimoto et al. 2018). */
#define HD_ROBOT_COUNT(list) (int)(sizeof(list) / sizeof(list)[0])
#define HD_ROBOT(robot)                                                                  \
  .size = sizeof(hd_env_desc), .obs = robot##_obs, .n_obs = HD_ROBOT_COUNT(robot##_obs), \
  .act = robot##_act, .n_act = HD_ROBOT_COUNT(robot##_act), .max_steps = 1000,           \
  .state_size = sizeof(hd__robot_state), .data = &robot, .reset = hd__robot_reset,       \
  .step = hd__robot_step, .open = hd__simulator_open, .close = hd__simulator_close

#endif
