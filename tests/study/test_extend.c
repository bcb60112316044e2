/* Runs that become longer, or get more learners, once they are finished. */
#include <unistd.h>

#include "files.h"
#include "studies.h"

enum { FIRST = 5, SEEDS = 2, MORE = 3 };

static hd_ctx *ctx;

static hd_config *make_config(const char *steps, const char *key, const char *value) {
  const char *const options[] = {"steps", steps, "threshold", "1000", key, value, NULL};
  return small_config(ctx, "CartPole-v1", options);
}

static void finish(hd_study *study, hd_result *result, int n) {
  CHECK(hd_study_count(study) == n);
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  for (int i = 0; i < n; i++) {
    result[i] = hd_study_result(study, i);
    CHECK(result[i].done);
  }
  hd_study_destroy(study);
}

static void run_whole(const hd_config *config, const char *dir, int n, hd_result *result) {
  hd_study_def def = study_def(config, FIRST, n, 2);
  def.dir = dir;
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  finish(study, result, n);
}

static void go_on(const char *dir, int n, hd_result *result) {
  hd_study *study = NULL;
  CHECK(hd_study_resume(ctx, dir, 2, &study) == HD_OK);
  finish(study, result, n);
}

static void check_same(const hd_result *a, const hd_result *b, int n) {
  for (int i = 0; i < n; i++) {
    CHECK(same_result(&a[i], &b[i]));
  }
}

static int count_in(const char *dir, const char *file, const char *words) {
  char path[600];
  size_t size = 0;
  int n = 0;
  snprintf(path, sizeof path, "%s/%s", dir, file);
  char *text = get_file(path, &size);
  for (const char *at = text; at != NULL && (at = strstr(at, words)) != NULL; at++) {
    n++;
  }
  free(text);
  return n;
}

static const char *fresh(const char *name) {
  const char *dir = temp_path(name);
  remove_folder(dir);
  return dir;
}

/* More steps: the results of a run that had them from the start, and its weights. */
static void check_more_steps(const char *key, const char *value) {
  hd_result wanted[SEEDS], got[SEEDS];
  const char *dir = fresh("longer");
  hd_config *brief = make_config("3000", key, value), *whole = make_config("8000", key, value);
  run_whole(whole, NULL, SEEDS, wanted);
  run_whole(brief, dir, SEEDS, got);
  CHECK(got[0].hash != wanted[0].hash);
  CHECK(hd_study_extend(ctx, dir, whole, 0) == HD_OK);
  CHECK(hd_study_extend(ctx, dir, whole, 0) == HD_OK); /* made already: no second line */
  go_on(dir, SEEDS, got);
  check_same(wanted, got, SEEDS);
  CHECK(count_in(dir, "metrics.jsonl", "\"event\":\"extended\"") == 1);
  CHECK(count_in(dir, "metrics.jsonl", "\"event\":\"result\"") == 2 * SEEDS);
  CHECK(count_in(dir, "metrics.jsonl", "\"event\":\"evaluation\"") == 8 * SEEDS);
  CHECK(count_in(dir, "config.toml", "steps = 8000") == 1);
  go_on(dir, SEEDS, got); /* finished again */
  check_same(wanted, got, SEEDS);
  hd_config_destroy(brief);
  hd_config_destroy(whole);
}

static void more_steps_are_those_of_a_longer_run(void) {
  check_more_steps("gamma", "0.9");
  check_more_steps("envs", "4");
}

static void more_seeds_are_those_of_a_wider_run(void) {
  hd_result wanted[MORE], got[MORE];
  const char *dir = fresh("wider");
  hd_config *config = make_config("3000", "gamma", "0.9");
  run_whole(config, NULL, MORE, wanted);
  run_whole(config, dir, SEEDS, got);
  CHECK(hd_study_extend(ctx, dir, NULL, MORE) == HD_OK);
  go_on(dir, MORE, got);
  check_same(wanted, got, MORE);
  CHECK(count_in(dir, "metrics.jsonl", "\"event\":\"result\"") == MORE);
  hd_config_destroy(config);
}

/* One that is stopped on the way, before its learners have checkpoints of the longer run and after.
 */
static bool stop_soon(void *user, hd_study *study) {
  (void)study;
  return ++*(int *)user < 2;
}

static void longer_runs_are_stopped_and_gone_on_with(void) {
  hd_result wanted[MORE], got[MORE];
  const char *dir = fresh("stopped_longer");
  hd_config *brief = make_config("3000", "gamma", "0.9");
  hd_config *whole = make_config("40000", "gamma", "0.9");
  run_whole(whole, NULL, MORE, wanted);
  run_whole(brief, dir, SEEDS, got);
  CHECK(hd_study_extend(ctx, dir, whole, MORE) == HD_OK);
  for (int i = 0; i < 2; i++) {
    int n = i;
    hd_study *study = NULL;
    CHECK(hd_study_resume(ctx, dir, 1, &study) == HD_OK);
    CHECK(i > 0 || !hd_study_result(study, 0).done);
    CHECK(hd_study_run(study, stop_soon, &n) == HD_OK);
    hd_study_destroy(study);
  }
  go_on(dir, MORE, got);
  check_same(wanted, got, MORE);
  CHECK(count_in(dir, "metrics.jsonl", "\"event\":\"result\"") == SEEDS + MORE);
  hd_config_destroy(brief);
  hd_config_destroy(whole);
}

