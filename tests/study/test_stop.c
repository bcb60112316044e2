/* A study that is stopped within a long unit of learning gives the unit up, and goes on from its
 * checkpoint to the same end. */
#include <time.h>

#include "files.h"
#include "studies.h"
#include "study_internal.h"

/* ---- a task whose steps take long once somebody wants to stop ---- */

/* Written by the thread of a test, read by that which steps. */
static _Atomic bool is_stopping;
static _Atomic int64_t steps_after;

static void slow_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(double *)state = hd_random_uniform(random);
}

static bool slow_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  (void)random;
  double *x = state;
  if (is_stopping) {
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
    steps_after++;
  }
  *x = 0.9 * *x + (action[0] > 0 ? 0.1 : 0.0);
  *reward = *x;
  return false;
}

static void slow_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)*(const double *)state;
}

static const hd_dim slow_obs[] = {{.name = "x", .unit = "", .low = 0, .high = 1}};
static const hd_dim slow_act[] = {{.name = "a", .unit = "", .count = 2}};
static const hd_env_desc slow_env = {.size = sizeof(hd_env_desc),
                                     .name = "Slow-v0",
                                     .doc = "of this test",
                                     .source = "this test",
                                     .obs = slow_obs,
                                     .n_obs = 1,
                                     .act = slow_act,
                                     .n_act = 1,
                                     .max_steps = 3000,
                                     .solved = NAN,
                                     .low_score = NAN,
                                     .high_score = NAN,
                                     .state_size = sizeof(double),
                                     .reset = slow_reset,
                                     .step = slow_step,
                                     .observe = slow_observe};

/* Units of 192,000 steps: a candidate's 64 episodes, or a rollout. */
static const struct {
  const char *method, *settings[8];
} kinds[] = {{"nes", {"search.episodes", "64", "steps", "400000", NULL}},
             {"neuron-agent", {"envs", "64", "rollout", "3000", "steps", "400000", NULL}}};

static hd_ctx *open_ctx(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK && hd_env_register(ctx, &slow_env) == HD_OK);
  return ctx;
}

static hd_config *open_config(hd_ctx *ctx, int kind) {
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, "Slow-v0", kinds[kind].method, &config) == HD_OK);
  CHECK(hd_config_set(config, "hidden", "4") == HD_OK);
  CHECK(hd_config_set(config, "eval_every", "200000") == HD_OK);
  CHECK(hd_config_set(config, "eval_episodes", "1") == HD_OK);
  for (int i = 0; kinds[kind].settings[i] != NULL; i += 2) {
    CHECK(hd_config_set(config, kinds[kind].settings[i], kinds[kind].settings[i + 1]) == HD_OK);
  }
  return config;
}

static uint64_t whole_run(int kind) {
  hd_ctx *ctx = open_ctx();
  hd_config *config = open_config(ctx, kind);
  hd_study_def def = study_def(config, 3, 1, 1);
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK && hd_study_run(study, NULL, NULL) == HD_OK);
  const uint64_t hash = hd_study_result(study, 0).hash;
  hd_study_destroy(study);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return hash;
}

static bool stop_at_once(void *user, hd_study *study) {
  (void)user;
  (void)study;
  is_stopping = true;
  return false;
}

static void a_long_unit_is_given_up(void) {
  for (int kind = 0; kind < 2; kind++) {
    const char *dir = temp_path("given_up");
    hd_ctx *ctx = open_ctx();
    hd_config *config = open_config(ctx, kind);
    hd_study_def def = study_def(config, 3, 1, 1);
    hd_study *study = NULL;
    remove_folder(dir);
    def.dir = dir;
    is_stopping = true; /* from the first step on, so that no unit ends */
    steps_after = 0;
    CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
    CHECK(hd_study_run(study, stop_at_once, NULL) == HD_OK);
    CHECK(steps_after > 0 && steps_after < 100000);
    CHECK(hd_study_run(study, NULL, NULL) == HD_USAGE);
    CHECK(strstr(hd_ctx_error(ctx), "go on with its folder") != NULL);
    hd_study_destroy(study);
    is_stopping = false;
    CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
    CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
    CHECK(hd_study_result(study, 0).done && hd_study_result(study, 0).hash == whole_run(kind));
    hd_study_destroy(study);
    hd_config_destroy(config);
    hd_ctx_destroy(ctx);
  }
}

