#include "rule_learner.h"

#include <math.h>
#include <string.h>

#include "action_level.h"
#include "network_internal.h"
#include "schedule.h"
#include "shown_net.h"
#include "settings_use.h"

static hd__rule_learner *rule_learner_state_of(const hd__learner *learner) {
  return learner->state;
}

/* ---- definition ---- */

static hd_status rule_learner_check(const hd__learner *learner, int rollout) {
  const hd__settings *s = learner->settings;
  if (rollout > 0 && s->lambda_actor > 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "lambda_actor = %g keeps traces from step to step, and a rollout credits "
                    "earlier steps through lambda; use rollout = 0, or lambda_actor = 0",
                    s->lambda_actor);
  }
  if (s->critic == hd__critic_table && hd__code_states(learner->env) == 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "critic = table needs numbered states, and %s observes real "
                    "numbers; use critic = fourier, random or tiles",
                    learner->env->name);
  }
  return HD_OK;
}

/* A rule that moves its weights itself, or within limits, does so at every signal and leaves no
 * gradient; one that does it itself knows no traces but its own. */
static hd_status rule_learner_check_moves(const hd__learner *learner, const hd__net *net,
                                          int rollout) {
  const hd__settings *s = learner->settings;
  const bool is_itself = net->def.rule->on_signal != NULL;
  if (net->general.moves_weights &&
      (rollout > 0 || (is_itself && s->lambda_actor > 0) || s->optimiser != hd__optimiser_sgd)) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "rule %s moves its weights %s at every signal; use rollout = 0%s and optimiser "
                    "= sgd",
                    s->rule, is_itself ? "itself" : "within limits (bounds, dale, homeostasis)",
                    is_itself ? ", lambda_actor = 0" : "");
  }
  return HD_OK;
}

/* Ranges are learned where the input or the critic reads them. */
static void rule_learner_make_range(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__code_desc *code = self->learned.net.def.code.desc, *critic = self->critic.code.desc;
  const bool has_cells = self->critic.is_sparse || hd__net_sparse(&self->learned.net) != NULL;
  const bool net_reads = code->reads & HD_READS_RANGE;
  const bool critic_reads = critic != NULL && critic->reads & HD_READS_RANGE;
  const bool is_wanted = learner->settings->learn_range && (net_reads || critic_reads);
  self->range = hd__learned_range_make(learner->env, is_wanted, has_cells);
  self->learned.range = net_reads ? &self->range : NULL;
}

hd_status hd__rule_learner_compile(hd__learner *learner, int rollout) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd_rule_desc *rule;
  HD_TRY(rule_learner_check(learner, rollout));
  HD_TRY(hd_rule_find(learner->ctx, learner->settings->rule, &rule));
  HD_TRY(hd__learned_net_compile(learner, rule, false, &self->learned));
  HD_TRY(rule_learner_check_moves(learner, &self->learned.net, rollout));
  HD_TRY(hd__critic_compile(learner->ctx, learner->config, learner->seed, &self->critic));
  self->n = rollout > 0 ? rollout : 1;
  HD_TRY(hd__rule_replay_compile(learner, &self->learned.net, rollout, &self->replay));
  rule_learner_make_range(learner);
  self->return_scale = (hd__return_scale){.is_on = learner->settings->normalise_reward,
                                          .gamma = learner->settings->gamma,
                                          .factor = learner->settings->reward_scale};
  self->shuffle =
      (hd__signal_shuffle){.is_on = learner->settings->shuffle_signal, .seed = learner->seed};
  hd__rule_update_compile(&self->update, learner->settings, &self->learned.net, &self->critic,
                          learner->kernel, learner->training->B, rollout);
  return HD_OK;
}

/* ---- memory ---- */

/* State of the network that goes on from decision to decision. */
static void rule_learner_lay_out_carried(hd__learner *learner, hd__arena *arena) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const int64_t n = (int64_t)hd__net_carried(&self->learned.net), B = learner->training->B;
  self->carried = n > 0 ? hd__arena_field(arena, "actor.carried", "F32", B, n) : NULL;
  self->continued = n > 0 ? hd__arena_field(arena, "actor.continued", "U8", 1, B) : NULL;
}

