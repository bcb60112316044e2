/* What must hold whatever a learner has learned. */
#include "fault.h"
#include "learners.h"
#include "opens.h"

static void nothing_to_learn_with(const char *task, const char *method) {
  static const char *const settings[] = {
      "alpha=0 ?alpha_readout=0 ?alpha_critic=0 ?td3.alpha_proxy=0",
      "alpha=0 ?alpha_readout=0 ?alpha_critic=0 average=0.99 ?init_scale=0.37"};
  if (searches(method)) {
    return;
  }
  hd_ctx *ctx = open_ctx();
  for (int k = 0; k < (descends(method) ? 1 : 2); k++) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s %s", quick(method), settings[k]);
    hd_session *session = open_session(ctx, task, method, whole, 2);
    const uint64_t hash = hd_session_hash(session);
    advance(session, 512, 512);
    CHECK(hd_session_hash(session) == hash);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

static void zero_learning_rates_change_nothing(void) { for_methods(nothing_to_learn_with); }

/* Environments that share weights which do not change live as if alone. */
static void crowded(const char *task, const char *method) {
  enum { EACH = 96 };
  const char *few =
      "alpha=0 ?alpha_readout=0 ?alpha_critic=0 ?epsilon.end=nan envs=2 "
      "?normalise_obs=false";
  const char *many =
      "alpha=0 ?alpha_readout=0 ?alpha_critic=0 ?epsilon.end=nan envs=4 "
      "?normalise_obs=false";
  if (searches(method) || has_one_environment(method)) {
    return;
  }
  hd_ctx *ctx = open_ctx();
  hd_session *two = open_session(ctx, task, method, few, 2);
  hd_session *four = open_session(ctx, task, method, many, 2);
  for (int steps = 32; steps <= EACH; steps += 32) {
    advance(two, 2 * steps, 2);
    advance(four, 4 * steps, 4);
    static const char *const same[] = {"obs", "episode_return"};
    for (int k = 0; k < 2; k++) {
      const hd_view a = view_of(two, same[k]), b = view_of(four, same[k]);
      const size_t size = strcmp(a.dtype, "F64") == 0 ? 8 : 4;
      CHECK(memcmp(a.data, b.data, size * 2 * (size_t)(k == 0 ? a.shape[1] : 1)) == 0);
    }
  }
  hd_session_destroy(two);
  hd_session_destroy(four);
  hd_ctx_destroy(ctx);
}

static void a_larger_batch_changes_no_row(void) { for_methods(crowded); }

static bool all_finite(hd_session *session) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    int64_t n = 1;
    for (int d = 0; d < view.n_dims; d++) {
      n *= view.shape[d];
    }
    for (int64_t k = 0; k < n; k++) {
      const bool is_single = strcmp(view.dtype, "F32") == 0;
      const bool is_double = strcmp(view.dtype, "F64") == 0;
      if ((is_single && !isfinite(((const float *)view.data)[k])) ||
          (is_double && !isfinite(((const double *)view.data)[k]))) {
        printf("  %s is not finite\n", view.name);
        return false;
      }
    }
  }
  return true;
}

/* Learn for some steps, and until weights were updated, which takes a search a generation. */
static hd_status live(hd_session *session, const char *method) {
  enum { STEPS = 400 / TEST_SLOWED, SLICE = 100, PATIENCE = 10000 };
  hd_status status = HD_OK;
  hd_stats stats = {0};
  while (status == HD_OK && stats.env_steps < PATIENCE &&
         (stats.env_steps < STEPS || stats.updates == 0)) {
    status = hd_session_train(session, SLICE);
    hd_session_stats(session, &stats);
  }
  CHECK(status != HD_OK || stats.updates > 0 || searches(method));
  return status;
}

/* May a method refuse an environment? A readout that chooses one action, an algorithm for
 * real-valued ones; of hundreds of components, cells over all of them, and whole episodes of
 * thousands of steps. */
static bool may_refuse(const hd_env_desc *env, const char *method) {
  const bool is_real = env->act[0].count == 0, is_wide = env->n_obs > 64;
  return env->n_act > 1 || (acts_by_numbers(method) && !is_real) ||
         (is_wide && (strncmp(method, "place-", 6) == 0 || has_one_environment(method)));
}

/* MinAtar's games are one to a learner but for their rules: one of them is enough. */
static bool is_another_game(const char *task) {
  return strncmp(task, "MinAtar-", 8) == 0 && strcmp(task, "MinAtar-Breakout-v1") != 0;
}

static void every_method_runs_everywhere(void) {
  hd_ctx *ctx = open_ctx();
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const bool has_all = !is_another_game(hd_env_at(ctx, e)->name) && opens(ctx, hd_env_at(ctx, e));
    for (int m = 0; has_all && m < hd_method_count(); m++) {
      const char *task = hd_env_at(ctx, e)->name, *method = hd_method_at(m)->name;
      hd_session *session = NULL;
      hd_status status = try_session(ctx, task, method, quick(method), 1, &session);
      if (status == HD_CONFLICT && may_refuse(hd_env_at(ctx, e), method)) {
        continue;
      }
      if (status != HD_OK || live(session, method) != HD_OK) {
        printf("  %s on %s: %s\n", method, task, hd_ctx_error(ctx));
        CHECK(false);
      } else if (!all_finite(session)) {
        printf("  %s on %s\n", method, task);
        CHECK(false);
      }
      hd_session_destroy(session);
    }
  }
  hd_ctx_destroy(ctx);
}

static void thrifty(const char *task, const char *method) {
  struct fault fault = {0};
  hd_ctx *ctx = NULL;
  CHECK(fault_ctx(&fault, &ctx) == HD_OK);
  hd_session *session = open_session(ctx, task, method, quick(method), 1);
  const int n = fault.n, n_live = fault.n_live;
  advance(session, 256, 16);
  CHECK(hd_session_evaluate(session, 2, 0, NULL, NULL) == HD_OK);
  CHECK(fault.n == n && fault.n_live == n_live);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  CHECK(fault.n_live == 0 && fault.live == 0 && fault.n_wrong == 0);
}

static void no_allocation_between_steps(void) { for_methods(thrifty); }

static hd_status make(hd_ctx *ctx) {
  hd_session *session = NULL;
  HD_TRY(try_session(ctx, "CartPole-v1", "place-actor-critic", NULL, 1, &session));
  hd_session_destroy(session);
  return HD_OK;
}

static void every_allocation_may_fail(void) { CHECK(fault_sweep(make) > 2); }

int main(void) {
  RUN(zero_learning_rates_change_nothing);
  RUN(a_larger_batch_changes_no_row);
  RUN(every_method_runs_everywhere);
  RUN(no_allocation_between_steps);
  RUN(every_allocation_may_fail);
  return test_end();
}
