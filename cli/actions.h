/* Where a rollout takes its actions from: a file, or chance. */
#ifndef CLI_ACTIONS_H
#define CLI_ACTIONS_H

#include "hedon/hedon.h"

typedef struct actions {
  const hd_env_desc *env;
  float *value; /* [n][n_act], NULL: drawn */
  int64_t n;
  uint64_t random; /* state of the generator */
} actions;

/* Read a file with one action a line, components separated by blanks. Nothing is accepted halfway:
 * a bad line is named and refused. Returns an exit code; free with actions_close. */
int actions_read(actions *self, const hd_env_desc *env, const char *path);

/* Uniform over the numbers or bounds of each component. */
void actions_random(actions *self, const hd_env_desc *env, uint64_t seed);

/* Write the i-th action. */
void actions_next(actions *self, int64_t i, float *action);

void actions_close(actions *self);

#endif
