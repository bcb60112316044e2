#include "net_actor.h"

#include "action_level.h"

void hd__net_actor_lay_out(hd__net_actor *self, const hd__net *net, int rows, hd__arena *arena) {
  const size_t n_carried = hd__net_carried(net);
  self->seen = HD_TAKE(arena, float, rows * net->def.code.def.env->n_obs);
  hd__net_lay_out_decisions(net, arena, 1, rows, &self->decision);
  self->carried = n_carried > 0 ? HD_TAKE(arena, float, n_carried *(size_t)rows) : NULL;
  self->draw = n_carried > 0 ? HD_TAKE(arena, hd__random_base, rows) : NULL;
}

void hd__net_actor_start(hd__net_actor *self, const hd_env_desc *env, const hd__net *net) {
  self->env = env;
  self->net = *net;
}

/* The draws with the state that each row carries. */
static const hd__random_base *net_actor_carry(hd__net_actor *self, int rows,
                                              const hd__random_base *draw) {
  const size_t n = hd__net_carried(&self->net);
  if (self->carried == NULL) {
    return draw;
  }
  for (int row = 0; row < rows; row++) {
    self->draw[row] = draw[row];
    self->draw[row].carried = self->carried + (size_t)row * n;
  }
  return self->draw;
}

void hd__net_actor_decide(void *actor, int rows, const float *obs, const hd__random_base *draw,
                          float *action) {
  hd__net_actor *self = actor;
  draw = net_actor_carry(self, rows, draw);
  if (self->range != NULL) {
    obs = hd__learned_range_apply(self->range, rows, obs, self->seen);
  }
  hd__net_decide(&self->net, rows, obs, draw, &self->policy, &self->decision);
  for (int row = 0; row < rows; row++) {
    const int at = row * self->env->n_act;
    hd__action_of_choices(self->env, self->net.n_alternatives, self->decision.action + at,
                          action + at);
  }
}

hd_status hd__net_actor_check(void *actor, hd_ctx *ctx) {
  return hd__net_check_decided(ctx, &((const hd__net_actor *)actor)->net);
}

static hd__carried net_actor_carried(void *actor, int row) {
  const hd__net_actor *self = actor;
  const size_t n = hd__net_carried(&self->net);
  return (hd__carried){.at = {self->carried + (size_t)row * n}, .n = {(int)n}};
}

hd__actor hd__net_actor_with(hd__net_actor *self, const float *weights, hd__policy policy) {
  self->net.weights = (float *)weights; /* acting changes nothing in them */
  self->policy = policy;
  return (hd__actor){.self = self,
                     .decide = hd__net_actor_decide,
                     .check = hd__net_actor_check,
                     .carried = self->carried != NULL ? net_actor_carried : NULL};
}
