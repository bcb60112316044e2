/* Learning by a rule from rollouts: the sum over all steps of advantage times eligibility. */
#include "advantage.h"
#include "gae.h"
#include "rule_learner.h"
#include "settings_use.h"

static bool rollout_learner_is_chosen(const hd__settings *s) {
  return hd__settings_have_rule(s) && s->rollout > 0;
}

static hd_status rollout_learner_compile(hd__learner *learner) {
  return hd__rule_learner_compile(learner, (int)learner->settings->rollout);
}

/* Learn from the rollout once more: the critic from its targets as they were, the actor from the
 * decisions that the network would make now, as far as they count. */
static void rollout_learner_replay(hd__learner *learner, const float *told, float mean,
                                   float scale) {
  hd__rule_learner *self = learner->state;
  hd__rule_replay *replay = &self->replay;
  hd__policy policy;
  hd__learned_net_policy(learner, &self->learned, false, &policy);
  const int n = self->n, steps = n * learner->training->B;
  hd__critic_values(&self->critic, steps, &self->phi, replay->error);
  for (int k = 0; k < steps; k++) {
    replay->credit[k] = (told[k] - mean) * scale;
    replay->error[k] = self->advantage[k] + self->value[k] - replay->error[k];
  }
  hd__rule_replay_decide(replay, &self->learned.net, &policy, self->random, self->decision);
  hd__rule_update_rollout(&self->update, n, replay->error, replay->credit, 0.0f, 1.0f,
                          self->decision, &self->phi, hd__learner_annealed(learner));
}

static hd_status rollout_learner_advance(hd__learner *learner) {
  hd__rule_learner *self = learner->state;
  const hd__settings *s = learner->settings;
  const int n = self->n, B = learner->training->B;
  for (int slot = 0; slot < n; slot++) {
    HD_TRY(hd__rule_learner_step(learner, slot));
  }
  hd__gae(n, B, (float)s->gamma, (float)s->lambda, self->learn_reward, self->value,
          self->next_value, self->ended, self->advantage);
  HD_TRY(hd__rule_learner_check_signal(learner, self->advantage, n * B));
  const float *told = hd__signal_shuffle_all(&self->shuffle, n * B, self->advantage, self->told);
  float mean = 0.0f, scale = 1.0f;
  if (s->normalise) {
    hd__advantage_scale(n * B, told, s->normalise_floor, &mean, &scale);
  }
  hd__rule_update_rollout(&self->update, n, self->advantage, told, mean, scale, self->decision,
                          &self->phi, hd__learner_annealed(learner));
  for (int pass = 1; pass < self->replay.passes; pass++) {
    rollout_learner_replay(learner, told, mean, scale);
  }
  hd__learned_net_update_average(learner, &self->learned);
  self->phi_at = n;
  HD_TRY(hd__rule_learner_end(learner));
  hd__critic_values(&self->critic, B, &self->phi, self->present);
  return HD_OK;
}

const hd__learner_desc hd__learner_rollout = {
    .name = "rollout",
    .doc = "a local rule, once per rollout",
    HD_RULE_LEARNER_SLOTS,
    .is_chosen = rollout_learner_is_chosen,
    .compile = rollout_learner_compile,
    .advance = rollout_learner_advance,
};
