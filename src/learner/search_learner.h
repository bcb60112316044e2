/* Learning by search: the weights of a candidate play whole episodes, and their mean return is all
 * that the search is told. */
#ifndef HD_SEARCH_LEARNER_H
#define HD_SEARCH_LEARNER_H

#include "candidate.h"
#include "learned_net.h"
#include "parallel_search.h"
#include "signal_shuffle.h"
#include "synapse_features.h"

typedef struct hd__search_learner {
  hd__learned_net learned; /* its weights are where the search stands */
  hd__search search;
  hd__weight_map map;
  hd__synapse_features features;
  hd__signal_shuffle shuffle; /* of the scores that the search is told */
  float *policy;              /* [n_policy] that synapses begin with, or NULL */
  int64_t n_policy;
  hd__candidate candidate; /* evaluates the candidate whose return is awaited */
  hd__parallel_search *parallel;
} hd__search_learner;

#endif
