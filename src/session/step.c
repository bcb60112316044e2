/* Acting: decide in every environment, step them, note what happened. */
#include <string.h>

#include "episode.h"
#include "schedule.h"
#include "session_internal.h"

hd__policy hd__session_policy(const hd_session *session, bool is_greedy) {
  const hd__settings *s = session->settings;
  const int64_t step = session->counters->steps * session->B;
  const float epsilon = hd__epsilon(s, step);
  return (hd__policy){.epsilon = session->is_searching ? 0.0f : epsilon, /* it is the synapses' */
                      .tau = hd__linear(s->tau, s->tau_end, s->tau_steps, step),
                      .is_greedy = is_greedy,
                      .is_relaxed = !is_greedy && (session->net.def.rule->needs & HD_RULE_RELAXED)};
}

static hd_status not_finite(hd_session *session, const char *what, int b) {
  return hd__fail(session->ctx, HD_NUMERIC,
                  "%s of %s, environment %d, is not finite after step %lld; training stopped there",
                  what, session->env->name, b,
                  (long long)(session->counters->steps * session->B + b));
}

hd_status hd__session_check_obs(hd_session *session, int b) {
  const int n = session->env->n_obs;
  return hd__is_finite(session->obs + b * n, n) ? HD_OK : not_finite(session, "the observation", b);
}

float hd__session_learn_reward(const hd_session *session, double reward, bool terminated) {
  const double scale = session->settings->reward_scale;
  if (session->settings->reward == hd__reward_failure) {
    return terminated ? (float)-scale : 0.0f;
  }
  return (float)(reward * scale);
}

void hd__session_add_return(hd_session *session, double value) {
  session->returns[session->counters->episodes % HD_RETURNS] = value;
  session->counters->episodes++;
  double last[HD_RECENT], sum = 0.0;
  const int n = hd_session_returns(session, last, HD_RECENT);
  for (int i = 0; i < n; i++) {
    sum += last[i];
  }
  session->counters->recent = sum / n;
}

hd__phi hd__session_phi(const hd_session *session, int slot) {
  const int at = (session->phi_at + slot) % (session->n + 1);
  return hd__phi_from(&session->critic, &session->phi, at * session->B);
}

/* Features of what B environments show, their draws numbered, and what they are worth. */
static void value_all(hd_session *session, const hd__phi *phi, uint64_t number) {
  for (int b = 0; session->critic.kind == hd__critic_spiking && b < session->B; b++) {
    session->key[b] = hd__key_make(session->seed, HD_STREAM_CRITIC, (uint64_t)b, number);
  }
  hd__critic_features(&session->critic, session->B, session->obs, session->key, phi);
  hd__critic_values(&session->critic, session->B, phi, session->present);
}

/* The same of environment b alone. */
static void value_one(hd_session *session, int b, const hd__phi *phi, uint64_t number) {
  const hd__phi one = hd__phi_from(&session->critic, phi, b);
  const hd__key key = hd__key_make(session->seed, HD_STREAM_CRITIC, (uint64_t)b, number);
  hd__critic_features(&session->critic, 1, session->obs + b * session->env->n_obs, &key, &one);
  hd__critic_values(&session->critic, 1, &one, session->present + b);
}

hd_status hd__session_value_present(hd_session *session) {
  const hd__phi now = hd__session_phi(session, 0);
  if (session->counters->steps == 0) {
    for (int b = 0; b < session->B; b++) {
      HD_TRY(hd__session_check_obs(session, b));
    }
    value_all(session, &now, UINT64_MAX);
  } else {
    hd__critic_values(&session->critic, session->B, &now, session->present);
  }
  return HD_OK;
}

/* Hand each environment's decision the state that the one before it left. */
static void carry(hd_session *session) {
  const size_t n = hd__net_carried(&session->net);
  for (int b = 0; session->carried != NULL && b < session->B; b++) {
    session->random[b].carried = session->carried + (size_t)b * n;
    session->random[b].is_continued = session->continued[b];
    session->continued[b] = true;
  }
}

/* Decide in every environment and step it. */
static void act(hd_session *session, int slot) {
  const int B = session->B;
  const hd__policy policy = hd__session_policy(session, false);
  const uint64_t step = (uint64_t)session->counters->steps;
  hd__decision *decision = &session->decision[slot];
  for (int b = 0; b < B; b++) {
    session->random[b].step = step;
    session->value[slot * B + b] = session->present[b];
  }
  carry(session);
  hd__net_decide(&session->net, B, session->obs, session->random, &policy, decision);
  hd__net_factors(&session->net, &policy, decision);
  for (int b = 0; b < B; b++) {
    session->action[b] = hd__action_of(session->env, session->levels, decision->action[b]);
  }
  hd_envs_step(session->envs, session->action, session->obs, session->reward, session->terminated,
               session->truncated);
  session->counters->steps++;
}

hd_status hd__session_check_finite(hd_session *session) {
  for (int b = 0; b < session->B; b++) {
    if (!isfinite(session->reward[b])) {
      return not_finite(session, "the reward", b);
    }
    HD_TRY(hd__session_check_obs(session, b));
  }
  return HD_OK;
}

bool hd__session_count_episodes(hd_session *session) {
  bool has_ended = false;
  for (int b = 0; b < session->B; b++) {
    hd__return_add(session->env, session->reward[b], &session->episode_return[b],
                   &session->episode_discount_lost[b]);
    if (session->terminated[b] || session->truncated[b]) {
      hd__session_add_return(session, session->episode_return[b]);
      session->episode_return[b] = 0.0;
      session->episode_discount_lost[b] = 0.0;
      has_ended = true;
    }
  }
  return has_ended;
}

hd_status hd__session_step(hd_session *session, int slot) {
  const int B = session->B;
  const bool zero_terminal = session->settings->zero_terminal;
  const hd__phi next = hd__session_phi(session, slot + 1);
  act(session, slot);
  const uint64_t step = (uint64_t)session->counters->steps - 1;
  HD_TRY(hd__session_check_finite(session));
  value_all(session, &next, 2 * step);
  for (int b = 0; b < B; b++) {
    const int k = slot * B + b;
    session->next_value[k] = session->terminated[b] && zero_terminal ? 0.0f : session->present[b];
    session->learn_reward[k] =
        hd__session_learn_reward(session, session->reward[b], session->terminated[b]);
    session->ended[k] = session->terminated[b] || session->truncated[b];
  }
  if (!hd__session_count_episodes(session)) {
    return HD_OK;
  }
  hd_envs_reset_done(session->envs, session->obs);
  for (int b = 0; b < B; b++) {
    if (session->ended[slot * B + b]) {
      if (session->continued != NULL) {
        session->continued[b] = false;
      }
      HD_TRY(hd__session_check_obs(session, b));
      value_one(session, b, &next, 2 * step + 1);
    }
  }
  return HD_OK;
}
