/* Candidates of a generation evaluated side by side, and the episodes of evaluations shared out,
 * by the worker threads of a learner. Every worker has an evaluation and a network of its own.
 *
 * What a candidate's episodes return depends on nothing but the search, so it may be found early
 * and by any worker; the search is told in the order of the candidates. Which worker finds it, and
 * how many they are, changes no result, and what was found early is not saved: a checkpoint does
 * without. */
#ifndef HD_PARALLEL_SEARCH_H
#define HD_PARALLEL_SEARCH_H

#include "learner.h"

/* What evaluating a candidate gave. */
typedef struct hd__trial {
  bool is_known;
  int64_t steps;
  double score;
  double *returns; /* [member_episodes] */
  double counted;  /* substeps, and the spikes of every neuron in them: [of all layers' n_pad] */
  float *spikes;
} hd__trial;

typedef struct hd__parallel_search hd__parallel_search;

/* How many of n threads the search of a learner has use for: one, if its candidates depend on each
 * other. */
int hd__parallel_search_threads(const hd__learner *learner, int n);
/* Memory for every one of learner->workers.  Errors  NOMEM, and those of the environment's open. */
hd_status hd__parallel_search_create(hd__learner *learner, hd__parallel_search **out);
/* The learner has been started again, with another seed perhaps. */
void hd__parallel_search_start(hd__parallel_search *parallel);
void hd__parallel_search_destroy(hd__parallel_search *parallel);

/* The trial of the candidate whose return is awaited, or NULL if it failed. The rest of the
 * generation is evaluated first, unless it has been. */
const hd__trial *hd__parallel_search_trial(hd__parallel_search *parallel);

/* Episodes of an evaluation, as hd__evaluation_play would give them by the weights that evaluations
 * act by; false if one failed. */
bool hd__parallel_search_play(hd__parallel_search *parallel, const hd_env_desc *env, int n,
                              uint64_t first, double *returns);

#endif
