/* Learning by search: a member's weights play whole episodes, and their mean return is all that
 * the search is told. */
#include <string.h>

#include "schedule.h"
#include "session_internal.h"

_Static_assert((int)hd__syn_position_continuous == (int)HD_POSITION_CONTINUOUS &&
                   (int)hd__syn_sharing_unit == (int)HD_SHARING_UNIT &&
                   (int)hd__syn_reward_counterfactual == (int)HD_PAYMENT_COUNTERFACTUAL &&
                   (int)hd__syn_values_spiking == (int)HD_VALUES_SPIKING,
               "words of the options are the agents' choices, in order");

/* Numbers of the episodes that judge members lie beyond those of evaluations. */
static const uint64_t episodes_from = UINT64_C(1) << 63;

static hd_status describe_agent(hd_ctx *ctx, const hd__settings *s, hd__agent_def *agent) {
  *agent = (hd__agent_def){.actions = (int)s->syn_actions,
                           .rewards = (int)s->syn_rewards,
                           .weight_bins = (int)s->syn_bins,
                           .position = (hd__position)s->syn_position,
                           .sharing = (hd__sharing)s->syn_sharing,
                           .payment = (hd__payment)s->syn_reward,
                           .values = (hd__values_kind)s->syn_values,
                           .hidden = (int)s->syn_hidden,
                           .gamma = (float)s->gamma,
                           .is_frozen = s->syn_frozen};
  return hd__dynamics_parse(ctx, s->syn_dynamics, &agent->dynamics);
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
  HD_TRY(describe_agent(ctx, s, &def.agent));
  hd__genome_find(&session->net, &session->genome, &def);
  return hd__search_compile(ctx, hd__search_find(s->search), &def, &session->search);
}

void hd__session_search_lay_out(hd_session *session, hd__arena *arena) {
  hd__search_lay_out(&session->search, arena);
  session->member = HD_TAKE(arena, float, session->search.n_pad);
  session->candidate = HD_TAKE(arena, float, session->net.n_weights);
}

/* The network shows the weights by which the search is judged. */
static void show(hd_session *session) {
  hd__genome_write(&session->genome, &session->search.def, session->search.w, session->net.weights);
}

void hd__session_search_start(hd_session *session) {
  hd__genome_read(&session->genome, &session->search.def, session->net.weights, session->member);
  hd__search_start(&session->search, session->member);
  show(session);
}

/* The first episode of those that judge this generation. */
static uint64_t first_episode(const hd_session *session) {
  const hd__settings *s = session->settings;
  const int64_t generation = session->search.counters->generation;
  const int64_t set = s->fresh_every > 0 ? generation / s->fresh_every : 0;
  return episodes_from + (uint64_t)set * (uint64_t)s->member_episodes;
}

/* Play the member's episodes; their mean return. */
static hd_status play(hd_session *session, double *mean) {
  const int n = (int)session->settings->member_episodes;
  double returns[HD_PLAYED_TOGETHER], sum = 0.0;
  float *weights = session->net.weights;
  session->net.weights = session->candidate;
  const hd_status status = hd__session_play(session, n, first_episode(session), returns);
  session->net.weights = weights;
  HD_TRY(status);
  for (int i = 0; i < n; i++) {
    hd__session_count_episode(session, returns[i]);
    sum += returns[i];
  }
  *mean = sum / n;
  return HD_OK;
}

hd_status hd__session_evolve(hd_session *session) {
  hd__search *search = &session->search;
  const hd__settings *s = session->settings;
  const int64_t before = session->played, generation = search->counters->generation;
  double value;
  search->epsilon =
      hd__linear(s->epsilon, s->epsilon_end, s->epsilon_steps, session->counters->steps);
  hd__search_ask(search, hd__search_next(search), session->member);
  hd__genome_write(&session->genome, &search->def, session->member, session->candidate);
  HD_TRY(play(session, &value));
  session->counters->steps += session->played - before;
  hd__search_tell(search, 1, &value);
  if (search->counters->generation > generation) {
    session->counters->updates++;
    show(session);
  }
  return HD_OK;
}