/* ---- steps that become slow within a turn ---- */

enum { FAST_STEPS = 3500, LOOKS = 2000 };
static _Atomic int64_t steps_taken, looks_while_slow, seen_while_slow;

/* Slow from a step on, until somebody has looked so often, which takes at least 20 seconds. */
static bool later_slow_step(const hd_env_desc *self, void *state, const float *action,
                            hd_random *random, double *reward) {
  if (++steps_taken > FAST_STEPS && looks_while_slow < LOOKS) {
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
  }
  return slow_step(self, state, action, random, reward);
}

static bool look(void *user, hd_study *study) {
  (void)user;
  if (steps_taken > FAST_STEPS && looks_while_slow < LOOKS) {
    looks_while_slow++;
    seen_while_slow = hd_study_result(study, 0).env_steps;
  }
  return looks_while_slow < LOOKS && seen_while_slow <= FAST_STEPS;
}

/* A turn began when thousands of steps took a millisecond: it does not go on for as many. */
static void slow_steps_end_a_turn(void) {
  const hd_ctx_def ctx_def = hd_ctx_def_default();
  hd_env_desc env = slow_env;
  hd_ctx *ctx = NULL;
  hd_config *config = NULL;
  hd_study *study = NULL;
  env.name = "LaterSlow-v0";
  env.step = later_slow_step;
  CHECK(hd_ctx_create(&ctx_def, &ctx) == HD_OK && hd_env_register(ctx, &env) == HD_OK);
  CHECK(hd_config_create(ctx, "LaterSlow-v0", "neuron-agent-online", &config) == HD_OK);
  CHECK(hd_config_set(config, "hidden", "4") == HD_OK);
  CHECK(hd_config_set(config, "steps", "1000000") == HD_OK);
  CHECK(hd_config_set(config, "eval_every", "1000000") == HD_OK);
  hd_study_def def = study_def(config, 3, 1, 1);
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  study->progress_ms = 10;
  study->slot[0]->pace = 10 * FAST_STEPS;
  CHECK(hd_study_run(study, look, NULL) == HD_OK);
  CHECK(seen_while_slow > FAST_STEPS);
  hd_study_destroy(study);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
}

/* ---- when checkpoints are written ---- */

static bool is_due(double every, double cost, bool has_one, double unsaved) {
  const hd__save_rule rule = {
      .every_s = every, .first_s = 0.05, .cost_s = cost, .has_checkpoint = has_one};
  return hd__save_is_due(&rule, unsaved);
}

static void checkpoints_take_a_twentieth_of_the_time(void) {
  CHECK(!is_due(1, 0, true, 0.99) && is_due(1, 0, true, 1));
  CHECK(!is_due(1, 0.049, true, 0.99) && is_due(1, 0.049, true, 1)); /* a twentieth of a second */
  CHECK(!is_due(1, 0.5, true, 9.99) && is_due(1, 0.5, true, 10));    /* half a second to write */
  CHECK(!is_due(1, 60, true, 1199) && is_due(1, 60, true, 1200));
  CHECK(!is_due(1, 0, false, 0.04) && is_due(1, 0, false, 0.05)); /* the first one comes early, */
  CHECK(is_due(1, 60, false, 0.05));                              /* and has cost nothing yet */
  CHECK(is_due(0, 60, true, 0) && is_due(0, 0, false, 0));        /* one at every turn */
}

int main(void) {
  RUN(a_long_unit_is_given_up);
  RUN(slow_steps_end_a_turn);
  RUN(checkpoints_take_a_twentieth_of_the_time);
  return test_end();
}
