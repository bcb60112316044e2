/* Statistics over runs and tasks, as the field reports them: figures with 95 % intervals from a
 * bootstrap that resamples the runs of each task on its own.
 *
 * Source  Agarwal et al. 2021, whose package rliable gives the same figures. */
#ifndef HEDON_SCORES_H
#define HEDON_SCORES_H

#include "context.h"

/* The scores of one task, one number for each run, in any order. */
typedef struct hd_scores {
  const double *value; /* [n], finite */
  int n;               /* at least 1 */
} hd_scores;

/* A figure and its 95 % interval. */
typedef struct hd_estimate {
  double value, low, high; /* the figure, and the ends of its interval */
} hd_estimate;

/* Figures of all tasks together. */
typedef enum hd_aggregate {
  HD_AGGREGATE_MEAN,           /* of the tasks' means */
  HD_AGGREGATE_MEDIAN,         /* of the tasks' means */
  HD_AGGREGATE_IQM,            /* interquartile mean: of all scores, a quarter cut off either end */
  HD_AGGREGATE_OPTIMALITY_GAP, /* goal - mean of min(score, goal) over all scores */
  HD_AGGREGATES                /* their number */
} hd_aggregate;

/* One figure of all tasks together.
 *
 *   task  [n_tasks]  read
 *   goal  read by HD_AGGREGATE_OPTIMALITY_GAP alone
 *   seed  of the bootstrap: the same scores and seed give the same interval
 *
 * Errors  USAGE (there is no such figure), RANGE (no tasks, a task without runs, more than
 * 2147483647 runs), NUMERIC (a score or the goal is not finite), NOMEM. */
HD_API hd_status hd_scores_aggregate(hd_ctx *ctx, hd_aggregate kind, double goal,
                                     const hd_scores *task, int n_tasks, uint64_t seed,
                                     hd_estimate *out);

/* Performance profile: the share of all scores above tau, for each of n values of tau.
 *
 *   task  [n_tasks]  read      tau  [n]  read      out  [n]  written, 0 to 1
 *   seed  of the bootstrap
 *
 * Errors  as hd_scores_aggregate. */
HD_API hd_status hd_scores_profile(hd_ctx *ctx, const hd_scores *task, int n_tasks,
                                   const double *tau, int n, uint64_t seed, hd_estimate *out);

/* Probability of improvement: how probably a run of x scores higher than one of y on the same task,
 * ties counting half; the mean over tasks.
 *
 *   x, y  [n_tasks]  read
 *   seed  of the bootstrap
 *   out   written, 0 to 1
 *
 * Source  Mann & Whitney 1947, the statistic U over its greatest value.
 * Errors  as hd_scores_aggregate. */
HD_API hd_status hd_scores_improvement(hd_ctx *ctx, const hd_scores *x, const hd_scores *y,
                                       int n_tasks, uint64_t seed, hd_estimate *out);

/* The share k of n with Wilson's interval; 0 of 0 gives [0, 1] round NAN, and a k below 0 or over n
 * three times NAN.
 * Source  Wilson 1927, J. Am. Stat. Assoc. 22:209. */
HD_API hd_estimate hd_share_estimate(int k, int n);

#endif
