/* Candidates evaluated in parallel are reported as if they were evaluated one by one. */
#include "learners.h"
#include "insides.h"

enum { MEMBERS = 37, POPULATION = 10 };

static const char *const methods[] = {"nes", "evolving-connectivity", "ec-trust"};
static const char settings[] = "coding=poisson hidden=20 substeps=4 search.population=10";

static void check_same(const hd_session *a, const hd_session *b) {
  hd_stats one, other;
  hd__session_read_stats(a, &one);
  hd__session_read_stats(b, &other);
  CHECK(hd_session_hash(a) == hd_session_hash(b));
  CHECK(one.env_steps == other.env_steps && one.episodes == other.episodes);
  CHECK(one.recent == other.recent);
  CHECK(one.layer[0].rate == other.layer[0].rate && one.layer[0].silent == other.layer[0].silent);
}

static void any_number_finds_the_same(void) {
  for (int k = 0; k < 3; k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *alone = open_session(ctx, "CartPole-v1", methods[k], settings, 1);
    CHECK(hd__session_use_threads(alone, 1) == HD_OK && search_of(alone)->parallel == NULL);
    for (int m = 0; m < MEMBERS; m++) {
      CHECK(advance_unit(alone) == HD_OK);
    }
    for (int n = 2; n <= 12; n += 5) {
      hd_session *helped = open_session(ctx, "CartPole-v1", methods[k], settings, 1);
      CHECK(hd__session_use_threads(helped, n) == HD_OK && search_of(helped)->parallel != NULL);
      for (int m = 0; m < MEMBERS; m++) {
        CHECK(advance_unit(helped) == HD_OK);
      }
      check_same(alone, helped);
      hd_session_destroy(helped);
    }
    hd_session_destroy(alone);
    hd_ctx_destroy(ctx);
  }
}

/* Episodes of an evaluation are shared out, several times one after the other, by threads that were
 * joined in between as well, and evaluations of fewer episodes than threads. */
static void evaluations_are_shared_out(void) {
  enum { EPISODES = 53 };
  hd_ctx *ctx = open_ctx();
  for (int n = 2; n <= 7; n += 5) {
    hd_session *alone = open_session(ctx, "CartPole-v1", "nes", settings, 3);
    hd_session *helped = open_session(ctx, "CartPole-v1", "nes", settings, 3);
    CHECK(hd__session_use_threads(helped, n) == HD_OK && search_of(helped)->parallel != NULL);
    for (uint64_t round = 0; round < 4; round++) {
      const int episodes = round == 3 ? 2 : EPISODES;
      double mean, same, returns[EPISODES], theirs[EPISODES];
      for (int m = 0; m < POPULATION + 3; m++) {
        CHECK(advance_unit(alone) == HD_OK && advance_unit(helped) == HD_OK);
      }
      CHECK(hd_session_evaluate(alone, episodes, round, returns, &mean) == HD_OK);
      CHECK(hd_session_evaluate(helped, episodes, round, theirs, &same) == HD_OK);
      CHECK(mean == same && memcmp(returns, theirs, sizeof *returns * (size_t)episodes) == 0);
      hd__session_count_reset(alone); /* spikes of evaluations are not those of training */
      hd__session_count_reset(helped);
      if (round == 1) {
        hd__session_join_threads(helped);
        hd__session_join_threads(helped);
      }
    }
    CHECK(hd__workers_cpu_s(alone->workers) == 0);
    check_same(alone, helped);
    hd_session_destroy(alone);
    hd_session_destroy(helped);
  }
  hd_ctx_destroy(ctx);
}

/* A checkpoint in the middle of a generation that is known ahead; then another seed in its place.
 */
static void a_parallel_search_may_be_created_and_destroyed(void) {
  static const char path[] = HD_TEST_TMP "/parallel_search.ckpt";
  hd_ctx *ctx = open_ctx();
  hd_session *helped = open_session(ctx, "CartPole-v1", "nes", settings, 2), *loaded = NULL;
  CHECK(hd__session_use_threads(helped, 3) == HD_OK);
  for (int m = 0; m < 2 * POPULATION + 4; m++) {
    CHECK(advance_unit(helped) == HD_OK);
  }
  CHECK(hd_session_save(helped, path) == HD_OK && hd_session_load(ctx, path, &loaded) == HD_OK);
  CHECK(search_of(loaded)->parallel == NULL);
  for (int m = 0; m < 3 * POPULATION; m++) {
    CHECK(advance_unit(helped) == HD_OK && advance_unit(loaded) == HD_OK);
    if (m == POPULATION) {
      CHECK(hd__session_use_threads(loaded, 2) == HD_OK);
    }
  }
  CHECK(hd_session_hash(helped) == hd_session_hash(loaded));
  CHECK(hd__session_restart(helped, 5) == HD_OK);
  hd_session *other = open_session(ctx, "CartPole-v1", "nes", settings, 5);
  for (int m = 0; m < MEMBERS; m++) {
    CHECK(advance_unit(helped) == HD_OK && advance_unit(other) == HD_OK);
  }
  check_same(helped, other);
  hd_session_destroy(other);
  hd_session_destroy(helped);
  hd_session_destroy(loaded);
  hd_ctx_destroy(ctx);
  remove(path);
}

/* A candidate that depends on earlier candidates cannot be evaluated ahead. */
static void dependent_candidates_are_not_parallelised(void) {
  hd_ctx *ctx = open_ctx();
  static const char *const alone[] = {"alopex", "random-walk"};
  for (int k = 0; k < 2; k++) {
    hd_session *session = open_session(ctx, "CartPole-v1", alone[k], NULL, 1);
    CHECK(hd__session_use_threads(session, 4) == HD_OK && search_of(session)->parallel == NULL);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

static hd_result result_with(int n_threads) {
  hd_ctx *ctx = open_ctx();
  hd_config *config;
  hd_study *study;
  CHECK(hd_config_create(ctx, "CartPole-v1", "nes", &config) == HD_OK);
  CHECK(hd_config_set(config, "steps", "20000") == HD_OK);
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.seed = 4;
  def.n_threads = n_threads;
  CHECK(hd_study_create(ctx, &def, &study) == HD_OK && hd_study_run(study, NULL, NULL) == HD_OK);
  const hd_result result = hd_study_result(study, 0);
  hd_study_destroy(study);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return result;
}

static void a_study_lends_its_threads(void) {
  const hd_result one = result_with(1), four = result_with(4);
  CHECK(one.done && one.hash == four.hash && one.env_steps == four.env_steps);
  CHECK(one.final_return == four.final_return && one.episodes == four.episodes);
}

int main(void) {
  RUN(any_number_finds_the_same);
  RUN(evaluations_are_shared_out);
  RUN(a_parallel_search_may_be_created_and_destroyed);
  RUN(dependent_candidates_are_not_parallelised);
  RUN(a_study_lends_its_threads);
  return test_end();
}
