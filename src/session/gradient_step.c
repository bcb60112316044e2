/* Learning by gradients: the algorithm acts, is told what followed, and learns when it will. */
#include <string.h>

#include "session_internal.h"

static void deep_decide(void *self, int rows, const float *obs, const hd__random_base *draw,
                        float *action) {
  hd__gradient_rl_decide(self, rows, obs, draw, action);
}

hd__actor hd__gradient_rl_actor(hd__gradient_rl *rl) {
  return (hd__actor){.self = rl, .decide = deep_decide};
}

hd_status hd__session_gradient_step(hd_session *session) {
  const int B = session->B;
  hd__gradient_rl *rl = &session->gradient_rl;
  const hd__transition transition = {.obs = session->before,
                                     .action = session->action,
                                     .reward = session->gradient_reward,
                                     .next = session->next,
                                     .terminated = session->terminated,
                                     .truncated = session->truncated};
  if (session->counters->steps == 0) {
    for (int b = 0; b < B; b++) {
      HD_TRY(hd__session_check_obs(session, b));
    }
  }
  const size_t size = sizeof(float) * (size_t)B * (size_t)session->env->n_obs;
  memcpy(session->before, session->obs, size);
  rl->desc->act(rl, session->before, session->action);
  hd_envs_step(session->envs, session->action, session->obs, session->reward, session->terminated,
               session->truncated);
  session->counters->steps++;
  HD_TRY(hd__session_check_finite(session));
  memcpy(session->next, session->obs, size);
  if (hd__session_count_episodes(session)) {
    hd_envs_reset_done(session->envs, session->obs);
    for (int b = 0; b < B; b++) {
      HD_TRY(hd__session_check_obs(session, b));
    }
  }
  for (int b = 0; b < B; b++) {
    session->gradient_reward[b] =
        (double)hd__session_learn_reward(session, session->reward[b], session->terminated[b]);
  }
  rl->factor = hd__session_annealed(session);
  HD_TRY(hd__gradient_rl_observe_transition(rl, &transition));
  session->counters->updates = rl->clock[1];
  return HD_OK;
}
