/* A study's inside. Its learners take turns on the workers, and live in a few slots: a slot is a
 * session that becomes the next learner when the one before is done. So memory grows with the
 * threads, not with the seeds, and nothing is allocated while a study runs. */
#ifndef HD_STUDY_INTERNAL_H
#define HD_STUDY_INTERNAL_H

#include "protocol.h"
#include "run_folder.h"
#include "session_internal.h"
#include "turns.h"

enum {
  HD_RECORD_COUNT = 0
#define HD_RECORD_ONE(name, type, start, dtype) +1
  HD_RECORD_FIELDS(HD_RECORD_ONE)
#undef HD_RECORD_ONE
};

/* A learner, whether or not it has a slot. */
typedef struct hd__study_learner {
  uint64_t seed;
  hd__record record;
  int64_t logged_to; /* metrics.jsonl holds evaluations up to here, from before a resume */
  bool is_result_logged;
  bool has_checkpoint;
  /* Guarded by the study's mutex: what others see, and whether it has had a slot or needs none. */
  bool is_taken;
  hd_result result;
  hd_stats shown;
} hd__study_learner;

typedef struct hd__slot {
  hd_ctx ctx; /* the study's, with an error text of its own: workers fail side by side. What the
                 study's has registered since is taken over when a run starts */
  hd_session *session;
  hd__study_learner *learner; /* the learner in this slot, or NULL */
  hd_status status;
  hd_stats stats;  /* at the end of the last turn */
  int64_t pace;    /* steps that take about a millisecond */
  double started;  /* on the clock of this run; negative before the learner's first turn in it */
  double saved_at; /* CPU seconds of work that the last checkpoint holds */
  double save_s;   /* seconds that writing it took */
  bool is_unsaved;
  atomic_uint n_turns; /* begun; who watches sees by it that a turn takes long, */
  unsigned n_turns_seen;
  atomic_bool yield; /* and ends it after the unit of learning at hand */
} hd__slot;

/* When a learner is saved, in CPU seconds of its work. */
typedef struct hd__save_rule {
  double every_s; /* a checkpoint lacks no more work than this, */
  double first_s; /* the first one than this, */
  double cost_s;  /* unless writing the last one took so long that it would take more than a
                     twentieth  of the time */
  bool has_checkpoint;
} hd__save_rule;

/* Is a checkpoint due for so much work that the last one lacks? */
bool hd__save_is_due(const hd__save_rule *rule, double unsaved_s);

struct hd_study {
  hd_ctx *ctx;
  hd_config *config; /* its own: a session's is read by the worker that saves it */
  hd__protocol protocol;
  int eval_episodes;
  uint64_t seed;
  int n_learners, n_slots, n_threads;
  hd__study_learner *learner; /* [n_members] */
  hd__slot **slot;            /* [n_members], the first n_slots of them */
  double *scratch;            /* of hd_study_summary */
  hd_session *teacher;       /* while slots are filled: whose policy learners begin with, or NULL */
  hd_evaluated_fn evaluated; /* or NULL, and what it is given */
  void *user;
  bool has_run; /* a folder */
  hd__run run;
  char layer_name[HD_MAX_LAYERS]
                 [24]; /* names in published statistics must outlive a slot's learner */
  int progress_ms;     /* time between calls of a run's callback */
  double turn_s;       /* a learner trains so long before another has its turn */
  double save_every_s; /* CPU seconds of work a checkpoint may lack; 0: one at every turn */
  double run_s;        /* spent in hd_study_run */
  int64_t run_steps;   /* environment steps at its first call */
  pthread_mutex_t mutex;
  atomic_bool pause; /* learners end their turns at the next unit of learning, */
  atomic_bool stop;  /* or give up the one that they are at */
  int next;          /* learners before this one are taken; guarded by the mutex */
  bool is_failing;   /* some learner failed; guarded by the mutex */
};

/* One turn of the learner in a slot, or of the next one if the slot is free; false if there is
 * none, or if it failed.  A hd__slice_fn. */
bool hd__slot_advance(void *study, int index);

/* Take the next learner that has had no slot; NULL if there is none. */
hd__study_learner *hd__study_next(hd_study *study);

/* Save a learner that moved on since its last checkpoint. */
hd_status hd__slot_save(hd_study *study, hd__slot *slot);

/* Put the error of the learner in a slot, and the learner's seed, into the study's context. */
hd_status hd__study_forward(hd_study *study, const hd__slot *slot, const hd__study_learner *learner,
                            hd_status status);

/* Publish the statistics of the learner in a slot, and the hash of its weights. */
void hd__slot_publish(hd_study *study, hd__slot *slot);

/* The arrays a record adds to a checkpoint. */
void hd__record_views(hd__record *record, hd_view view[HD_RECORD_COUNT]);

#endif