/* A learner that has solved its task ends there, whatever the budget, unless overtrain lets it go
 * on. */
static void a_solved_learner_goes_on_by_overtrain(void) {
  hd_result wanted[1], got[1];
  const char *dir = fresh("solved");
  hd_config *brief = make_config("6000", "threshold", "9"), *whole, *longer;
  whole = make_config("9000", "threshold", "9");
  longer = make_config("9000", "threshold", "9");
  CHECK(hd_config_set(whole, "overtrain", "0") == HD_OK);
  run_whole(whole, NULL, 1, wanted);
  run_whole(brief, dir, 1, got);
  CHECK(got[0].solved && got[0].env_steps < 6000);
  CHECK(hd_study_extend(ctx, dir, longer, 0) == HD_OK);
  const int64_t before = got[0].env_steps;
  go_on(dir, 1, got);
  CHECK(got[0].env_steps == before);
  CHECK(hd_study_extend(ctx, dir, whole, 0) == HD_OK);
  go_on(dir, 1, got);
  check_same(wanted, got, 1);
  hd_config_destroy(brief);
  hd_config_destroy(whole);
  hd_config_destroy(longer);
}

static void check_refused(const char *dir, const hd_config *config, int64_t n_seeds,
                          hd_status status, const char *words) {
  CHECK(hd_study_extend(ctx, dir, config, n_seeds) == status);
  CHECK(strstr(hd_ctx_error(ctx), words) != NULL);
}

static void what_cannot_become_longer_is_refused(void) {
  hd_result got[SEEDS];
  const char *dir = fresh("refused");
  hd_config *config = make_config("3000", "gamma", "0.9");
  run_whole(config, dir, SEEDS, got);
  check_refused(dir, config, 1, HD_RANGE, "seeds = 1, allowed: 2, as many as this run has");
  check_refused(dir, config, HD_STUDY_SEEDS + 1, HD_RANGE, "65536");
  hd_config *other = make_config("2000", "gamma", "0.9");
  check_refused(dir, other, 0, HD_RANGE, "steps = 2000 is less than the 3000");
  CHECK(hd_config_set(other, "steps", "3000") == HD_OK);
  CHECK(hd_config_set(other, "episodes", "10") == HD_OK);
  check_refused(dir, other, 0, HD_RANGE, "episodes = 10 is less than the unlimited");
  hd_config_destroy(other);
  other = make_config("4000", "gamma", "0.8");
  check_refused(dir, other, 0, HD_CONFLICT, "gamma cannot change");
  check_refused(temp_path("nowhere"), other, 0, HD_IO, "holds no run");
  hd_config_destroy(other);
  CHECK(count_in(dir, "metrics.jsonl", "extended") == 0);
  hd_config_destroy(config);
}

static void schedules_over_the_budget_are_refused(void) {
  hd_result got[SEEDS];
  const char *dir = fresh("annealed");
  hd_config *brief = make_config("3000", "anneal", "linear");
  hd_config *whole = make_config("8000", "anneal", "linear");
  CHECK(hd_config_set(brief, "anneal.steps", "0") == HD_OK);
  CHECK(hd_config_set(whole, "anneal.steps", "0") == HD_OK);
  run_whole(brief, dir, SEEDS, got);
  check_refused(dir, whole, 0, HD_CONFLICT, "the schedule of the step sizes");
  CHECK(hd_study_extend(ctx, dir, brief, MORE) == HD_OK); /* more seeds are no offence */
  CHECK(hd_config_set(brief, "anneal.steps", "2000") == HD_OK);
  CHECK(hd_config_set(whole, "anneal.steps", "2000") == HD_OK);
  dir = fresh("annealed");
  run_whole(brief, dir, SEEDS, got);
  CHECK(hd_study_extend(ctx, dir, whole, 0) == HD_OK);
  hd_config_destroy(brief);
  hd_config_destroy(whole);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(more_steps_are_those_of_a_longer_run);
  RUN(more_seeds_are_those_of_a_wider_run);
  RUN(longer_runs_are_stopped_and_gone_on_with);
  RUN(a_solved_learner_goes_on_by_overtrain);
  RUN(what_cannot_become_longer_is_refused);
  RUN(schedules_over_the_budget_are_refused);
  hd_ctx_destroy(ctx);
  return test_end();
}
