/* Environments worth a vector: their dynamics, HD_LANES at a time. Included by kernel_impl.c only.
 */
#include "cartpole_dynamics.h"

/* A block of states is turned into arrays, stepped, and turned back. */
HD_INLINE void cartpole_block(int n, hd__cartpole *restrict state, const float *restrict action,
                              bool *restrict fallen, float *restrict obs) {
  double x[HD_LANES], velocity[HD_LANES], angle[HD_LANES], turn[HD_LANES], force[HD_LANES];
  int64_t fell[HD_LANES];
  for (int i = 0; i < HD_LANES; i++) {
    const hd__cartpole *s = &state[i < n ? i : 0];
    x[i] = s->x;
    velocity[i] = s->velocity;
    angle[i] = s->angle;
    turn[i] = s->angular_velocity;
    force[i] = action[i < n ? i : 0] != 0.0f ? 10.0 : -10.0;
  }
  for (int i = 0; i < HD_LANES; i++) {
    hd__cartpole s = {x[i], velocity[i], angle[i], turn[i]};
    fell[i] = hd__cartpole_step(&s, force[i]);
    x[i] = s.x;
    velocity[i] = s.velocity;
    angle[i] = s.angle;
    turn[i] = s.angular_velocity;
  }
  for (int i = 0; i < n; i++) {
    state[i] = (hd__cartpole){x[i], velocity[i], angle[i], turn[i]};
    fallen[i] = fell[i] != 0;
    obs[4 * i + 0] = (float)x[i];
    obs[4 * i + 1] = (float)velocity[i];
    obs[4 * i + 2] = (float)angle[i];
    obs[4 * i + 3] = (float)turn[i];
  }
}

static void cartpole(int n, hd__cartpole *state, const float *action, bool *fallen, float *obs) {
  for (int at = 0; at < n; at += HD_LANES) {
    if (n - at >= HD_LANES) {
      cartpole_block(HD_LANES, state + at, action + at, fallen + at, obs + 4 * at);
    } else {
      cartpole_block(n - at, state + at, action + at, fallen + at, obs + 4 * at);
    }
  }
}
