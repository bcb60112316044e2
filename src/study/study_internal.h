/* A study's inside: its learners, who take turns on the workers. */
#ifndef HD_STUDY_INTERNAL_H
#define HD_STUDY_INTERNAL_H

#include "pool.h"
#include "protocol.h"
#include "run_folder.h"

enum {
  HD_RECORD_COUNT = 0
#define HD_RECORD_ONE(name, type, start, dtype) +1
  HD_RECORD_FIELDS(HD_RECORD_ONE)
#undef HD_RECORD_ONE
};

typedef struct hd__member {
  hd_ctx ctx; /* the study's, with an error text of its own: workers fail side by side. What the
                 study's has registered since is taken over when a run starts */
  hd_session *session;
  uint64_t seed;
  hd__record record;
  hd_stats stats; /* at the end of the last slice */
  hd_status status;
  double started;  /* on the clock of this run; negative before the first slice */
  double saved_at; /* the same */
  bool is_unsaved;
  int64_t logged_to; /* metrics.jsonl holds evaluations up to here, from before a resume */
  bool is_result_logged;
  /* What others see, guarded by the study's mutex. */
  hd_result result;
  hd_stats shown;
} hd__member;

struct hd_study {
  hd_ctx *ctx;
  hd_config *config; /* its own: a session's is read by the worker that saves it */
  hd__protocol protocol;
  int eval_episodes;
  uint64_t seed;
  int n_members, n_threads;
  hd__member *member; /* [n_members] */
  double *scratch;    /* of hd_study_summary */
  bool has_run;       /* a folder */
  hd__run run;
  int look_on_ms;      /* time between calls of a run's callback */
  double save_every_s; /* a learner's checkpoint is at most so old; 0: one at every slice */
  pthread_mutex_t mutex;
  bool is_failing; /* some learner failed; guarded by the mutex */
};

/* Do one slice of a learner's work; true if there is more.  A hd__task_fn. */
bool hd__member_advance(void *study, int index);

/* Save a learner that moved on since its last checkpoint. */
hd_status hd__member_save(hd_study *study, hd__member *member);

/* Show a learner's figures to others. */
void hd__member_publish(hd_study *study, hd__member *member);

/* The arrays a record adds to a checkpoint. */
void hd__record_views(hd__record *record, hd_view view[HD_RECORD_COUNT]);

/* Seconds on a clock that only moves forward. */
double hd__clock(void);

#endif
