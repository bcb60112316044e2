/* Rules with `entropy`: a decision is also worth its surprise, -log pi(action), by that weight. Learned
 * in one step, with two actions of which the second is paid for. */
#include "insides.h"
#include "train/learners.h"

static void once_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  *(int32_t *)state = 0;
}

static bool once_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)state;
  (void)random;
  *reward = action[0];
  return true;
}

static void once_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 0.0f;
}

static const hd_dim place = {.name = "place", .unit = "", .count = 1};
static const hd_dim choice = {.name = "which", .unit = "", .count = 2};
static const hd_env_desc once_env = {.size = sizeof(hd_env_desc),
                                     .name = "Once-v0",
                                     .doc = "one decision, whose second action is worth 1",
                                     .source = "test_surprise.c",
                                     .obs = &place,
                                     .n_obs = 1,
                                     .act = &choice,
                                     .n_act = 1,
                                     .solved = 1,
                                     .low_score = 0,
                                     .high_score = 1,
                                     .state_size = sizeof(int32_t),
                                     .reset = once_reset,
                                     .step = once_step,
                                     .observe = once_observe};

static hd_ctx *ctx;

#define COMMON                                                                                 \
  "hidden=0 readout=softmax bias=false coding=onehot critic=table alpha_critic=0.1 gamma=0.9 " \
  "lambda_actor=0 normalise_reward=false average=0 anneal=none optimiser=sgd "

static hd_session *open_once(const char *settings) {
  char all[1024];
  snprintf(all, sizeof all, COMMON "%s", settings);
  return open_session(ctx, "Once-v0", "neuron-agent-online", all, 3);
}

static double value_of(hd_session *session) {
  const float obs[1] = {0.0f};
  float value = 0;
  CHECK(hd_session_value(session, 1, obs, &value) == HD_OK);
  return value;
}

/* Of two actions that are as likely, either is worth its reward and entropy log 2. */
static void by_hand(void) {
  hd_session *plain = open_once("alpha=0"), *paid = open_once("alpha=0 entropy=0.5");
  CHECK(hd_session_train(plain, 1) == HD_OK && hd_session_train(paid, 1) == HD_OK);
  CHECK_NEAR(value_of(paid) - value_of(plain), 0.1 * 0.5 * log(2.0), 1e-6);
  hd_session_destroy(plain);
  hd_session_destroy(paid);
}

enum { SKIPPED = 10000, COUNTED = 10000 };

/* The best policy is softmax(reward / entropy), worth entropy log(sum of exp(reward / entropy)). */
static void check_best(const char *updates) {
  const double entropy = 0.5, better = exp(1.0 / entropy);
  char settings[256];
  snprintf(settings, sizeof settings, "alpha=0.02 entropy=%g %s", entropy, updates);
  hd_session *session = open_once(settings);
  double chance = 0, worth = 0;
  CHECK(hd_session_train(session, SKIPPED) == HD_OK);
  for (int i = 0; i < COUNTED; i++) {
    CHECK(hd_session_train(session, 1) == HD_OK);
    chance += (double)rule_of(session)->learned.net.pi[1] / COUNTED;
    worth += value_of(session) / COUNTED;
  }
  CHECK_NEAR(chance, better / (1.0 + better), 0.01);
  CHECK_NEAR(worth, entropy * log(1.0 + better), 0.01);
  hd_session_destroy(session);
}

static void the_best_policy_is_not_sure(void) { check_best("rollout=0"); }

static void nor_is_that_of_rollouts(void) {
  check_best("rollout=4 envs=2 lambda=0.9 advantage.normalise=false");
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK || hd_env_register(ctx, &once_env) != HD_OK) {
    return 1;
  }
  RUN(by_hand);
  RUN(the_best_policy_is_not_sure);
  RUN(nor_is_that_of_rollouts);
  hd_ctx_destroy(ctx);
  return test_end();
}
