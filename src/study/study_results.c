/* What a study says of its learners: results one by one, and their summary. */
#include <math.h>

#include "hedon/study.h"
#include "statistics.h"
#include "study_internal.h"

hd_study_def hd_study_def_default(void) {
  return (hd_study_def){.size = sizeof(hd_study_def), .n_seeds = 1, .n_threads = 1};
}

int hd_study_count(const hd_study *study) { return study->n_learners; }

const hd_config *hd_study_config(const hd_study *study) { return study->config; }

hd_result hd_study_result(const hd_study *study, int index) {
  pthread_mutex_t *mutex = (pthread_mutex_t *)&study->mutex;
  pthread_mutex_lock(mutex);
  const hd_result result = study->learner[index].result;
  pthread_mutex_unlock(mutex);
  return result;
}

hd_stats hd_study_stats(hd_study *study, int index) {
  pthread_mutex_lock(&study->mutex);
  const hd_stats stats = study->learner[index].shown;
  pthread_mutex_unlock(&study->mutex);
  return stats;
}

/* Learners in a row, wherever they are. */
typedef struct study_results {
  const void *of;
  hd_result (*at)(const void *of, int index);
  int n;
} study_results;

static hd_result study_results_of_study(const void *study, int index) {
  return hd_study_result(study, index);
}

static hd_result study_results_of_array(const void *result, int index) {
  return ((const hd_result *)result)[index];
}

/* Gather one figure of all learners that have it, sorted; returns how many. */
typedef double (*figure_fn)(const hd_result *result);

static int study_results_gather(const study_results *from, figure_fn figure, double *x) {
  int n = 0;
  for (int i = 0; i < from->n; i++) {
    const hd_result result = from->at(from->of, i);
    const double value = figure(&result);
    if (!isnan(value)) {
      x[n++] = value;
    }
  }
  hd__sort(x, n);
  return n;
}

static double study_results_final_return(const hd_result *r) { return r->final_return; }
static double study_results_steps(const hd_result *r) {
  return r->solved ? (double)r->steps_to_threshold : (double)NAN;
}
static double study_results_episodes(const hd_result *r) {
  return r->solved ? (double)r->episodes_to_threshold : (double)NAN;
}
static double study_results_cpu(const hd_result *r) { return r->cpu_s; }

static double study_results_mean_of(const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += x[i];
  }
  return n > 0 ? sum / n : (double)NAN;
}

static void study_results_count(const study_results *from, hd_summary *s) {
  *s = (hd_summary){.n = from->n, .env_steps_per_s = (double)NAN};
  for (int i = 0; i < s->n; i++) {
    const hd_result result = from->at(from->of, i);
    s->n_done += result.done;
    s->n_solved += result.solved;
    s->env_steps += result.env_steps;
  }
  s->finished = s->n_done == s->n;
  s->solved_fraction = (double)s->n_solved / s->n;
  const hd__interval solved = hd__wilson(s->n_solved, s->n);
  s->solved_low = solved.low;
  s->solved_high = solved.high;
}

/* scratch [HD_IQM_SCRATCH(n) + n] */
static hd_summary study_results_summary(const study_results *from, uint64_t seed, double *scratch) {
  hd_summary s;
  study_results_count(from, &s);
  double *x = scratch + HD_IQM_SCRATCH(s.n);
  int n = study_results_gather(from, study_results_final_return, x);
  s.return_mean = study_results_mean_of(x, n);
  s.return_iqm = hd__iqm(x, n);
  const hd__interval iqm = hd__iqm_interval(x, n, seed, scratch);
  s.iqm_low = iqm.low;
  s.iqm_high = iqm.high;
  n = study_results_gather(from, study_results_steps, x);
  s.steps_median = hd__median(x, n);
  n = study_results_gather(from, study_results_episodes, x);
  s.episodes_mean = study_results_mean_of(x, n);
  n = study_results_gather(from, study_results_cpu, x);
  s.cpu_median = hd__median(x, n);
  return s;
}

hd_summary hd_study_summary(const hd_study *study) {
  const study_results from = {study, study_results_of_study, study->n_learners};
  hd_summary s = study_results_summary(&from, study->seed, study->scratch);
  if (study->run_s > 0) {
    s.env_steps_per_s = (double)(s.env_steps - study->run_steps) / study->run_s;
  }
  return s;
}

hd_status hd_results_summary(hd_ctx *ctx, const hd_result *result, int n, uint64_t seed,
                             hd_summary *out) {
  if (n < 1 || n > HD_STUDY_SEEDS) {
    return hd__fail(ctx, HD_RANGE, "%d results; allowed: 1 to %d", n, HD_STUDY_SEEDS);
  }
  const size_t bytes = (HD_IQM_SCRATCH(n) + (size_t)n) * sizeof(double);
  double *scratch = hd__alloc(ctx, bytes);
  if (scratch == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d results", n);
  }
  const study_results from = {result, study_results_of_array, n};
  *out = study_results_summary(&from, seed, scratch);
  hd__free(ctx, scratch, bytes);
  return HD_OK;
}
