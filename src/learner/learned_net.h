/* The network that a rule or a search teaches: its weights, their running average, and the actor
 * that acts by either. */
#ifndef HD_LEARNED_NET_H
#define HD_LEARNED_NET_H

#include "lazy_average.h"
#include "learner.h"
#include "net_actor.h"

typedef struct hd__learned_net {
  hd__net net;                    /* with the weights that are learned */
  hd__net_actor actor;            /* of evaluations */
  const hd__learned_range *range; /* of observations; NULL: they are seen as they are */
  float *average;                 /* [n_weights] running average of the weights, or NULL */
  hd__lazy_average lazy;          /* of the rows of a place code, where updates move few of them */
} hd__learned_net;

/* From the settings; the rule says what the network keeps for it. Sets eval_rows of the learner.
 * Errors  CONFLICT, RANGE. */
hd_status hd__learned_net_compile(hd__learner *learner, const hd_rule_desc *rule, bool is_boolean,
                                  hd__learned_net *self);
void hd__learned_net_lay_out(const hd__learner *learner, hd__learned_net *self, hd__arena *arena);
void hd__learned_net_start(const hd__learner *learner, hd__learned_net *self);

/* How the network acts now. */
void hd__learned_net_policy(const hd__learner *learner, const hd__learned_net *self, bool is_greedy,
                            hd__policy *policy);
/* The weights that evaluations act by. */
float *hd__learned_net_eval_weights(const hd__learned_net *self);
/* Updates move those rows of a place code alone whose places are shown, so the average need not
 * walk the others. */
void hd__learned_net_average_rows(const hd__learner *learner, hd__learned_net *self);
/* The weights have changed: count that, and move their running average. */
void hd__learned_net_update_average(const hd__learner *learner, hd__learned_net *self);

/* hd__learner_desc's actor and what a further thread acts with: an hd__net_actor whose network has
 * memory of its own. */
hd__actor hd__learned_net_actor(hd__learned_net *self);
/* hd__learner_desc's explorer: who acts with this share of random actions, and draws. */
hd__actor hd__learned_net_explorer(const hd__learner *learner, hd__learned_net *self,
                                   float epsilon);
void hd__learned_net_lay_out_actor(const hd__learner *learner, const hd__learned_net *self,
                                   hd__net_actor *actor, hd__arena *arena);
void hd__learned_net_start_actor(const hd__learner *learner, hd__net_actor *actor);
hd__actor hd__learned_net_actor_beside(const hd__learned_net *self, hd__net_actor *actor);

/* hd__learner_desc's show and repeat_decided. */
hd_status hd__learned_net_show(const hd__learner *learner, const hd__learned_net *self, bool has_e,
                               hd_network **out);
void hd__learned_net_repeat_decided(hd__learner *learner, const hd__learned_net *self);

void hd__learned_net_activity(const hd__learned_net *self, hd_stats *out);
void hd__learned_net_reset_activity(hd__learned_net *self);
uint64_t hd__learned_net_hash(const hd__learned_net *self);

#endif
