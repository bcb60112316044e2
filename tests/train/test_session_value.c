/* Values of observations: those that learning itself goes by; and asking for them changes nothing.
 */
#include <math.h>

#include "learners.h"

static hd_ctx *ctx;

typedef struct valued {
  const char *task, *method, *settings;
} valued;

static const valued all[] = {
    {"CartPole-v1", "neuron-agent", "envs=3"},
    {"CartPole-v1", "neuron-agent-online", "envs=2"},
    {"CartPole-v1", "neuron-agent-online", "critic=learned-spikes"},
    {"CartPole-v1", "place-actor-critic", ""},
    {"CartPole-v1", "place-learned", ""},
    {"CartPole-v1", "ppo", "hidden=8 normalise_obs=true"},
    {"CartPole-v1", "a2c", "hidden=8"},
    {"CartPole-v1", "dqn", "hidden=8 dueling=true"},
    {"CartPole-v1", "layer-agent", "hidden=8,8"},
    {"CartPole-v1", "layer-agent-ppo", "hidden=8,8 layer.above=true"},
    {"Pendulum-v1", "td3", "hidden=8 learning_starts=20"},
    {"Pendulum-v1", "sac", "hidden=8 learning_starts=20"},
};

static hd_view find(const hd_session *session, const char *name) {
  hd_view view = {0};
  for (int i = 0; i < hd_session_view_count(session); i++) {
    const hd_view one = hd_session_view_at(session, i);
    view = strcmp(one.name, name) == 0 ? one : view;
  }
  return view;
}

/* Values of what the environments of a session show now. */
static int value_present(hd_session *session, float *value) {
  const hd_view obs = find(session, "obs");
  CHECK(hd_session_value(session, (int)obs.shape[0], obs.data, value) == HD_OK);
  return (int)obs.shape[0];
}

static void check_changes_nothing(const valued *of) {
  hd_session *alone = open_session(ctx, of->task, of->method, of->settings, 3);
  hd_session *asked = open_session(ctx, of->task, of->method, of->settings, 3);
  float value[64], again[64];
  double most = 0;
  for (int k = 0; k < 12; k++) {
    CHECK(hd_session_train(alone, 7) == HD_OK && hd_session_train(asked, 7) == HD_OK);
    const int n = value_present(asked, value);
    CHECK(value_present(asked, again) == n);
    for (int i = 0; i < n; i++) {
      CHECK(isfinite(value[i]) && value[i] == again[i]);
      most = fmax(most, fabs((double)value[i]));
    }
  }
  CHECK(most > 0);
  CHECK(hd_session_hash(alone) == hd_session_hash(asked));
  hd_session_destroy(alone);
  hd_session_destroy(asked);
}

static void asking_changes_nothing(void) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    const int before = test_failures;
    check_changes_nothing(&all[i]);
    if (test_failures != before) {
      printf("  %s, %s, %s\n", all[i].task, all[i].method, all[i].settings);
    }
  }
}

/* Of a table, each state's own entry. */
static void values_of_a_table_are_its_entries(void) {
  hd_session *session =
      open_session(ctx, "FrozenLake-v1", "neuron-agent-online", "critic=table", 1);
  float obs[16], value[16];
  int n_learned = 0;
  CHECK(hd_session_train(session, 2000) == HD_OK);
  const float *w = find(session, "critic").data;
  for (int s = 0; s < 16; s++) {
    obs[s] = (float)s;
  }
  CHECK(hd_session_value(session, 16, obs, value) == HD_OK);
  for (int s = 0; s < 16; s++) {
    CHECK(value[s] == w[s]);
    n_learned += w[s] != 0.0f;
  }
  CHECK(n_learned > 3);
  hd_session_destroy(session);
}

/* Of PPO, what its rollout notes at the next step. */
static void values_of_ppo_are_those_of_its_rollout(void) {
  hd_session *session = open_session(ctx, "CartPole-v1", "ppo", "hidden=8 envs=4", 1);
  float value[4];
  CHECK(hd_session_train(session, 400) == HD_OK);
  CHECK(value_present(session, value) == 4);
  const int64_t slot = *(const int64_t *)find(session, "rollout.slot").data;
  CHECK(hd_session_train(session, 4) == HD_OK);
  const float *noted = (const float *)find(session, "rollout.value").data + slot * 4;
  for (int b = 0; b < 4; b++) {
    CHECK_NEAR((double)value[b], (double)noted[b], 1e-5);
  }
  hd_session_destroy(session);
}

static void refuse(const char *method, int n, float first, hd_status status, const char *sentence) {
  hd_session *session = open_session(ctx, "CartPole-v1", method, "", 1);
  const float obs[4] = {first, 0, 0, 0};
  float value = 7;
  CHECK(hd_session_value(session, n, obs, &value) == status);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
  hd_session_destroy(session);
}

static void what_has_no_value_is_said(void) {
  refuse("nes", 1, 0, HD_CONFLICT,
         "method nes gives no values to observations; methods with a critic and those that value "
         "actions do");
  refuse("augment", 1, 0, HD_CONFLICT,
         "method augment gives no values to observations; methods with a critic and those that "
         "value actions do");
  refuse("ppo", 0, 0, HD_RANGE, "n = 0 observations, allowed 1 or more");
  refuse("ppo", 1, NAN, HD_NUMERIC, "an observation to value is not finite");
}

int main(void) {
  ctx = open_ctx();
  RUN(asking_changes_nothing);
  RUN(values_of_a_table_are_its_entries);
  RUN(values_of_ppo_are_those_of_its_rollout);
  RUN(what_has_no_value_is_said);
  hd_ctx_destroy(ctx);
  return test_end();
}
