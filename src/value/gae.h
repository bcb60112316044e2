/* Generalised advantage estimation over a rollout of n steps in B environments.
 *
 *   delta = r + gamma V' - V;  A = delta + gamma lambda A'   (A' = 0 past an episode's end)
 *
 *   reward      [n][B]  read
 *   value       [n][B]  read    V(s)
 *   next_value  [n][B]  read    V(s'), 0 where the episode terminated
 *   ended       [n][B]  read    the episode ended, either way
 *   advantage   [n][B]  written
 *
 * Source: Schulman et al. 2016, eq. 16. */
#ifndef HD_GAE_H
#define HD_GAE_H

#include <stdbool.h>

void hd__gae(int n, int B, float gamma, float lambda, const float *reward, const float *value,
             const float *next_value, const bool *ended, float *advantage);

#endif
