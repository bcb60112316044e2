/* Greedy episodes on random streams of their own, several side by side. */
#include "hash.h"
#include "samples.h"
#include "session_internal.h"

/* Where a task sets no limit, a greedy policy may go round in circles for ever. */
enum { LONGEST_EPISODE = 10000 };

/* Episodes are started as rows fall free, and their returns are added up in the order of their
 * numbers: how many rows there are does not matter. */
enum { BLOCK = HD_PLAYED_TOGETHER };

static void start_episode(hd_session *session, int row, int index, uint64_t number) {
  const uint64_t seed = hd__mix64(session->seed ^ hd__mix64(0xE7A1u + number));
  session->eval_row[row] = (hd__eval_row){.index = index};
  uint64_t stream = 0;
  if (session->is_observed) { /* what is learned from draws asks for new ones every time */
    hd__observer_forget(&session->observer, &session->net, row);
    stream = (uint64_t)session->search.counters->generation;
  }
  session->eval_draw[row] = hd__draw_make(seed, stream, 0);
  hd__envs_start(session->eval_envs, row, seed, session->eval_obs + row * session->env->n_obs);
}

static hd_status not_finite(hd_session *session) {
  return hd__fail(session->ctx, HD_NUMERIC,
                  "%s gave a reward or an observation that is not finite while being "
                  "evaluated",
                  session->env->name);
}

/* Log probability of the right answer to what a row was shown. */
static double likelihood(const hd_session *session, int row) {
  const void *state = hd_envs_state(session->eval_envs, row);
  const int right = hd__samples_right(session->env, state);
  const float p = session->net.pi[row * HD_PAD(session->net.def.n_actions) + right];
  return (double)hd__logf(hd__maxf(p, 1e-30f)) / hd__samples_per_episode(session->env);
}

static void observe(hd_session *session, int rows) {
  for (int row = 0; row < rows; row++) {
    session->eval_counts[row] = session->eval_row[row].index >= 0;
    session->eval_learn[row] =
        hd__session_learn_reward(session, session->eval_reward[row], session->eval_terminated[row]);
  }
  hd__observer_note(&session->observer, &session->net, &session->eval_decision, session->eval_learn,
                    session->eval_counts);
}

/* Decide in every row, numbered by eval_draw. */
static void decide(hd_session *session, int rows, const float *obs, const hd__policy *policy,
                   float *action) {
  if (session->is_deep) {
    for (int row = 0; row < rows; row++) {
      session->eval_fresh[row] = session->eval_draw[row].step == 0;
    }
    hd__deep_decide(&session->deep, rows, obs, session->eval_fresh, action);
    return;
  }
  hd__net_decide(&session->net, rows, obs, session->eval_draw, policy, &session->eval_decision);
  for (int row = 0; row < rows; row++) {
    hd__session_act(session, session->eval_decision.action[row],
                    action + row * session->env->n_act);
  }
}

/* One step of every row. */
static hd_status step_rows(hd_session *session, int rows, const hd__policy *policy) {
  const int n_obs = session->env->n_obs;
  if (!hd__session_is_finite(session->eval_obs, rows * n_obs)) {
    return not_finite(session);
  }
  decide(session, rows, session->eval_obs, policy, session->eval_action);
  if (session->is_observed) {
    hd__net_factors(&session->net, policy, &session->eval_decision);
  }
  for (int row = 0; session->is_graded && row < rows; row++) {
    session->eval_row[row].likelihood += likelihood(session, row);
  }
  hd_envs_step(session->eval_envs, session->eval_action, session->eval_obs, session->eval_reward,
               session->eval_terminated, session->eval_truncated);
  for (int row = 0; row < rows; row++) {
    hd__eval_row *r = &session->eval_row[row];
    hd__session_score(session->eval_env, session->eval_reward[row], &r->sum, &r->worth);
    session->played += r->index >= 0;
    session->eval_draw[row].step++;
    if (!isfinite(r->sum)) {
      return not_finite(session);
    }
  }
  if (session->is_observed) {
    observe(session, rows);
  }
  return HD_OK;
}

