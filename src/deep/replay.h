/* Replay buffer: a ring of transitions of B environments, drawn from at random
 * or by how much was last learned from each.
 *
 * A transition covers up to n steps: what was seen and done, the discounted sum of the rewards that
 * followed, what was seen at its end, and how much the value of that counts:
 *
 *   target = reward + discount V(next),   discount = gamma^k, or 0 after a termination
 *
 * k is n, or less where the episode ended or the present came first: a row is written at once as a
 * transition of one step, and grows with each of the next n - 1. After a truncation the last
 * observation is worth what it is worth.
 *
 * Sources: Lin 1992, Machine Learning 8:293 (replay); Sutton 1988 (n steps); Schaul et al. 2016,
 * "Prioritized experience replay" (proportional variant, algorithm 1). */
#ifndef HD_REPLAY_H
#define HD_REPLAY_H

#include "arena.h"
#include "random.h"
#include "sum_tree.h"

typedef struct hd__replay_def {
  int64_t capacity; /* transitions; at least B n_step */
  int B, n_obs, n_act;
  int n_step;
  float gamma;
  float priority; /* exponent of the last error; 0: all alike */
} hd__replay_def;

typedef struct hd__replay {
  hd__replay_def def;
  int64_t *written;  /* [1] transitions so far; the ring keeps the last `capacity` */
  int32_t *growing;  /* [B] of an environment's last transitions that the next step prolongs */
  float *obs;        /* [capacity][n_obs] */
  float *action;     /* [capacity][n_act] */
  float *reward;     /* [capacity] */
  float *discount;   /* [capacity] */
  float *next;       /* [capacity][n_obs] */
  double *highest;   /* [1] priority so far, which what is new begins with */
  hd__sum_tree tree; /* of priorities */
} hd__replay;

/* Transitions drawn together. */
typedef struct hd__replay_batch {
  int n;
  int32_t *row;             /* [n] of the ring */
  float *weight;            /* [n] by which a loss is to be multiplied, at most 1 */
  float *obs, *next;        /* [n][n_obs] */
  float *action;            /* [n][n_act] */
  float *reward, *discount; /* [n] */
} hd__replay_batch;

/* Everything that changes is taken under a name. */
void hd__replay_lay_out(hd__replay *replay, hd__arena *arena);
void hd__replay_batch_lay_out(const hd__replay *replay, hd__arena *arena, int n,
                              hd__replay_batch *batch);
void hd__replay_start(hd__replay *replay);
/* Whether the loaded replay buffer is consistent. */
bool hd__replay_is_consistent(const hd__replay *replay);

static inline int64_t hd__replay_count(const hd__replay *replay) {
  const int64_t written = *replay->written;
  return written < replay->def.capacity ? written : replay->def.capacity;
}

/* Remember a step of all B environments.
 *
 *   obs         [B][n_obs]  acted on
 *   action      [B][n_act]
 *   reward      [B]
 *   next        [B][n_obs]  what followed: of an ended episode, its last observation
 *   terminated, truncated  [B] */
void hd__replay_add(hd__replay *replay, const float *obs, const float *action, const double *reward,
                    const float *next, const bool *terminated, const bool *truncated);

/* Choose batch->n transitions, with replacement: their rows and weights. There must be one.
 *
 *   key   of the draws
 *   beta  how far weights make up for unequal chances: w = (N P)^-beta over the batch's highest */
void hd__replay_choose(const hd__replay *replay, hd__key key, float beta, hd__replay_batch *batch);
/* Copy the chosen transitions at to at + n - 1. */
void hd__replay_copy(const hd__replay *replay, hd__replay_batch *batch, int at, int n);

/* What was learned from a batch: its errors [n] become priorities, (|error| + 1e-6)^priority. */
void hd__replay_set_priorities(hd__replay *replay, const hd__replay_batch *batch,
                               const float *error);

#endif
