/* Values of actions, and what they are to become.
 *
 * Outputs of a network are rows [stride]. Plain: output a is Q(s, a). Dueling: outputs are the
 * advantages, then V(s), and
 *
 *   Q(s, a) = V(s) + A(s, a) - mean of A(s, .)
 *
 * Sources: Mnih et al. 2015 (targets from a target network); van Hasselt, Guez & Silver
 * 2016 (double); Wang et al. 2016, equation 9 (dueling); Huber 1964. */
#ifndef HD_TD_H
#define HD_TD_H

#include "random.h"

#include <stdbool.h>

typedef struct hd__td {
  int n_actions, stride;
  bool is_dueling;
  float huber; /* error from which on the loss is linear; 0: it is squared everywhere */
} hd__td;

/* Outputs that a row needs. */
static inline int hd__td_width(int n_actions, bool is_dueling) { return n_actions + is_dueling; }

float hd__td_value(const hd__td *td, const float *out, int action);

/* The action of the highest value; the first of equals. */
int hd__td_best(const hd__td *td, const float *out);

/* target [n] = reward + discount Q(next, a*): a* is the best action by `online_out` [n][stride],
 * its value that by `target_out` [n][stride]. One and the same: DQN; two: double DQN. */
void hd__td_targets(const hd__td *td, int n, const float *online_out, const float *target_out,
                    const float *reward, const float *discount, float *target);

/* A control: every row of a batch of at least 2 is given the target of another, so that targets are
 * as they were and have no relation to what was done. They are rotated by a number of rows that the
 * key says. */
void hd__td_shuffle_targets(int n, float *target, hd__key key);

/* The loss is the mean over the rows of a batch, `all` of them and here n, of weight times
 *
 *   e^2 / 2 where |e| <= huber, else huber (|e| - huber / 2),   e = Q(s, action) - target
 *
 *   error  [n]          written: e
 *   g_out  [n][stride]  added to, zeros at first: gradient of the loss by the outputs */
void hd__td_errors(const hd__td *td, int n, int all, const float *out, const float *action,
                   const float *target, const float *weight, float *error, float *g_out);

#endif
