/* Traces of a critic of cells, worked out by hand: a state that is seen three times running. */
#include "train/learners.h"

enum { LENGTH = 3 };

typedef struct stay_state {
  int32_t t;
} stay_state;

static void stay_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  ((stay_state *)state)->t = 0;
}

static bool stay_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)action;
  (void)random;
  *reward = 1.0;
  return ++((stay_state *)state)->t == LENGTH;
}

static void stay_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 1.0f;
}

static const hd_dim place = {.name = "place", .unit = "", .count = 2};
static const hd_dim choice = {.name = "either", .unit = "", .count = 2};
static const hd_env_desc stay_env = {.size = sizeof(hd_env_desc),
                                     .name = "Stay-v0",
                                     .doc = "a reward of 1 in each of three steps",
                                     .source = "test_replacing.c",
                                     .obs = &place,
                                     .n_obs = 1,
                                     .act = &choice,
                                     .n_act = 1,
                                     .solved = 3,
                                     .low_score = 0,
                                     .high_score = 3,
                                     .state_size = sizeof(stay_state),
                                     .reset = stay_reset,
                                     .step = stay_step,
                                     .observe = stay_observe};

static hd_ctx *ctx;

static float value_of(hd_session *session) {
  const float obs[1] = {1.0f};
  float value = 0;
  CHECK(hd_session_value(session, 1, obs, &value) == HD_OK);
  return value;
}

static void check_trace(const char *trace, const double wanted[LENGTH]) {
  char settings[512];
  snprintf(settings, sizeof settings,
           "hidden=0 critic=table gamma=1 lambda=1 alpha_critic=0.1 "
           "normalise_reward=false average=0 lambda_actor=0 coding=onehot trace=%s",
           trace);
  hd_session *session = open_session(ctx, "Stay-v0", "neuron-agent-online", settings, 3);
  for (int t = 0; t < LENGTH; t++) {
    CHECK(hd_session_train(session, 1) == HD_OK);
    CHECK_NEAR(value_of(session), wanted[t], 1e-6);
  }
  hd_session_destroy(session);
}

/* V' = V until the end, so that delta = 1, 1, 1 - V. Accumulating: Z = 1, 2, 3; replacing: 1, 1, 1.
 */
static void a_cell_seen_again(void) {
  check_trace("accumulate", (const double[]){0.1, 0.1 + 0.2, 0.3 + 0.3 * (1 - 0.3)});
  check_trace("replace", (const double[]){0.1, 0.1 + 0.1, 0.2 + 0.1 * (1 - 0.2)});
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK || hd_env_register(ctx, &stay_env) != HD_OK) {
    return 1;
  }
  RUN(a_cell_seen_again);
  hd_ctx_destroy(ctx);
  return test_end();
}
