/* A task that never ends and sets no limit: the evaluation has one. */
#include "learners.h"

enum { LIMIT = 10000 };

static void endless_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  *(float *)state = 0.0f;
}

static bool endless_step(const hd_env_desc *self, void *state, const float *action,
                         hd_random *random, double *reward) {
  (void)self;
  (void)random;
  *(float *)state = action[0];
  *reward = 1.0;
  return false;
}

static void endless_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = *(const float *)state;
}

static const hd_dim endless_obs[] = {{.name = "x", .unit = "", .low = -1, .high = 1}};
static const hd_dim endless_act[] = {{.name = "a", .unit = "", .count = 2}};
static const hd_env_desc endless = {.size = sizeof(hd_env_desc),
                                    .name = "Endless-v0",
                                    .doc = "goes on",
                                    .source = "this test",
                                    .obs = endless_obs,
                                    .n_obs = 1,
                                    .act = endless_act,
                                    .n_act = 1,
                                    .solved = NAN,
                                    .low_score = NAN,
                                    .high_score = NAN,
                                    .state_size = sizeof(float),
                                    .reset = endless_reset,
                                    .step = endless_step,
                                    .observe = endless_observe};

static void an_evaluation_ends_where_the_task_does_not(void) {
  hd_ctx *ctx = open_ctx();
  CHECK(hd_env_register(ctx, &endless) == HD_OK);
  hd_session *session = open_session(ctx, "Endless-v0", "place-actor-critic", NULL, 1);
  double returns[2], mean = 0;
  CHECK(hd_session_evaluate(session, 2, 0, returns, &mean) == HD_OK);
  CHECK(returns[0] == LIMIT && returns[1] == LIMIT && mean == LIMIT);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(an_evaluation_ends_where_the_task_does_not);
  return test_end();
}
