/* The network of a rule or a search as an actor: it acts by weights that are given to it. */
#ifndef HD_NET_ACTOR_H
#define HD_NET_ACTOR_H

#include "evaluation.h"
#include "net.h"

typedef struct hd__net_actor {
  const hd_env_desc *env;
  hd__net net;           /* shares the memory of the learner's network, but has its own weights */
  hd__decision decision; /* [rows] the last one */
  float *carried;        /* [rows][hd__net_carried] state that goes on; NULL: none */
  hd__random_base *draw; /* [rows] those given, with what is carried */
  const float *levels;   /* [n_actions] of a real-valued action */
  hd__policy policy;     /* how it acts now */
} hd__net_actor;

/* Memory of a decision of so many rows. */
void hd__net_actor_lay_out(hd__net_actor *self, const hd__net *net, int rows, hd__arena *arena);
/* Begin with the learner's network, which has been started. */
void hd__net_actor_start(hd__net_actor *self, const hd_env_desc *env, const hd__net *net,
                         const float *levels);
/* Act by these weights from now on, in this way. */
hd__actor hd__net_actor_with(hd__net_actor *self, const float *weights, hd__policy policy);
void hd__net_actor_decide(void *self, int rows, const float *obs, const hd__random_base *draw,
                          float *action);
/* The action that a choice stands for. */
float hd__action_of(const hd_env_desc *env, const float *levels, int choice);
/* levels [n]: n actions, evenly spaced over the range of a real-valued one. */
void hd__action_levels(const hd_env_desc *env, int n, float *levels);

#endif
