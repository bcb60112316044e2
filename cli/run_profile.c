/* Performance profiles of runs: the share of learners whose final return is above each value. */
#include <math.h>
#include <stdlib.h>

#include "run_data.h"

hd_scores run_scores(const run_data *self) {
  double *value = malloc(sizeof *value * (size_t)self->n);
  int n = 0;
  for (int i = 0; value != NULL && i < self->n; i++) {
    if (isfinite(self->learner[i].result.final_return)) {
      value[n++] = self->learner[i].result.final_return;
    }
  }
  return (hd_scores){value, n};
}

bool run_profile_places(const run_data *const *run, int n, double tau[RUN_TAUS]) {
  double low = INFINITY, high = -INFINITY;
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < run[i]->n; k++) {
      const double value = run[i]->learner[k].result.final_return;
      low = isfinite(value) ? fmin(low, value) : low;
      high = isfinite(value) ? fmax(high, value) : high;
    }
  }
  if (high == low) { /* room for a step */
    low -= 1;
    high += 1;
  }
  for (int k = 0; k < RUN_TAUS; k++) {
    tau[k] = low + (high - low) * k / (RUN_TAUS - 1);
  }
  return high > low;
}

hd_status run_profile_of(hd_ctx *ctx, const run_data *self, const double tau[RUN_TAUS],
                         hd_estimate share[RUN_TAUS], bool *is_there) {
  const hd_scores scores = run_scores(self);
  *is_there = scores.n > 0;
  const hd_status status = *is_there ? hd_scores_profile(ctx, &scores, 1, tau, RUN_TAUS,
                                                         self->learner[0].result.seed, share)
                                     : HD_OK;
  free((void *)scores.value);
  return status;
}
