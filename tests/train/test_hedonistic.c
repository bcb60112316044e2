/* Synapses that release learn what each tells of: which arm pays, and exclusive or of two rates. */
#include "learners.h"

/* Mean return of the last hundred episodes while learning, over seeds 0 to 4. */
static double learned(const char *task, const char *settings, int64_t steps) {
  enum { SEEDS = 5, LAST = 100 };
  hd_ctx *ctx = open_ctx();
  double sum = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    hd_session *session = open_session(ctx, task, "hedonistic", settings, seed);
    advance(session, steps, steps);
    double returns[LAST];
    const int n = hd_session_returns(session, returns, LAST);
    for (int i = 0; i < n; i++) {
      sum += returns[i] / n;
    }
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
  return sum / SEEDS;
}

/* A random choice is worth .41. A mean of 500 pulls has a deviation of at most .023. */
static void the_arm_that_pays(void) {
  const double frozen = learned("Bandit-v0", "alpha=0", 4000);
  const double free = learned("Bandit-v0", NULL, 8000);
  CHECK(frozen < 0.55);
  CHECK(free > 0.7);
}

/* Chance is .5, and no linear answer gets more than .75. */
static void exclusive_or_of_rates(void) {
  CHECK(learned("XorRate-v0", "steps=20000", 20000) > 0.8);
}

/* The same with neurons that hear their own layer. */
static void recurrent_neurons(void) {
  CHECK(learned("XorRate-v0", "steps=20000 recurrent=true hidden=32", 20000) > 0.7);
}

int main(void) {
  RUN(the_arm_that_pays);
  RUN(exclusive_or_of_rates);
  RUN(recurrent_neurons);
  return test_end();
}
