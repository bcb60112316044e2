/* Choices drawn from logits, and gradients of what depends on them. */
#ifndef HD_CATEGORICAL_H
#define HD_CATEGORICAL_H

#include "mathf.h"
#include "random.h"

enum { HD_CATEGORICAL_MAX = 256 };

/* Write log probabilities of n choices. */
void hd__log_softmax(int n, const float *logit, float *log_p);
/* One choice drawn, u in (0,1). */
int hd__categorical_draw(int n, const float *log_p, float u);
int hd__categorical_best(int n, const float *x);
/* Descend on -weight log p(choice) - share H, H the entropy: g [n] written.
 * d log p_c / d l_j = [j = c] - p_j;  d H / d l_j = -p_j (log p_j + H). */
void hd__categorical_gradient(int n, const float *log_p, int choice, float weight, float share,
                              float *g);

#endif
