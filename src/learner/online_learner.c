/* Learning by a rule at every step: TD(lambda) with eligibility traces. */
#include "network_internal.h"
#include "rule_learner.h"
#include "settings_use.h"

static bool online_learner_is_chosen(const hd__settings *s) {
  return hd__settings_have_rule(s) && s->rollout == 0;
}

static hd_status online_learner_compile(hd__learner *learner) {
  hd__rule_learner *self = learner->state;
  HD_TRY(hd__rule_learner_compile(learner, 0));
  if (self->update.is_direct) {
    hd__learned_net_average_rows(learner, &self->learned);
  }
  return HD_OK;
}

/* Rows of a place code whose weights the coming update moves. */
static void online_learner_touch(hd__rule_learner *self, int B) {
  hd__lazy_average *lazy = &self->learned.lazy;
  const hd__net *net = &self->learned.net;
  const int n_lines = net->def.code.n_active, n_used = n_lines + net->def.has_bias;
  for (int b = 0; lazy->is_on && b < B; b++) {
    const int32_t *line = self->decision->part[0].line + b * (n_lines + 1);
    for (int k = 0; k < n_used; k++) {
      hd__lazy_average_touch(lazy, line[k]);
    }
    const hd__trace *trace = &self->update.actor_trace[b];
    for (int64_t k = 0; self->update.has_trace && k < *trace->n_active; k++) {
      hd__lazy_average_touch(lazy, trace->active[k]);
    }
  }
}

static hd_status online_learner_advance(hd__learner *learner) {
  hd__rule_learner *self = learner->state;
  const int B = learner->training->B;
  const float gamma = (float)learner->settings->gamma;
  const hd__phi now = hd__rule_learner_phi(learner, 0), next = hd__rule_learner_phi(learner, 1);
  HD_TRY(hd__rule_learner_step(learner, 0));
  for (int b = 0; b < B; b++) {
    self->advantage[b] = self->learn_reward[b] + gamma * self->next_value[b] - self->value[b];
  }
  HD_TRY(hd__rule_learner_check_signal(learner, self->advantage, B));
  const float *told = hd__signal_shuffle_all(&self->shuffle, B, self->advantage, self->told);
  online_learner_touch(self, B);
  hd__rule_update_online(&self->update, self->advantage, told, self->decision, &now, &next,
                         hd__learner_annealed(learner), self->present);
  hd__learned_net_update_average(learner, &self->learned);
  if (hd__learner_shows_training(learner)) {
    hd__rule_update_show(&self->update, learner->shown_env, learner->shown->e);
  }
  for (int b = 0; b < B; b++) {
    if (self->ended[b]) {
      hd__rule_update_forget(&self->update, b);
    }
  }
  self->phi_at = 1 - self->phi_at;
  return HD_OK;
}

const hd__learner_desc hd__learner_online = {
    .name = "online",
    .doc = "a local rule, at every step",
    HD_RULE_LEARNER_SLOTS,
    .is_chosen = online_learner_is_chosen,
    .compile = online_learner_compile,
    .advance = online_learner_advance,
};
