/* Environments in another language, or in another process.
 *
 * A call into another language costs about as much as many steps in C, so these functions step
 * several environments at once, through arrays that stay where they are. The library keeps what a
 * checkpoint needs to go on in the middle of an episode: its seed, and its actions if max_steps
 * bounds them. A state that was loaded or copied is taken up by repeating them, so the environment
 * has to be a function of its seed and its actions. */
#ifndef HEDON_FOREIGN_H
#define HEDON_FOREIGN_H

#include "env.h"

/* B environments that are opened, stepped and closed together. The arrays stay at their addresses
 * from open to close. */
typedef struct hd_foreign_batch {
  int B;                /* environments of the batch */
  void *own;            /* the program's own; the library leaves it alone */
  int n;                /* environments that a call is for, */
  const int32_t *row;   /* [B] of which the first n are their numbers, ascending */
  const uint64_t *seed; /* [B] of the episodes that reset begins, below 2^31 - 1 */
  const float *action;  /* [B][n_act] */
  float *obs;           /* [B][n_obs] written by reset and step; of an ended episode, its last */
  double *reward;       /* [B] written by step */
  bool *terminated, *truncated; /* [B] written by step: the task ended, or the environment cut the
                                   episode; max_steps is counted by the library */
} hd_foreign_batch;

/* An episode is taken up from a checkpoint by repeating its actions. All are kept if max_steps x
 * n_act is at most HD_FOREIGN_KEPT, else (and without a limit) those of so many first steps. */
enum { HD_FOREIGN_KEPT = 65536, HD_FOREIGN_KEPT_STEPS = 1024 };

/* Functions of a kind of environment. One batch is used by one thread at a time, different ones
 * possibly by several at once. */
struct hd_foreign {
  size_t size;      /* sizeof(hd_foreign) */
  bool is_lockstep; /* a step moves every environment of the batch, those as well that it is not for
                     */
  void *user;       /* passed along untouched */

  /* Open the environments of a batch; or return why not, and write a sentence (without a full
   * stop). */
  hd_status (*open)(void *user, hd_foreign_batch *batch, char why[HD_WHY_SIZE]);
  /* Close them; the batch's arrays are freed afterwards. */
  void (*close)(void *user, hd_foreign_batch *batch);

  /* Begin episodes, or take steps, in the environments batch->row[0 .. n - 1]; the other rows of
   * the arrays may hold anything, and what is written there is ignored. Return false on failure:
   * the library then takes no further step for a learner and reports NUMERIC; the program knows
   * why. */
  bool (*reset)(void *user, hd_foreign_batch *batch);
  /* As reset, but a step by batch->action; of an ended episode obs is its last. */
  bool (*step)(void *user, hd_foreign_batch *batch);

  /* The library cannot go on: an episode cannot be taken up, or an integer of an observation is
   * beyond its count. `why` is a sentence without a full stop. What follows is as after a failure.
   */
  void (*refused)(void *user, const char *why);
};

#endif
