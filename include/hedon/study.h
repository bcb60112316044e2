/* A study trains several independent learners side by side and evaluates them by one protocol:
 * an evaluation every `eval_every` steps of `eval_episodes` greedy episodes; steps to threshold =
 * the first checkpoint that passes and whose next two pass as well. */
#ifndef HEDON_STUDY_H
#define HEDON_STUDY_H

#include "session.h"

/* A study; opaque. One call at a time, on the thread that uses its context; it has worker threads
 * of its own. */
typedef struct hd_study hd_study;

enum {
  HD_STUDY_SEEDS = 65536, /* most learners of a study */
  HD_STUDY_THREADS = 1024 /* most threads of a study */
};

/* What came out of one learner so far. */
typedef struct hd_result {
  uint64_t seed;              /* of the learner */
  bool done;                  /* it takes no further step */
  bool solved;                /* the threshold was passed three checkpoints running */
  bool relapsed;              /* once solved, a later evaluation fell below the threshold */
  bool evaluating;            /* it is playing the episodes of an evaluation, and takes no step */
  int64_t steps_to_threshold; /* -1 if not solved */
  int64_t episodes_to_threshold; /* -1 if not solved */
  int64_t env_steps;             /* taken while learning */
  int64_t episodes;              /* ended while learning */
  double final_return;           /* mean of the last evaluation; NAN before the first */
  double best_return;            /* secondary: the best checkpoint's mean */
  double train_return;           /* mean return of the last 100 training episodes */
  double cpu_s;                  /* training alone */
  double eval_cpu_s;             /* evaluation alone */
  double wall_s;                 /* from this learner's start to its end */
  uint64_t hash;                 /* of the weights at the last evaluation, and of the last ones once
                                    hd_study_run has returned; 0 before the learner begins */
} hd_result;

/* Called after every evaluation of a learner, with what is known of it by then: final_return is the
 * mean of this evaluation, env_steps where it took place. Calls come from the threads that
 * evaluate, so of different learners at the same time; they see nothing of the learner and change
 * nothing. */
typedef void (*hd_evaluated_fn)(void *user, const hd_result *result);

/* What a study is to do. */
typedef struct hd_study_def {
  size_t size;               /* sizeof(hd_study_def), filled by hd_study_def_default */
  const hd_config *config;   /* of every learner; copied */
  uint64_t seed;             /* of the first learner; the others follow by one */
  int n_seeds;               /* 1 to HD_STUDY_SEEDS; the last seed is at most 2^64 - 1 */
  int n_threads;             /* 1 to HD_STUDY_THREADS; changes nothing but the time */
  const char *dir;           /* run folder, created; NULL: keep nothing */
  hd_session *teacher;       /* every learner adopts its policy (hd_session_adopt); NULL: none */
  hd_evaluated_fn evaluated; /* NULL: nobody is told */
  void *user;                /* of evaluated */
} hd_study_def;

/* One seed, 0, on one thread, without a folder; the configuration is to be given. */
HD_API hd_study_def hd_study_def_default(void);

/* Make the learners of a study, none of which has begun. The caller destroys it before ctx.
 * Errors  RANGE, CONFLICT, IO (the folder cannot be written, or holds another run), NOMEM. */
HD_API hd_status hd_study_create(hd_ctx *ctx, const hd_study_def *def, hd_study **out);
/* Free a study; NULL is allowed. What was saved stays. */
HD_API void hd_study_destroy(hd_study *study);

/* Open a run folder and take up every learner at its last checkpoint. The caller destroys the
 * study. Errors  IO, FORMAT, MISMATCH (another version), MISSING (a plug-in), NOMEM. */
HD_API hd_status hd_study_resume(hd_ctx *ctx, const char *dir, int n_threads, hd_study **out);

/* Let the run in a folder become longer, or have more learners; hd_study_resume then goes on with
 * it. The folder's config.toml is replaced, and a line of its metrics.jsonl tells the change. What
 * comes of it is what a run would have been that had the larger budget from the start, to the bit,
 * but for one thing: an evaluation at the end of the smaller budget stays where eval_every does not
 * divide that, so that later ones play other episodes.
 *
 *   budget   the run's configuration with larger settings steps, episodes or overtrain (0 sets no
 *            limit for the last two); NULL keeps them
 *   n_seeds  learners; 0 keeps their number
 *
 * Errors  CONFLICT (another setting differs, or a schedule takes the whole budget of steps), RANGE
 * (less than before), IO, FORMAT, NOMEM. */
HD_API hd_status hd_study_extend(hd_ctx *ctx, const char *dir, const hd_config *budget,
                                 int64_t n_seeds);

/* Called between slices of work, always on the thread that called hd_study_run; returning false
 * stops the study within about a second, after saving every learner (resume goes on from there). A
 * learner whose unit of learning takes longer, such as one large update or candidate, gives it up:
 * its checkpoint before stands, from which it repeats the unit to the bit. Such a study lets go of
 * its folder and is gone on with by hd_study_resume alone; hd_study_run then returns USAGE. */
typedef bool (*hd_study_fn)(void *user, hd_study *study);

/* Train until every learner is done or the callback says stop; `user` is the callback's first
 * argument, and progress may be NULL. A study that is done lets go of its folder, which others may
 * then make longer.
 * Errors  NUMERIC, IO (with the seed of the learner); what was saved stays. */
HD_API hd_status hd_study_run(hd_study *study, hd_study_fn progress, void *user);

/* Save the learner of a study that has one only, as hd_session_save would.
 * Errors  USAGE (there are more), IO. */
HD_API hd_status hd_study_save(hd_study *study, const char *path);

/* The number of learners. */
HD_API int hd_study_count(const hd_study *study);
/* What came out of one of them so far; index from 0. Safe from the progress callback. */
HD_API hd_result hd_study_result(const hd_study *study, int index);
/* Figures of a learner for display. Safe from the progress callback. */
HD_API hd_stats hd_study_stats(hd_study *study, int index);
/* The settings of its learners. They live as long as it does. */
HD_API const hd_config *hd_study_config(const hd_study *study);

/* What came out of all learners together. Shares of learners have Wilson's interval (Wilson 1927);
 * the interquartile mean is the mean without the lowest and the highest quarter, its interval a
 * bootstrap's (Agarwal et al. 2021). */
typedef struct hd_summary {
  int n, n_done, n_solved; /* learners; those that are done; those that solved the task */
  bool finished;           /* all are done */

  double solved_fraction, solved_low, solved_high; /* share of all; Wilson's interval, 95 % */
  double return_mean, return_iqm;                  /* final returns: mean, interquartile mean */
  double iqm_low, iqm_high;                        /* the latter's bootstrap interval, 95 % */
  double steps_median, episodes_mean; /* to the threshold, over the solved; NAN if none */
  double cpu_median;                  /* CPU seconds of learning */
  int64_t env_steps;                  /* of all learners */
  double env_steps_per_s;             /* of all, per second of hd_study_run; NAN before */
} hd_summary;

/* Figures of a study, from what is known by now. Safe from the progress callback. */
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
