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

/* A session of its own context. */
typedef struct player {
  hd_ctx *ctx;
  hd_session *session;
  int n_obs;
  size_t size; /* of a state */
} player;

static player player_open(const char *task, const char *method, const char *settings) {
  player p = {.ctx = open_ctx()};
  const hd_env_desc *env = NULL;
  p.session = open_session(p.ctx, task, method, settings, 3);
  CHECK(hd_env_find(p.ctx, task, &env) == HD_OK);
  p.n_obs = env->n_obs;
  p.size = hd_session_state_size(p.session);
  return p;
}

/* One of the carriers, which has learned a little. */
static player player_open_carrier(int m) {
  const player p = player_open(carriers[m].task, carriers[m].method, carriers[m].settings);
  advance(p.session, 300, 300);
  CHECK(p.size > 0);
  return p;
}

static void player_close(player *p) {
  hd_session_destroy(p->session);
  hd_ctx_destroy(p->ctx);
}

/* What an episode shows at a step: any numbers within the working range. */
static void show(int episode, int step, float *obs, int n_obs) {
  for (int i = 0; i < n_obs; i++) {
    obs[i] = 0.1f * (float)((3 * episode + 5 * step + 7 * i) % 11);
  }
}

/* An episode while it is played. */
typedef struct played {
  float *state; /* [STEPS][size] after each decision */
  float action[STEPS];
} played;

static void decide(const player *p, int episode, uint64_t step, played *out) {
  float obs[64], action[8];
  float *state = out->state + step * p->size;
  if (step > 0) {
    memcpy(state, state - p->size, sizeof(float) * p->size);
  }
  show(episode, (int)step, obs, p->n_obs);
  CHECK(hd_session_act(p->session, 1, obs, false, 0, &step, state, action) == HD_OK);
  out->action[step] = action[0];
}

static void episodes_do_not_meet(void) {
  for (int m = 0; m < N_CARRIERS; m++) {
    player p = player_open_carrier(m);
    const size_t bytes = sizeof(float) * STEPS * p.size;
    played one[2], turn[2];
    for (int e = 0; e < 2; e++) {
      one[e].state = malloc(bytes);
      turn[e].state = malloc(bytes);
      for (uint64_t step = 0; step < STEPS; step++) {
        decide(&p, e, step, &one[e]);
      }
    }
    for (uint64_t step = 0; step < STEPS; step++) {
      CHECK(hd_session_evaluate(p.session, 1, 0, NULL, NULL) == HD_OK);
      decide(&p, 0, step, &turn[0]);
      decide(&p, 1, step, &turn[1]);
    }
    for (int e = 0; e < 2; e++) {
      CHECK(memcmp(one[e].state, turn[e].state, bytes) == 0);
      CHECK(memcmp(one[e].action, turn[e].action, sizeof one[e].action) == 0);
      free(one[e].state);
      free(turn[e].state);
    }
    player_close(&p);
  }
}

/* The same decisions as of hd_session_decide, which keeps the state itself. */
static void one_episode_is_that_of_decide(void) {
  for (int m = 0; m < N_CARRIERS; m++) {
    player p = player_open_carrier(m);
    played one = {.state = malloc(sizeof(float) * STEPS * p.size)};
    for (uint64_t step = 0; step < STEPS; step++) {
      decide(&p, 1, step, &one);
    }
    for (uint64_t step = 0; step < STEPS; step++) {
      float obs[64], action[8];
      show(1, (int)step, obs, p.n_obs);
      CHECK(hd_session_decide(p.session, 1, obs, step, action) == HD_OK);
      CHECK(action[0] == one.action[step]);
    }
    free(one.state);
    player_close(&p);
  }
}

/* Neurons that draw nothing: rows that see the same have the same state, however many there are;
 * a row that begins forgets. */
