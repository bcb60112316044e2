/* A session's critic, one row at a time. */
#ifndef HD_CRITICS_H
#define HD_CRITICS_H

#include "insides.h"

/* Features of an observation, into a row of the session's experience. */
static inline void see(hd_session *s, const float *obs, hd__key key, int row) {
  const hd__phi phi = hd__phi_from(&rule_of(s)->critic, &rule_of(s)->phi, row);
  hd__critic_features(&rule_of(s)->critic, 1, obs, &key, &phi);
}

static inline float value_of(const hd_session *s, int row) {
  const hd__phi phi = hd__phi_from(&rule_of(s)->critic, &rule_of(s)->phi, row);
  float value;
  hd__critic_values(&rule_of(s)->critic, 1, &phi, &value);
  return value;
}

#endif
