/* Learning by search: a member's weights play whole episodes, and their mean return is all that
 * the search is told. */
#include <string.h>

#include "samples.h"
#include "schedule.h"
#include "session_internal.h"
#include "synapse_agent.h"

_Static_assert((int)hd__syn_position_continuous == (int)HD_POSITION_CONTINUOUS &&
                   (int)hd__syn_sharing_unit == (int)HD_SHARING_UNIT &&
                   (int)hd__syn_reward_counterfactual == (int)HD_PAYMENT_COUNTERFACTUAL &&
                   (int)hd__syn_values_spiking == (int)HD_VALUES_SPIKING,
               "words of the options are the agents' choices, in order");

/* Numbers of the episodes that judge members lie beyond those of evaluations. */
static const uint64_t episodes_from = UINT64_C(1) << 63;

static hd__agent_def describe_agent(const hd__settings *s, uint32_t dynamics) {
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

hd_status hd__session_search_compile(hd_session *session) {
  hd_ctx *ctx = session->ctx;
  const hd__settings *s = session->settings;
  hd__search_def def = {.seed = session->seed,
                        .population = (int)s->population,
                        .sigma = (float)s->sigma,
                        .alpha = (float)s->alpha,
                        .alpha_sigma = (float)s->alpha_sigma,
                        .step = (float)s->move,
                        .bias_steps = (float)s->bias_moves,
                        .w_max = (float)s->weight_max,
                        .temperature = (float)s->acceptance,
                        .period = (int)s->cooling,
                        .gain = (float)s->connection_gain,
                        .trust = (float)s->trust};
  if (session->B != 1) {
    return hd__fail(ctx, HD_CONFLICT,
                    "search = %s plays its episodes side by side by itself; use envs = 1, and "
                    "member_episodes for their number",
                    s->search);
  }
  if (s->member_score == hd__member_score_likelihood &&
      (hd__samples_per_episode(session->env) == 0 || !session->net.has_linear)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "member_score = likelihood asks for a set of samples, whose right answers are "
                    "known, and a readout that gives probabilities; use member_score = return");
  }
  if (session->synapse_features.mask != 0 && strcmp(s->search, "synapse-agent") != 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "search = %s does not look at the network's dynamics; use syn_dynamics = none, "
                    "or search = synapse-agent",
                    s->search);
  }
  if ((session->synapse_features.mask >> HD_DYNAMIC_AGREEMENT & 1) != 0 &&
      session->net.def.releases) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "syn_dynamics = agreement is no feature of synapses that release; use release = "
        "false");
  }
  def.agent = describe_agent(s, session->synapse_features.mask);
  session->synapse_features.decay = (float)(s->gamma * s->lambda_actor);
  hd__weight_map_find(&session->net, &session->weight_map, &def);
  return hd__search_compile(ctx, hd__search_find(s->search), &def, &session->search);
}

void hd__session_search_lay_out(hd_session *session, hd__arena *arena) {
  hd__search_lay_out(&session->search, arena);
  const int rows = session->evaluation.n_rows;
  hd__synapse_features_lay_out(&session->synapse_features, &session->net, rows, arena);
  session->learn = HD_TAKE(arena, float, rows);
  session->counts = HD_TAKE(arena, bool, rows);
  session->likelihood = HD_TAKE(arena, double, rows);
  session->candidate = HD_TAKE(arena, float, session->search.n_pad);
  session->candidate_weights = HD_TAKE(arena, float, session->net.n_weights);
}

/* The network shows the weights by which the search is judged. */
static void show(hd_session *session) {
  hd__weight_map_write(&session->weight_map, &session->search.def, session->search.w,
                       session->net.weights);
}

static bool has_agents(const hd_session *session) {
  return session->is_searching && strcmp(session->settings->search, "synapse-agent") == 0;
}

/* Synapses begin with the policy they were given. */
static void adopt(hd_session *session) {
  int64_t n;
  float *own = hd__synapse_policy(&session->search, &n);
  HD_ASSERT(n == session->n_policy);
  memcpy(own, session->policy, sizeof(float) * (size_t)n);
}