static bool is_over(const hd_session *session, int row) {
  const bool is_endless = session->eval_env->max_steps <= 0;
  return session->eval_terminated[row] || session->eval_truncated[row] ||
         (is_endless && session->eval_draw[row].step >= LONGEST_EPISODE);
}

hd_status hd__session_play(hd_session *session, const hd_env_desc *env, int n, uint64_t first,
                           double *returns, double *likelihood) {
  hd__policy policy = hd__session_policy(session, !session->is_drawing);
  policy.is_bare = !session->is_observed && likelihood == NULL;
  const int rows = n < session->eval_rows ? n : session->eval_rows;
  int begun = 0, ended = 0;
  session->is_graded = likelihood != NULL;
  session->eval_env = env;
  session->eval_envs =
      hd__envs_place(session->eval_memory, env, rows, 0,
                     session->settings->rng == hd__rng_gymnasium ? HD_RNG_GYMNASIUM : HD_RNG_NATIVE,
                     session->kernel);
  hd__envs_embody(session->eval_envs,
                  env == session->env ? &session->eval_bodies : &session->judge_bodies);
  for (; begun < rows; begun++) {
    start_episode(session, begun, begun, first + (uint64_t)begun);
  }
  while (ended < n) {
    HD_TRY(step_rows(session, rows, &policy));
    for (int row = 0; row < rows; row++) {
      hd__eval_row *r = &session->eval_row[row];
      if (r->rests || !is_over(session, row)) {
        continue;
      }
      if (r->index >= 0) {
        returns[r->index] = r->sum;
        if (likelihood != NULL) {
          likelihood[r->index] = r->likelihood;
        }
        ended++;
      }
      const bool has_more = begun < n;
      if (!has_more && hd__envs_rest(session->eval_envs, row)) {
        *r = (hd__eval_row){.index = -1, .rests = true};
        session->eval_reward[row] = 0.0;
        continue;
      }
      start_episode(session, row, has_more ? begun : -1, first + (uint64_t)(has_more ? begun : 0));
      begun += has_more;
    }
  }
  return HD_OK;
}

/* Under the weights by which the session is judged, by its crew if it has one. */
static hd_status play_judged(hd_session *session, int n, uint64_t first, double *returns) {
  const hd_env_desc *judge = hd__session_judge(session);
  if (hd__crew_play(session, judge, n, first, returns)) {
    return HD_OK;
  }
  float *weights = session->net.weights;
  session->net.weights = hd__session_judged(session);
  const hd_status status = hd__session_play(session, judge, n, first, returns, NULL);
  session->net.weights = weights;
  return status;
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
    HD_TRY(play_judged(session, n, (round << 32) + (uint64_t)at, one));
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
  const int n_obs = session->env->n_obs, n_act = session->env->n_act;
  if (n < 1) {
    return hd__fail(session->ctx, HD_RANGE, "n = %d observations, allowed 1 or more", n);
  }
  if (!hd__session_is_finite(obs, n * n_obs)) {
    return hd__fail(session->ctx, HD_NUMERIC, "an observation to decide on is not finite");
  }
  hd__policy policy = hd__session_policy(session, true);
  policy.is_bare = true;
  const uint64_t seed = hd__mix64(session->seed ^ 0xDEC1DEu);
  float *weights = session->net.weights;
  session->net.weights = hd__session_judged(session);
  for (int at = 0; at < n; at += session->eval_rows) {
    const int rows = n - at < session->eval_rows ? n - at : session->eval_rows;
    for (int row = 0; row < rows; row++) {
      session->eval_draw[row] = hd__draw_make(seed, (uint64_t)(at + row), step);
    }
    decide(session, rows, obs + at * n_obs, &policy, action + at * n_act);
  }
  session->net.weights = weights;
  return HD_OK;
}
