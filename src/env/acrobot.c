/* Acrobot: swing the free end of a two-link pendulum above the bar by torque at the joint; -1 for
 * every step but the last.
 * Source: Gymnasium 1.4.0, envs/classic_control/acrobot.py, operation for operation; equations of
 * Sutton & Barto 1998, section 11.3. */
#include "env_table.h"
#include "mathd.h"
#include "maths.h"
#include "uniform.h"

typedef struct acrobot {
  double s[4]; /* angles of the links, rad; their velocities, rad/s */
} acrobot;

static void acrobot_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  acrobot *a = state;
  for (int i = 0; i < 4; i++) {
    const float single = (float)hd__uniform_between(random, -0.1, 0.1);
    a->s[i] = (double)single;
  }
}

/* Both links weigh 1 kg, measure 1 m, have their centre at half length and an inertia of 1. */
static void acrobot_derivative(const double s[4], double torque, const hd__maths *m, double ds[4]) {
  const double g = 9.8, centre = 0.5;
  double sine2, cosine2, cosine12, cosine1, unused;
  m->sincos(s[1], &sine2, &cosine2);
  m->sincos(s[0] + s[1] - HD_PI / 2, &unused, &cosine12);
  m->sincos(s[0] - HD_PI / 2, &unused, &cosine1);
  const double v1 = s[2], v2 = s[3];
  const double d1 = centre * centre + (1 + centre * centre + 2 * centre * cosine2) + 1 + 1;
  const double d2 = centre * centre + centre * cosine2 + 1;
  const double phi2 = centre * g * cosine12;
  const double phi1 = -centre * m->square(v2) * sine2 - 2 * centre * v2 * v1 * sine2 +
                      (centre + 1) * g * cosine1 + phi2;
  const double a2 = (torque + d2 / d1 * phi1 - centre * m->square(v1) * sine2 - phi2) /
                    (centre * centre + 1 - m->square(d2) / d1);
  ds[0] = v1;
  ds[1] = v2;
  ds[2] = -(d2 * a2 + phi1) / d1;
  ds[3] = a2;
}

/* One classical Runge-Kutta step of 0.2 s. */
static void acrobot_integrate(double s[4], double torque, const hd__maths *m) {
  const double dt = 0.2, half = dt / 2;
  double k1[4], k2[4], k3[4], k4[4], at[4];
  acrobot_derivative(s, torque, m, k1);
  for (int i = 0; i < 4; i++) {
    at[i] = s[i] + half * k1[i];
  }
  acrobot_derivative(at, torque, m, k2);
  for (int i = 0; i < 4; i++) {
    at[i] = s[i] + half * k2[i];
  }
  acrobot_derivative(at, torque, m, k3);
  for (int i = 0; i < 4; i++) {
    at[i] = s[i] + dt * k3[i];
  }
  acrobot_derivative(at, torque, m, k4);
  for (int i = 0; i < 4; i++) {
    s[i] = s[i] + dt / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
}

static double acrobot_wrapped(double angle) {
  while (angle > HD_PI) {
    angle = angle - 2 * HD_PI;
  }
  while (angle < -HD_PI) {
    angle = angle + 2 * HD_PI;
  }
  return angle;
}

static bool acrobot_step(const hd_env_desc *self, void *state, const float *action,
                         hd_random *random, double *reward) {
  (void)self;
  acrobot *a = state;
  const hd__maths *m = hd__maths_of(random);
  acrobot_integrate(a->s, (double)action[0] - 1, m);
  a->s[0] = acrobot_wrapped(a->s[0]);
  a->s[1] = acrobot_wrapped(a->s[1]);
  a->s[2] = hd__clampd(a->s[2], -4 * HD_PI, 4 * HD_PI);
  a->s[3] = hd__clampd(a->s[3], -9 * HD_PI, 9 * HD_PI);
  double unused, cosine1, cosine12;
  m->sincos(a->s[0], &unused, &cosine1);
  m->sincos(a->s[1] + a->s[0], &unused, &cosine12);
  const bool terminated = -cosine1 - cosine12 > 1.0;
  *reward = terminated ? 0 : -1;
  return terminated;
}

static void acrobot_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const acrobot *a = state;
  for (int i = 0; i < 2; i++) {
    double sine, cosine;
    hd__sincos(a->s[i], &sine, &cosine);
    obs[2 * i] = (float)cosine;
    obs[2 * i + 1] = (float)sine;
  }
  obs[4] = (float)a->s[2];
  obs[5] = (float)a->s[3];
}

static const hd_dim obs_dims[] = {{"cos theta1", "cos", 0, -1.0f, 1.0f},
                                  {"sin theta1", "sin", 0, -1.0f, 1.0f},
                                  {"cos theta2", "cos", 0, -1.0f, 1.0f},
                                  {"sin theta2", "sin", 0, -1.0f, 1.0f},
                                  {"velocity 1", "rad/s", 0, -12.566371f, 12.566371f},
                                  {"velocity 2", "rad/s", 0, -28.274334f, 28.274334f}};
static const hd_dim act_dims[] = {{"torque -1, 0, +1", "", 3, 0, 2}};

const hd_env_desc hd__env_acrobot = {
    .size = sizeof(hd_env_desc),
    .name = "Acrobot-v1",
    .alias = "acrobot",
    .doc = "swing a two-link pendulum above the bar within 500 steps",
    .source = "Gymnasium 1.4.0, envs/classic_control/acrobot.py",
    .obs = obs_dims,
    .n_obs = 6,
    .act = act_dims,
    .n_act = 1,
    .max_steps = 500,
    .solved = -100,
    .low_score = -499,
    .high_score = -64.6,
    .state_size = sizeof(acrobot),
    .reset = acrobot_reset,
    .step = acrobot_step,
    .observe = acrobot_observe,
};