static void rule_learner_lay_out_experience(hd__learner *learner, hd__arena *arena) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const int B = learner->training->B, steps = self->n * B;
  self->key = HD_TAKE(arena, hd__key, B);
  self->random = HD_TAKE(arena, hd__random_base, B);
  rule_learner_lay_out_carried(learner, arena);
  self->seen = HD_TAKE(arena, float, B * learner->env->n_obs);
  hd__learned_range_lay_out(&self->range, arena);
  self->reward = HD_TAKE(arena, double, B);
  hd__return_scale_lay_out(&self->return_scale, arena, B);
  self->decision = HD_TAKE(arena, hd__decision, self->n);
  hd__net_lay_out_decisions(&self->learned.net, arena, self->n, B, self->decision);
  self->phi_at = 0;
  self->phi = hd__critic_lay_out_phi(&self->critic, arena, (self->n + 1) * B, B);
  self->present = HD_TAKE(arena, float, B);
  self->learn_reward = HD_TAKE(arena, float, steps);
  self->value = HD_TAKE(arena, float, steps);
  self->next_value = HD_TAKE(arena, float, steps);
  self->advantage = HD_TAKE(arena, float, steps);
  hd__signal_shuffle_lay_out(&self->shuffle, arena);
  self->told = self->shuffle.is_on ? HD_TAKE(arena, float, steps) : NULL;
  self->ended = HD_TAKE(arena, bool, steps);
  hd__rule_replay_lay_out(&self->replay, &self->learned.net, arena);
}

void hd__rule_learner_lay_out(hd__learner *learner, hd__arena *arena) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  hd__learned_net_lay_out(learner, &self->learned, arena);
  hd__critic_lay_out(&self->critic, arena);
  if (self->critic.kind == hd__critic_place) {
    self->critic.code.table = self->learned.net.def.code.table;
  }
  hd__rule_update_lay_out(&self->update, arena);
  rule_learner_lay_out_experience(learner, arena);
}

void hd__rule_learner_start(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  hd__learned_net_start(learner, &self->learned);
  for (int b = 0; b < learner->training->B; b++) {
    self->random[b] = hd__random_base_make(learner->seed, (uint64_t)b, 0);
  }
  hd__critic_start(&self->critic);
  hd__rule_update_start(&self->update);
}

/* ---- values ---- */

hd__phi hd__rule_learner_phi(const hd__learner *learner, int slot) {
  const hd__rule_learner *self = rule_learner_state_of(learner);
  const int at = (self->phi_at + slot) % (self->n + 1);
  return hd__phi_from(&self->critic, &self->phi, at * learner->training->B);
}

/* What B environments show, as codings see it. */
static const float *rule_learner_see(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  return hd__learned_range_apply(&self->range, learner->training->B, learner->training->obs,
                                 self->seen);
}

/* See what B environments show: its features, their draws numbered, and their values. */
static void rule_learner_value_all(hd__learner *learner, const hd__phi *phi, uint64_t number) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const int B = learner->training->B;
  const float *seen = rule_learner_see(learner);
  for (int b = 0; hd__critic_draws(&self->critic) && b < B; b++) {
    self->key[b] = hd__key_make(learner->seed, HD_STREAM_CRITIC, (uint64_t)b, number);
  }
  hd__critic_features(&self->critic, B, seen, self->key, phi);
  hd__critic_values(&self->critic, B, phi, self->present);
}

/* The same of environment b alone. */
static void rule_learner_value_one(hd__learner *learner, int b, const hd__phi *phi,
                                   uint64_t number) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__phi one = hd__phi_from(&self->critic, phi, b);
  const hd__key key = hd__key_make(learner->seed, HD_STREAM_CRITIC, (uint64_t)b, number);
  const int at = b * learner->env->n_obs;
  const float *seen =
      hd__learned_range_apply(&self->range, 1, learner->training->obs + at, self->seen + at);
  hd__critic_features(&self->critic, 1, seen, &key, &one);
  hd__critic_values(&self->critic, 1, &one, self->present + b);
}

/* Before the first step, or after a load: features of the present and its value under the weights
 * as they are. */
hd_status hd__rule_learner_begin(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__phi now = hd__rule_learner_phi(learner, 0);
  hd__lazy_average_begin(&self->learned.lazy, learner->training->counters->updates);
  if (learner->training->counters->steps == 0) {
    HD_TRY(hd__training_check_obs(learner->training));
    rule_learner_value_all(learner, &now, UINT64_MAX);
  } else {
    rule_learner_see(learner);
    hd__critic_values(&self->critic, learner->training->B, &now, self->present);
  }
  return HD_OK;
}

