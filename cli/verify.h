/* Running a run again, learner by learner. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "run_data.h"

typedef enum verify_kind {
  VERIFY_NOTHING, /* nothing of it was recorded yet */
  VERIFY_SAME,
  VERIFY_PARTS, /* from the record */
  VERIFY_FAILS  /* it could not be run */
} verify_kind;

/* What came of one learner. */
typedef struct verify_verdict {
  verify_kind kind;
  int n_checked;           /* evaluations and hashes that were compared */
  int64_t from, to;        /* environment steps between which it parts from the record */
  char what[RUN_WHY + 80]; /* the figure that differs, or why it fails */
} verify_verdict;

/* Run the index-th learner of a run again; policy: the checkpoint whose policy its synapses began
 * with, or NULL. */
void verify_learner_again(hd_ctx *ctx, const run_data *run, int index, const char *policy,
                          verify_verdict *out);

#endif
