/* Learning: from the experience at hand to a weight update, at every step or per rollout. */
#include <string.h>

#include "gae.h"
#include "schedule.h"
#include "session_internal.h"

/* How far the last 100 episodes fell short of the best known policy, as a share of its lead over a
 * random one; 1 where no such scores are known. */
static float regret(const hd_session *session) {
  const hd_env_desc *env = session->env;
  const double share =
      (env->high_score - session->counters->recent) / (env->high_score - env->low_score);
  return session->counters->episodes == 0 || !isfinite(share) ? 1.0f
                                                              : hd__clampf((float)share, 0, 1);
}

float hd__session_annealed(const hd_session *session) {
  const hd__settings *s = session->settings;
  const int64_t step = session->counters->steps * session->B;
  const int64_t length = s->anneal_steps > 0 ? s->anneal_steps : s->steps;
  switch (s->anneal) {
    case hd__anneal_linear:
      return hd__linear(1.0, s->anneal_to, length, step);
    case hd__anneal_regret:
      return hd__maxf((float)s->anneal_to, regret(session));
    case hd__anneal_exponential:
      return hd__geometric(s->anneal_to, length, step);
    default:
      return 1.0f;
  }
}

static hd_status check_signal(hd_session *session, const float *signal, int n) {
  for (int k = 0; k < n; k++) {
    if (!isfinite(signal[k])) {
      return hd__fail(session->ctx, HD_NUMERIC,
                      "the TD error of method %s on %s is not finite after step %lld: the critic's "
                      "weights have run away; try a smaller alpha_critic",
                      hd_config_method(session->config), session->env->name,
                      (long long)(session->counters->steps * session->B));
    }
  }
  return HD_OK;
}

/* The features of what comes next become those of what is: a step further round the ring on-line,
 * copied where the next rollout needs them to lie together. */
void hd__session_keep_last_features(hd_session *session) {
  const hd__phi now = hd__session_phi(session, 0);
  if (session->phi_at > 0) {
    hd__critic_copy(&session->critic, session->B, &now, &session->phi);
    session->phi_at = 0;
  }
}

void hd__session_update_average(hd_session *session) {
  session->counters->updates++;
  if (session->average == NULL) {
    return;
  }
  const float rate = hd__average_rate(session->settings->average, session->counters->updates);
  for (size_t i = 0; i < session->net.n_weights; i++) {
    session->average[i] += rate * (session->net.weights[i] - session->average[i]);
  }
}

hd_status hd__session_online(hd_session *session) {
  const float gamma = (float)session->settings->gamma;
  const hd__phi now = hd__session_phi(session, 0), next = hd__session_phi(session, 1);
  HD_TRY(hd__session_step(session, 0));
  for (int b = 0; b < session->B; b++) {
    session->advantage[b] =
        session->learn_reward[b] + gamma * session->next_value[b] - session->value[b];
  }
  HD_TRY(check_signal(session, session->advantage, session->B));
  hd__rule_update_online(&session->learner, session->advantage, session->decision, &now, &next,
                         hd__session_annealed(session), session->present);
  hd__session_update_average(session);
  for (int b = 0; b < session->B; b++) {
    if (session->ended[b]) {
      hd__rule_update_forget(&session->learner, b);
    }
  }
  session->phi_at = 1 - session->phi_at;
  return HD_OK;
}

/* Mean of the advantages, and what to multiply them by. */
static void normaliser(const hd_session *session, int n, float *mean, float *scale) {
  const hd__settings *s = session->settings;
  double sum = 0.0, squares = 0.0;
  for (int k = 0; k < n; k++) {
    sum += (double)session->advantage[k];
    squares += (double)session->advantage[k] * (double)session->advantage[k];
  }
  const double m = sum / n, variance = squares / n - m * m;
  const double deviation = sqrt(variance > 0.0 ? variance : 0.0);
  *mean = s->normalise ? (float)m : 0.0f;
  *scale = s->normalise
               ? (float)(1.0 / (deviation > s->normalise_floor ? deviation : s->normalise_floor))
               : 1.0f;
}

hd_status hd__session_rollout(hd_session *session) {
  const hd__settings *s = session->settings;
  const int n = session->n, B = session->B;
  for (int slot = 0; slot < n; slot++) {
    HD_TRY(hd__session_step(session, slot));
  }
  hd__gae(n, B, (float)s->gamma, (float)s->lambda, session->learn_reward, session->value,
          session->next_value, session->ended, session->advantage);
  HD_TRY(check_signal(session, session->advantage, n * B));
  float mean, scale;
  normaliser(session, n * B, &mean, &scale);
  hd__rule_update_rollout(&session->learner, n, session->advantage, mean, scale, session->decision,
                          &session->phi, hd__session_annealed(session));
  hd__session_update_average(session);
  session->phi_at = n;
  hd__session_keep_last_features(session);
  hd__critic_values(&session->critic, B, &session->phi, session->present);
  return HD_OK;
}
