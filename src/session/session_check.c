/* Is what a session has learned still made of numbers? */
#include <string.h>

#include "is_finite.h"
#include "session_internal.h"

/* Arrays of what was experienced, not of what was learned: checked as it comes in. */
static bool session_check_is_past(const hd_view *view) {
  static const char *const names[] = {"replay.", "rollout.",      "obs",
                                      "phi",     "actor.carried", "state"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strncmp(view->name, names[i], strlen(names[i])) == 0) {
      return true;
    }
  }
  return false;
}

static bool session_check_is_finite(const hd_view *view) {
  const size_t n = (size_t)view->shape[0] * (size_t)view->shape[1];
  return strcmp(view->dtype, "F32") != 0 || session_check_is_past(view) ||
         hd__is_finite(view->data, n);
}

hd_status hd__session_check_finite(const hd_session *session) {
  for (int i = 0; i < session->arena.n_views; i++) {
    const hd_view *view = &session->arena.view[i];
    if (!session_check_is_finite(view)) {
      return hd__fail(session->ctx, HD_NUMERIC,
                      "array '%s' of the learner by method %s on %s holds a number that is not "
                      "finite after step %lld; try a smaller alpha, or a smaller reward_scale",
                      view->name, hd_config_method(session->config), session->env->name,
                      (long long)hd__training_steps(&session->training));
    }
  }
  return HD_OK;
}

/* Numbers that may be looked at for every step, so that looking costs little. */
enum { LOOKED_AT = 16 };

int64_t hd__session_check_every(const hd_session *session) {
  int64_t n = 0;
  for (int i = 0; i < session->arena.n_views; i++) {
    const hd_view *view = &session->arena.view[i];
    n += session_check_is_past(view) ? 0 : view->shape[0] * view->shape[1];
  }
  return (n + LOOKED_AT - 1) / LOOKED_AT;
}

hd_status hd__session_check_sometimes(hd_session *session) {
  const int64_t steps = hd__training_steps(&session->training);
  if (steps - session->checked_at < session->check_every) {
    return HD_OK;
  }
  session->checked_at = steps;
  return hd__session_check_finite(session);
}
