/* Of 31 neurons that vote those that are told the population's decision learn ten patterns within
 * 300 decisions, and those that are told the reward alone do not. */
#include "../../cli/paper_population.c"

#include <string.h>

#include "test.h"

enum { SEEDS = 2, DECISIONS = 300, FEEDBACK_31 = 2, REWARD_31 = 5 };

/* Its curve is not looked at. */
hd_status paper_take(paper_outcome *out, int64_t at, int64_t length, double value) {
  (void)out, (void)at, (void)length, (void)value;
  return HD_OK;
}

static int learned(hd_ctx *ctx, int condition) {
  int n = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    paper_outcome outcome = {0};
    CHECK(paper_population.run(ctx, condition, seed, DECISIONS, &outcome) == HD_OK);
    n += outcome.has_succeeded;
  }
  return n;
}

static void feedback_is_faster_than_the_reward_alone(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(strcmp(conditions[FEEDBACK_31].name, "feedback-31") == 0);
  CHECK(strcmp(conditions[REWARD_31].name, "reward-31") == 0);
  CHECK(learned(ctx, FEEDBACK_31) == SEEDS);
  CHECK(learned(ctx, REWARD_31) == 0);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(feedback_is_faster_than_the_reward_alone);
  return test_end();
}
