/* Learners that take one choice a step: no weight moves before the signals of all environments are
 * known to be finite. */
#include <math.h>

#include "../train/learners.h"

static float *array_of(hd_session *session, const char *name) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    if (strcmp(view.name, name) == 0) {
      return view.data;
    }
  }
  printf("  no array %s\n", name);
  exit(2);
}

/* What the last of three environments expected is made infinite. */
static void stops_before_it_moves(const char *method, const char *expected) {
  enum { ENVS = 3, MOST = 4096 };
  static float before[MOST];
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", method, "envs=3 hidden=4", 1);
  CHECK(hd_session_train(session, 5 * ENVS) == HD_OK);
  float *const w = array_of(session, "actor.weights"), *const told = array_of(session, expected);
  size_t n = 0, n_told = 0;
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    n = view.data == w ? (size_t)(view.shape[0] * view.shape[1]) : n;
    n_told = view.data == told ? (size_t)(view.shape[0] * view.shape[1]) : n_told;
  }
  CHECK(n > 0 && n <= MOST && n_told >= ENVS);
  memcpy(before, w, sizeof(float) * n);
  told[n_told - 1] = INFINITY;
  CHECK(hd_session_train(session, ENVS) == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), "is not finite") != NULL);
  CHECK(memcmp(before, w, sizeof(float) * n) == 0);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void no_weight_moves_before_all_signals_are_known(void) {
  stops_before_it_moves("narla", "team.values");
  stops_before_it_moves("svpg", "team.values");
  stops_before_it_moves("augment", "gated.value");
}

int main(void) {
  RUN(no_weight_moves_before_all_signals_are_known);
  return test_end();
}
