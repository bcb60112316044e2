/* What learners by a local rule have in common: a network whose synapses keep what the rule asks
 * for, a critic, and the experience of a rollout, or of a single step. They differ in when they
 * learn from it. */
#ifndef HD_RULE_LEARNER_H
#define HD_RULE_LEARNER_H

#include "learned_net.h"
#include "learned_range.h"
#include "return_scale.h"
#include "rule_replay.h"
#include "rule_update.h"
#include "signal_shuffle.h"

typedef struct hd__rule_learner {
  hd__learned_net learned;
  hd__critic critic;
  hd__rule_update update;
  hd__learned_range range;
  hd__return_scale return_scale;
  hd__signal_shuffle shuffle;
  int n; /* steps that are learned from at once */
  hd__rule_replay replay;

  hd__decision *decision; /* [n] batches of B */
  float *carried;  /* [B][hd__net_carried] state that goes on to the next decision, or NULL */
  bool *continued; /* [B] there is such a state: the episode has had a decision */
  hd__random_base *random; /* [B] */
  hd__key *key;            /* [B] of a critic that draws */
  float *seen;             /* [B][n_obs] the present observations as codings see them */
  hd__phi phi;             /* [n + 1][B] features of s, and of what follows the last: a ring */
  int phi_at;              /* slot of the ring where the experience begins */
  float *present;          /* [B] V(s) of the present, under the weights as they are */
  double *reward;          /* [B] of the last step, before it is brought to scale */
  float *learn_reward, *value, *next_value, *advantage; /* [n][B] */
  float *told; /* [n][B] in place of the advantages, if signals are shuffled */
  bool *ended; /* [n][B] */
} hd__rule_learner;

/* rollout: steps of a rollout, or 0: every step is learned from when it has been made. */
hd_status hd__rule_learner_compile(hd__learner *learner, int rollout);

/* Act in every environment: decide, step, and fill the [B] entries at `slot` of the experience.
 * Episodes that ended are started again.  Errors  NUMERIC. */
hd_status hd__rule_learner_step(hd__learner *learner, int slot);
/* Are these TD errors or advantages [n] finite?  Errors  NUMERIC. */
hd_status hd__rule_learner_check_signal(const hd__learner *learner, const float *signal, int n);
/* Features of the experience at a slot, B rows. */
hd__phi hd__rule_learner_phi(const hd__learner *learner, int slot);

void hd__rule_learner_lay_out(hd__learner *learner, hd__arena *arena);
void hd__rule_learner_start(hd__learner *learner);
hd_status hd__rule_learner_begin(hd__learner *learner);
hd_status hd__rule_learner_end(hd__learner *learner);
hd__actor hd__rule_learner_actor(hd__learner *learner);
hd__actor hd__rule_learner_explorer(hd__learner *learner);
void hd__rule_learner_lay_out_actor(hd__learner *learner, void *memory, hd__arena *arena);
void hd__rule_learner_start_actor(hd__learner *learner, void *memory);
hd__actor hd__rule_learner_actor_beside(hd__learner *learner, void *memory);
void hd__rule_learner_activity(const hd__learner *learner, hd_stats *out);
void hd__rule_learner_reset_activity(hd__learner *learner);
uint64_t hd__rule_learner_hash(const hd__learner *learner);
hd_status hd__rule_learner_check_loaded(hd__learner *learner);
hd_status hd__rule_learner_show(const hd__learner *learner, hd_network **out);
bool hd__rule_learner_value(hd__learner *learner, const float *obs, float *value);
void hd__rule_learner_begin_shown(hd__learner *learner);
void hd__rule_learner_repeat_decided(hd__learner *learner);

/* Slots of the descriptor that all of them share, among its initialisers. */
#define HD_RULE_LEARNER_SLOTS                                                                    \
  .state_size = sizeof(hd__rule_learner), .lay_out = hd__rule_learner_lay_out,                   \
  .start = hd__rule_learner_start, .begin = hd__rule_learner_begin, .end = hd__rule_learner_end, \
  .actor = hd__rule_learner_actor, .explorer = hd__rule_learner_explorer,                        \
  .actor_size = sizeof(hd__net_actor), .lay_out_actor = hd__rule_learner_lay_out_actor,          \
  .start_actor = hd__rule_learner_start_actor, .actor_beside = hd__rule_learner_actor_beside,    \
  .activity = hd__rule_learner_activity, .reset_activity = hd__rule_learner_reset_activity,      \
  .hash = hd__rule_learner_hash, .check_loaded = hd__rule_learner_check_loaded,                  \
  .show = hd__rule_learner_show,                                                                 \
  .begin_shown = hd__rule_learner_begin_shown, .value = hd__rule_learner_value,                  \
  .repeat_decided = hd__rule_learner_repeat_decided

#endif
