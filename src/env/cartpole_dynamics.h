/* Cart-pole dynamics, free of branches and calls, so that a loop over many becomes vector code.
 * Source: Gymnasium 1.4.0, envs/classic_control/cartpole.py, operation for operation; equations
 * of Florian 2007, "Correct equations for the dynamics of the cart-pole system". */
#ifndef HD_CARTPOLE_DYNAMICS_H
#define HD_CARTPOLE_DYNAMICS_H

#include "mathd.h"

#define HD_CARTPOLE_X_LIMIT 2.4
#define HD_CARTPOLE_ANGLE_LIMIT (12 * 2 * HD_PI / 360)
#define HD_CARTPOLE_START 0.05 /* every component starts within +- so much */

/* One state: four doubles in a row. */
typedef struct hd__cartpole {
  double x, velocity;             /* m, m/s */
  double angle, angular_velocity; /* rad from upright, rad/s */
} hd__cartpole;

static inline int hd__cartpole_has_fallen(double x, double angle) {
  return (__builtin_fabs(x) > HD_CARTPOLE_X_LIMIT) |
         (__builtin_fabs(angle) > HD_CARTPOLE_ANGLE_LIMIT);
}

/* Advance by 20 ms of explicit Euler under `force` newtons, given the angle's sine and cosine.
 * Returns 1 if the pole fell or the cart left the track. */
static inline int hd__cartpole_advance(hd__cartpole *s, double force, double sine, double cosine) {
  const double gravity = 9.8, pole_mass = 0.1, total_mass = 0.1 + 1.0, length = 0.5, dt = 0.02;
  const double pole_moment = pole_mass * length;
  const double thrust =
      (force + pole_moment * (s->angular_velocity * s->angular_velocity) * sine) / total_mass;
  const double angular_acceleration =
      (gravity * sine - cosine * thrust) /
      (length * (4.0 / 3.0 - pole_mass * (cosine * cosine) / total_mass));
  const double acceleration = thrust - pole_moment * angular_acceleration * cosine / total_mass;

  s->x = s->x + dt * s->velocity;
  s->velocity = s->velocity + dt * acceleration;
  s->angle = s->angle + dt * s->angular_velocity;
  s->angular_velocity = s->angular_velocity + dt * angular_acceleration;
  return hd__cartpole_has_fallen(s->x, s->angle);
}

/* As hd__cartpole_advance, with sine and cosine of our own. A standing pole is far within the pi/4
 * up to which an angle needs no reduction. */
static inline int hd__cartpole_step(hd__cartpole *s, double force) {
  return hd__cartpole_advance(s, force, hd__sin_reduced(s->angle, 0.0),
                              hd__cos_reduced(s->angle, 0.0));
}

#endif
