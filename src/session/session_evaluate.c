/* Greedy episodes and decisions of a session. */
#include <limits.h>

#include "env_check.h"
#include "episode.h"
#include "session_internal.h"

enum { BLOCK = HD_PLAYED_TOGETHER };

/* On several threads, if the learner has a way to. */
static hd_status session_evaluate_block(hd_session *session, const hd__actor *actor, int n,
                                        uint64_t first, double *returns) {
  hd__learner *learner = &session->learner;
  const hd_env_desc *env = session->evaluation.eval_env;
  if ((learner->desc->play != NULL && learner->desc->play(learner, env, n, first, returns)) ||
      (session->evaluators != NULL &&
       hd__evaluators_play(session->evaluators, actor, n, first, returns))) {
    return HD_OK;
  }
  return hd__evaluation_play(&session->evaluation, env, actor, n, first, returns);
}

hd_status hd_session_evaluate_from(hd_session *session, int first, int episodes, uint64_t round,
                                   double *returns) {
  if (first < 0 || episodes < 1 || first > INT_MAX - episodes) {
    return hd__fail(session->ctx, HD_RANGE, "%d episodes from %d, allowed 1 or more from 0",
                    episodes, first);
  }
  HD_TRY(hd__session_check_finite(session));
  const hd__actor actor = session->learner.desc->actor(&session->learner);
  for (int at = 0; at < episodes; at += BLOCK) {
    const int n = episodes - at < BLOCK ? episodes - at : BLOCK;
    const uint64_t number = (round << 32) + (uint64_t)first + (uint64_t)at;
    HD_TRY(session_evaluate_block(session, &actor, n, number, returns + at));
  }
  return HD_OK;
}

hd_status hd_session_evaluate(hd_session *session, int episodes, uint64_t round, double *returns,
                              double *mean) {
  if (episodes < 1) {
    return hd__fail(session->ctx, HD_RANGE, "episodes = %d, allowed 1 or more", episodes);
  }
  double sum = 0.0;
  for (int at = 0; at < episodes; at += BLOCK) {
    const int n = episodes - at < BLOCK ? episodes - at : BLOCK;
    double one[BLOCK];
    HD_TRY(hd_session_evaluate_from(session, at, n, round, one));
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

/* Are there observations, finite ones, whose integers the task has? `use`: what for. */
static hd_status session_check_obs(const hd_session *session, int n, const float *obs,
                                   const char *use) {
  if (n < 1) {
    return hd__fail(session->ctx, HD_RANGE, "n = %d observations, allowed 1 or more", n);
  }
  if (!hd__is_finite(obs, (size_t)n * (size_t)session->env->n_obs)) {
    return hd__fail(session->ctx, HD_NUMERIC, "an observation to %s is not finite", use);
  }
  const hd_env_desc *env = session->env;
  const float *stray = hd__env_stray_integer(env, n, obs);
  if (stray != NULL) {
    const hd_dim *dim = &env->obs[(stray - obs) % env->n_obs];
    return hd__fail(session->ctx, HD_RANGE,
                    "an observation to %s has %s = %g, allowed: whole numbers 0 to %d", use,
                    dim->name, (double)*stray, dim->count - 1);
  }
  return HD_OK;
}

hd_status hd_session_value(hd_session *session, int n, const float *obs, float *value) {
  hd__learner *learner = &session->learner;
  HD_TRY(session_check_obs(session, n, obs, "value"));
  for (int i = 0; i < n; i++) {
    if (learner->desc->value == NULL ||
        !learner->desc->value(learner, obs + i * session->env->n_obs, value + i)) {
      return hd__fail(session->ctx, HD_CONFLICT,
                      "method %s gives no values to observations; methods with a critic and those "
                      "that value actions do",
                      hd_config_method(session->config));
    }
  }
  return HD_OK;
}

static hd__actor session_actor(hd_session *session, bool explore) {
  const hd__learner_desc *desc = session->learner.desc;
  return (explore && desc->explorer != NULL ? desc->explorer : desc->actor)(&session->learner);
}

/* What the draws of decisions depend on besides their numbers. */
static uint64_t session_decision_seed(const hd_session *session, bool explore, uint64_t seed) {
  return hd__mix64(session->seed ^ (explore ? hd__mix64(0x5A3B1Eu + seed) : 0xDEC1DEu));
}

/* Somebody may look at decisions about one observation. */
static void session_show_decided(hd_session *session, int n) {
  if (n == 1 && session->learner.shown != NULL && session->learner.shown_env == HD_DECISIONS) {
    session->learner.desc->repeat_decided(&session->learner);
  }
}

hd_status hd_session_sample(hd_session *session, int n, const float *obs, uint64_t seed,
                            uint64_t step, float *action) {
  HD_TRY(session_check_obs(session, n, obs, "decide on"));
  const hd__actor actor = session_actor(session, true);
  return hd__evaluation_decide(&session->evaluation, &actor, n, obs,
                               session_decision_seed(session, true, seed), step, action);
}

hd_status hd_session_decide(hd_session *session, int n, const float *obs, uint64_t step,
                            float *action) {
  HD_TRY(session_check_obs(session, n, obs, "decide on"));
  const hd__actor actor = session_actor(session, false);
  HD_TRY(hd__evaluation_decide(&session->evaluation, &actor, n, obs,
                               session_decision_seed(session, false, 0), step, action));
  session_show_decided(session, n);
  return HD_OK;
}

size_t hd_session_state_size(hd_session *session) {
  const hd__actor actor = session_actor(session, false);
  return hd__actor_state_size(&actor);
}

static hd_status session_check_states(const hd_session *session, int n, const uint64_t *step,
                                      const float *state, size_t size) {
  for (int i = 0; i < n; i++) {
    if (step[i] > 0 && size > 0 && !hd__is_finite(state + (size_t)i * size, size)) {
      return hd__fail(session->ctx, HD_NUMERIC, "a state to go on from is not finite");
    }
  }
  return HD_OK;
}

hd_status hd_session_act(hd_session *session, int n, const float *obs, bool explore, uint64_t seed,
                         const uint64_t *step, float *state, float *action) {
  HD_TRY(session_check_obs(session, n, obs, "decide on"));
  const hd__actor actor = session_actor(session, explore);
  HD_TRY(session_check_states(session, n, step, state, hd__actor_state_size(&actor)));
  HD_TRY(hd__evaluation_act(&session->evaluation, &actor, n, obs,
                            session_decision_seed(session, explore, seed), step, state, action));
  if (!explore) {
    session_show_decided(session, n);
  }
  return HD_OK;
}
