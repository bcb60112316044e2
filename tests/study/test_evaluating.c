/* A learner that is being evaluated says so, at the steps that it has taken: whoever watches sees
 * that nothing is left to be learned, while the evaluation goes on. */
#include <time.h>

#include "studies.h"

/* ---- a task whose evaluation waits until somebody has seen it ---- */

static _Atomic bool is_seen;

static void task_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(double *)state = hd_random_uniform(random);
}

static bool task_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)random;
  *(double *)state = action[0] > 0 ? 0.5 : 0.25;
  *reward = *(double *)state;
  return false;
}

/* Two minutes at most: the test then fails. */
static bool task_step_seen(const hd_env_desc *self, void *state, const float *action,
                           hd_random *random, double *reward) {
  const struct timespec pause = {0, 1000000};
  for (int i = 0; i < 120000 && !is_seen; i++) {
    nanosleep(&pause, NULL);
  }
  is_seen = true;
  return task_step(self, state, action, random, reward);
}

static void task_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)*(const double *)state;
}

static const hd_dim task_obs[] = {{.name = "x", .unit = "", .low = 0, .high = 1}};
static const hd_dim task_act[] = {{.name = "a", .unit = "", .count = 2}};
#define TASK                                                                                  \
  .size = sizeof(hd_env_desc), .doc = "of this test", .source = "this test", .obs = task_obs, \
  .n_obs = 1, .act = task_act, .n_act = 1, .max_steps = 10, .solved = NAN, .low_score = NAN,  \
  .high_score = NAN, .state_size = sizeof(double), .reset = task_reset, .observe = task_observe
static const hd_env_desc evaluated = {TASK, .name = "Watched-v0", .step = task_step_seen};
static const hd_env_desc task = {TASK, .name = "Watched-v0", .step = task_step,
                                 .eval_env = &evaluated};

static bool look(void *user, hd_study *study) {
  const hd_result result = hd_study_result(study, 0);
  if (result.evaluating) {
    CHECK(!result.done && result.env_steps >= 2000 &&
          hd_study_stats(study, 0).env_steps == result.env_steps);
    *(bool *)user = true;
    is_seen = true;
  }
  return true;
}

static void an_evaluation_is_seen_while_it_goes_on(void) {
  static const char *const options[] = {"steps", "2000", "eval_every", "2000", NULL};
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  hd_study *study = NULL;
  bool was_seen = false;
  CHECK(hd_ctx_create(&ctx_def, &ctx) == HD_OK && hd_env_register(ctx, &task) == HD_OK);
  hd_config *config = small_config(ctx, "Watched-v0", options);
  hd_study_def def = study_def(config, 1, 1, 1);
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(hd_study_run(study, look, &was_seen) == HD_OK);
  const hd_result result = hd_study_result(study, 0);
  CHECK(was_seen && result.done && !result.evaluating);
  hd_study_destroy(study);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(an_evaluation_is_seen_while_it_goes_on);
  return test_end();
}
