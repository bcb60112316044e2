/* Environments that are a table of transitions: they supply model() and start(), and take the
 * rest from here. One uniform number is drawn at every reset and every step, certain or not,
 * and picks the first row whose running sum of probabilities exceeds it. */
#ifndef HD_FINITE_H
#define HD_FINITE_H

#include "hedon/env.h"

typedef struct hd__finite {
  int32_t now;
} hd__finite;

void hd__finite_reset(const hd_env_desc *self, void *state, hd_random *random);
bool hd__finite_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                     double *reward);
void hd__finite_observe(const hd_env_desc *self, const void *state, float *obs);

/* The fields of a descriptor that every finite environment shares. */
#define HD_FINITE_FUNCTIONS                                                             \
  .state_size = sizeof(hd__finite), .reset = hd__finite_reset, .step = hd__finite_step, \
  .observe = hd__finite_observe

#endif
