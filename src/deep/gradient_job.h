/* The gradient of a loss over a batch, by models whose batches are cut in blocks (batch.h).
 *
 * Blocks are shared out among workers. Each is summed by itself, and the sums are added in order of
 * the blocks, so the number of workers changes no bit. */
#ifndef HD_GRADIENT_JOB_H
#define HD_GRADIENT_JOB_H

#include "model.h"
#include "rollout_tape.h"

/* Where units lie. */
typedef struct hd__batch_source {
  const float *x;     /* [unit][decisions][in_pad] */
  const bool *fresh;  /* [unit][decisions], or NULL: every decision begins with no state */
  const float *state; /* [unit][n_state] before the first decision; or NULL */
} hd__batch_source;

/* The loss of n decisions: their outputs [n][out_pad] in, the gradients by them [n][out_pad] out,
 * which are zeros at first; `index` [n] counts decisions of all units: unit * decisions + decision.
 * Called for several pieces at once, by different workers. */
typedef void (*hd__loss_fn)(void *user, int worker, int n, const int32_t *index, int out_pad,
                            const float *out, float *g);

typedef struct hd__gradient_job {
  hd__model *model; /* whose G is written */
  hd__batch_source source;
  hd__rollout_tape *rollout; /* of acting, in place of the source: all its decisions; or NULL */
  int n;                     /* units */
  const int32_t *list;       /* [n] their numbers in the source; NULL: 0, 1, ... */
  hd__loss_fn loss;
  void *user;
  const hd_ctx *ctx; /* whose work it is; NULL: nobody stops it */
} hd__gradient_job;

/* Gradients of n jobs at once. Workers may be NULL. */
void hd__gradient_jobs_run(hd__workers *workers, int n, const hd__gradient_job *job);

#endif