static void every_row_has_its_own_state(void) {
  player p = player_open("DelayedCue-v0", "e-prop", "hidden=6");
  const size_t size = p.size;
  float *state = malloc(sizeof(float) * ROWS * size), *obs = calloc(ROWS, 3 * sizeof(float));
  float *action = malloc(sizeof(float) * ROWS);
  uint64_t step[ROWS];
  for (int t = 0; t < 3; t++) {
    for (int row = 0; row < ROWS; row++) {
      show(row % 2, t, obs + 3 * row, 3);
      step[row] = row < 2 && t == 2 ? 0 : (uint64_t)t;
    }
    CHECK(hd_session_act(p.session, ROWS, obs, false, 0, step, state, action) == HD_OK);
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
  player_close(&p);
}

static void exploring_draws_by_its_seed(void) {
  static const float leaning[] = {0.02f, -0.1f, 0.03f, 0.2f};
  player p = player_open("CartPole-v1", "neuron-agent", "");
  CHECK(p.size == 0);
  int n = 0;
  for (uint64_t step = 0; step < 100; step++) {
    float action, again;
    CHECK(hd_session_act(p.session, 1, leaning, true, 7, &step, NULL, &action) == HD_OK);
    CHECK(hd_session_sample(p.session, 1, leaning, 7, step, &again) == HD_OK);
    CHECK(action == again);
    n += action > 0.5f;
  }
  CHECK(n > 10 && n < 90);
  player_close(&p);
}

/* Whatever asks for a decision or a value. */
static void integers_that_a_task_does_not_have_are_refused(void) {
  static const float wrong[] = {16, -1, 2.5f, 1e30f};
  player p = player_open("FrozenLake-v1", "place-actor-critic", "");
  const uint64_t step = 0;
  float state[1], action[2];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const float obs[2] = {3, wrong[i]};
    CHECK(hd_session_decide(p.session, 1, obs, 0, action) == HD_OK);
    CHECK(hd_session_decide(p.session, 2, obs, 0, action) == HD_RANGE);
    CHECK(strstr(hd_ctx_error(p.ctx), "allowed: whole numbers 0 to 15") != NULL);
    CHECK(hd_session_sample(p.session, 2, obs, 0, 0, action) == HD_RANGE);
    CHECK(hd_session_value(p.session, 2, obs, action) == HD_RANGE);
    CHECK(hd_session_act(p.session, 1, obs + 1, false, 0, &step, state, action) == HD_RANGE);
  }
  player_close(&p);
}

static void an_evaluation_in_parts_is_the_same(void) {
  enum { EPISODES = 300, CUT = 7 };
  player p = player_open("CartPole-v1", "neuron-agent", "");
  static double whole[EPISODES], part[EPISODES];
  CHECK(hd_session_evaluate(p.session, EPISODES, 5, whole, NULL) == HD_OK);
  CHECK(hd_session_evaluate_from(p.session, CUT, EPISODES - CUT, 5, part + CUT) == HD_OK);
  CHECK(hd_session_evaluate_from(p.session, 0, CUT, 5, part) == HD_OK);
  CHECK(memcmp(whole, part, sizeof whole) == 0);
  CHECK(hd_session_evaluate_from(p.session, -1, 1, 5, part) == HD_RANGE);
  CHECK(hd_session_evaluate_from(p.session, 0, 0, 5, part) == HD_RANGE);
  CHECK(hd_session_evaluate_from(p.session, 2147483647, 1, 5, part) == HD_RANGE);
  player_close(&p);
}

static void what_is_no_state_is_refused(void) {
  player p = player_open("DelayedCue-v0", "e-prop", "hidden=6");
  const size_t size = p.size;
  float *state = calloc(size, sizeof(float));
  const float obs[3] = {0};
  const uint64_t step = 1;
  float action;
  state[size - 1] = NAN;
  CHECK(hd_session_act(p.session, 1, obs, false, 0, &step, state, &action) == HD_NUMERIC);
  CHECK_TEXT(hd_ctx_error(p.ctx), "a state to go on from is not finite");
  CHECK(hd_session_act(p.session, 0, obs, false, 0, &step, state, &action) == HD_RANGE);
  free(state);
  player_close(&p);
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
