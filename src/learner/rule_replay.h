/* A rollout that a rule learns from several times. After the first time the weights have changed,
 * so the network decides anew on what it saw, from the state it had, and is taken to have chosen
 * what it chose then: eligibilities are those of the new weights, and a decision counts by
 *
 *   credit <- credit ratio,  ratio = pi(action) now / pi(action) then
 *
 * but not at all once ratio > 1 + clip where the credit is positive, or ratio < 1 - clip where it
 * is negative. Source: after Capone & Muratore 2024 (e-prop, replayed); Schulman et al. 2017
 * (clip). */
#ifndef HD_RULE_REPLAY_H
#define HD_RULE_REPLAY_H

#include "learner.h"
#include "net.h"

typedef struct hd__rule_replay {
  int passes; /* over a rollout; 1: it is not learned from again, and nothing is kept */
  float clip;
  int n, B, n_obs;
  float *obs;      /* [n][B][n_obs] as the network saw them */
  float *carried;  /* [B][hd__net_carried] the network's state as the rollout found it, or NULL, */
  float *state;    /* and as a pass goes on */
  bool *continued; /* [n][B] it went on from the decision before */
  uint64_t *step;  /* [n] number of the decision */
  int *action;     /* [n][B][n_choices] */
  float *chance;   /* [n][B] pi(action) then */
  float *credit;   /* [n][B] what the actor is told in a pass, */
  float *error;    /* and the critic */
} hd__rule_replay;

/* Errors  CONFLICT (passes need a softmax and neurons that do not draw). */
hd_status hd__rule_replay_compile(const hd__learner *learner, const hd__net *net, int rollout,
                                  hd__rule_replay *self);
void hd__rule_replay_lay_out(hd__rule_replay *self, const hd__net *net, hd__arena *arena);

/* Before and after the decision at a slot of the rollout. */
void hd__rule_replay_begin(hd__rule_replay *self, const hd__net *net, int slot, const float *obs,
                           const hd__random_base *draw);
void hd__rule_replay_keep(hd__rule_replay *self, const hd__net *net, int slot,
                          const hd__decision *decision);

/* A pass: all decisions anew, with their factors, and `credit` as far as they count. draw [B] is
 * left at the last of them; the next step of the rollout's learner fills it again. */
void hd__rule_replay_decide(hd__rule_replay *self, hd__net *net, const hd__policy *policy,
                            hd__random_base *draw, hd__decision *decision);

#endif
