/* The order of a step of learners that take one choice in every environment and learn from it at
 * once: what comes after a step is decided by the weights of before, and no weight moves until the
 * signals of all environments are known to be finite. */
#ifndef HD_CHOICE_STEP_H
#define HD_CHOICE_STEP_H

#include "learner.h"

/* A learner's choices and weights, and its part in the order. Functions are given the number b of
 * an environment. */
typedef struct hd__choices {
  int n_actions;
  bool *begun;         /* [B] an action of this episode has been chosen */
  const float *chosen; /* [B] which choice it was */
  size_t n_weights;
  float *w, *average;    /* [n_weights] that learn, and their running average or NULL */
  hd__random_base *draw; /* [B] */
  /* Begin an episode: decide, and keep what that leaves to learn from. */
  void (*begin)(hd__learner *learner, int b, uint64_t number);
  /* The step is made: look at what comes after it. */
  void (*look_ahead)(hd__learner *learner, int b, uint64_t number);
  /* Keep what the step says; false: that is not finite. */
  bool (*signal)(hd__learner *learner, int b);
  /* Move the weights as it said. */
  void (*learn)(hd__learner *learner, int b);
  /* The episode goes on: take the decision that was looked ahead to. */
  void (*go_on)(hd__learner *learner, int b, uint64_t number);
} hd__choices;

/* One choice a step, and no search; `name` is that of the algorithm.  Errors  CONFLICT. */
hd_status hd__choices_check(const hd__learner *learner, const char *name);
/* hd__learner_desc's start, advance, hash and check_loaded, as far as these choices go. */
void hd__choices_start(const hd__learner *learner, const hd__choices *choices);
hd_status hd__choices_advance(hd__learner *learner, const hd__choices *choices);
uint64_t hd__choices_hash(const hd__choices *choices);
hd_status hd__choices_check_loaded(const hd__learner *learner, const hd__choices *choices);

#endif
