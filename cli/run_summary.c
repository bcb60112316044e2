/* Figures of a run, by the library's statistics. */
#include <math.h>
#include <stdlib.h>

#include "run_data.h"

static int run_by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts x. */
static double run_median(double *x, int n) {
  qsort(x, (size_t)n, sizeof *x, run_by_value);
  return n > 0 ? (x[(n - 1) / 2] + x[n / 2]) / 2 : (double)NAN;
}

/* The interquartile mean with its interval; NAN of none. */
static hd_status run_iqm(hd_ctx *ctx, const double *x, int n, uint64_t seed, hd_estimate *out) {
  *out = (hd_estimate){(double)NAN, (double)NAN, (double)NAN};
  if (n == 0) {
    return HD_OK;
  }
  if (n == 1) {
    *out = (hd_estimate){x[0], x[0], x[0]};
    return HD_OK;
  }
  const hd_scores scores = {x, n};
  return hd_scores_aggregate(ctx, HD_AGGREGATE_IQM, 0, &scores, 1, seed, out);
}

static double run_final(const hd_result *r) { return r->final_return; }
static double run_cpu(const hd_result *r) { return r->cpu_s; }
static double run_steps(const hd_result *r) {
  return r->solved ? (double)r->steps_to_threshold : (double)NAN;
}

static int run_gather(const run_data *self, double (*figure)(const hd_result *), double *x) {
  int n = 0;
  for (int i = 0; i < self->n; i++) {
    const double value = figure(&self->learner[i].result);
    if (isfinite(value)) {
      x[n++] = value;
    }
  }
  return n;
}

static void run_tally(const run_data *self, run_summary *out) {
  *out = (run_summary){.mean = 0};
  for (int i = 0; i < self->n; i++) {
    const hd_result *r = &self->learner[i].result;
    out->n_done += r->done;
    out->n_solved += r->solved;
    out->n_relapsed += r->relapsed;
    out->env_steps += r->env_steps;
  }
  out->solved = hd_share_estimate(out->n_solved, self->n);
}

/* Means over the learners that were evaluated. */
static void run_sum_costs(const run_data *self, run_summary *out) {
  int n = 0;
  for (int i = 0; i < self->n; i++) {
    const run_learner *learner = &self->learner[i];
    if (learner->n > 0) {
      out->spikes += learner->evaluation[learner->n - 1].spikes;
      out->syn_ops += learner->evaluation[learner->n - 1].syn_ops;
      n++;
    }
  }
  out->spikes = n > 0 ? out->spikes / n : (double)NAN;
  out->syn_ops = n > 0 ? out->syn_ops / n : (double)NAN;
}

hd_status run_summarise(hd_ctx *ctx, const run_data *self, run_summary *out) {
  run_tally(self, out);
  run_sum_costs(self, out);
  double *x = malloc(sizeof *x * (size_t)self->n);
  if (x == NULL) {
    return HD_NOMEM;
  }
  int n = run_gather(self, run_final, x);
  for (int i = 0; i < n; i++) {
    out->mean += x[i] / n;
  }
  out->mean = n > 0 ? out->mean : (double)NAN;
  const hd_status status = run_iqm(ctx, x, n, self->learner[0].result.seed, &out->iqm);
  n = run_gather(self, run_steps, x);
  out->steps_median = run_median(x, n);
  n = run_gather(self, run_cpu, x);
  out->cpu_median = run_median(x, n);
  free(x);
  return status;
}

/* ---- curves ---- */

static double run_place(const run_evaluation *e, run_over over) {
  const double place[] = {[RUN_OVER_STEPS] = (double)e->env_steps,
                          [RUN_OVER_EPISODES] = (double)e->episodes,
                          [RUN_OVER_CPU] = e->cpu_s,
                          [RUN_OVER_SYN_OPS] = e->syn_ops_so_far};
  return place[over];
}

void run_curve_over(const run_data *self, const run_curve *curve, run_over over,
                    double x[RUN_POINTS]) {
  for (int p = 0; p < curve->n; p++) {
    int n = 0;
    x[p] = 0;
    for (int i = 0; i < self->n; i++) {
      if (curve->at[p] < self->learner[i].n) {
        x[p] += run_place(&self->learner[i].evaluation[curve->at[p]], over);
        n++;
      }
    }
    x[p] /= n;
  }
}

/* Returns of the k-th evaluation; learners that are done keep their last. */
static int run_returns(const run_data *self, int k, double *x) {
  int n = 0;
  for (int i = 0; i < self->n; i++) {
    const run_learner *learner = &self->learner[i];
    const bool is_there = k < learner->n;
    const int at = is_there ? k : learner->n - 1;
    if ((is_there || learner->result.done) && at >= 0 &&
        isfinite(learner->evaluation[at].eval_return)) {
      x[n++] = learner->evaluation[at].eval_return;
    }
  }
  return n;
}

hd_status run_curve_of(hd_ctx *ctx, const run_data *self, run_over over, run_curve *out) {
  int most = 0;
  for (int i = 0; i < self->n; i++) {
    most = self->learner[i].n > most ? self->learner[i].n : most;
  }
  const int every = most > RUN_POINTS ? (most + RUN_POINTS - 1) / RUN_POINTS : 1;
  double *x = malloc(sizeof *x * (size_t)self->n);
  hd_status status = x != NULL ? HD_OK : HD_NOMEM;
  *out = (run_curve){.n = 0};
  for (int k = (most - 1) % every; k < most && k >= 0 && status == HD_OK; k += every) {
    const int n = run_returns(self, k, x);
    status = run_iqm(ctx, x, n, self->learner[0].result.seed, &out->y[out->n]);
    out->at[out->n] = k;
    out->n += n > 0;
  }
  run_curve_over(self, out, over, out->x);
  free(x);
  return status;
}
