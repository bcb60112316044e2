/* Statistics over runs and tasks. A bootstrap sample is kept as how often each score is in it, so
 * that scores are sorted once. */
#include "hedon/scores.h"

#include <limits.h>
#include <math.h>

#include "arena.h"
#include "random.h"
#include "statistics.h"

/* Scores of all tasks, each task's sorted, one task after the other. */
typedef struct hd__pool {
  int n, n_tasks;
  double *value;   /* [n] */
  int *first;      /* [n_tasks + 1] where each task begins */
  int *order;      /* [n] from the least score of all to the greatest */
  uint32_t *count; /* [n] how often each is in the present sample */
  double *mean;    /* [n_tasks] scratch */
  double *sample;  /* [HD_RESAMPLES] the figure of each sample */
  hd__arena arena;
} hd__pool;

/* ---- making a pool ---- */

static hd_status scores_check_task(hd_ctx *ctx, const hd_scores *task, int t) {
  if (task->n < 1) {
    return hd__fail(ctx, HD_RANGE, "task %d has %d scores, at least 1 is needed", t, task->n);
  }
  for (int i = 0; i < task->n; i++) {
    if (!isfinite(task->value[i])) {
      return hd__fail(ctx, HD_NUMERIC, "score %d of task %d is not a finite number", i, t);
    }
  }
  return HD_OK;
}

static hd_status scores_check(hd_ctx *ctx, const hd_scores *task, int n_tasks, int *n) {
  int64_t sum = 0;
  if (n_tasks < 1) {
    return hd__fail(ctx, HD_RANGE, "scores of %d tasks, at least 1 is needed", n_tasks);
  }
  for (int t = 0; t < n_tasks; t++) {
    HD_TRY(scores_check_task(ctx, &task[t], t));
    sum += task[t].n;
  }
  *n = (int)sum;
  return sum <= INT_MAX
             ? HD_OK
             : hd__fail(ctx, HD_RANGE, "%lld scores, allowed 1 to %d", (long long)sum, INT_MAX);
}

static void scores_lay_out(hd__pool *pool) {
  pool->value = HD_TAKE(&pool->arena, double, pool->n);
  pool->first = HD_TAKE(&pool->arena, int, pool->n_tasks + 1);
  pool->order = HD_TAKE(&pool->arena, int, pool->n);
  pool->count = HD_TAKE(&pool->arena, uint32_t, pool->n);
  pool->mean = HD_TAKE(&pool->arena, double, pool->n_tasks);
  pool->sample = HD_TAKE(&pool->arena, double, HD_RESAMPLES);
}

static void scores_fill(hd__pool *pool, const hd_scores *task) {
  for (int t = 0; t < pool->n_tasks; t++) {
    double *value = pool->value + pool->first[t];
    for (int i = 0; i < task[t].n; i++) {
      value[i] = task[t].value[i];
    }
    hd__sort(value, task[t].n);
    pool->first[t + 1] = pool->first[t] + task[t].n;
  }
}

/* Merge the sorted tasks: `at` says how far each has got. */
static void scores_merge(hd__pool *pool, uint32_t *at) {
  for (int k = 0; k < pool->n; k++) {
    int least = -1, from = 0;
    for (int t = 0; t < pool->n_tasks; t++) {
      const int i = pool->first[t] + (int)at[t];
      if (i < pool->first[t + 1] && (least < 0 || pool->value[i] < pool->value[least])) {
        least = i;
        from = t;
      }
    }
    at[from]++;
    pool->order[k] = least;
  }
}

/* The scores as they are: each once. */
static void scores_take_all(hd__pool *pool) {
  for (int i = 0; i < pool->n; i++) {
    pool->count[i] = 1;
  }
}

