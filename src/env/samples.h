/* Environments that are a set of labelled samples. A step shows one sample, the action names its
 * class, and what comes next does not depend on the answer.
 *
 * An episode is a sweep: it shows `per_episode` samples, none of them twice, and a right answer
 * pays 1 / per_episode, so that the return is the share of right answers. Who learns from a return
 * gets an accuracy without the noise of which samples were drawn; who learns from rewards gets one
 * per sample. Every sweep starts at a sample of its own and walks the set with a stride of its own,
 * coprime to its size: environments side by side show different samples. */
#ifndef HD_SAMPLES_H
#define HD_SAMPLES_H

#include "hedon/env.h"

typedef struct hd__sample_set {
  int first;       /* number of the first sample, by which label and input know it */
  int n;           /* samples, at least 2 */
  int per_episode; /* at most n */
  int (*label)(int sample);
  void (*input)(int sample, float *obs);
} hd__sample_set;

typedef struct hd__sweep {
  int32_t sample, stride, left;
} hd__sweep;

void hd__samples_reset(const hd_env_desc *self, void *state, hd_random *random);
bool hd__samples_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward);
void hd__samples_observe(const hd_env_desc *self, const void *state, float *obs);

/* The fields of a descriptor that every such environment shares; its data is a hd__sample_set. */
#define HD_SAMPLES_FUNCTIONS                                                             \
  .state_size = sizeof(hd__sweep), .reset = hd__samples_reset, .step = hd__samples_step, \
  .observe = hd__samples_observe

/* Is it one of them? */
static inline bool hd__is_samples(const hd_env_desc *desc) {
  return desc->step == hd__samples_step;
}

/* Samples shown in an episode; 0 if the task is no set of samples. */
int hd__samples_per_episode(const hd_env_desc *self);
/* The right answer to the sample shown. */
int hd__samples_right(const hd_env_desc *self, const void *state);

#endif
