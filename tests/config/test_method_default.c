/* What a task is trained with where no method is named. */
#include "../train/learners.h"

static void every_task_has_one_that_can_train_it(void) {
  hd_ctx *ctx = open_ctx();
  int n_solved = 0;
  for (int i = 0; i < hd_env_count(ctx); i++) {
    const char *task = hd_env_at(ctx, i)->name, *name = NULL;
    bool has_solved;
    hd_config *config = NULL;
    CHECK(hd_method_default(ctx, task, &name, &has_solved) == HD_OK);
    CHECK(hd_config_create(ctx, task, NULL, &config) == HD_OK);
    CHECK(config != NULL && strcmp(hd_config_method(config), name) == 0);
    CHECK(config != NULL && hd_config_check(config) == HD_OK);
    CHECK(hd_env_at(ctx, i)->act[0].count > 0 || has_solved || strcmp(name, "sac") == 0);
    hd_config_destroy(config);
    n_solved += has_solved;
  }
  CHECK(n_solved >= 9); /* LunarLander may not be built */
  hd_ctx_destroy(ctx);
}

static void a_task_that_is_unknown_has_none(void) {
  hd_ctx *ctx = open_ctx();
  const char *name = NULL;
  CHECK(hd_method_default(ctx, "CartPole-v7", &name, NULL) == HD_UNKNOWN);
  CHECK(name == NULL && strstr(hd_ctx_error(ctx), "CartPole-v7") != NULL);
  hd_ctx_destroy(ctx);
}

/* Short of the budget of docs/results.md, but enough for one seed each. */
static void the_quick_ones_solve_their_task(void) {
  static const char *const tasks[] = {"CartPole-v0", "CartPole-v1",     "MountainCar-v0", "Taxi-v4",
                                      "Digits-v0",   "CliffWalking-v1", "BlindCatch-v0"};
  hd_ctx *ctx = open_ctx();
  for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
    hd_config *config = NULL;
    hd_study *study = NULL;
    hd_study_def def = hd_study_def_default();
    CHECK(hd_config_create(ctx, tasks[i], NULL, &config) == HD_OK);
    def.config = config;
    CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
    CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
    CHECK(hd_study_summary(study).n_solved == 1);
    hd_study_destroy(study);
    hd_config_destroy(config);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(every_task_has_one_that_can_train_it);
  RUN(a_task_that_is_unknown_has_none);
  RUN(the_quick_ones_solve_their_task);
  return test_end();
}
