/* A uniform number between two bounds, rounded as numpy's Generator.uniform rounds it. */
#ifndef HD_UNIFORM_H
#define HD_UNIFORM_H

#include "hedon/env.h"

static inline double hd__between(double u, double low, double high) {
  return low + (high - low) * u;
}

static inline double hd__uniform_between(hd_random *random, double low, double high) {
  return hd__between(hd_random_uniform(random), low, high);
}

#endif
