/* REINFORCE learns when an episode has ended, from all of it, and from nothing else. */
#include "../train/learners.h"

static int64_t updates_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.updates;
}

static int64_t episodes_of(hd_session *session) {
  hd_stats stats;
  hd_session_stats(session, &stats);
  return stats.episodes;
}

static void weights_change_when_an_episode_ends(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "reinforce", "hidden=8", 3);
  for (int64_t step = 0; step < 300; step++) {
    const uint64_t before = hd_session_hash(session);
    const int64_t ended = episodes_of(session);
    CHECK(hd_session_train(session, 1) == HD_OK);
    CHECK((hd_session_hash(session) != before) == (episodes_of(session) > ended));
  }
  CHECK(episodes_of(session) >= 3);
  CHECK(updates_of(session) == episodes_of(session));
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void an_episode_goes_on_where_it_was_left(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *whole = open_session(ctx, "CartPole-v1", "reinforce", "hidden=8", 3), *other = NULL;
  const char *path = HD_TEST_TMP "/reinforce.hd";
  advance(whole, 101, 1);
  CHECK(hd_session_save(whole, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &other) == HD_OK);
  advance(whole, 400, 1);
  advance(other, 400, 1);
  CHECK(hd_session_hash(whole) == hd_session_hash(other));
  hd_session_destroy(other);
  hd_session_destroy(whole);
  hd_ctx_destroy(ctx);
}

static void what_cuts_episodes_is_refused(void) {
  static const char *const settings[] = {"envs=2", "carry=true", "rollout=499"};
  static const char *const names[] = {"envs = 1", "carry = false", "rollout = 500 or more"};
  hd_ctx *ctx = open_ctx();
  for (int i = 0; i < 3; i++) {
    hd_session *session = NULL;
    CHECK(try_session(ctx, "CartPole-v1", "reinforce", settings[i], 1, &session) == HD_CONFLICT);
    CHECK(strstr(hd_ctx_error(ctx), names[i]) != NULL);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(weights_change_when_an_episode_ends);
  RUN(an_episode_goes_on_where_it_was_left);
  RUN(what_cuts_episodes_is_refused);
  return test_end();
}