/* Features of the present go to the first slot of the ring, where a checkpoint and the next rollout
 * look for them. */
hd_status hd__rule_learner_end(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__phi now = hd__rule_learner_phi(learner, 0);
  hd__lazy_average_finish(&self->learned.lazy);
  if (self->phi_at > 0) {
    hd__critic_copy(&self->critic, learner->training->B, &now, &self->phi);
    self->phi_at = 0;
  }
  return HD_OK;
}

/* Between two units of learning the slot of the next step's features is free, as is `seen`. */
bool hd__rule_learner_value(hd__learner *learner, const float *obs, float *value) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__phi one = hd__rule_learner_phi(learner, 1);
  const hd__key key = hd__key_make(learner->seed, HD_STREAM_CRITIC, UINT64_MAX, 0);
  const float *seen = hd__learned_range_apply(&self->range, 1, obs, self->seen);
  hd__critic_features(&self->critic, 1, seen, &key, &one);
  hd__critic_values(&self->critic, 1, &one, value);
  return self->critic.kind != hd__critic_none;
}

/* ---- who looks ---- */

hd_status hd__rule_learner_show(const hd__learner *learner, hd_network **out) {
  return hd__learned_net_show(learner, &rule_learner_state_of(learner)->learned, true, out);
}

void hd__rule_learner_repeat_decided(hd__learner *learner) {
  hd__learned_net_repeat_decided(learner, &rule_learner_state_of(learner)->learned);
}

void hd__rule_learner_begin_shown(hd__learner *learner) {
  const hd__rule_learner *self = rule_learner_state_of(learner);
  const size_t b = (size_t)learner->shown_env;
  const bool goes_on = self->carried != NULL && self->continued[b];
  hd__shown_net_continue(learner->shown,
                         goes_on ? self->carried + b * hd__net_carried(&self->learned.net) : NULL);
}

/* ---- a step ---- */

/* Hand each environment's decision the state that the one before it left. */
static void rule_learner_carry(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const size_t n = hd__net_carried(&self->learned.net);
  for (int b = 0; self->carried != NULL && b < learner->training->B; b++) {
    self->random[b].carried = self->carried + (size_t)b * n;
    self->random[b].is_continued = self->continued[b];
    self->continued[b] = true;
  }
}

/* Add the eligibility of the decision just made in the environment that is shown to those since the
 * weights last moved. */
static void rule_learner_show_e(hd__learner *learner, int slot) {
  const hd__rule_learner *self = rule_learner_state_of(learner);
  hd_network *shown = learner->shown;
  const hd__net *net = &self->learned.net;
  if (slot == 0) {
    memset(shown->e, 0, sizeof *shown->e * net->n_weights);
  }
  hd__net_add_row(net, &self->decision[slot], learner->shown_env, true,
                  (hd__weighing){.hidden = 1.0f, .readout = 1.0f}, shown->e);
}

static void rule_learner_begin_shown_decision(hd__learner *learner) {
  const hd__random_base *draw = &rule_learner_state_of(learner)->random[learner->shown_env];
  if (draw->is_continued) {
    hd__shown_net_take_rules(learner->shown, draw->carried);
  }
}

static void rule_learner_decide(hd__learner *learner, int slot) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  hd__training *training = learner->training;
  const int B = training->B;
  hd__net *net = &self->learned.net;
  hd__policy policy;
  hd__learned_net_policy(learner, &self->learned, false, &policy);
  policy.epsilon = hd__epsilon(learner->settings, hd__training_steps(training));
  hd__decision *decision = &self->decision[slot];
  const bool is_zoomed = self->learned.range != NULL && self->range.is_on;
  const float *obs = is_zoomed ? self->seen : training->obs;
  for (int b = 0; b < B; b++) {
    self->random[b].step = (uint64_t)training->counters->steps;
    self->value[slot * B + b] = self->present[b];
  }
  rule_learner_carry(learner);
  hd__rule_replay_begin(&self->replay, net, slot, obs, self->random);
  if (hd__learner_shows_training(learner)) {
    rule_learner_begin_shown_decision(learner);
  }
  hd__net_decide(net, B, obs, self->random, &policy, decision);
  hd__rule_replay_keep(&self->replay, net, slot, decision);
  if (hd__learner_shows_training(learner)) {
    const int b = learner->shown_env;
    hd__shown_net_repeat(learner->shown, net, &policy, decision, b, !self->random[b].is_continued);
  }
  hd__net_factors(net, &policy, decision);
  if (hd__learner_shows_training(learner)) {
    hd__shown_net_repeat_factors(learner->shown, net, decision, learner->shown_env);
    rule_learner_show_e(learner, slot);
  }
  for (int b = 0; b < B; b++) {
    const int at = b * learner->env->n_act;
    hd__action_of_choices(learner->env, net->n_alternatives, decision->action + at,
                          training->action + at);
  }
}

