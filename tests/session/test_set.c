/* Settings that change while a learner learns: they count from then on, wherever the library might
 * have kept the old value, and what cannot change is refused. */
#include "train/learners.h"

typedef struct change {
  const char *task, *method, *settings, *key, *value;
} change;

#define REPLAY "hidden=8 critic.hidden=8 replay.size=500 replay.batch=16 replay.learning_starts=40 "
#define DQN "hidden=8 replay.size=500 replay.batch=16 replay.learning_starts=40 epsilon.end=nan "

/* Every option that may change, in each learner that reads it. */
static const change changes[] = {
    {"CartPole-v1", "neuron-agent", "hidden=8", "alpha", "0.02"},
    {"CartPole-v1", "neuron-agent", "hidden=8", "alpha_readout", "0.002"},
    {"CartPole-v1", "neuron-agent", "hidden=8", "alpha_critic", "0.1"},
    {"CartPole-v1", "neuron-agent-online", "hidden=8", "alpha", "0.02"},
    {"CartPole-v1", "neuron-agent-online", "hidden=8", "epsilon", "0.3"},
    {"CartPole-v1", "neuron-agent-online", "hidden=8", "entropy", "0.1"},
    {"CartPole-v1", "reparam-soft", "hidden=8 relax.tau_end=nan", "relax.tau", "0.3"},
    {"CartPole-v1", "ppo", "hidden=8 critic.hidden=8", "alpha", "0.02"},
    {"CartPole-v1", "ppo", "hidden=8 critic.hidden=8", "alpha_critic", "0.02"},
    {"CartPole-v1", "ppo", "hidden=8 critic.hidden=8", "entropy", "0.1"},
    {"CartPole-v1", "ppo", "hidden=8 critic.hidden=8", "ppo.clip", "0.01"},
    {"CartPole-v1", "ppo", "hidden=8 critic.hidden=8", "clip_gradient", "0.01"},
    {"CartPole-v1", "a2c", "hidden=8 critic.hidden=8", "clip_value", "0.001"},
    {"CartPole-v1", "dqn", DQN, "alpha", "0.02"},
    {"CartPole-v1", "dqn", DQN, "epsilon", "0.9"},
    {"CartPole-v1", "dqn", DQN "dqn.target_every=20", "replay.target_rate", "0.1"},
    {"Pendulum-v1", "td3", REPLAY, "alpha", "0.02"},
    {"Pendulum-v1", "td3", REPLAY, "td3.noise", "0.5"},
    {"Pendulum-v1", "td3", REPLAY, "td3.target_noise", "0.5"},
    {"Pendulum-v1", "td3", REPLAY, "td3.target_noise_clip", "0.1"},
    {"Pendulum-v1", "td3", REPLAY, "replay.target_rate", "0.1"},
    {"Pendulum-v1", "td3", REPLAY "td3.proxy=true", "td3.alpha_proxy", "0.02"},
    {"Pendulum-v1", "sac", REPLAY, "alpha_critic", "0.02"},
    {"Pendulum-v1", "sac", REPLAY, "sac.alpha_temperature", "0.1"},
    {"CartPole-v1", "augment", "hidden=8", "alpha", "0.01"},
    {"CartPole-v1", "augment", "hidden=8 epsilon.end=nan temperature=10", "epsilon", "0.9"},
    {"CartPole-v1", "nes", "hidden=8 search.population=4", "alpha", "0.3"},
};

enum { STEPS = 400 };

static uint64_t hash_of(hd_ctx *ctx, const change *c, const char *settings, bool is_set) {
  hd_session *session = open_session(ctx, c->task, c->method, settings, 5);
  if (is_set && hd_session_set(session, c->key, c->value) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    CHECK(false);
  }
  advance(session, STEPS, STEPS);
  const uint64_t hash = hd_session_hash(session);
  hd_session_destroy(session);
  return hash;
}

/* What is set before the first step gives the run of a session that was made with it. */
static void a_change_counts_as_if_made_with(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
    const change *c = &changes[k];
    const int before = test_failures;
    char made[256];
    snprintf(made, sizeof made, "%s %s=%s", c->settings, c->key, c->value);
    const uint64_t set = hash_of(ctx, c, c->settings, true);
    CHECK(set == hash_of(ctx, c, made, false));
    CHECK(set != hash_of(ctx, c, c->settings, false));
    if (test_failures > before) {
      printf("  %s of %s\n", c->key, c->method);
    }
  }
  hd_ctx_destroy(ctx);
}

/* The value that a setting has anyway. */
static void the_same_value_changes_nothing(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t k = 0; k < sizeof changes / sizeof *changes; k += 6) {
    const change *c = &changes[k];
    hd_session *session = open_session(ctx, c->task, c->method, c->settings, 5);
    for (int i = 0; i < 4; i++) {
      char value[64];
      snprintf(value, sizeof value, "%s", hd_config_get(hd_session_config(session), c->key));
      CHECK(hd_session_set(session, c->key, value) == HD_OK);
      advance(session, STEPS / 4 * (i + 1), STEPS);
    }
    CHECK(hd_session_hash(session) == hash_of(ctx, c, c->settings, false));
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

static void a_checkpoint_holds_what_was_set(void) {
  const char *path = HD_TEST_TMP "/session_set.hd";
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "hidden=8", 5), *loaded;
  advance(session, STEPS, STEPS);
  CHECK(hd_session_set(session, "alpha", "0.002") == HD_OK);
  CHECK(hd_session_save(session, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &loaded) == HD_OK);
  CHECK_TEXT(hd_config_get(hd_session_config(loaded), "alpha"), "0.002");
  advance(session, 2 * STEPS, STEPS);
  advance(loaded, 2 * STEPS, STEPS);
  CHECK(hd_session_hash(session) == hd_session_hash(loaded));
  hd_session_destroy(session);
  hd_session_destroy(loaded);
  hd_ctx_destroy(ctx);
  remove(path);
}

static void refused(const char *method, const char *key, const char *value, hd_status status,
                    const char *says) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", method, "", 5);
  CHECK(hd_session_set(session, key, value) == status);
  if (strstr(hd_ctx_error(ctx), says) == NULL) {
    printf("  %s = %s: %s\n", key, value, hd_ctx_error(ctx));
    CHECK(false);
  }
  CHECK(hd_session_train(session, 64) == HD_OK);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void what_cannot_change_is_refused(void) {
  refused("ppo", "hidden", "8", HD_CONFLICT, "hidden cannot change while a learner learns");
  refused("ppo", "gamma", "0.9", HD_CONFLICT, "what can: alpha, ");
  refused("ppo", "lif.tau_m", "9", HD_CONFLICT, "lif.tau_m cannot change");
  refused("ppo", "alpa", "9", HD_UNKNOWN, "alpha");
  refused("ppo", "alpha", "-1", HD_RANGE, "alpha");
  refused("neuron-agent", "ppo.clip", "0.1", HD_CONFLICT, "ppo.clip");
  refused("dqn", "epsilon", "0.1", HD_CONFLICT, "make the session with epsilon.end = nan");
}

int main(void) {
  RUN(a_change_counts_as_if_made_with);
  RUN(the_same_value_changes_nothing);
  RUN(a_checkpoint_holds_what_was_set);
  RUN(what_cannot_change_is_refused);
  return test_end();
}
