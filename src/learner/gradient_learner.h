/* Learning by gradients of a loss: an algorithm of choices.h acts, is shown what
 * followed, and learns when its time has come. */
#ifndef HD_GRADIENT_LEARNER_H
#define HD_GRADIENT_LEARNER_H

#include "gradient_rl.h"
#include "learner.h"

typedef struct hd__gradient_learner {
  hd__gradient_rl rl;
  float *before, *next; /* [B][n_obs] what was acted on, and what followed */
  double *reward;       /* [B] that is learned from */
} hd__gradient_learner;

#endif
