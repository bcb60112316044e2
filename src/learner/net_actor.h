/* The network of a rule or a search as an actor: it acts by weights that are given to it. */
#ifndef HD_NET_ACTOR_H
#define HD_NET_ACTOR_H

#include "evaluation.h"
#include "learned_range.h"
#include "net.h"

typedef struct hd__net_actor {
  const hd_env_desc *env;
  hd__net net; /* a copy: the same memory as the original's, but for the weights */
  const hd__learned_range *range; /* of observations; NULL: they are seen as they are */
  float *seen;                    /* [rows][n_obs] observations as codings see them */
  hd__decision decision;          /* [rows] the last one */
  float *carried;                 /* [rows][hd__net_carried] state that goes on; NULL: none */
  hd__random_base *draw;          /* [rows] those given, with what is carried */
  hd__policy policy;              /* how it acts now */
} hd__net_actor;

/* Memory of a decision of so many rows. */
void hd__net_actor_lay_out(hd__net_actor *self, const hd__net *net, int rows, hd__arena *arena);
/* Begin with a network that has been started. */
void hd__net_actor_start(hd__net_actor *self, const hd_env_desc *env, const hd__net *net);
/* Act by these weights from now on, in this way. */
hd__actor hd__net_actor_with(hd__net_actor *self, const float *weights, hd__policy policy);
/* hd__actor's decide and check. */
void hd__net_actor_decide(void *self, int rows, const float *obs, const hd__random_base *draw,
                          float *action);
hd_status hd__net_actor_check(void *self, hd_ctx *ctx);

#endif
