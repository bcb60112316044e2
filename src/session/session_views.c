/* What a session shows of itself: arrays, a hash of the weights, returns, activity of layers. */
#include <math.h>

#include "session_internal.h"

uint64_t hd_session_hash(const hd_session *session) {
  return session->learner.desc->hash(&session->learner);
}

int hd_session_view_count(const hd_session *session) { return session->arena.n_views; }

hd_view hd_session_view_at(const hd_session *session, int index) {
  return session->arena.view[index];
}

const hd_config *hd_session_config(const hd_session *session) { return session->config; }

int hd_session_returns(const hd_session *session, double *returns, int capacity) {
  return capacity > 0 ? hd__training_returns(&session->training, returns, capacity) : 0;
}

void hd__session_read_stats(const hd_session *session, hd_stats *out) {
  const hd__counters *counters = session->training.counters;
  *out = (hd_stats){.seed = session->seed,
                    .env_steps = hd__training_steps(&session->training),
                    .episodes = counters->episodes,
                    .updates = counters->updates,
                    .cpu_s = counters->cpu_s,
                    .recent = counters->episodes > 0 ? counters->recent : NAN};
  session->learner.desc->activity(&session->learner, out);
}

void hd__session_count_reset(hd_session *session) {
  session->learner.desc->reset_activity(&session->learner);
}

void hd_session_stats(hd_session *session, hd_stats *out) {
  hd__session_read_stats(session, out);
  hd__session_count_reset(session);
}
