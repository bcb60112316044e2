#include "fault.h"
#include "files.h"
#include "session_internal.h"
#include "studies.h"
#include "study_internal.h"

enum { SEEDS = 5 };

static hd_ctx *ctx;

/* Run a study to its end; results [n_seeds] written. */
static hd_status run(const hd_config *config, uint64_t seed, int n_seeds, int n_threads,
                     hd_result *result) {
  const hd_study_def def = study_def(config, seed, n_seeds, n_threads);
  hd_study *study;
  HD_TRY(hd_study_create(ctx, &def, &study));
  const hd_status status = hd_study_run(study, NULL, NULL);
  for (int i = 0; i < n_seeds; i++) {
    result[i] = hd_study_result(study, i);
  }
  CHECK(status != HD_OK || hd_study_summary(study).finished);
  hd_study_destroy(study);
  return status;
}

static void threads_and_other_learners_change_nothing(void) {
  hd_config *config = small_config(ctx, "CartPole-v1", NULL);
  hd_result one[SEEDS], many[SEEDS], alone;
  CHECK(run(config, 3, SEEDS, 1, one) == HD_OK);
  static const int threads[] = {2, 3, 8};
  for (int k = 0; k < 3; k++) {
    CHECK(run(config, 3, SEEDS, threads[k], many) == HD_OK);
    for (int i = 0; i < SEEDS; i++) {
      CHECK(same_result(&one[i], &many[i]));
    }
  }
  for (int i = 0; i < SEEDS; i++) {
    CHECK(run(config, 3 + (uint64_t)i, 1, 1, &alone) == HD_OK);
    CHECK(same_result(&one[i], &alone));
    CHECK(one[i].done && one[i].env_steps >= 6000 && one[i].episodes > 0);
    CHECK(one[i].cpu_s > 0 && one[i].eval_cpu_s > 0 && one[i].wall_s > 0);
    CHECK(i == 0 || one[i].hash != one[i - 1].hash);
  }
  hd_config_destroy(config);
}

