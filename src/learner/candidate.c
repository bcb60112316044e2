#include "candidate.h"

#include <math.h>

#include "samples.h"
#include "search_learner.h"
#include "settings_use.h"

static hd__search_learner *candidate_search_of(const hd__candidate *self) {
  return self->learner->state;
}

void hd__candidate_lay_out(hd__candidate *self, const hd__learner *learner, hd__arena *arena) {
  const hd__search_learner *search = learner->state;
  const int rows = learner->eval_rows;
  self->learner = learner;
  self->reward = HD_TAKE(arena, float, rows);
  self->counts = HD_TAKE(arena, bool, rows);
  self->likelihood = HD_TAKE(arena, double, rows);
  self->w = HD_TAKE(arena, float, search->search.n_pad);
  self->weights = HD_TAKE(arena, float, search->learned.net.n_weights);
}

/* ---- episodes ---- */

static bool candidate_records(const hd__candidate *self) {
  return candidate_search_of(self)->features.mask != 0;
}

static void candidate_begin(void *user, int row) {
  hd__candidate *self = user;
  self->likelihood[row] = 0.0;
  if (candidate_records(self)) {
    hd__synapse_features_reset_row(&candidate_search_of(self)->features, &self->actor->net, row);
  }
}

static void candidate_decide(void *user, int rows, const float *obs, const hd__random_base *random,
                             float *action) {
  hd__candidate *self = user;
  hd__net_actor *actor = self->actor;
  hd__net_actor_decide(actor, rows, obs, random, action);
  if (candidate_records(self)) {
    hd__net_factors(&actor->net, &actor->policy, &actor->decision);
  }
}

static hd_status candidate_check(void *user, hd_ctx *ctx) {
  return hd__net_actor_check(((const hd__candidate *)user)->actor, ctx);
}

/* Add the log probability of the right answer to what each row was shown. */
static void candidate_grade(void *user, int rows, hd__evaluation *evaluation) {
  hd__candidate *self = user;
  const hd_env_desc *env = self->learner->env;
  const hd__net *net = &self->actor->net;
  for (int row = 0; row < rows; row++) {
    const int right = hd__samples_right(env, hd_envs_state(evaluation->envs, row));
    const float p = net->pi[row * HD_PAD(net->def.n_actions) + right];
    self->likelihood[row] += (double)hd__logf(hd__maxf(p, 1e-30f)) / hd__samples_per_episode(env);
  }
}

static void candidate_record(void *user, int rows, const hd__evaluation *evaluation) {
  hd__candidate *self = user;
  const hd__settings *s = self->learner->settings;
  for (int row = 0; row < rows; row++) {
    self->counts[row] = evaluation->row[row].index >= 0;
    self->is_too_large |= fabs(evaluation->reward[row] * s->reward_scale) > HD_REWARD_MAX;
    self->reward[row] =
        (float)hd__settings_reward(s, evaluation->reward[row], evaluation->terminated[row]);
  }
  hd__synapse_features_record(&candidate_search_of(self)->features, &self->actor->net,
                              &self->actor->decision, self->reward, self->counts);
}

static void candidate_end(void *user, int row, int index) {
  hd__candidate *self = user;
  self->graded[index] = self->likelihood[row];
}

/* Who plays the episodes. Features that synapses learn from are those of drawn actions, and every
 * generation draws anew. */
static hd__actor candidate_actor(hd__candidate *self, bool by_likelihood) {
  const hd__search_learner *search = candidate_search_of(self);
  const bool records = candidate_records(self);
  const bool is_greedy = !records && self->learner->settings->member_greedy;
  hd__policy policy;
  hd__learned_net_policy(self->learner, &search->learned, is_greedy, &policy);
  policy.is_bare = !records && !by_likelihood;
  hd__net_actor_with(self->actor, self->weights, policy);
  return (hd__actor){.self = self,
                     .stream = records ? (uint64_t)search->search.counters->generation : 0,
                     .decide = candidate_decide,
                     .check = candidate_check,
                     .begin = candidate_begin,
                     .decided = by_likelihood ? candidate_grade : NULL,
                     .stepped = records ? candidate_record : NULL,
                     .end = by_likelihood ? candidate_end : NULL};
}

/* Candidates play episodes whose numbers lie beyond those of evaluations. */
static const uint64_t episodes_from = UINT64_C(1) << 63;

/* The first episode that candidates of this generation play. */
static uint64_t candidate_first_episode(const hd__candidate *self) {
  const hd__settings *s = self->learner->settings;
  const int64_t generation = candidate_search_of(self)->search.counters->generation;
  const int64_t set = s->fresh_every > 0 ? generation / s->fresh_every : 0;
  return episodes_from + (uint64_t)set * (uint64_t)s->member_episodes;
}

static hd_status candidate_play(hd__candidate *self, const hd__actor *actor, double *returns) {
  const hd__learner *learner = self->learner;
  hd__net_pack(&self->actor->net);
  if (candidate_records(self)) {
    hd__synapse_features_clear(&candidate_search_of(self)->features, &self->actor->net);
  }
  self->is_too_large = false;
  const hd_status status = hd__evaluation_play(self->evaluation, learner->env, actor,
                                               (int)learner->settings->member_episodes,
                                               candidate_first_episode(self), returns);
  hd__net_unpack(&self->actor->net);
  if (status == HD_OK && self->is_too_large) {
    return hd__fail(self->evaluation->ctx, HD_NUMERIC,
                    "a reward of %s, times reward_scale, is larger than %g, and synapses learn in "
                    "single precision",
                    learner->env->name, HD_REWARD_MAX);
  }
  return status;
}

hd_status hd__candidate_evaluate(hd__candidate *self, int candidate, double *returns,
                                 double *score) {
  const hd__settings *s = self->learner->settings;
  const hd__search_learner *search = candidate_search_of(self);
  const int n = (int)s->member_episodes;
  const bool by_likelihood = s->member_score == hd__member_score_likelihood;
  double graded[HD_PLAYED_TOGETHER], sum = 0.0;
  hd__search_ask(&search->search, candidate, self->w);
  hd__weight_map_write(&search->map, &search->search.def, self->w, self->weights);
  self->graded = graded;
  const hd__actor actor = candidate_actor(self, by_likelihood);
  HD_TRY(candidate_play(self, &actor, returns));
  for (int i = 0; i < n; i++) {
    sum += by_likelihood ? graded[i] : returns[i];
  }
  *score = sum / n;
  return HD_OK;
}
