#include "search_learner.h"

#include <string.h>

#include "hash.h"
#include "samples.h"
#include "schedule.h"
#include "synapse_agent.h"

_Static_assert((int)hd__syn_position_continuous == (int)HD_POSITION_CONTINUOUS &&
                   (int)hd__syn_sharing_unit == (int)HD_SHARING_UNIT &&
                   (int)hd__syn_reward_counterfactual == (int)HD_PAYMENT_COUNTERFACTUAL &&
                   (int)hd__syn_values_spiking == (int)HD_VALUES_SPIKING,
               "words of the options are the agents' choices, in order");

/* Unless its synapses are told about the dynamics, a search asks no neuron what it did. */
static const hd_rule_desc no_rule = {
    .size = sizeof(hd_rule_desc), .name = "none", .needs = HD_RULE_AFFINE};

static hd__search_learner *search_learner_state_of(const hd__learner *learner) {
  return learner->state;
}

static bool search_learner_is_chosen(const hd__settings *s) {
  return s->algorithm == hd__algorithm_none && strcmp(s->search, "none") != 0;
}

/* ---- definition ---- */

static hd__agent_def search_learner_agent_def(const hd__settings *s, uint32_t dynamics) {
  return (hd__agent_def){.actions = (int)s->syn_actions,
                         .rewards = (int)s->syn_rewards,
                         .weight_bins = (int)s->syn_bins,
                         .position = (hd__position)s->syn_position,
                         .sharing = (hd__sharing)s->syn_sharing,
                         .payment = (hd__payment)s->syn_reward,
                         .values = (hd__values_kind)s->syn_values,
                         .hidden = (int)s->syn_hidden,
                         .gamma = (float)s->gamma,
                         .dynamics = dynamics,
                         .is_frozen = s->syn_frozen};
}

static hd__search_def search_learner_def(const hd__learner *learner, uint32_t dynamics) {
  const hd__settings *s = learner->settings;
  return (hd__search_def){.seed = learner->seed,
                          .population = (int)s->population,
                          .sigma = (float)s->sigma,
                          .alpha = (float)s->alpha,
                          .alpha_sigma = (float)s->alpha_sigma,
                          .step = (float)s->move,
                          .bias_steps = (float)s->bias_moves,
                          .w_max = (float)s->weight_max,
                          .movers = (float)s->movers,
                          .undoes = s->undo,
                          .temperature = (float)s->acceptance,
                          .period = (int)s->cooling,
                          .gain = (float)s->connection_gain,
                          .trust = (float)s->trust,
                          .agent = search_learner_agent_def(s, dynamics)};
}

static hd_status search_learner_check_features(const hd__learner *learner, uint32_t mask,
                                               const hd__net *net) {
  const hd__settings *s = learner->settings;
  if (mask != 0 && strcmp(s->search, "synapse-agent") != 0) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "search = %s does not look at the network's dynamics; use syn.dynamics = none, "
                    "or search = synapse-agent",
                    s->search);
  }
  if ((mask >> HD_DYNAMIC_AGREEMENT & 1) != 0 && net->def.releases) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "syn.dynamics = agreement is no feature of synapses that release; use release "
                    "= false");
  }
  return HD_OK;
}

static hd_status search_learner_check(const hd__learner *learner, const hd__net *net) {
  const hd__settings *s = learner->settings;
  if (learner->training->B != 1) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "search = %s plays its episodes side by side by itself; use envs = 1, and "
                    "search.episodes for their number",
                    s->search);
  }
  if (s->member_score == hd__member_score_likelihood &&
      (hd__samples_per_episode(learner->env) == 0 || !net->has_linear)) {
    return hd__fail(learner->ctx, HD_CONFLICT,
                    "search.score = likelihood asks for a set of samples, whose right answers are "
                    "known, and a readout that gives probabilities; use search.score = return");
  }
  return HD_OK;
}

static hd_status search_learner_compile(hd__learner *learner) {
  hd__search_learner *self = search_learner_state_of(learner);
  const hd__settings *s = learner->settings;
  const hd__search_desc *desc = hd__search_find(s->search);
  const hd_rule_desc *rule = &no_rule;
  uint32_t mask;
  HD_TRY(hd__dynamics_parse(learner->ctx, s->syn_dynamics, &mask));
  if (mask != 0) {
    HD_TRY(hd_rule_find(learner->ctx, s->rule, &rule));
  }
  HD_TRY(hd__learned_net_compile(learner, rule, mask == 0 && desc->is_boolean, &self->learned));
  HD_TRY(search_learner_check(learner, &self->learned.net));
  HD_TRY(search_learner_check_features(learner, mask, &self->learned.net));
  self->features.mask = mask;
  self->features.decay = (float)(s->gamma * s->lambda_actor);
  self->shuffle =
      (hd__signal_shuffle){.is_on = s->shuffle_signal && mask == 0, .seed = learner->seed};
  hd__search_def def = search_learner_def(learner, mask);
  hd__weight_map_find(&self->learned.net, &self->map, &def);
  return hd__search_compile(learner->ctx, desc, &def, &self->search);
}

