/* Choices drawn from logits, and gradients of what depends on them. */
#ifndef HD_CATEGORICAL_H
#define HD_CATEGORICAL_H

#include "mathf.h"
#include "random.h"

/* Largest n, and how many probabilities are worked on together. */
enum { HD_CATEGORICAL_MAX = 256, HD_CATEGORICAL_ROOM = 1024 };

/* One of n choices drawn by their probabilities, u in (0,1). */
int hd__categorical_sample(int n, const float *p, float u);
int hd__categorical_best(int n, const float *x);
/* Descend on -weight log p(choice) - share H, H the entropy: g [n] written.
 * d log p_c / d l_j = [j = c] - p_j;  d H / d l_j = -p_j (log p_j + H). */
void hd__categorical_gradient(int n, const float *log_p, const float *p, int choice, float weight,
                              float share, float *g);

#endif
