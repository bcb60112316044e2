/* Greedy episodes and decisions of a session. */
#include "episode.h"
#include "hash.h"
#include "session_internal.h"

enum { BLOCK = HD_PLAYED_TOGETHER };

hd__actor hd__session_actor(hd_session *session, const float *weights) {
  if (session->is_gradient_rl) {
    return hd__gradient_rl_actor(&session->gradient_rl);
  }
  hd__policy policy = hd__session_policy(session, true);
  policy.is_bare = true;
  return hd__net_actor_with(&session->actor, weights, policy);
}

/* By all that can help. */
static hd_status evaluate_block(hd_session *session, const hd__actor *actor, const float *weights,
                                int n, uint64_t first, double *returns) {
  const hd_env_desc *env = session->evaluation.eval_env;
  if (hd__parallel_search_play(session, env, n, first, returns) ||
      hd__evaluators_play(session->evaluators, actor, weights, n, first, returns)) {
    return HD_OK;
  }
  return hd__evaluation_play(&session->evaluation, env, actor, n, first, returns);
}

hd_status hd_session_evaluate(hd_session *session, int episodes, uint64_t round, double *returns,
                              double *mean) {
  if (episodes < 1) {
    return hd__fail(session->ctx, HD_RANGE, "episodes = %d, allowed 1 or more", episodes);
  }
  const float *weights = hd__session_eval_weights(session);
  const hd__actor actor = hd__session_actor(session, weights);
  double sum = 0.0;
  for (int at = 0; at < episodes; at += BLOCK) {
    const int n = episodes - at < BLOCK ? episodes - at : BLOCK;
    double one[BLOCK];
    HD_TRY(evaluate_block(session, &actor, weights, n, (round << 32) + (uint64_t)at, one));
    for (int i = 0; i < n; i++) {
      sum += one[i];
      if (returns != NULL) {
        returns[at + i] = one[i];
      }
    }
  }
  if (mean != NULL) {
    *mean = sum / episodes;
  }
  return HD_OK;
}

hd_status hd_session_decide(hd_session *session, int n, const float *obs, uint64_t step,
                            float *action) {
  if (n < 1) {
    return hd__fail(session->ctx, HD_RANGE, "n = %d observations, allowed 1 or more", n);
  }
  if (!hd__is_finite(obs, n * session->env->n_obs)) {
    return hd__fail(session->ctx, HD_NUMERIC, "an observation to decide on is not finite");
  }
  const hd__actor actor = hd__session_actor(session, hd__session_eval_weights(session));
  const uint64_t seed = hd__mix64(session->seed ^ 0xDEC1DEu);
  hd__evaluation_decide(&session->evaluation, &actor, n, obs, seed, step, action);
  return HD_OK;
}