/* ---- memory ---- */

static void search_learner_lay_out(hd__learner *learner, hd__arena *arena) {
  hd__search_learner *self = search_learner_state_of(learner);
  hd__learned_net_lay_out(learner, &self->learned, arena);
  hd__search_lay_out(&self->search, arena);
  hd__signal_shuffle_lay_out(&self->shuffle, arena);
  hd__synapse_features_lay_out(&self->features, &self->learned.net, learner->eval_rows, arena);
  hd__candidate_lay_out(&self->candidate, learner, arena);
  self->candidate.actor = &self->learned.actor;
  self->candidate.evaluation = learner->evaluation;
}

/* The weights are where the search stands. */
static void search_learner_write(hd__search_learner *self) {
  hd__weight_map_write(&self->map, &self->search.def, self->search.w, self->learned.net.weights);
}

static void search_learner_start(hd__learner *learner) {
  hd__search_learner *self = search_learner_state_of(learner);
  hd__learned_net_start(learner, &self->learned);
  hd__weight_map_read(&self->map, &self->search.def, self->learned.net.weights, self->candidate.w);
  hd__search_start(&self->search, self->candidate.w);
  hd__synapse_features_start(&self->features);
  if (self->policy != NULL) {
    learner->desc->use_policy(learner);
  }
  search_learner_write(self);
  if (self->parallel != NULL) {
    hd__parallel_search_start(self->parallel);
  }
}

static void search_learner_destroy(hd__learner *learner) {
  hd__search_learner *self = search_learner_state_of(learner);
  hd__parallel_search_destroy(self->parallel);
  hd__free(learner->ctx, self->policy, sizeof(float) * (size_t)self->n_policy);
}

/* ---- policies of synapses ---- */

static hd_status search_learner_set_policy(hd__learner *learner, const hd__learner *teacher) {
  hd__search_learner *self = search_learner_state_of(learner);
  const hd__search_learner *other = search_learner_state_of(teacher);
  const char *agent = "synapse-agent";
  int64_t n, n_taught;
  if (strcmp(learner->settings->search, agent) != 0 ||
      strcmp(teacher->settings->search, agent) != 0) {
    return hd__learner_has_no_policy(learner->ctx);
  }
  hd__synapse_policy(&self->search, &n);
  const float *taught = hd__synapse_policy(&other->search, &n_taught);
  if (n != n_taught) {
    return hd__fail(learner->ctx, HD_MISMATCH,
                    "the policy to adopt has %lld numbers, and that of these synapses has %lld: "
                    "what they see, or who shares it, differs",
                    (long long)n_taught, (long long)n);
  }
  const size_t size = sizeof(float) * (size_t)n;
  if (self->policy == NULL) {
    self->policy = hd__alloc(learner->ctx, size);
    if (self->policy == NULL) {
      return hd__fail(learner->ctx, HD_NOMEM, "out of memory for a policy");
    }
    self->n_policy = n;
  }
  memcpy(self->policy, taught, size);
  return HD_OK;
}

static void search_learner_use_policy(hd__learner *learner) {
  hd__search_learner *self = search_learner_state_of(learner);
  int64_t n;
  float *policy = hd__synapse_policy(&self->search, &n);
  HD_ASSERT(n == self->n_policy);
  memcpy(policy, self->policy, sizeof(float) * (size_t)n);
}

/* ---- learning ---- */

/* What was found early counts as if it had happened now. */
static void search_learner_use_trial(hd__learner *learner, const hd__trial *trial) {
  hd__net *net = &search_learner_state_of(learner)->learned.net;
  const float *spikes = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    net->kernel->axpy(net->layer[l].n_pad, 1.0f, spikes, net->layer[l].spikes);
    spikes += net->layer[l].n_pad;
  }
  *net->counted += trial->counted;
  hd__net_limit_counts(net);
  learner->evaluation->steps += trial->steps;
}

