/* Looking into a learner's network. */
#include "session_internal.h"

void hd__session_restart_shown(hd_session *session) {
  hd__learner *learner = &session->learner;
  if (learner->shown != NULL) {
    hd_network_reset(learner->shown);
  }
  if (hd__learner_shows_training(learner)) {
    learner->desc->begin_shown(learner);
  }
}

static hd_status session_network_check(const hd_session *session, int env) {
  if (env != HD_DECISIONS && (env < 0 || env >= session->training.B)) {
    return hd__fail(session->ctx, HD_RANGE, "env = %d, allowed 0 to %d, or HD_DECISIONS (%d)", env,
                    session->training.B - 1, HD_DECISIONS);
  }
  if (session->learner.desc->show == NULL) {
    return hd__fail(session->ctx, HD_CONFLICT,
                    "method %s has no network of populations joined by projections to look into; "
                    "what it keeps is in the session's arrays",
                    hd_config_method(session->config));
  }
  if (env != HD_DECISIONS && session->learner.desc->begin_shown == NULL) {
    return hd__fail(session->ctx, HD_CONFLICT,
                    "method %s evaluates one candidate after the other, and there is no network "
                    "that acts all the time; look at its decisions instead (HD_DECISIONS)",
                    hd_config_method(session->config));
  }
  return HD_OK;
}

hd_status hd_session_network(hd_session *session, int env, hd_network **out) {
  hd__learner *learner = &session->learner;
  HD_TRY(session_network_check(session, env));
  if (learner->shown == NULL) {
    HD_TRY(learner->desc->show(learner, &learner->shown));
  }
  learner->shown_env = env;
  hd__session_restart_shown(session);
  *out = learner->shown;
  return HD_OK;
}
