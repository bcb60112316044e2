/* Every array that a session shows says what it means. */
#include "../train/learners.h"

#include <string.h>

static void check_session(const hd_session *session) {
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view view = hd_session_view_at(session, i);
    const size_t length = strlen(view.doc);
    if (length < 10 || view.doc[length - 1] != '.') {
      printf("  array %s says \"%s\"\n", view.name, view.doc);
    }
    CHECK(length >= 10 && view.doc[length - 1] == '.');
  }
}

/* Of settings that a method refuses there is no session. */
static int check_settings(hd_ctx *ctx, const char *task, const char *method, const char *settings) {
  hd_session *session = NULL;
  if (try_session(ctx, task, method, settings, 1, &session) != HD_OK) {
    return 0;
  }
  check_session(session);
  hd_session_destroy(session);
  return 1;
}

static void every_array_says_what_it_means(void) {
  static const char *const tasks[] = {"CartPole-v1", "Pendulum-v1"};
  static const char *const settings[] = {"",
                                         "recurrent=true carry=true",
                                         "neuron=lif rule=e-prop recurrent=true carry=true",
                                         "dqn.priority=0.6 average=0.9",
                                         "normalise_reward=true normalise_obs=true",
                                         "critic=learned-spikes",
                                         "settle=mean-field settle.feedback=random",
                                         "td3.proxy=true noise_memory=0.5",
                                         "search.alpha_sigma=0.1",
                                         "search.movers=0.5 search.undo=true",
                                         "syn.payment=counterfactual",
                                         "optimiser=adam lambda=0.9",
                                         "syn.dynamics=rate-pre"};
  hd_ctx *ctx = open_ctx();
  int n = 0;
  for (int m = 0; m < hd_method_count(); m++) {
    for (int t = 0; t < 2; t++) {
      for (size_t s = 0; s < sizeof settings / sizeof settings[0]; s++) {
        n += check_settings(ctx, tasks[t], hd_method_at(m)->name, settings[s]);
      }
    }
  }
  CHECK(n > 2 * hd_method_count());
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(every_array_says_what_it_means);
  return test_end();
}
