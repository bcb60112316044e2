/* One learner on several threads gives what it gives on one: weights, episodes of evaluations, and
 * what a checkpoint of either goes on to. */
#include "../train/learners.h"
#include "session_internal.h"

enum { EPISODES = 7 };

typedef struct run {
  const char *task, *method, *settings;
  int64_t steps, slice;
  bool may_lack; /* its environment stands on another library */
} run;

#define REPLAY "replay.size=2000 replay.learning_starts=70 replay.batch=70 hidden=12 "

/* One of every kind of learner that has use for threads; batches of more than one block. */
static const run runs[] = {
    {"CartPole-v1", "neuron-agent", "hidden=20", 400, 100, false},
    {"CartPole-v1", "neuron-agent-online", "hidden=20", 400, 100, false},
    {"CartPole-v1", "neuron-agent-settle", "hidden=20", 400, 100, false},
    {"CartPole-v1", "reinforce", "hidden=20", 800, 100, false},
    {"CartPole-v1", "a2c", "hidden=20 envs=6 rollout=16 average=0.9", 384, 96, false},
    {"CartPole-v1", "a2c", "hidden=20 envs=6 rollout=16 carry=true", 384, 96, false},
    {"CartPole-v1", "ppo", "hidden=20 envs=8 rollout=16 ppo.minibatch=128 ppo.epochs=2", 256, 128,
     false},
    {"CartPole-v1", "layer-agent-ppo",
     "hidden=20,9 critic.hidden=12,9 layer.above=true envs=8 rollout=16 ppo.minibatch=128 "
     "ppo.epochs=2",
     256, 128, false},
    {"CartPole-v1", "narla", "hidden=6", 400, 100, false},
    {"CartPole-v1", "svpg", "hidden=8", 400, 100, false},
    {"CartPole-v1", "dqn", REPLAY "replay.train_every=4", 160, 40, false},
    {"Pendulum-v1", "td3", REPLAY "critic.hidden=12 td3.proxy=true td3.proxy_steps=2", 96, 16,
     false},
    {"Pendulum-v1", "td3", REPLAY "critic.hidden=12", 96, 16, false},
    {"Pendulum-v1", "td3",
     REPLAY "critic.hidden=12 replay.train_every=2 replay.gradient_steps=3 average=0.9", 96, 19,
     false},
    {"Pendulum-v1", "sac", REPLAY "critic.hidden=12", 96, 16, false},
    {"LunarLander-v3", "ppo", "hidden=20 envs=4 rollout=32 ppo.minibatch=64 ppo.epochs=2", 256, 128,
     true},
    {"InvertedPendulum-v4", "ppo", "hidden=20 envs=4 rollout=32 ppo.minibatch=64 ppo.epochs=2", 256,
     128, true},
};

enum { RUNS = sizeof runs / sizeof *runs };

static bool can_run(hd_ctx *ctx, const run *r) {
  hd_session *session = NULL;
  const hd_status status = try_session(ctx, r->task, r->method, r->settings, 1, &session);
  hd_session_destroy(session);
  if (status != HD_OK && r->may_lack) {
    printf("  skipped: %s\n", hd_ctx_error(ctx));
    return false;
  }
  CHECK(status == HD_OK);
  return status == HD_OK;
}

/* What comes of a run on so many threads, in slices: saved and loaded in the middle, with as many
 * threads afterwards as `later` says. */
typedef struct outcome {
  uint64_t hash;
  double returns[EPISODES], mean;
} outcome;

static outcome outcome_of(const run *r, int n_threads, int later) {
  const char *path = HD_TEST_TMP "/one_learner.hd";
  hd_ctx *ctx = open_ctx();
  outcome made = {0};
  ctx->n_threads = n_threads;
  hd_session *session = open_session(ctx, r->task, r->method, r->settings, 5), *loaded = NULL;
  CHECK(hd__workers_count(session->workers) == n_threads);
  advance(session, r->steps / 2, r->slice);
  CHECK(hd_session_evaluate(session, 3, 1, NULL, NULL) == HD_OK);
  CHECK(hd_session_save(session, path) == HD_OK);
  hd_session_destroy(session);
  ctx->n_threads = later;
  CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
  advance(loaded, r->steps, r->slice);
  CHECK(hd_session_evaluate(loaded, EPISODES, 2, made.returns, &made.mean) == HD_OK);
  made.hash = hd_session_hash(loaded);
  hd_session_destroy(loaded);
  hd_ctx_destroy(ctx);
  return made;
}

static void threads_change_nothing(void) {
  hd_ctx *ctx = open_ctx();
  for (int k = 0; k < RUNS; k++) {
    if (!can_run(ctx, &runs[k])) {
      continue;
    }
    const outcome want = outcome_of(&runs[k], 1, 1);
    for (int n = 2; n <= 3; n++) {
      const outcome made = outcome_of(&runs[k], n, n == 2 ? 2 : 1);
      CHECK(made.hash == want.hash);
      CHECK(made.mean == want.mean);
      CHECK(memcmp(made.returns, want.returns, sizeof made.returns) == 0);
      if (made.hash != want.hash) {
        printf("  %s on %s, %d threads\n", runs[k].method, runs[k].task, n);
      }
    }
  }
  hd_ctx_destroy(ctx);
}

/* A session that becomes the next learner keeps its threads. */
static void a_restart_keeps_the_threads(void) {
  for (int k = 0; k < RUNS; k++) {
    const run *r = &runs[k];
    hd_ctx *ctx = open_ctx();
    if (can_run(ctx, r)) {
      hd_session *alone = open_session(ctx, r->task, r->method, r->settings, 8);
      ctx->n_threads = 2;
      hd_session *session = open_session(ctx, r->task, r->method, r->settings, 7);
      double mean, same;
      advance(session, r->steps / 2, r->slice);
      CHECK(hd__session_restart(session, 8) == HD_OK);
      advance(session, r->steps / 2, r->slice);
      advance(alone, r->steps / 2, r->slice);
      CHECK(hd_session_evaluate(session, EPISODES, 0, NULL, &mean) == HD_OK);
      CHECK(hd_session_evaluate(alone, EPISODES, 0, NULL, &same) == HD_OK);
      CHECK(mean == same && hd_session_hash(session) == hd_session_hash(alone));
      hd_session_destroy(session);
      hd_session_destroy(alone);
    }
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(threads_change_nothing);
  RUN(a_restart_keeps_the_threads);
  return test_end();
}
