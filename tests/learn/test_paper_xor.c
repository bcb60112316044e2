/* The experiment that learns exclusive or by rewarded STDP learns, and neither learns frozen nor
 * from rewards of a random sign. */
#include "../../cli/paper_xor.c"

#include "test.h"

enum { SEEDS = 2, EPOCHS = 40 };

/* Its curve is not looked at. */
hd_status paper_take(paper_outcome *out, int64_t at, int64_t length, double value) {
  (void)out, (void)at, (void)length, (void)value;
  return HD_OK;
}

static int learned(hd_ctx *ctx, const char *name) {
  int condition = 0, n = 0;
  while (strcmp(conditions[condition].name, name) != 0) {
    condition++;
  }
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    paper_outcome outcome = {0};
    CHECK(paper_xor.run(ctx, condition, seed, EPOCHS, &outcome) == HD_OK);
    n += outcome.has_succeeded;
  }
  return n;
}

static void rates_are_learned_and_controls_are_not(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(learned(ctx, "rate-mstdpet") == SEEDS);
  CHECK(learned(ctx, "rate-frozen") == 0);
  CHECK(learned(ctx, "rate-shuffled-rewards") < SEEDS);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(rates_are_learned_and_controls_are_not);
  return test_end();
}
