/* A learner by a rule as others see it: how it acts, what it tells of itself, and whether what was
 * loaded is consistent. */
#include "hash.h"
#include "rule_learner.h"
#include "schedule.h"

static hd__rule_learner *rule_learner_shows_state_of(const hd__learner *learner) {
  return learner->state;
}

hd__actor hd__rule_learner_actor(hd__learner *learner) {
  return hd__learned_net_actor(&rule_learner_shows_state_of(learner)->learned);
}

hd__actor hd__rule_learner_explorer(hd__learner *learner) {
  const int64_t step = hd__training_steps(learner->training);
  return hd__learned_net_explorer(learner, &rule_learner_shows_state_of(learner)->learned,
                                  hd__epsilon(learner->settings, step));
}

void hd__rule_learner_lay_out_actor(hd__learner *learner, void *memory, hd__arena *arena) {
  hd__learned_net_lay_out_actor(learner, &rule_learner_shows_state_of(learner)->learned, memory,
                                arena);
}

void hd__rule_learner_start_actor(hd__learner *learner, void *memory) {
  hd__learned_net_start_actor(learner, memory);
}

hd__actor hd__rule_learner_actor_beside(hd__learner *learner, void *memory) {
  return hd__learned_net_actor_beside(&rule_learner_shows_state_of(learner)->learned, memory);
}

void hd__rule_learner_activity(const hd__learner *learner, hd_stats *out) {
  hd__learned_net_activity(&rule_learner_shows_state_of(learner)->learned, out);
}

void hd__rule_learner_reset_activity(hd__learner *learner) {
  hd__learned_net_reset_activity(&rule_learner_shows_state_of(learner)->learned);
}

uint64_t hd__rule_learner_hash(const hd__learner *learner) {
  const hd__rule_learner *self = rule_learner_shows_state_of(learner);
  return hd__hash(hd__learned_net_hash(&self->learned), self->critic.w,
                  sizeof(float) * (size_t)self->critic.n);
}

hd_status hd__rule_learner_check_loaded(hd__learner *learner) {
  const hd__rule_learner *self = rule_learner_shows_state_of(learner);
  if (!hd__critic_is_consistent(&self->critic, learner->training->B, &self->phi) ||
      !hd__rule_update_is_consistent(&self->update)) {
    return hd__fail(learner->ctx, HD_FORMAT,
                    "the critic or a trace of this checkpoint is inconsistent: a line or a row is "
                    "out of range, or listed twice");
  }
  return HD_OK;
}
