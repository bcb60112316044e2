/* Evaluates candidates of a search, one after the other: the memory of one, and the episodes that
 * it plays. */
#ifndef HD_CANDIDATE_H
#define HD_CANDIDATE_H

#include "learner.h"
#include "net_actor.h"
#include "search.h"

typedef struct hd__candidate {
  const hd__learner *learner; /* whose search it is */
  hd__net_actor *actor;
  hd__evaluation *evaluation;
  float *w;           /* [search.n_pad] weights of the candidate, */
  float *weights;     /* [n_weights] and as the network reads them */
  float *reward;      /* [eval_rows] that synapses learn from, */
  bool *counts;       /* [eval_rows] in rows that are not idle */
  bool is_too_large;  /* one of those rewards was larger than HD_REWARD_MAX */
  double *likelihood; /* [eval_rows] of right answers in the episodes under way, */
  double *graded;     /* [member_episodes] and in those that have ended; while they are played */
} hd__candidate;

void hd__candidate_lay_out(hd__candidate *self, const hd__learner *learner, hd__arena *arena);

/* Evaluate a candidate of the learner's search: its episodes' returns [member_episodes], and the
 * score that the search is told.  Errors  NUMERIC. */
hd_status hd__candidate_evaluate(hd__candidate *self, int candidate, double *returns,
                                 double *score);

#endif
