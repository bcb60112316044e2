/* Global signals meet eligibilities, and the weights of actor and critic change.
 *
 * Online, every step: E <- gamma lambda E + g, weights += alpha delta E. In rollouts: the sum over
 * all steps of advantage * g, then the optimiser. */
#ifndef HD_RULE_UPDATE_H
#define HD_RULE_UPDATE_H

#include "config.h"
#include "critic.h"
#include "net.h"
#include "trace.h"

typedef struct hd__rule_update {
  const hd__settings *settings;
  hd__net *net;
  hd__critic *critic;
  const hd__kernel *kernel;
  int B, rollout;      /* environments; steps of a rollout, or 0 */
  bool has_trace;      /* the actor remembers earlier decisions */
  bool is_direct;      /* weights move at once: plain ascent, update at every step */
  size_t dense_at;     /* actor weights before this belong to the sparse trace */
  float *G, *m, *v;    /* [n_weights] actor's gradient and moments */
  float *Gc, *mc, *vc; /* [critic->n] the critic's */
  double *beta_power;  /* [2] beta1^t, beta2^t */
  float **E, **Z;      /* [B] dense traces of actor and critic */
  hd__trace *actor_trace, *critic_trace; /* [B] sparse ones */
  float *scale;                          /* [rollout steps][B] of what is added up, */
  float *told_scale;                     /* [B] and of what the actor adds up on-line */
} hd__rule_update;

/* rollout: steps of a rollout, or 0: every step is learned from when it has been made. */
void hd__rule_update_compile(hd__rule_update *self, const hd__settings *settings, hd__net *net,
                             hd__critic *critic, const hd__kernel *kernel, int B, int rollout);
void hd__rule_update_lay_out(hd__rule_update *self, hd__arena *arena);
void hd__rule_update_start(hd__rule_update *self);

/* One on-line update.
 *
 *   delta     [B]  TD errors, by which the critic learns
 *   told      [B]  what the actor is told, as a rule delta
 *   decision       the batch of the step that the signals belong to
 *   phi, next      features of what came before it and after it, B rows
 *   factor         in [0,1], scales all step sizes
 *   value     [B]  written: V of `next` under the new weights */
void hd__rule_update_online(hd__rule_update *self, const float *delta, const float *told,
                            const hd__decision *decision, const hd__phi *phi, const hd__phi *next,
                            float factor, float *value);
/* Write the actor's trace of environment b into e [n_weights], if it keeps one. */
void hd__rule_update_show(const hd__rule_update *self, int b, float *e);
/* Environment b starts afresh: its traces are forgotten. */
void hd__rule_update_forget(hd__rule_update *self, int b);
/* Could the traces, loaded, have come to be? */
bool hd__rule_update_is_consistent(const hd__rule_update *self);

/* One update from a rollout of n steps. advantage [n][B], by which the critic regresses on the
 * lambda-return; told [n][B]: what the actor is told, as a rule the advantages, which actor_scale
 * multiplies after subtracting `mean`. */
void hd__rule_update_rollout(hd__rule_update *self, int n, const float *advantage,
                             const float *told, float mean, float actor_scale,
                             const hd__decision *decision, const hd__phi *phi, float factor);

#endif
