/* Real-valued actions as n choices, evenly spaced over the range of the action. */
#ifndef HD_ACTION_LEVEL_H
#define HD_ACTION_LEVEL_H

#include "hedon/env.h"

/* The action that a choice stands for: itself where actions are discrete. */
static inline float hd__action_of(const hd_dim *act, int n, int choice) {
  const float share = (float)choice / (float)(n - 1);
  return act->count > 0 ? (float)choice : act->low + share * (act->high - act->low);
}

/* A whole action by the choices for its components, n alternatives each. */
static inline void hd__action_of_choices(const hd_env_desc *env, int n, const int *choice,
                                         float *action) {
  for (int k = 0; k < env->n_act; k++) {
    action[k] = hd__action_of(&env->act[k], n, choice[k]);
  }
}

#endif
