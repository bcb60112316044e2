/* Decisions in several episodes at once: each goes on from the state it was given, whatever was
 * decided in between. */
#include <math.h>

#include "train/learners.h"

enum { STEPS = 6, ROWS = 600 };

/* Who carries state, each in another place: a network of a rule, a stack, layers that are agents,
 * units that remember, a candidate of a search. */
static const struct {
  const char *task, *method, *settings;
} carriers[] = {{"DelayedCue-v0", "e-prop", "hidden=6"},
                {"DelayedCue-v0", "ppo", "hidden=6 carry=true recurrent=true"},
                {"CartPole-v1", "layer-agent", "hidden=8,8"},
                {"CartPole-v1", "layer-agent-ppo", "hidden=8,8 layer.above=true init_scale=10"},
                {"DelayedCue-v0", "augment", ""},
                {"DelayedCue-v0", "nes", "hidden=6 carry=true"}};
enum { N_CARRIERS = sizeof carriers / sizeof *carriers };

/* What an episode shows at a step: any numbers within the working range. */
static void show(const hd_session *session, int episode, int step, float *obs, int n_obs) {
  (void)session;
  for (int i = 0; i < n_obs; i++) {
    obs[i] = 0.1f * (float)((3 * episode + 5 * step + 7 * i) % 11);
  }
}

/* An episode while it is played. */
typedef struct played {
  float *state; /* [STEPS][size] after each decision */
  float action[STEPS];
} played;

static void decide(hd_session *session, int episode, uint64_t step, int n_obs, size_t size,
                   played *out) {
  float obs[64], action[8];
  float *state = out->state + step * size;
  if (step > 0) {
    memcpy(state, state - size, sizeof(float) * size);
  }
  show(session, episode, (int)step, obs, n_obs);
  CHECK(hd_session_act(session, 1, obs, false, 0, &step, state, action) == HD_OK);
  out->action[step] = action[0];
}

static int n_obs_of(hd_ctx *ctx, const char *task) {
  const hd_env_desc *env = NULL;
  CHECK(hd_env_find(ctx, task, &env) == HD_OK);
  return env->n_obs;
}

