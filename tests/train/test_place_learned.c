/* Place cells that are recruited as a learner goes: they learn, and they are what learns. */
#include "learners.h"

enum { SEEDS = 3, EPISODES = 10, STEPS = 20000 };

static double worst(hd_ctx *ctx, const char *settings) {
  double low = 1e9;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    hd_session *session = open_session(ctx, "CartPole-v1", "place-learned", settings, seed);
    double mean = 0;
    advance(session, STEPS, 1000);
    CHECK(hd_session_evaluate(session, EPISODES, 0, NULL, &mean) == HD_OK);
    low = mean < low ? mean : low;
    hd_session_destroy(session);
  }
  return low;
}

static void a_pole_is_balanced_by_cells_that_are_recruited(void) {
  hd_ctx *ctx = open_ctx();
  const double learned = worst(ctx, NULL), without = worst(ctx, "place.recruit=0");
  printf("  worst of %d: %.0f, without cells %.0f\n", SEEDS, learned, without);
  CHECK(learned >= 300);
  CHECK(without < 100);
  hd_ctx_destroy(ctx);
}

static void expect_conflict(hd_ctx *ctx, const char *method, const char *settings,
                            const char *words) {
  hd_session *session = NULL;
  CHECK(try_session(ctx, "CartPole-v1", method, settings, 0, &session) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), words) != NULL);
}

static void cells_need_a_rule_and_a_critic_needs_cells(void) {
  hd_ctx *ctx = open_ctx();
  expect_conflict(ctx, "place-actor-critic", "critic=place", "coding = place");
  expect_conflict(ctx, "dqn", "coding=place", "search = none");
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_pole_is_balanced_by_cells_that_are_recruited);
  RUN(cells_need_a_rule_and_a_critic_needs_cells);
  return test_end();
}