/* What codings learn from the observations that the step just made has shown. */
static void rule_learner_observe(hd__learner *learner) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__training *training = learner->training;
  hd__code *code = &self->learned.net.def.code;
  hd__learned_range_update(&self->range, training->B, training->obs);
  for (int b = 0; code->desc->learn != NULL && b < training->B; b++) {
    code->desc->learn(code, training->obs + b * learner->env->n_obs);
  }
}

/* The rewards of the step just made, on the scale of learning, and whose episodes it ended. */
static void rule_learner_reward(hd__learner *learner, int slot) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const hd__training *training = learner->training;
  const int B = training->B;
  bool *ended = self->ended + slot * B;
  for (int b = 0; b < B; b++) {
    self->reward[b] =
        hd__settings_reward(learner->settings, training->reward[b], training->terminated[b]);
    ended[b] = hd__training_has_ended(training, b);
  }
  hd__return_scale_update(&self->return_scale, B, self->reward, ended);
  for (int b = 0; b < B; b++) {
    self->learn_reward[slot * B + b] = hd__return_scale_apply(&self->return_scale, self->reward[b]);
  }
}

/* A decision is worth its surprise, too: the objective then has the policy's entropy in it. */
static void rule_learner_reward_surprise(hd__learner *learner, int slot) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  const float worth = (float)learner->settings->entropy;
  const int B = learner->training->B;
  for (int b = 0; worth > 0.0f && b < B; b++) {
    self->learn_reward[slot * B + b] -=
        worth * hd__net_log_pi(&self->learned.net, &self->decision[slot], b);
  }
}

hd_status hd__rule_learner_step(hd__learner *learner, int slot) {
  hd__rule_learner *self = rule_learner_state_of(learner);
  hd__training *training = learner->training;
  const bool zero_terminal = learner->settings->zero_terminal;
  const int B = training->B;
  const uint64_t step = (uint64_t)training->counters->steps;
  const hd__phi next = hd__rule_learner_phi(learner, slot + 1);
  rule_learner_decide(learner, slot);
  HD_TRY(hd__net_check_decided(learner->ctx, &self->learned.net));
  HD_TRY(hd__training_step(training));
  rule_learner_observe(learner);
  rule_learner_value_all(learner, &next, 2 * step);
  rule_learner_reward(learner, slot);
  rule_learner_reward_surprise(learner, slot);
  for (int b = 0; b < B; b++) {
    self->next_value[slot * B + b] =
        training->terminated[b] && zero_terminal ? 0.0f : self->present[b];
  }
  if (!hd__training_count_episodes(training)) {
    return HD_OK;
  }
  HD_TRY(hd__training_reset_ended(training));
  for (int b = 0; b < B; b++) {
    if (self->ended[slot * B + b]) {
      if (self->continued != NULL) {
        self->continued[b] = false;
      }
      rule_learner_value_one(learner, b, &next, 2 * step + 1);
    }
  }
  return HD_OK;
}

hd_status hd__rule_learner_check_signal(const hd__learner *learner, const float *signal, int n) {
  for (int k = 0; k < n; k++) {
    if (!isfinite(signal[k])) {
      return hd__fail(learner->ctx, HD_NUMERIC,
                      "the TD error of method %s on %s is not finite after step %lld: the critic's "
                      "weights have run away; try a smaller alpha_critic",
                      hd_config_method(learner->config), learner->env->name,
                      (long long)hd__training_steps(learner->training));
    }
  }
  return HD_OK;
}