hd_status hd__session_set_policy(hd_session *session, const hd_session *teacher) {
  hd_ctx *ctx = session->ctx;
  int64_t n, n_taught;
  if (!has_agents(session) || !has_agents(teacher)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "only synapses that are agents have a policy to hand on; use search = "
                    "synapse-agent on both sides");
  }
  hd__synapse_policy(&session->search, &n);
  const float *taught = hd__synapse_policy(&teacher->search, &n_taught);
  if (n != n_taught) {
    return hd__fail(ctx, HD_MISMATCH,
                    "the policy to adopt has %lld numbers, and that of these synapses has %lld: "
                    "what they see, or who shares it, differs",
                    (long long)n_taught, (long long)n);
  }
  const size_t size = sizeof(float) * (size_t)n;
  if (session->policy == NULL) {
    session->policy = hd__alloc(ctx, size);
    if (session->policy == NULL) {
      return hd__fail(ctx, HD_NOMEM, "out of memory for a policy");
    }
    session->n_policy = n;
  }
  memcpy(session->policy, taught, size);
  return HD_OK;
}

hd_status hd_session_adopt(hd_session *session, const hd_session *teacher) {
  if (session->counters->steps > 0) {
    return hd__fail(session->ctx, HD_USAGE, "a policy is adopted before the first step");
  }
  HD_TRY(hd__session_set_policy(session, teacher));
  adopt(session);
  return HD_OK;
}

void hd__session_search_start(hd_session *session) {
  hd__weight_map_read(&session->weight_map, &session->search.def, session->net.weights,
                      session->candidate);
  hd__search_start(&session->search, session->candidate);
  hd__synapse_features_start(&session->synapse_features);
  if (session->policy != NULL) {
    adopt(session);
  }
  show(session);
}

/* The first episode of those that judge this generation. */
static uint64_t first_episode(const hd_session *session) {
  const hd__settings *s = session->settings;
  const int64_t generation = session->search.counters->generation;
  const int64_t set = s->fresh_every > 0 ? generation / s->fresh_every : 0;
  return episodes_from + (uint64_t)set * (uint64_t)s->member_episodes;
}

/* ---- episodes of a candidate ---- */

static void candidate_begin(void *self, int row) {
  hd_session *session = self;
  session->likelihood[row] = 0.0;
  if (session->synapse_features.mask != 0) {
    hd__synapse_features_reset_row(&session->synapse_features, &session->net, row);
  }
}

static void candidate_decide(void *self, int rows, const float *obs, const hd__random_base *draw,
                             float *action) {
  hd_session *session = self;
  hd__net_actor *actor = &session->actor;
  hd__net_actor_decide(actor, rows, obs, draw, action);
  if (session->synapse_features.mask != 0) {
    hd__net_factors(&actor->net, &actor->policy, &actor->decision);
  }
}

/* Add the log probability of the right answer to what each row was shown. */
static void candidate_grade(void *self, int rows, hd__evaluation *evaluation) {
  hd_session *session = self;
  const hd__net *net = &session->actor.net;
  for (int row = 0; row < rows; row++) {
    const int right = hd__samples_right(session->env, hd_envs_state(evaluation->envs, row));
    const float p = net->pi[row * HD_PAD(net->def.n_actions) + right];
    session->likelihood[row] +=
        (double)hd__logf(hd__maxf(p, 1e-30f)) / hd__samples_per_episode(session->env);
  }
}

static void candidate_observe(void *self, int rows, const hd__evaluation *evaluation) {
  hd_session *session = self;
  const hd__net_actor *actor = &session->actor;
  for (int row = 0; row < rows; row++) {
    session->counts[row] = evaluation->row[row].index >= 0;
    session->learn[row] =
        hd__session_learn_reward(session, evaluation->reward[row], evaluation->terminated[row]);
  }
  hd__synapse_features_record(&session->synapse_features, &actor->net, &actor->decision,
                              session->learn, session->counts);
}

