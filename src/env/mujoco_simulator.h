/* MuJoCo behind plain state: a model, and the scratch memory to step it with. It is the body of
 * the environments in mujoco_pendulums.c and mujoco_walkers.c.
 *
 * A step loads everything that it depends on from the state and stores everything back, so one
 * simulator serves all environments that are stepped one after the other, and a state that was
 * copied or read from a checkpoint goes on exactly alike. */
#ifndef HD_MUJOCO_SIMULATOR_H
#define HD_MUJOCO_SIMULATOR_H

#include "check.h"
#include "hedon/env.h"

/* Room for positions, velocities, motors and what else is seen of a robot: the ant's. */
enum { HD_ROBOT_NQ = 15, HD_ROBOT_NV = 14, HD_ROBOT_NU = 8, HD_ROBOT_SENSORS = 5 };

struct mjData_; /* of <mujoco/mjdata.h> */
typedef struct hd__simulator hd__simulator;

typedef struct hd__robot_state {
  hd__simulator *body;
  double time;
  double qpos[HD_ROBOT_NQ], qvel[HD_ROBOT_NV]; /* generalised position and velocity */
  double warmstart[HD_ROBOT_NV];               /* where the constraint solver begins */
  double sensor[HD_ROBOT_SENSORS];             /* what the task looks at besides */
} hd__robot_state;

/* A model, and how a task uses it. */
typedef struct hd__robot {
  const char *file;
  int nq, nv, nu;
  int frame_skip; /* MuJoCo's steps in one of the environment's */
  double position_noise, velocity_noise;
  bool velocity_is_normal; /* the noise, or else uniform */
  void (*read_sensors)(const struct mjData_ *data, double *sensor);
  /* Given the states before and after a step of dt seconds: the reward, and whether it ended. */
  bool (*outcome)(const hd__robot_state *from, const hd__robot_state *to, double dt,
                  const float *action, const hd_random *random, double *reward);
} hd__robot;

/* What hd_env_desc calls open and close; the descriptor's data is a hd__robot. The folder of the
 * models is HEDON_MUJOCO_MODELS, or else the one that was found when the library was built.
 *
 * Errors  IO (no such file), FORMAT (not that model), UNSUPPORTED (another MuJoCo), NOMEM. */
hd_status hd__simulator_open(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]);
void hd__simulator_close(const hd_env_desc *self, void *body);

/* Take the positions and velocities of the state, which are offsets from the model's initial pose,
 * and complete it to the state of a robot that was put there. */
void hd__simulator_start(const hd__robot *robot, hd__robot_state *s);

/* Advance by one step of the environment under constant control. False if MuJoCo cannot; the state
 * is then as it was. */
bool hd__simulator_step(const hd__robot *robot, hd__robot_state *s, const float *action);

/* Seconds in one step of the environment. */
double hd__simulator_dt(const hd__robot *robot, const hd__simulator *body);

#endif
