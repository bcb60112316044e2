/* Acting: decide in every environment, step them, note what happened. */
#include <string.h>

#include "session_internal.h"

void hd__session_act(const hd_session *session, int choice, float *action) {
  action[0] = session->env->act[0].count > 0 ? (float)choice : session->levels[choice];
}

void hd__session_score(const hd_env_desc *env, double reward, double *sum, double *worth) {
  *sum += (1.0 - *worth) * reward;
  *worth = env->discount > 0.0 ? 1.0 - (1.0 - *worth) * env->discount : 0.0;
}

bool hd__session_is_finite(const float *obs, int n) {
  for (int i = 0; i < n; i++) {
    if (!isfinite(obs[i])) {
      return false;
    }
  }
  return true;
}

static hd_status not_finite(hd_session *session, const char *what, int b) {
  return hd__fail(session->ctx, HD_NUMERIC,
                  "%s of %s, environment %d, is not finite after step %lld; training stopped there",
                  what, session->env->name, b,
                  (long long)(session->counters->steps * session->B + b));
}

hd_status hd__session_seen(hd_session *session, int b) {
  const int n = session->env->n_obs;
  return hd__session_is_finite(session->obs + b * n, n) ? HD_OK
                                                        : not_finite(session, "the observation", b);
}

/* The reward that teaches. */
static float learn_reward(const hd_session *session, int b) {
  const double scale = session->settings->reward_scale;
  if (session->settings->reward == hd__reward_failure) {
    return session->terminated[b] ? (float)-scale : 0.0f;
  }
  return (float)(session->reward[b] * scale);
}

static void count_episode(hd_session *session, int b) {
  session->returns[session->counters->episodes % HD_RETURNS] = session->episode_return[b];
  session->counters->episodes++;
  session->episode_return[b] = 0.0;
  session->episode_worth[b] = 0.0;
  double last[HD_RECENT], sum = 0.0;
  const int n = hd_session_returns(session, last, HD_RECENT);
  for (int i = 0; i < n; i++) {
    sum += last[i];
  }
  session->counters->recent = sum / n;
}

hd_status hd__session_step(hd_session *session, int slot) {
  const int n_obs = session->env->n_obs, B = session->B;
  const hd__settings *s = session->settings;
  const hd__policy policy = hd__session_policy(session, false);
  const uint64_t step = (uint64_t)session->counters->steps;
  hd__phi *next = slot + 1 < session->n ? session->phi + (slot + 1) * B : session->next_phi;
  for (int b = 0; b < B; b++) {
    const int k = slot * B + b;
    const float *obs = session->obs + b * n_obs;
    const hd__draw draw = {.seed = session->seed, .env = (uint64_t)b, .step = step};
    hd__net_decide(&session->net, obs, draw, &policy, &session->decision[k]);
    hd__net_factors(&session->net, &policy, &session->decision[k]);
    hd__session_act(session, session->decision[k].action, session->action + b);
    session->value[k] = session->present[b];
  }
  hd_envs_step(session->envs, session->action, session->obs, session->reward, session->terminated,
               session->truncated);
  session->counters->steps++;
  for (int b = 0; b < B; b++) {
    const int k = slot * B + b;
    if (!isfinite(session->reward[b])) {
      return not_finite(session, "the reward", b);
    }
    HD_TRY(hd__session_seen(session, b));
    const hd__key key = hd__key_make(session->seed, HD_STREAM_CRITIC, (uint64_t)b, 2 * step);
    hd__critic_features(&session->critic, session->obs + b * n_obs, key, &next[b]);
    const bool is_over = session->terminated[b] && s->zero_terminal;
    session->present[b] = hd__critic_value(&session->critic, &next[b]);
    session->next_value[k] = is_over ? 0.0f : session->present[b];
    session->learn_reward[k] = learn_reward(session, b);
    session->ended[k] = session->terminated[b] || session->truncated[b];
    hd__session_score(session->env, session->reward[b], &session->episode_return[b],
                      &session->episode_worth[b]);
    if (session->ended[k]) {
      count_episode(session, b);
    }
  }
  hd_envs_reset_done(session->envs, session->obs);
  for (int b = 0; b < B; b++) {
    if (session->ended[slot * B + b]) {
      HD_TRY(hd__session_seen(session, b));
      const hd__key key = hd__key_make(session->seed, HD_STREAM_CRITIC, (uint64_t)b, 2 * step + 1);
      hd__critic_features(&session->critic, session->obs + b * n_obs, key, &next[b]);
      session->present[b] = hd__critic_value(&session->critic, &next[b]);
    }
  }
  return HD_OK;
}