static void candidate_end(void *self, int row, int index) {
  hd_session *session = self;
  session->graded[index] = session->likelihood[row];
}

/* Who plays the episodes of the candidate: what agents learn from is drawn, and draws anew in every
 * generation. */
static hd__actor candidate_actor(hd_session *session, bool by_likelihood) {
  const bool records_features = session->synapse_features.mask != 0;
  const bool is_drawing = records_features || !session->settings->member_greedy;
  hd__policy policy = hd__session_policy(session, !is_drawing);
  policy.is_bare = !records_features && !by_likelihood;
  hd__actor actor = hd__net_actor_with(&session->actor, session->candidate_weights, policy);
  actor.self = session;
  actor.decide = candidate_decide;
  actor.begin = candidate_begin;
  actor.stream = records_features ? (uint64_t)session->search.counters->generation : 0;
  actor.decided = by_likelihood ? candidate_grade : NULL;
  actor.end = by_likelihood ? candidate_end : NULL;
  actor.stepped = records_features ? candidate_observe : NULL;
  return actor;
}

/* Play the episodes of the candidate; what the search is told of them. */
static hd_status play(hd_session *session, double *returns, double *score) {
  const int n = (int)session->settings->member_episodes;
  const bool by_likelihood = session->settings->member_score == hd__member_score_likelihood;
  double likelihood[HD_PLAYED_TOGETHER], sum = 0.0;
  const hd__actor actor = candidate_actor(session, by_likelihood);
  session->graded = likelihood;
  hd__net_pack(&session->actor.net);
  if (session->synapse_features.mask != 0) {
    hd__synapse_features_clear(&session->synapse_features, &session->net);
  }
  const hd_status status = hd__evaluation_play(&session->evaluation, session->env, &actor, n,
                                               first_episode(session), returns);
  hd__net_unpack(&session->actor.net);
  HD_TRY(status);
  for (int i = 0; i < n; i++) {
    sum += by_likelihood ? likelihood[i] : returns[i];
  }
  *score = sum / n;
  return HD_OK;
}

hd_status hd__session_evaluate_candidate(hd_session *session, const hd__search *search,
                                         int candidate, double *returns, double *score) {
  hd__search_ask(search, candidate, session->candidate);
  hd__weight_map_write(&session->weight_map, &search->def, session->candidate,
                       session->candidate_weights);
  return play(session, returns, score);
}

/* What was found ahead counts as if it had happened now. */
static void take_trial(hd_session *session, const hd__trial *trial) {
  hd__net *net = &session->net;
  const float *spikes = trial->spikes;
  for (int l = 0; l < net->n_layers; l++) {
    net->kernel->axpy(net->layer[l].n_pad, 1.0f, spikes, net->layer[l].spikes);
    spikes += net->layer[l].n_pad;
  }
  net->counted += trial->counted;
  session->evaluation.steps += trial->steps;
}

hd_status hd__session_search_step(hd_session *session) {
  hd__search *search = &session->search;
  const hd__settings *s = session->settings;
  const int64_t before = session->evaluation.steps, generation = search->counters->generation;
  double value, own[HD_PLAYED_TOGETHER];
  const double *returns = own;
  search->epsilon = hd__epsilon(s, session->counters->steps);
  const hd__trial *trial = hd__parallel_search_trial(session);
  if (trial != NULL) {
    take_trial(session, trial);
    returns = trial->returns;
    value = trial->score;
  } else {
    HD_TRY(hd__session_evaluate_candidate(session, search, hd__search_next(search), own, &value));
  }
  for (int i = 0; i < s->member_episodes; i++) {
    hd__session_add_return(session, returns[i]);
  }
  session->counters->steps += session->evaluation.steps - before;
  if (session->synapse_features.mask != 0) {
    hd__synapse_features_write(&session->synapse_features, &session->net, &session->weight_map,
                               search);
  }
  hd__search_tell(search, 1, &value);
  if (search->counters->generation > generation) {
    show(session);
    hd__session_update_average(session);
  }
  return HD_OK;
}
