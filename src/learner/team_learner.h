/* The state of a learner by a team, and how it acts. */
#ifndef HD_TEAM_LEARNER_H
#define HD_TEAM_LEARNER_H

#include "coding.h"
#include "learner.h"
#include "signal_shuffle.h"
#include "team.h"

typedef struct hd__team_learner {
  hd__team team;
  hd__code code;
  hd__signal_shuffle shuffle;
  hd__team_step *step, *next, *eval; /* [B], [B], [eval_rows] */
  int32_t *line;                     /* [n_active] of a place code */
  bool *begun;                       /* [B] an action of this episode has been chosen */
  float *chosen;                     /* [B] which choice it was */
  float *value, *local;              /* [B][n_agents] of that decision */
  float *z;                          /* [B][n_weights] traces */
  float *delta;                      /* [B][n_agents] what the step says */
  float *average;                    /* [n_weights] or NULL */
  hd__random_base *draw;             /* [B] */
} hd__team_learner;

/* The agents see an observation, by weights w and draws of this key. */
void hd__team_see(const hd__team_learner *self, const float *w, const float *obs, hd__key key,
                  const hd__team_step *step);

/* Weights that are evaluated. */
const float *hd__team_shown(const hd__team_learner *self);

/* hd__learner_desc's actor and explorer: the likeliest action of every row, or one that is drawn.
 */
hd__actor hd__team_actor(hd__learner *learner);
hd__actor hd__team_explorer(hd__learner *learner);

#endif
