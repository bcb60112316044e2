/* Looking into a learner's network. */
#include "session_internal.h"

void hd__session_restart_shown(hd_session *session) {
  hd__learner *learner = &session->learner;
  if (learner->shown != NULL) {
    hd_network_reset(learner->shown);
    learner->desc->begin_shown(learner);
  }
}

static hd_status session_network_show(hd_session *session) {
  hd__learner *learner = &session->learner;
  if (learner->desc->show == NULL) {
    return hd__fail(session->ctx, HD_CONFLICT,
                    "method %s evaluates one candidate after the other, and there is no network "
                    "that acts all the time; networks are shown of learners by rules or gradients",
                    hd_config_method(session->config));
  }
  return learner->desc->show(learner, &learner->shown);
}

hd_status hd_session_network(hd_session *session, int env, hd_network **out) {
  hd__learner *learner = &session->learner;
  if (env < 0 || env >= session->training.B) {
    return hd__fail(session->ctx, HD_RANGE, "env = %d, allowed 0 to %d", env,
                    session->training.B - 1);
  }
  if (learner->shown == NULL) {
    HD_TRY(session_network_show(session));
  }
  learner->shown_env = env;
  hd__session_restart_shown(session);
  *out = learner->shown;
  return HD_OK;
}
