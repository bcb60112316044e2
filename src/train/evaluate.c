/* Greedy episodes on random streams of their own. */
#include "hash.h"
#include "session_internal.h"

/* Where a task sets no limit, a greedy policy may go round in circles for ever. */
enum { LONGEST_EPISODE = 10000 };

/* One episode of the given number; its return, or NAN if a number went wrong. */
static double episode(hd_session *session, uint64_t number) {
  const hd__settings *s = session->settings;
  const uint64_t seed = hd__mix64(session->seed ^ hd__mix64(0xE7A1u + number));
  hd_envs *envs = hd__envs_place(session->eval_memory, session->env, 1, seed,
                                 s->rng == hd__rng_gymnasium ? HD_RNG_GYMNASIUM : HD_RNG_NATIVE,
                                 session->net.kernel);
  hd__policy policy = hd__session_policy(session, true);
  double sum = 0.0, reward = 0.0, worth = 0.0;
  bool terminated = false, truncated = false;
  hd_envs_reset(envs, session->eval_obs);
  const uint64_t limit = session->env->max_steps > 0 ? UINT64_MAX : LONGEST_EPISODE;
  for (uint64_t step = 0; !terminated && !truncated && step < limit; step++) {
    if (!isfinite(sum) || !hd__session_is_finite(session->eval_obs, session->env->n_obs)) {
      return NAN;
    }
    const hd__draw draw = {.seed = seed, .env = 0, .step = step};
    float action[HD_MAX_DIMS] = {0};
    hd__net_decide(&session->net, session->eval_obs, draw, &policy, &session->eval_decision);
    hd__session_act(session, session->eval_decision.action, action);
    hd_envs_step(envs, action, session->eval_obs, &reward, &terminated, &truncated);
    hd__session_score(session->env, reward, &sum, &worth);
  }
  return sum;
}

hd_status hd_session_evaluate(hd_session *session, int episodes, uint64_t round, double *returns,
                              double *mean) {
  if (episodes < 1) {
    return hd__fail(session->ctx, HD_RANGE, "episodes = %d, allowed 1 or more", episodes);
  }
  double sum = 0.0;
  for (int i = 0; i < episodes; i++) {
    float *weights = session->net.weights;
    session->net.weights = hd__session_judged(session);
    const double one = episode(session, (round << 32) + (uint64_t)i);
    session->net.weights = weights;
    if (!isfinite(one)) {
      return hd__fail(session->ctx, HD_NUMERIC,
                      "%s gave a reward or an observation that is not finite while being "
                      "evaluated",
                      session->env->name);
    }
    sum += one;
    if (returns != NULL) {
      returns[i] = one;
    }
  }
  if (mean != NULL) {
    *mean = sum / episodes;
  }
  return HD_OK;
}

hd_status hd_session_decide(hd_session *session, int n, const float *obs, uint64_t step,
                            float *action) {
  const int n_obs = session->env->n_obs, n_act = session->env->n_act;
  if (n < 1) {
    return hd__fail(session->ctx, HD_RANGE, "n = %d observations, allowed 1 or more", n);
  }
  if (!hd__session_is_finite(obs, n * n_obs)) {
    return hd__fail(session->ctx, HD_NUMERIC, "an observation to decide on is not finite");
  }
  const hd__policy policy = hd__session_policy(session, true);
  const uint64_t seed = hd__mix64(session->seed ^ 0xDEC1DEu);
  float *weights = session->net.weights;
  session->net.weights = hd__session_judged(session);
  for (int i = 0; i < n; i++) {
    const hd__draw draw = {.seed = seed, .env = (uint64_t)i, .step = step};
    hd__net_decide(&session->net, obs + i * n_obs, draw, &policy, &session->eval_decision);
    hd__session_act(session, session->eval_decision.action, action + i * n_act);
  }
  session->net.weights = weights;
  return HD_OK;
}
