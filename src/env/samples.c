#include "samples.h"

static uint32_t samples_common_divisor(uint32_t a, uint32_t b) {
  while (b != 0) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

void hd__samples_reset(const hd_env_desc *self, void *state, hd_random *random) {
  const hd__sample_set *set = self->data;
  const uint32_t n = (uint32_t)set->n;
  uint32_t stride;
  do {
    stride = 1 + hd_random_below(random, n - 1);
  } while (samples_common_divisor(n, stride) != 1);
  *(hd__sweep *)state = (hd__sweep){.sample = (int32_t)hd_random_below(random, n),
                                    .stride = (int32_t)stride,
                                    .left = set->per_episode};
}

bool hd__samples_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)random;
  const hd__sample_set *set = self->data;
  hd__sweep *s = state;
  *reward = (int)action[0] == hd__samples_right(self, state) ? 1.0 / set->per_episode : 0.0;
  s->sample = (s->sample + s->stride) % set->n;
  s->left--;
  return s->left == 0;
}

void hd__samples_observe(const hd_env_desc *self, const void *state, float *obs) {
  const hd__sample_set *set = self->data;
  const hd__sweep *s = state;
  set->input(set->first + s->sample, obs);
}

int hd__samples_per_episode(const hd_env_desc *self) {
  return self->step == hd__samples_step ? ((const hd__sample_set *)self->data)->per_episode : 0;
}

int hd__samples_right(const hd_env_desc *self, const void *state) {
  const hd__sample_set *set = self->data;
  return set->label(set->first + ((const hd__sweep *)state)->sample);
}
