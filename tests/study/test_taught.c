/* Studies whose learners begin with a policy: all of them, whichever slot they get, and after an
 * interruption as well. */
#include "files.h"
#include "studies.h"

enum { SEEDS = 12 };

static hd_ctx *ctx;

static hd_config *synapses(void) {
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, "CartPole-v1", "syn-m4", &config) == HD_OK);
  CHECK(hd_config_set(config, "steps", "3000") == HD_OK);
  CHECK(hd_config_set(config, "eval_every", "1000") == HD_OK);
  CHECK(hd_config_set(config, "eval_episodes", "2") == HD_OK);
  return config;
}

static hd_study *create(hd_session *teacher, const char *dir) {
  hd_config *config = synapses();
  hd_study_def def = study_def(config, 1, SEEDS, 1);
  def.teacher = teacher;
  def.dir = dir;
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  hd_config_destroy(config);
  return study;
}

static void finish(hd_study *study, hd_result result[SEEDS]) {
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  for (int i = 0; i < SEEDS; i++) {
    result[i] = hd_study_result(study, i);
  }
  hd_study_destroy(study);
}

static bool stop(void *user, hd_study *study) {
  (void)user;
  (void)study;
  return false;
}

static void a_policy_reaches_every_learner(void) {
  hd_config *config = synapses();
  hd_session *teacher = NULL;
  CHECK(hd_session_create(ctx, config, 0, &teacher) == HD_OK);
  CHECK(hd_session_train(teacher, 3000) == HD_OK);
  hd_config_destroy(config);
  hd_result untaught[SEEDS], taught[SEEDS], resumed[SEEDS];
  finish(create(NULL, NULL), untaught);
  finish(create(teacher, NULL), taught);
  const char *dir = temp_path("taught");
  remove_folder(dir);
  hd_study *study = create(teacher, dir);
  hd_session_destroy(teacher);
  CHECK(hd_study_run(study, stop, NULL) == HD_OK);
  hd_study_destroy(study);
  CHECK(hd_study_resume(ctx, dir, 2, &study) == HD_OK);
  finish(study, resumed);
  for (int i = 0; i < SEEDS; i++) {
    CHECK(taught[i].hash != untaught[i].hash);
    CHECK(same_result(&taught[i], &resumed[i]));
  }
  remove_folder(dir);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(a_policy_reaches_every_learner);
  hd_ctx_destroy(ctx);
  return test_end();
}
