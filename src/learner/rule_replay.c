#include "rule_replay.h"

#include <string.h>

hd_status hd__rule_replay_compile(const hd__learner *learner, const hd__net *net, int rollout,
                                  hd__rule_replay *self) {
  const hd__settings *s = learner->settings;
  const bool draws = net->n_layers > 0 && net->def.neuron->stochastic;
  *self = (hd__rule_replay){.passes = rollout > 0 ? (int)s->passes : 1,
                            .clip = (float)s->passes_clip,
                            .n = rollout,
                            .B = learner->training->B,
                            .n_obs = learner->env->n_obs};
  if (self->passes > 1 && (!net->has_linear || draws || net->def.rule->needs & HD_RULE_PERTURBED)) {
    return hd__fail(
        learner->ctx, HD_CONFLICT,
        "rollout.epochs = %d compares the probability of an action with what it was, "
        "which spikes and drives that are drawn do not have alone; use readout = softmax "
        "or a membrane, neurons that do not draw, such as lif or alif, and rule = e-prop "
        "or reparam-mean, or rollout.epochs = 1",
        self->passes);
  }
  return HD_OK;
}

void hd__rule_replay_lay_out(hd__rule_replay *self, const hd__net *net, hd__arena *arena) {
  const int steps = self->n * self->B;
  const size_t n = hd__net_carried(net);
  if (self->passes == 1) {
    return;
  }
  self->obs = HD_TAKE(arena, float, steps * self->n_obs);
  self->carried = n > 0 ? HD_TAKE(arena, float, (size_t)self->B *n) : NULL;
  self->state = n > 0 ? HD_TAKE(arena, float, (size_t)self->B *n) : NULL;
  self->continued = HD_TAKE(arena, bool, steps);
  self->step = HD_TAKE(arena, uint64_t, self->n);
  self->action = HD_TAKE(arena, int, steps * net->def.n_choices);
  self->chance = HD_TAKE(arena, float, steps);
  self->credit = HD_TAKE(arena, float, steps);
  self->error = HD_TAKE(arena, float, steps);
}

void hd__rule_replay_begin(hd__rule_replay *self, const hd__net *net, int slot, const float *obs,
                           const hd__random_base *draw) {
  const size_t n = hd__net_carried(net), n_obs = (size_t)(self->B * self->n_obs);
  if (self->passes == 1) {
    return;
  }
  memcpy(self->obs + (size_t)slot * n_obs, obs, sizeof(float) * n_obs);
  self->step[slot] = draw[0].step;
  for (int b = 0; b < self->B; b++) {
    self->continued[slot * self->B + b] = draw[b].is_continued;
    if (slot == 0 && n > 0) {
      memcpy(self->carried + (size_t)b * n, draw[b].carried, sizeof(float) * n);
    }
  }
}

/* Probability of what a row chose. */
static float rule_replay_chance(const hd__net *net, const hd__decision *decision, int row) {
  const float *pi = net->pi + row * HD_PAD(net->def.n_actions);
  float chance = 1.0f;
  for (int k = 0; k < net->def.n_choices; k++) {
    chance *= pi[hd__net_chosen(net, decision, row, k)];
  }
  return chance;
}

void hd__rule_replay_keep(hd__rule_replay *self, const hd__net *net, int slot,
                          const hd__decision *decision) {
  const int n = self->B * net->def.n_choices;
  if (self->passes == 1) {
    return;
  }
  memcpy(self->action + slot * n, decision->action, sizeof(int) * (size_t)n);
  for (int b = 0; b < self->B; b++) {
    self->chance[slot * self->B + b] = rule_replay_chance(net, decision, b);
  }
}

/* What a credit counts, where the action is `ratio` times as probable as it was. */
static float rule_replay_count(float credit, float ratio, float clip) {
  const bool is_far = credit > 0.0f ? ratio > 1.0f + clip : ratio < 1.0f - clip;
  return is_far ? 0.0f : credit * ratio;
}

static void rule_replay_decide_slot(hd__rule_replay *self, hd__net *net, int slot,
                                    const hd__policy *policy, const hd__random_base *draw,
                                    hd__decision *decision) {
  const int n = self->B * net->def.n_choices;
  hd__net_decide(net, self->B, self->obs + (size_t)slot * (size_t)(self->B * self->n_obs), draw,
                 policy, decision);
  memcpy(decision->action, self->action + slot * n, sizeof(int) * (size_t)n);
  for (int b = 0; b < self->B; b++) {
    const int at = slot * self->B + b;
    const float ratio = rule_replay_chance(net, decision, b) / self->chance[at];
    self->credit[at] = rule_replay_count(self->credit[at], ratio, self->clip);
  }
  hd__net_factors(net, policy, decision);
}

void hd__rule_replay_decide(hd__rule_replay *self, hd__net *net, const hd__policy *policy,
                            hd__random_base *draw, hd__decision *decision) {
  const size_t n = hd__net_carried(net);
  if (n > 0) {
    memcpy(self->state, self->carried, sizeof(float) * (size_t)self->B * n);
  }
  for (int slot = 0; slot < self->n; slot++) {
    for (int b = 0; b < self->B; b++) {
      draw[b].step = self->step[slot];
      draw[b].carried = n > 0 ? self->state + (size_t)b * n : NULL;
      draw[b].is_continued = self->continued[slot * self->B + b];
    }
    rule_replay_decide_slot(self, net, slot, policy, draw, &decision[slot]);
  }
}
