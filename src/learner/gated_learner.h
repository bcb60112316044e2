/* The state of a learner gated by attention, and how it decides. */
#ifndef HD_GATED_LEARNER_H
#define HD_GATED_LEARNER_H

#include "coding.h"
#include "gated_net.h"
#include "learner.h"
#include "signal_shuffle.h"

/* What acts: the network with a row of its own for every environment. */
typedef struct hd__gated_side {
  int rows;
  float *u, *before, *sum; /* [rows][...] what each row remembers */
  float *tag;              /* [rows][n_weights], or NULL */
  hd__gated_step *step;    /* [rows] */
  int32_t *line;           /* [n_active] of a place code */
} hd__gated_side;

typedef struct hd__gated_learner {
  hd__gated_net net;
  hd__code code;
  hd__signal_shuffle shuffle;
  hd__gated_side side, eval;
  bool *begun;           /* [B] an action of this episode has been chosen */
  float *chosen;         /* [B] which choice it was */
  float *worth;          /* [B] its q, or its probability */
  float *next;           /* [B] the same of the action after it */
  int32_t *later;        /* [B] the action after it */
  double *told;          /* [B] what the step says */
  float *average;        /* [n_weights] or NULL */
  float *spikes;         /* [h_pad] counted */
  double counted;        /* substeps */
  hd__random_base *draw; /* [B] */
} hd__gated_learner;

/* Memory of the environments' rows, which is saved, and of evaluations', which is not. */
void hd__gated_lay_out_sides(hd__learner *learner, hd__arena *arena);

hd__gated_row hd__gated_row_of(const hd__gated_learner *self, const hd__gated_side *side, int b);

/* Decide in environment b on what it shows, under this number of the decision; *worth becomes what
 * the choice is worth: its q, or for agrel its probability. */
int hd__gated_decide(hd__learner *learner, int b, uint64_t number, float *worth);

/* hd__learner_desc's actor and explorer: the best action of every row, or one chosen as learning
 * does. */
hd__actor hd__gated_actor(hd__learner *learner);
hd__actor hd__gated_explorer(hd__learner *learner);

static inline bool hd__gated_is_agrel(const hd__learner *learner) {
  return learner->settings->algorithm == hd__algorithm_agrel;
}

#endif
