/* A session: environments to learn in, one learner, evaluations, and the arena in which everything
 * that changes lies. What is listed there by name is what a checkpoint holds. */
#ifndef HD_SESSION_INTERNAL_H
#define HD_SESSION_INTERNAL_H

#include "hedon/session.h"
#include "evaluators.h"
#include "learner.h"

struct hd_session {
  hd_ctx *ctx;
  hd_config *config;
  const hd__settings *settings;
  const hd_env_desc *env;
  uint64_t seed;
  hd__arena arena;
  hd__training training;
  hd__learner learner;
  hd__evaluation evaluation;
  const atomic_bool *pause;   /* set: training ends after the unit at hand, */
  const atomic_bool *yield;   /* for good or for now; both NULL outside studies */
  int64_t checked_at;         /* step after which hd__session_check_sometimes looked last */
  int64_t check_every;        /* steps from one look to the next */
  hd__workers *workers;       /* threads that the learner has been given, or NULL */
  hd__evaluators *evaluators; /* that share its evaluations, or NULL */
};

/* Make a session what hd_session_create would for another seed. Allocates nothing. */
hd_status hd__session_restart(hd_session *session, uint64_t seed);

/* hd_session_train without its clock: nothing in it asks the system for anything. */
hd_status hd__session_learn(hd_session *session, int64_t steps);

/* Lend a learner that takes threads later (hd__learner_desc's n_threads) up to n of them, the
 * calling one included; how many changes no result. Nothing happens if it has use for one only, or
 * has some already.  Errors  NOMEM. */
hd_status hd__session_use_threads(hd_session *session, int n);
/* Join the threads; the next job starts new ones. */
void hd__session_join_threads(hd_session *session);

/* Processor seconds of the calling thread and of those that the learner has been given. Only
 * differences mean anything. */
double hd__session_cpu_s(const hd_session *session);

/* hd_session_stats that goes on counting the layers' spikes. */
void hd__session_read_stats(const hd_session *session, hd_stats *out);
/* Spikes are counted anew. */
void hd__session_count_reset(hd_session *session);

/* Keep a copy of the teacher's policy for whenever the session is started anew. */
hd_status hd__session_set_policy(hd_session *session, const hd_session *teacher);

/* If somebody looks into the learner's network, it begins where its environment is now. */
void hd__session_restart_shown(hd_session *session);

/* Are all arrays that a checkpoint holds finite, but for past experience?  Errors  NUMERIC, naming
 * the array. */
hd_status hd__session_check_finite(const hd_session *session);
/* The same, if enough steps have passed since it was last asked for it to cost little. */
hd_status hd__session_check_sometimes(hd_session *session);
/* How many steps are enough. */
int64_t hd__session_check_every(const hd_session *session);

/* Say in every view what its array means. */
void hd__session_describe_arrays(hd_session *session);

/* Check what was loaded into the arrays.  Errors  FORMAT. */
hd_status hd__session_check_loaded(hd_session *session);

#endif
