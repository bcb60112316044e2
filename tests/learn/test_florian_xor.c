/* The example that learns exclusive or by rewarded STDP learns, and neither learns frozen nor from
 * rewards of a random sign. */
int florian_xor_main(int argc, char **argv); /* the main function of the example */
#define main florian_xor_main
#include "../../examples/florian_xor.c"
#undef main

#include "test.h"

enum { SEEDS = 2, EPOCHS = 40 };

static int learned(hd_ctx *ctx, const char *rule, condition kind) {
  int n = 0;
  for (int seed = 0; seed < SEEDS; seed++) {
    bool has_learned = false;
    CHECK(run(ctx, find("rate", rule), kind, seed, EPOCHS, &has_learned) == HD_OK);
    n += has_learned;
  }
  return n;
}

static void rates_are_learned_and_controls_are_not(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(learned(ctx, "mstdpet", LEARNS) == SEEDS);
  CHECK(learned(ctx, "mstdpet", FROZEN) == 0);
  CHECK(learned(ctx, "mstdpet", SHUFFLED) < SEEDS);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(rates_are_learned_and_controls_are_not);
  return test_end();
}
