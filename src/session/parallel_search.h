/* Members of a generation evaluated ahead, and the episodes of evaluations shared out, by a crew of
 * sessions side by side. Its threads begin with the first job and wait for the next.
 *
 * What a member's episodes return depends on nothing but the search, so it may be found early and
 * by anyone; it is told in its turn. Who finds out, and how many they are, changes no result, and
 * what was found ahead is no state: a checkpoint does without. */
#ifndef HD_PARALLEL_SEARCH_H
#define HD_PARALLEL_SEARCH_H

#include "hedon/env.h"
#include "hedon/session.h"

/* What evaluating a member gave. */
typedef struct hd__trial {
  bool is_known;
  int64_t steps;
  double score;
  double *returns; /* [member_episodes] */
  double counted;  /* substeps, and the spikes of every neuron in them: [of all layers' n_pad] */
  float *spikes;
} hd__trial;

typedef struct hd__parallel_search hd__parallel_search;

/* Give a session that searches n - 1 helpers; nothing happens if its members depend on each other
 * or there is one only.  Errors  NOMEM. */
hd_status hd__parallel_search_create(hd_session *session, int n);
hd_status hd__parallel_search_restart(hd__parallel_search *parallel, uint64_t seed);
/* Join the threads; the next job begins new ones. */
void hd__parallel_search_join(hd_session *session);
void hd__parallel_search_destroy(hd_session *session);

/* The trial of the member whose return is awaited, or NULL if it failed or there is no crew. The
 * rest of the generation is evaluated first, unless it has been. */
const hd__trial *hd__parallel_search_trial(hd_session *session);

/* Episodes of an evaluation, as hd__evaluation_play would give them by the weights by which the
 * session is judged; false if there is no crew, or if one failed: then the session plays them
 * itself. */
bool hd__parallel_search_play(hd_session *session, const hd_env_desc *env, int n, uint64_t first,
                              double *returns);
/* Processor seconds that the threads of a crew have spent so far; 0 for NULL. */
double hd__parallel_search_cpu_s(const hd__parallel_search *parallel);

#endif
