/* Learning by gradients: the algorithm acts, is told what followed, and learns when it will. */
#include <string.h>

#include "session_internal.h"

static void deep_decide(void *self, int rows, const float *obs, const hd__draw *draw,
                        float *action) {
  hd__deep_decide(self, rows, obs, draw, action);
}

hd__actor hd__deep_actor(hd__deep *deep) {
  return (hd__actor){.self = deep, .decide = deep_decide};
}

hd_status hd__session_deepen(hd_session *session) {
  const int B = session->B;
  hd__deep *deep = &session->deep;
  const hd__moment moment = {.obs = session->before,
                             .action = session->action,
                             .reward = session->deep_reward,
                             .next = session->next,
                             .terminated = session->terminated,
                             .truncated = session->truncated};
  if (session->counters->steps == 0) {
    for (int b = 0; b < B; b++) {
      HD_TRY(hd__session_seen(session, b));
    }
  }
  const size_t size = sizeof(float) * (size_t)B * (size_t)session->env->n_obs;
  memcpy(session->before, session->obs, size);
  deep->desc->act(deep, session->before, session->action);
  hd_envs_step(session->envs, session->action, session->obs, session->reward, session->terminated,
               session->truncated);
  session->counters->steps++;
  HD_TRY(hd__session_sound(session));
  memcpy(session->next, session->obs, size);
  if (hd__session_note(session)) {
    hd_envs_reset_done(session->envs, session->obs);
    for (int b = 0; b < B; b++) {
      HD_TRY(hd__session_seen(session, b));
    }
  }
  for (int b = 0; b < B; b++) {
    session->deep_reward[b] =
        (double)hd__session_learn_reward(session, session->reward[b], session->terminated[b]);
  }
  deep->factor = hd__session_annealed(session);
  HD_TRY(hd__deep_tell(deep, &moment));
  session->counters->updates = deep->clock[1];
  return HD_OK;
}
