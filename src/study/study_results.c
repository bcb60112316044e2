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

/* Gather one figure of all learners that have it, sorted; returns how many. */
typedef double (*figure_fn)(const hd_result *result);

static int study_results_gather(const hd_study *study, figure_fn figure, double *x) {
  int n = 0;
  for (int i = 0; i < study->n_learners; i++) {
    const hd_result result = hd_study_result(study, i);
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

hd_summary hd_study_summary(const hd_study *study) {
  hd_summary s = {.n = study->n_learners};
  for (int i = 0; i < s.n; i++) {
    const hd_result result = hd_study_result(study, i);
    s.n_done += result.done;
    s.n_solved += result.solved;
    s.env_steps += result.env_steps;
  }
  s.finished = s.n_done == s.n;
  s.solved_fraction = (double)s.n_solved / s.n;
  const hd__interval solved = hd__wilson(s.n_solved, s.n);
  s.solved_low = solved.low;
  s.solved_high = solved.high;

  double *x = study->scratch + HD_IQM_SCRATCH(s.n);
  int n = study_results_gather(study, study_results_final_return, x);
  s.return_mean = study_results_mean_of(x, n);
  s.return_iqm = hd__iqm(x, n);
  const hd__interval iqm = hd__iqm_interval(x, n, study->seed, study->scratch);
  s.iqm_low = iqm.low;
  s.iqm_high = iqm.high;
  n = study_results_gather(study, study_results_steps, x);
  s.steps_median = hd__median(x, n);
  n = study_results_gather(study, study_results_episodes, x);
  s.episodes_mean = study_results_mean_of(x, n);
  n = study_results_gather(study, study_results_cpu, x);
  s.cpu_median = hd__median(x, n);
  s.env_steps_per_s =
      study->run_s > 0 ? (double)(s.env_steps - study->run_steps) / study->run_s : (double)NAN;
  return s;
}
