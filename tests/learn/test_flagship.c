/* What the first screen shows is learnt by its neurons: frozen, the same network fails. So does
 * the network whose action neurons are agents as well. */
#include "train/learners.h"

enum { SEEDS = 10 };

/* How many of the seeds 0 to 9 balance the pole after 60,000 steps. */
static int n_solved(const char *method, const char *settings) {
  int n = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    double mean = 0;
    hd_ctx *ctx = open_ctx();
    hd_session *s = open_session(ctx, "CartPole-v1", method, settings, seed);
    CHECK(hd_session_train(s, 60000) == HD_OK);
    CHECK(hd_session_evaluate(s, 20, 0, NULL, &mean) == HD_OK);
    n += mean >= 475;
    hd_session_destroy(s);
    hd_ctx_destroy(ctx);
  }
  return n;
}

static void neurons_that_learn_balance_the_pole(void) {
  CHECK(n_solved("neuron-agent", "") == SEEDS);
  CHECK(n_solved("neuron-agent-society", "") == SEEDS);
}

static void frozen_neurons_do_not(void) {
  CHECK(n_solved("neuron-agent", "learn_hidden=false") <= 1);
  CHECK(n_solved("neuron-agent-society", "learn_hidden=false") <= 1);
}

int main(void) {
  RUN(neurons_that_learn_balance_the_pole);
  RUN(frozen_neurons_do_not);
  return test_end();
}