/* Evaluate the candidate whose return is awaited. */
static hd_status search_learner_evaluate(hd__learner *learner, double *returns, double *score) {
  hd__search_learner *self = search_learner_state_of(learner);
  const hd__trial *trial =
      self->parallel != NULL ? hd__parallel_search_trial(self->parallel) : NULL;
  if (trial == NULL) {
    return hd__candidate_evaluate(&self->candidate, hd__search_next(&self->search), returns, score);
  }
  search_learner_use_trial(learner, trial);
  memcpy(returns, trial->returns, sizeof(double) * (size_t)learner->settings->member_episodes);
  *score = trial->score;
  return HD_OK;
}

static hd_status search_learner_advance(hd__learner *learner) {
  hd__search_learner *self = search_learner_state_of(learner);
  hd__search *search = &self->search;
  hd__training *training = learner->training;
  const hd__settings *s = learner->settings;
  const int64_t before = learner->evaluation->steps, generation = search->counters->generation;
  double score, returns[HD_PLAYED_TOGETHER];
  search->epsilon = hd__epsilon(s, training->counters->steps);
  search->def.alpha = (float)s->alpha;
  HD_TRY(search_learner_evaluate(learner, returns, &score));
  for (int i = 0; i < s->member_episodes; i++) {
    hd__training_add_return(training, returns[i]);
  }
  training->counters->steps += learner->evaluation->steps - before;
  if (self->features.mask != 0) {
    hd__synapse_features_write(&self->features, &self->learned.net, &self->map, search);
  }
  score = hd__signal_shuffle_next(&self->shuffle, score);
  hd__search_tell(search, 1, &score);
  if (search->counters->generation > generation) {
    search_learner_write(self);
    hd__learned_net_update_average(learner, &self->learned);
  }
  return HD_OK;
}

/* ---- what it shows ---- */

static hd__actor search_learner_actor(hd__learner *learner) {
  return hd__learned_net_actor(&search_learner_state_of(learner)->learned);
}

static hd_status search_learner_show(const hd__learner *learner, hd_network **out) {
  return hd__learned_net_show(learner, &search_learner_state_of(learner)->learned, false, out);
}

static void search_learner_repeat_decided(hd__learner *learner) {
  hd__learned_net_repeat_decided(learner, &search_learner_state_of(learner)->learned);
}

static void search_learner_activity(const hd__learner *learner, hd_stats *out) {
  hd__learned_net_activity(&search_learner_state_of(learner)->learned, out);
}

static void search_learner_reset_activity(hd__learner *learner) {
  hd__learned_net_reset_activity(&search_learner_state_of(learner)->learned);
}

static uint64_t search_learner_hash(const hd__learner *learner) {
  const hd__search_learner *self = search_learner_state_of(learner);
  return hd__hash(hd__learned_net_hash(&self->learned), self->search.w,
                  sizeof(float) * (size_t)self->search.n);
}

static hd_status search_learner_check_loaded(hd__learner *learner) {
  if (!hd__search_is_consistent(&search_learner_state_of(learner)->search)) {
    return hd__fail(learner->ctx, HD_FORMAT, "the checkpoint holds a search that cannot go on");
  }
  return HD_OK;
}

static hd_status search_learner_share(hd__learner *learner) {
  return hd__parallel_search_create(learner, &search_learner_state_of(learner)->parallel);
}

static bool search_learner_play(hd__learner *learner, const hd_env_desc *env, int n, uint64_t first,
                                double *returns) {
  hd__parallel_search *parallel = search_learner_state_of(learner)->parallel;
  return parallel != NULL && hd__parallel_search_play(parallel, env, n, first, returns);
}

const hd__learner_desc hd__learner_search = {
    .name = "search",
    .doc = "a search over all weights, by the returns of whole episodes",
    .state_size = sizeof(hd__search_learner),
    .is_chosen = search_learner_is_chosen,
    .compile = search_learner_compile,
    .lay_out = search_learner_lay_out,
    .start = search_learner_start,
    .advance = search_learner_advance,
    .actor = search_learner_actor,
    .activity = search_learner_activity,
    .reset_activity = search_learner_reset_activity,
    .hash = search_learner_hash,
    .check_loaded = search_learner_check_loaded,
    .show = search_learner_show,
    .repeat_decided = search_learner_repeat_decided,
    .n_threads = hd__parallel_search_threads,
    .share = search_learner_share,
    .play = search_learner_play,
    .set_policy = search_learner_set_policy,
    .use_policy = search_learner_use_policy,
    .destroy = search_learner_destroy,
};
