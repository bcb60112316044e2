#include "optimum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEPS = 100000 };

/* Value of the best action in a state, where `value` is what the states are worth a step later. */
static double optimum_best(const hd_env_desc *env, int state, const double *value) {
  const double discount = env->discount > 0 ? env->discount : 1;
  double best = -INFINITY;
  for (int action = 0; action < env->act[0].count; action++) {
    hd_transition row[HD_MAX_TRANSITIONS];
    const int n = env->model(env, state, action, row);
    double q = 0;
    for (int i = 0; i < n; i++) {
      const double next = row[i].terminated ? 0 : value[row[i].next];
      q += row[i].probability * (row[i].reward + discount * next);
    }
    best = q > best ? q : best;
  }
  return best;
}

/* One step more to go; returns by how much a value changed at most. */
static double optimum_sweep(const hd_env_desc *env, int n, const double *value, double *next) {
  double change = 0;
  for (int s = 0; s < n; s++) {
    next[s] = optimum_best(env, s, value);
    change = fmax(change, fabs(next[s] - value[s]));
  }
  return change;
}

/* values [2][n], all zero. */
static double optimum_iterate(const hd_env_desc *env, int n, double *values) {
  const int most = env->max_steps > 0 && env->max_steps < SWEEPS ? env->max_steps : SWEEPS;
  double *now = values, *next = values + n, change = 1;
  for (int sweep = 0; sweep < most && change > 0; sweep++) {
    change = optimum_sweep(env, n, now, next);
    double *before = now;
    now = next;
    next = before;
  }
  double mean = 0;
  for (int s = 0; s < n; s++) {
    mean += env->start(env, s) * now[s];
  }
  return mean;
}

double optimum_of(const hd_env_desc *env) {
  if (env->model == NULL || env->start == NULL) {
    return (double)NAN;
  }
  const int n = env->obs[0].count;
  double *values = calloc(2 * (size_t)n, sizeof *values);
  const double best = values != NULL ? optimum_iterate(env, n, values) : (double)NAN;
  free(values);
  return best;
}

double optimum_of_run(hd_ctx *ctx, const hd_config *config) {
  const hd_env_desc *env;
  if (hd_env_find(ctx, hd_config_task(config), &env) != HD_OK) {
    return (double)NAN;
  }
  return optimum_of(env->eval_env != NULL ? env->eval_env : env);
}
