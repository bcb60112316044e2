#include "finite.h"

void hd__finite_reset(const hd_env_desc *self, void *state, hd_random *random) {
  hd__finite *s = state;
  const double u = hd_random_uniform(random);
  double sum = 0;
  s->now = 0;
  for (int i = 0; i < self->obs[0].count; i++) {
    sum += self->start(self, i);
    if (sum > u) {
      s->now = i;
      return;
    }
  }
}

bool hd__finite_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                     double *reward) {
  hd__finite *s = state;
  hd_transition row[HD_MAX_TRANSITIONS];
  const int n = self->model(self, s->now, (int)action[0], row);
  const double u = hd_random_uniform(random);
  double sum = 0;
  int chosen = 0;
  for (int i = 0; i < n; i++) {
    sum += row[i].probability;
    if (sum > u) {
      chosen = i;
      break;
    }
  }
  s->now = row[chosen].next;
  *reward = row[chosen].reward;
  return row[chosen].terminated;
}

void hd__finite_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const hd__finite *s = state;
  obs[0] = (float)s->now;
}
