/* What training and evaluation share about episodes. */
#ifndef HD_EPISODE_H
#define HD_EPISODE_H

#include <math.h>
#include <stdbool.h>

#include "hedon/env.h"
#include "is_finite.h"

/* Add a reward to the return of an episode, discounted if the environment's scores are. `lost` is
 * the share that rewards have lost to the discount by now: 0 when the episode begins. */
static inline void hd__return_add(const hd_env_desc *env, double reward, double *sum,
                                  double *lost) {
  *sum += (1.0 - *lost) * reward;
  *lost = env->discount > 0.0 ? 1.0 - (1.0 - *lost) * env->discount : 0.0;
}

#endif
