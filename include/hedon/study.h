/* A study trains several independent learners side by side and evaluates them by one protocol:
 * an evaluation every `eval_every` steps of `eval_episodes` greedy episodes; steps to threshold =
 * the first checkpoint that passes and whose next two pass as well. */
#ifndef HEDON_STUDY_H
#define HEDON_STUDY_H

#include "session.h"

typedef struct hd_study hd_study;

enum { HD_STUDY_SEEDS = 65536 }; /* most learners of a study */

typedef struct hd_result {
  uint64_t seed;
  bool done;
  bool solved;                   /* the threshold was passed three checkpoints running */
  bool relapsed;                 /* once solved, a later evaluation fell below the threshold */
  int64_t steps_to_threshold;    /* -1 if not solved */
  int64_t episodes_to_threshold; /* -1 if not solved */
  int64_t env_steps;
  int64_t episodes;
  double final_return; /* mean of the last evaluation; NAN before the first */
  double best_return;  /* secondary: the best checkpoint's mean */
  double train_return; /* mean return of the last 100 training episodes */
  double cpu_s;        /* training alone */
  double eval_cpu_s;   /* evaluation alone */
  double wall_s;       /* from this learner's start to its end */
  uint64_t hash;       /* of the final weights; 0 before the learner begins */
} hd_result;

/* Called after every evaluation of a learner, with what is known of it by then: final_return is the
 * mean of this evaluation, env_steps where it took place. Calls come from the threads that
 * evaluate, so of different learners at the same time; they see nothing of the learner and change
 * nothing. */
typedef void (*hd_evaluated_fn)(void *user, const hd_result *result);

typedef struct hd_study_def {
  size_t size;
  const hd_config *config;
  uint64_t seed;             /* of the first learner; the others follow by one */
  int n_seeds;               /* 1 to HD_STUDY_SEEDS; the last seed is at most 2^64 - 1 */
  int n_threads;             /* at least 1; changes nothing but the time */
  const char *dir;           /* run folder, created; NULL: keep nothing */
  hd_session *teacher;       /* every learner adopts its policy (hd_session_adopt); NULL: none */
  hd_evaluated_fn evaluated; /* NULL: nobody is told */
  void *user;                /* of evaluated */
} hd_study_def;

HD_API hd_study_def hd_study_def_default(void);

/* Errors  RANGE, CONFLICT, IO (the folder cannot be written, or holds another run), NOMEM. */
HD_API hd_status hd_study_create(hd_ctx *ctx, const hd_study_def *def, hd_study **out);
HD_API void hd_study_destroy(hd_study *study);

/* Open a run folder and take up every learner at its last checkpoint. */
HD_API hd_status hd_study_resume(hd_ctx *ctx, const char *dir, int n_threads, hd_study **out);

/* Called between slices of work, always on the thread that called hd_study_run; returning false
 * stops the study within about a second, after saving every learner (resume goes on from there). A
 * learner whose unit of learning takes longer, such as one large update or candidate, gives it up:
 * its checkpoint before stands, from which it repeats the unit to the bit. Such a study is gone on
 * with by hd_study_resume alone; hd_study_run then returns USAGE. */
typedef bool (*hd_study_fn)(void *user, hd_study *study);

/* Train until every learner is done or the callback says stop.
 * Errors  NUMERIC, IO; what was saved stays. */
HD_API hd_status hd_study_run(hd_study *study, hd_study_fn progress, void *user);

/* Save the learner of a study that has one only, as hd_session_save would.
 * Errors  USAGE (there are more), IO. */
HD_API hd_status hd_study_save(hd_study *study, const char *path);

HD_API int hd_study_count(const hd_study *study);
HD_API hd_result hd_study_result(const hd_study *study, int index);
/* Figures of a learner for display. Safe from the progress callback. */
HD_API hd_stats hd_study_stats(hd_study *study, int index);
HD_API const hd_config *hd_study_config(const hd_study *study);

typedef struct hd_summary {
  int n, n_done, n_solved;
  bool finished;
  double solved_fraction, solved_low, solved_high;   /* Wilson interval, 95 % */
  double return_mean, return_iqm, iqm_low, iqm_high; /* final returns; bootstrap interval, 95 % */
  double steps_median, episodes_mean;                /* over the solved; NAN if none */
  double cpu_median;
  int64_t env_steps;
  double
      env_steps_per_s; /* training steps of all learners per second of hd_study_run; NAN before */
} hd_summary;

HD_API hd_summary hd_study_summary(const hd_study *study);

/* The summary of any learners of one configuration, such as those of several studies, with
 * env_steps_per_s NAN.
 *
 *   result  [n]  read
 *   seed    of the bootstrap; hd_study_summary takes that of the study
 *
 * Errors  RANGE (n is not 1 to HD_STUDY_SEEDS), NOMEM. */
HD_API hd_status hd_results_summary(hd_ctx *ctx, const hd_result *result, int n, uint64_t seed,
                                    hd_summary *out);

#endif
