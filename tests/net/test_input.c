/* What a network's input lines do in the substeps of a decision. */
#include "../train/learners.h"
#include "insides.h"

enum { SUBSTEPS = 64 };

/* Spikes of every line in one decision, and substeps that equal the one before. */
static int repeats_of(const char *coding, int *spikes, int *lines) {
  hd_ctx *ctx = open_ctx();
  char settings[80];
  snprintf(settings, sizeof settings, "coding=%s code.gain=0.5 substeps=%d", coding, SUBSTEPS);
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", settings, 5);
  advance(session, 1, 1);
  const hd__net *net = &rule_of(session)->learned.net;
  const int n = net->def.code.n, pad = HD_PAD(n);
  int repeats = 0;
  *spikes = 0;
  *lines = n;
  for (int t = 0; t < SUBSTEPS; t++) {
    const float *now = net->input + t * pad;
    for (int i = 0; i < n; i++) {
      *spikes += now[i] > 0;
    }
    repeats += t > 0 && memcmp(now, now - pad, sizeof(float) * (size_t)n) == 0;
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return repeats;
}

/* Lines that fire at random draw anew at every substep. With four lines at one half, neighbouring
 * substeps agree one time in sixteen: 4 of 63, with a deviation of 2. */
static void substeps_draw_for_themselves(void) {
  static const char *const codings[] = {"rate", "poisson", "gauss-stochastic"};
  for (int k = 0; k < 3; k++) {
    int spikes, lines;
    CHECK(repeats_of(codings[k], &spikes, &lines) < SUBSTEPS / 2);
    CHECK(spikes > 0 && spikes < SUBSTEPS * lines);
  }
}

int main(void) {
  RUN(substeps_draw_for_themselves);
  return test_end();
}