static void episodes_do_not_meet(void) {
  for (int m = 0; m < N_CARRIERS; m++) {
    hd_ctx *ctx = open_ctx();
    hd_session *session =
        open_session(ctx, carriers[m].task, carriers[m].method, carriers[m].settings, 3);
    const int n_obs = n_obs_of(ctx, carriers[m].task);
    const size_t size = hd_session_state_size(session);
    const size_t bytes = sizeof(float) * STEPS * size;
    played one[2], turn[2];
    advance(session, 300, 300);
    CHECK(size > 0);
    for (int e = 0; e < 2; e++) {
      one[e].state = malloc(bytes);
      turn[e].state = malloc(bytes);
      for (uint64_t step = 0; step < STEPS; step++) {
        decide(session, e, step, n_obs, size, &one[e]);
      }
    }
    for (uint64_t step = 0; step < STEPS; step++) {
      CHECK(hd_session_evaluate(session, 1, 0, NULL, NULL) == HD_OK);
      decide(session, 0, step, n_obs, size, &turn[0]);
      decide(session, 1, step, n_obs, size, &turn[1]);
    }
    for (int e = 0; e < 2; e++) {
      CHECK(memcmp(one[e].state, turn[e].state, bytes) == 0);
      CHECK(memcmp(one[e].action, turn[e].action, sizeof one[e].action) == 0);
      free(one[e].state);
      free(turn[e].state);
    }
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* The same decisions as of hd_session_decide, which keeps the state itself. */
static void one_episode_is_that_of_decide(void) {
  for (int m = 0; m < N_CARRIERS; m++) {
    hd_ctx *ctx = open_ctx();
    hd_session *session =
        open_session(ctx, carriers[m].task, carriers[m].method, carriers[m].settings, 3);
    const int n_obs = n_obs_of(ctx, carriers[m].task);
    const size_t size = hd_session_state_size(session);
    played one = {.state = malloc(sizeof(float) * STEPS * size)};
    advance(session, 300, 300);
    for (uint64_t step = 0; step < STEPS; step++) {
      decide(session, 1, step, n_obs, size, &one);
    }
    for (uint64_t step = 0; step < STEPS; step++) {
      float obs[64], action[8];
      show(session, 1, (int)step, obs, n_obs);
      CHECK(hd_session_decide(session, 1, obs, step, action) == HD_OK);
      CHECK(action[0] == one.action[step]);
    }
    free(one.state);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* Neurons that draw nothing: rows that see the same have the same state, however many there are;
 * a row that begins forgets. */
static void every_row_has_its_own_state(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "DelayedCue-v0", "e-prop", "hidden=6", 3);
  const size_t size = hd_session_state_size(session);
  float *state = malloc(sizeof(float) * ROWS * size), *obs = calloc(ROWS, 3 * sizeof(float));
  float *action = malloc(sizeof(float) * ROWS);
  uint64_t step[ROWS];
  for (int t = 0; t < 3; t++) {
    for (int row = 0; row < ROWS; row++) {
      show(session, row % 2, t, obs + 3 * row, 3);
      step[row] = row < 2 && t == 2 ? 0 : (uint64_t)t;
    }
    CHECK(hd_session_act(session, ROWS, obs, false, 0, step, state, action) == HD_OK);
  }
  for (int row = 4; row < ROWS; row++) {
    CHECK(memcmp(state + (size_t)row * size, state + (size_t)(2 + row % 2) * size,
                 sizeof(float) * size) == 0);
  }
  for (int row = 0; row < 2; row++) {
    CHECK(memcmp(state + (size_t)row * size, state + (size_t)(2 + row) * size,
                 sizeof(float) * size) != 0);
  }
  free(action);
  free(obs);
  free(state);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void exploring_draws_by_its_seed(void) {
  static const float leaning[] = {0.02f, -0.1f, 0.03f, 0.2f};
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "", 3);
  CHECK(hd_session_state_size(session) == 0);
  int n = 0;
  for (uint64_t step = 0; step < 100; step++) {
    float action, again;
    CHECK(hd_session_act(session, 1, leaning, true, 7, &step, NULL, &action) == HD_OK);
    CHECK(hd_session_sample(session, 1, leaning, 7, step, &again) == HD_OK);
    CHECK(action == again);
    n += action > 0.5f;
  }
  CHECK(n > 10 && n < 90);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* Whatever asks for a decision or a value. */
static void integers_that_a_task_does_not_have_are_refused(void) {
  static const float wrong[] = {16, -1, 2.5f, 1e30f};
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "FrozenLake-v1", "place-actor-critic", "", 3);
  const uint64_t step = 0;
  float state[1], action[2];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const float obs[2] = {3, wrong[i]};
    CHECK(hd_session_decide(session, 1, obs, 0, action) == HD_OK);
    CHECK(hd_session_decide(session, 2, obs, 0, action) == HD_RANGE);
    CHECK(strstr(hd_ctx_error(ctx), "allowed: whole numbers 0 to 15") != NULL);
    CHECK(hd_session_sample(session, 2, obs, 0, 0, action) == HD_RANGE);
    CHECK(hd_session_value(session, 2, obs, action) == HD_RANGE);
    CHECK(hd_session_act(session, 1, obs + 1, false, 0, &step, state, action) == HD_RANGE);
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void an_evaluation_in_parts_is_the_same(void) {
  enum { EPISODES = 300, CUT = 7 };
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "", 3);
  static double whole[EPISODES], part[EPISODES];
  CHECK(hd_session_evaluate(session, EPISODES, 5, whole, NULL) == HD_OK);
  CHECK(hd_session_evaluate_from(session, CUT, EPISODES - CUT, 5, part + CUT) == HD_OK);
  CHECK(hd_session_evaluate_from(session, 0, CUT, 5, part) == HD_OK);
  CHECK(memcmp(whole, part, sizeof whole) == 0);
  CHECK(hd_session_evaluate_from(session, -1, 1, 5, part) == HD_RANGE);
  CHECK(hd_session_evaluate_from(session, 0, 0, 5, part) == HD_RANGE);
  CHECK(hd_session_evaluate_from(session, 2147483647, 1, 5, part) == HD_RANGE);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void what_is_no_state_is_refused(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "DelayedCue-v0", "e-prop", "hidden=6", 3);
  const size_t size = hd_session_state_size(session);
  float *state = calloc(size, sizeof(float));
  const float obs[3] = {0};
  const uint64_t step = 1;
  float action;
  state[size - 1] = NAN;
  CHECK(hd_session_act(session, 1, obs, false, 0, &step, state, &action) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(ctx), "a state to go on from is not finite");
  CHECK(hd_session_act(session, 0, obs, false, 0, &step, state, &action) == HD_RANGE);
  free(state);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(episodes_do_not_meet);
  RUN(one_episode_is_that_of_decide);
  RUN(every_row_has_its_own_state);
  RUN(exploring_draws_by_its_seed);
  RUN(integers_that_a_task_does_not_have_are_refused);
  RUN(an_evaluation_in_parts_is_the_same);
  RUN(what_is_no_state_is_refused);
  return test_end();
}