static hd_status scores_pool(hd_ctx *ctx, const hd_scores *task, int n_tasks, hd__pool *pool) {
  *pool = (hd__pool){.n_tasks = n_tasks};
  HD_TRY(scores_check(ctx, task, n_tasks, &pool->n));
  scores_lay_out(pool);
  HD_TRY(hd__arena_commit(ctx, &pool->arena));
  scores_lay_out(pool);
  scores_fill(pool, task);
  scores_merge(pool, pool->count); /* n_tasks zeros at its start: a task has at least one score */
  scores_take_all(pool);
  return HD_OK;
}

/* ---- the bootstrap ---- */

static void scores_resample(hd__pool *pool, uint64_t seed, uint64_t side, uint64_t k) {
  const hd__key key = hd__key_make(seed, HD_STREAM_STUDY, side, k);
  for (int i = 0; i < pool->n; i++) {
    pool->count[i] = 0;
  }
  for (int t = 0; t < pool->n_tasks; t++) {
    const uint64_t n = (uint64_t)(pool->first[t + 1] - pool->first[t]);
    for (int i = pool->first[t]; i < pool->first[t + 1]; i++) {
      pool->count[pool->first[t] + (int)((uint64_t)hd__word(key, (uint32_t)i) * n >> 32)]++;
    }
  }
}

/* A figure of the present sample of one pool, or of two. */
typedef double (*scores_figure)(hd__pool *x, hd__pool *y, double parameter);

/* Tasks of one score each have one sample: the scores themselves. */
static bool scores_has_one_sample(const hd__pool *pool) {
  return pool == NULL || pool->n == pool->n_tasks;
}

static void scores_estimate(hd__pool *x, hd__pool *y, scores_figure figure, double parameter,
                            uint64_t seed, hd_estimate *out) {
  scores_take_all(x);
  out->value = out->low = out->high = figure(x, y, parameter);
  if (scores_has_one_sample(x) && scores_has_one_sample(y)) {
    return;
  }
  for (uint64_t k = 0; k < HD_RESAMPLES; k++) {
    scores_resample(x, seed, 0, k);
    if (y != NULL) {
      scores_resample(y, seed, 1, k);
    }
    x->sample[k] = figure(x, y, parameter);
  }
  hd__sort(x->sample, HD_RESAMPLES);
  out->low = hd__quantile(x->sample, HD_RESAMPLES, 0.025);
  out->high = hd__quantile(x->sample, HD_RESAMPLES, 0.975);
}

/* ---- figures ---- */

static void scores_task_means(hd__pool *pool) {
  for (int t = 0; t < pool->n_tasks; t++) {
    double sum = 0;
    for (int i = pool->first[t]; i < pool->first[t + 1]; i++) {
      sum += pool->count[i] * pool->value[i];
    }
    pool->mean[t] = sum / (pool->first[t + 1] - pool->first[t]);
  }
}

static double scores_mean(hd__pool *x, hd__pool *y, double parameter) {
  (void)y, (void)parameter;
  double sum = 0;
  scores_task_means(x);
  for (int t = 0; t < x->n_tasks; t++) {
    sum += x->mean[t];
  }
  return sum / x->n_tasks;
}

static double scores_median(hd__pool *x, hd__pool *y, double parameter) {
  (void)y, (void)parameter;
  scores_task_means(x);
  hd__sort(x->mean, x->n_tasks);
  return hd__median(x->mean, x->n_tasks);
}

static double scores_iqm(hd__pool *x, hd__pool *y, double parameter) {
  (void)y, (void)parameter;
  const int64_t cut = x->n / 4, end = x->n - cut;
  double sum = 0;
  int64_t at = 0;
  for (int k = 0; k < x->n && at < end; k++) {
    const int i = x->order[k];
    for (uint32_t c = 0; c < x->count[i]; c++, at++) {
      sum += at >= cut && at < end ? x->value[i] : 0;
    }
  }
  return sum / (double)(end - cut);
}

static double scores_gap(hd__pool *x, hd__pool *y, double goal) {
  (void)y;
  double sum = 0;
  for (int i = 0; i < x->n; i++) {
    sum += x->count[i] * fmin(x->value[i], goal);
  }
  return goal - sum / x->n;
}

