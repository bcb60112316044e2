/* The best that any policy can reach on a task. */
#ifndef CLI_OPTIMUM_H
#define CLI_OPTIMUM_H

#include "hedon/hedon.h"

/* The exact expected return of the best policy within the steps of an episode, discounted as the
 * task's scores are, by value iteration over the table of a finite environment. NAN: it is not
 * finite, or memory is short. */
double optimum_of(const hd_env_desc *env);

/* The same of a run's task, evaluated where its learners are. */
double optimum_of_run(hd_ctx *ctx, const hd_config *config);

#endif