/* The same learners one by one, in studies of their own. */
static void results_of_several_studies_have_one_summary(void) {
  hd_config *config = small_config(ctx, "CartPole-v1", NULL);
  const hd_study_def def = study_def(config, 3, SEEDS, 1);
  hd_result result[SEEDS];
  hd_study *study;
  hd_summary together, gathered;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  together = hd_study_summary(study);
  for (int i = 0; i < SEEDS; i++) {
    result[i] = hd_study_result(study, i);
  }
  CHECK(hd_results_summary(ctx, result, SEEDS, 3, &gathered) == HD_OK);
  CHECK(isnan(gathered.env_steps_per_s));
  gathered.env_steps_per_s = together.env_steps_per_s;
  CHECK(memcmp(&together.return_mean, &gathered.return_mean,
               sizeof together - offsetof(hd_summary, return_mean)) == 0);
  CHECK(together.n_solved == gathered.n_solved && gathered.finished && gathered.n == SEEDS);
  CHECK(hd_results_summary(ctx, result, 0, 3, &gathered) == HD_RANGE);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

/* The same learner trained and evaluated by hand. */
static void a_study_does_what_its_parts_do(void) {
  static const char *const options[] = {"threshold", "nan", "overtrain", "0", NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  hd_session *session = NULL;
  CHECK(hd_session_create(ctx, config, 3, &session) == HD_OK);
  double mean = NAN, best = -INFINITY;
  hd_stats stats = {0};
  for (uint64_t round = 0; round < 6; round++) {
    CHECK(hd_session_train(session, (int64_t)(round + 1) * 1000 - stats.env_steps) == HD_OK);
    CHECK(hd_session_evaluate(session, 5, round, NULL, &mean) == HD_OK);
    hd_session_stats(session, &stats);
    best = fmax(best, mean);
  }
  hd_result result;
  CHECK(run(config, 3, 1, 1, &result) == HD_OK);
  CHECK(result.env_steps == stats.env_steps && result.episodes == stats.episodes);
  CHECK(result.hash == hd_session_hash(session));
  CHECK_NEAR(result.final_return, mean, 0);
  CHECK_NEAR(result.best_return, best, 0);
  hd_session_destroy(session);
  hd_config_destroy(config);
}

/* Evaluations of seed 3, as they are told. */
typedef struct told {
  int n;
  int64_t env_steps;
  double final_return;
} told;

static void tell(void *user, const hd_result *result) {
  told *last = user;
  CHECK(result->seed == 3 && result->env_steps > last->env_steps);
  *last = (told){last->n + 1, result->env_steps, result->final_return};
}

static void every_evaluation_is_told(void) {
  static const char *const options[] = {"threshold", "nan", "overtrain", "0", NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  hd_study_def def = study_def(config, 3, 1, 1);
  told last = {0};
  def.evaluated = tell;
  def.user = &last;
  hd_study *study;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  const hd_result result = hd_study_result(study, 0);
  CHECK(last.n == 6 && last.env_steps == result.env_steps);
  CHECK_NEAR(last.final_return, result.final_return, 0);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

static void a_budget_of_episodes_is_kept(void) {
  static const char *const options[] = {"episodes", "60",        "steps", "1000000", "rollout",
                                        "1",        "threshold", "1e9",   NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  hd_result result;
  CHECK(run(config, 1, 1, 1, &result) == HD_OK);
  CHECK(result.episodes == 60);
  CHECK(result.done && !result.solved && result.steps_to_threshold == -1);
  hd_config_destroy(config);
}

static void an_easy_threshold_is_reached_at_the_first_checkpoint(void) {
  static const char *const options[] = {"threshold", "1", "overtrain", "5", NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  hd_result result;
  CHECK(run(config, 1, 1, 1, &result) == HD_OK);
  CHECK(result.solved && !result.relapsed);
  CHECK(result.steps_to_threshold >= 1000 && result.steps_to_threshold < 1100);
  CHECK(result.env_steps >= 5 * result.steps_to_threshold && result.env_steps < 5600);
  hd_config_destroy(config);
}

static bool stop_at_once(void *user, hd_study *study) {
  (void)study;
  ++*(int *)user;
  return false;
}

static bool look(void *user, hd_study *study) {
  for (int i = 0; i < hd_study_count(study); i++) {
    const hd_result result = hd_study_result(study, i);
    const hd_stats stats = hd_study_stats(study, i);
    CHECK(result.seed == stats.seed && result.env_steps <= stats.env_steps); /* looked at later */
    CHECK(stats.n_layers > 0 && stats.layer[0].rate >= 0 && stats.layer[0].rate <= 1);
  }
  const hd_summary summary = hd_study_summary(study);
  CHECK(summary.n == SEEDS && summary.n_solved <= summary.n_done);
  ++*(int *)user;
  return true;
}

static void stopping_and_reading_change_nothing(void) {
  hd_config *config = small_config(ctx, "CartPole-v1", NULL);
  hd_result wanted[SEEDS];
  CHECK(run(config, 3, SEEDS, 2, wanted) == HD_OK);
  const hd_study_def def = study_def(config, 3, SEEDS, 2);
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  study->progress_ms = 1;
  int calls = 0;
  for (int i = 0; i < 3; i++) {
    CHECK(hd_study_run(study, stop_at_once, &calls) == HD_OK);
  }
  CHECK(calls == 3);
  CHECK(hd_study_run(study, look, &calls) == HD_OK);
  CHECK(calls > 3);
  for (int i = 0; i < SEEDS; i++) {
    const hd_result result = hd_study_result(study, i);
    CHECK(same_result(&result, &wanted[i]));
  }
  CHECK(hd_study_config(study) != NULL);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

static void the_summary_adds_up(void) {
  static const char *const options[] = {"threshold", "20", NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  const hd_study_def def = study_def(config, 3, SEEDS, 2);
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  hd_summary s = hd_study_summary(study);
  CHECK(!s.finished && s.n_done == 0 && isnan(s.return_mean) && isnan(s.steps_median));
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  s = hd_study_summary(study);
  double sum = 0, episodes = 0;
  int64_t steps = 0;
  int solved = 0;
  for (int i = 0; i < SEEDS; i++) {
    const hd_result result = hd_study_result(study, i);
    sum += result.final_return;
    steps += result.env_steps;
    solved += result.solved;
    episodes += result.solved ? (double)result.episodes_to_threshold : 0;
  }
  CHECK(s.finished && s.n == SEEDS && s.n_done == SEEDS && s.n_solved == solved && solved > 0);
  CHECK(s.env_steps == steps && s.env_steps_per_s > 0);
  CHECK_NEAR(s.return_mean, sum / SEEDS, 1e-9);
  CHECK_NEAR(s.episodes_mean, episodes / solved, 1e-9);
  CHECK_NEAR(s.solved_fraction, (double)solved / SEEDS, 0);
  CHECK(s.iqm_low <= s.return_iqm && s.return_iqm <= s.iqm_high);
  CHECK(s.solved_low < s.solved_fraction && s.solved_fraction <= s.solved_high);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

/* More learners than slots: later learners are published, and do what they would alone. */
static void a_slot_passes_to_the_next_learner(void) {
  enum { MANY = 20 };
  static const char *const options[] = {"steps", "2000", NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  const hd_study_def def = study_def(config, 3, MANY, 2);
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  CHECK(study->n_slots < MANY);
  hd_result waiting = hd_study_result(study, MANY - 1);
  hd_stats stats = hd_study_stats(study, MANY - 1);
  CHECK(waiting.seed == 3 + MANY - 1 && waiting.env_steps == 0 && isnan(waiting.final_return));
  CHECK(stats.seed == waiting.seed && stats.n_layers == 1);
  CHECK_TEXT(stats.layer[0].name, "hidden");
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK);
  for (int i = 0; i < MANY; i += MANY - 1) {
    hd_result alone;
    const hd_result among = hd_study_result(study, i);
    CHECK(run(config, 3 + (uint64_t)i, 1, 1, &alone) == HD_OK);
    CHECK(among.done && same_result(&among, &alone));
  }
  CHECK(hd_study_summary(study).finished);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

static void senseless_definitions_are_refused(void) {
  hd_config *config = small_config(ctx, "CartPole-v1", NULL);
  hd_study *study = NULL;
  hd_study_def def = study_def(config, 0, 0, 1);
  CHECK(hd_study_create(ctx, &def, &study) == HD_RANGE);
  CHECK(strstr(hd_ctx_error(ctx), "seeds = 0") != NULL);
  def = study_def(config, 0, 1, 0);
  CHECK(hd_study_create(ctx, &def, &study) == HD_RANGE);
  def = study_def(NULL, 0, 1, 1);
  CHECK(hd_study_create(ctx, &def, &study) == HD_USAGE);
  def = (hd_study_def){.config = config};
  CHECK(hd_study_create(ctx, &def, &study) == HD_USAGE);
  CHECK(study == NULL);
  hd_config_destroy(config);
}

/* ---- an environment that breaks for some seeds ---- */

enum { BREAKS_AT = 2500 };

static void walk_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  double *walk = state;
  walk[1] = 10 * hd_random_uniform(random) - 5;
}

static bool walk_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self;
  double *walk = state;
  walk[0] += 1;
  walk[1] += action[0] > 0.5f ? 1 : -1;
  const bool breaks = walk[0] == BREAKS_AT && hd_random_uniform(random) < 0.5;
  *reward = breaks ? (double)NAN : -1;
  return fabs(walk[1]) > 8;
}

static void walk_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)((const double *)state)[1];
}

static const hd_dim walk_obs = {.name = "x", .unit = "", .low = -8, .high = 8};
static const hd_dim walk_act = {.name = "way", .unit = "", .count = 2};
static const hd_env_desc walk = {.size = sizeof(hd_env_desc),
                                 .name = "Walk-v0",
                                 .doc = "a walk that may break",
                                 .source = "this test",
                                 .obs = &walk_obs,
                                 .n_obs = 1,
                                 .act = &walk_act,
                                 .n_act = 1,
                                 .max_steps = 50,
                                 .solved = NAN,
                                 .state_size = 2 * sizeof(double),
                                 .reset = walk_reset,
                                 .step = walk_step,
                                 .observe = walk_observe};

static void a_broken_learner_stops_the_study_and_others_are_saved(void) {
  CHECK(hd_env_register(ctx, &walk) == HD_OK);
  static const char *const options[] = {"envs", "1", NULL};
  hd_config *config = small_config(ctx, "Walk-v0", options);
  hd_study_def def = study_def(config, 1, 6, 1);
  remove_folder(temp_path("broken"));
  def.dir = temp_path("broken");
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  study->save_every_s = INFINITY; /* the broken learner has no older checkpoint, however slow */
  CHECK(hd_study_run(study, NULL, NULL) == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), "seed ") != NULL && strstr(hd_ctx_error(ctx), "reward") != NULL);
  int n_saved = 0;
  for (int i = 0; i < 6; i++) {
    char name[64];
    snprintf(name, sizeof name, "broken/checkpoint-%d.hd", i + 1);
    n_saved += has_file(temp_path(name));
  }
  CHECK(n_saved > 0 && n_saved < 6);
  hd_study_destroy(study);
  hd_config_destroy(config);
}

/* ---- memory ---- */

static hd_status create_small(hd_ctx *own) {
  hd_config *config;
  hd_study *study;
  HD_TRY(hd_config_create(own, "CartPole-v1", "neuron-agent", &config));
  const hd_study_def def = study_def(config, 1, 2, 1);
  const hd_status status = hd_study_create(own, &def, &study);
  hd_config_destroy(config);
  HD_TRY(status);
  hd_study_destroy(study);
  return HD_OK;
}

static hd_status create_config(hd_ctx *own) {
  hd_config *config;
  HD_TRY(hd_config_create(own, "CartPole-v1", "neuron-agent", &config));
  hd_config_destroy(config);
  return HD_OK;
}

static hd_status create_session(hd_ctx *own) {
  hd_config *config;
  hd_session *session;
  HD_TRY(hd_config_create(own, "CartPole-v1", "neuron-agent", &config));
  const hd_status status = hd_session_create(own, config, 1, &session);
  hd_config_destroy(config);
  HD_TRY(status);
  hd_session_destroy(session);
  return HD_OK;
}

static hd_status create_envs(hd_ctx *own) {
  const hd_env_desc *desc;
  hd_envs *envs;
  HD_TRY(hd_env_register(own, &walk));
  HD_TRY(hd_env_find(own, "Walk-v0", &desc));
  HD_TRY(hd_envs_create(own, desc, 3, 1, HD_RNG_NATIVE, &envs));
  hd_envs_destroy(envs);
  return HD_OK;
}

static hd_status create_nothing(hd_ctx *own) {
  (void)own;
  return HD_OK;
}

static void every_allocation_may_fail(void) {
  CHECK(fault_sweep(create_nothing) == 1);
  CHECK(fault_sweep(create_envs) > 3);
  CHECK(fault_sweep(create_config) > 1);
  CHECK(fault_sweep(create_session) > 3);
  CHECK(fault_sweep(create_small) > 8);
}

/* Between creation and destruction nothing is allocated by training, evaluating or saving. */
static void work_allocates_nothing(void) {
  struct fault fault = {0};
  hd_ctx *own;
  hd_config *config;
  hd_session *session;
  CHECK(fault_ctx(&fault, &own) == HD_OK);
  CHECK(hd_config_create(own, "CartPole-v1", "neuron-agent", &config) == HD_OK);
  CHECK(hd_session_create(own, config, 1, &session) == HD_OK);
  const int before = fault.n;
  CHECK(hd_session_train(session, 1000) == HD_OK);
  CHECK(hd_session_evaluate(session, 3, 0, NULL, NULL) == HD_OK);
  CHECK(hd_session_save(session, temp_path("still.hd")) == HD_OK);
  CHECK(fault.n == before);
  hd_session_destroy(session);
  hd_config_destroy(config);
  hd_ctx_destroy(own);
  CHECK(fault.n_live == 0);
}

static const hd__learner_desc *counted;
static int n_hashes;

static uint64_t counting_hash(const hd__learner *learner) {
  n_hashes++;
  return counted->hash(learner);
}

static bool stop_when_it_moves(void *user, hd_study *study) {
  (void)user;
  return hd_study_result(study, 0).env_steps == 0;
}

/* Weights are hashed where somebody reads them: at evaluations, and when a run returns, not after
 * every turn. */
static void turns_hash_nothing(void) {
  static const char *const options[] = {"steps",     "60000", "eval_every", "30000",
                                        "threshold", "nan",   NULL};
  hd_config *config = small_config(ctx, "CartPole-v1", options);
  const hd_study_def def = study_def(config, 3, 1, 1);
  hd_study *study = NULL;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK);
  hd_session *session = study->slot[0]->session;
  counted = session->learner.desc;
  hd__learner_desc counting = *counted;
  counting.hash = counting_hash;
  session->learner.desc = &counting;
  study->turn_s = 0;
  study->progress_ms = 1;
  CHECK(hd_study_run(study, stop_when_it_moves, NULL) == HD_OK);
  CHECK(hd_study_result(study, 0).hash == hd_session_hash(session));
  CHECK(hd_study_run(study, NULL, NULL) == HD_OK && hd_study_result(study, 0).done);
  CHECK(hd_study_result(study, 0).hash == hd_session_hash(session));
  CHECK(n_hashes <= 12);
  session->learner.desc = counted;
  hd_study_destroy(study);
  hd_config_destroy(config);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(threads_and_other_learners_change_nothing);
  RUN(results_of_several_studies_have_one_summary);
  RUN(a_study_does_what_its_parts_do);
  RUN(every_evaluation_is_told);
  RUN(a_budget_of_episodes_is_kept);
  RUN(an_easy_threshold_is_reached_at_the_first_checkpoint);
  RUN(stopping_and_reading_change_nothing);
  RUN(turns_hash_nothing);
  RUN(the_summary_adds_up);
  RUN(a_slot_passes_to_the_next_learner);
  RUN(senseless_definitions_are_refused);
  RUN(a_broken_learner_stops_the_study_and_others_are_saved);
  RUN(every_allocation_may_fail);
  RUN(work_allocates_nothing);
  hd_ctx_destroy(ctx);
  return test_end();
}