static double scores_share_above(hd__pool *x, hd__pool *y, double tau) {
  (void)y;
  int64_t above = 0;
  for (int i = 0; i < x->n; i++) {
    above += x->value[i] > tau ? x->count[i] : 0;
  }
  return (double)above / x->n;
}

/* U of one task over its greatest value. */
static double scores_above(const hd__pool *x, const hd__pool *y, int t) {
  double u = 0;
  for (int i = x->first[t]; i < x->first[t + 1]; i++) {
    for (int j = y->first[t]; j < y->first[t + 1]; j++) {
      const double wins = x->value[i] > y->value[j] ? 1 : x->value[i] < y->value[j] ? 0 : 0.5;
      u += wins * x->count[i] * y->count[j];
    }
  }
  const double n_x = x->first[t + 1] - x->first[t], n_y = y->first[t + 1] - y->first[t];
  return u / (n_x * n_y);
}

static double scores_improve(hd__pool *x, hd__pool *y, double parameter) {
  (void)parameter;
  double sum = 0;
  for (int t = 0; t < x->n_tasks; t++) {
    sum += scores_above(x, y, t);
  }
  return sum / x->n_tasks;
}

/* ---- the interface ---- */

static const scores_figure scores_figures[HD_AGGREGATES] = {
    [HD_AGGREGATE_MEAN] = scores_mean,
    [HD_AGGREGATE_MEDIAN] = scores_median,
    [HD_AGGREGATE_IQM] = scores_iqm,
    [HD_AGGREGATE_OPTIMALITY_GAP] = scores_gap,
};

hd_status hd_scores_aggregate(hd_ctx *ctx, hd_aggregate kind, double goal, const hd_scores *task,
                              int n_tasks, uint64_t seed, hd_estimate *out) {
  if ((int)kind < 0 || kind >= HD_AGGREGATES) {
    return hd__fail(ctx, HD_USAGE, "aggregate = %d, allowed 0 to %d", (int)kind, HD_AGGREGATES - 1);
  }
  if (kind == HD_AGGREGATE_OPTIMALITY_GAP && !isfinite(goal)) {
    return hd__fail(ctx, HD_NUMERIC, "the goal of an optimality gap is not a finite number");
  }
  hd__pool pool;
  HD_TRY(scores_pool(ctx, task, n_tasks, &pool));
  scores_estimate(&pool, NULL, scores_figures[kind], goal, seed, out);
  hd__arena_free(ctx, &pool.arena);
  return HD_OK;
}

hd_status hd_scores_profile(hd_ctx *ctx, const hd_scores *task, int n_tasks, const double *tau,
                            int n, uint64_t seed, hd_estimate *out) {
  hd__pool pool;
  HD_TRY(scores_pool(ctx, task, n_tasks, &pool));
  for (int i = 0; i < n; i++) {
    scores_estimate(&pool, NULL, scores_share_above, tau[i], seed, &out[i]);
  }
  hd__arena_free(ctx, &pool.arena);
  return HD_OK;
}

hd_status hd_scores_improvement(hd_ctx *ctx, const hd_scores *x, const hd_scores *y, int n_tasks,
                                uint64_t seed, hd_estimate *out) {
  hd__pool a, b;
  HD_TRY(scores_pool(ctx, x, n_tasks, &a));
  const hd_status status = scores_pool(ctx, y, n_tasks, &b);
  if (status == HD_OK) {
    scores_estimate(&a, &b, scores_improve, 0, seed, out);
    hd__arena_free(ctx, &b.arena);
  }
  hd__arena_free(ctx, &a.arena);
  return status;
}

hd_estimate hd_share_estimate(int k, int n) {
  if (k < 0 || k > n) {
    return (hd_estimate){(double)NAN, (double)NAN, (double)NAN};
  }
  const hd__interval interval = hd__wilson(k, n);
  return (hd_estimate){n > 0 ? (double)k / n : (double)NAN, interval.low, interval.high};
}
