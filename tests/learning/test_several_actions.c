/* Actions of several components: every component is chosen by itself and learns what it is for. */
#include "../train/learners.h"

enum { PARTS = 3, LENGTH = 16 };

typedef struct aim {
  int64_t steps;
  double side; /* -1 or 1, observed */
} aim;

/* Where each component should be: the observed side, the other side, and the middle. */
static double aim_wanted(const aim *a, int k) { return k == 2 ? 0.0 : k == 1 ? -a->side : a->side; }

static void aim_draw(aim *a, hd_random *random) {
  a->side = hd_random_uniform(random) < 0.5 ? -1 : 1;
}

static void aim_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(aim *)state = (aim){0};
  aim_draw(state, random);
}

static bool aim_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                     double *reward) {
  (void)self;
  aim *a = state;
  *reward = 0;
  for (int k = 0; k < PARTS; k++) {
    *reward -= fabs((double)action[k] / (k + 1) - aim_wanted(a, k));
  }
  aim_draw(a, random);
  return ++a->steps == LENGTH;
}

static void aim_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)((const aim *)state)->side;
}

static const hd_dim aim_obs[1] = {{.name = "side", .unit = "", .low = -1, .high = 1}};
static const hd_dim aim_act[PARTS] = {{.name = "first", .unit = "", .low = -1, .high = 1},
                                      {.name = "second", .unit = "", .low = -2, .high = 2},
                                      {.name = "third", .unit = "", .low = -3, .high = 3}};
static const hd_env_desc aim_env = {
    .size = sizeof(hd_env_desc),
    .name = "Aim-v0",
    .doc = "bring three numbers where they belong",
    .source = "this test",
    .obs = aim_obs,
    .n_obs = 1,
    .act = aim_act,
    .n_act = PARTS,
    .max_steps = LENGTH,
    .solved = NAN,
    .low_score = NAN,
    .high_score = NAN,
    .state_size = sizeof(aim),
    .reset = aim_reset,
    .step = aim_step,
    .observe = aim_observe,
};

/* Mean greedy return after so many steps; 0 is best, and without learning about -32. */
static double reached(hd_ctx *ctx, const char *method, const char *settings, int64_t steps) {
  hd_session *session = open_session(ctx, "Aim-v0", method, settings, 2);
  double mean = NAN;
  advance(session, steps, steps);
  CHECK(hd_session_evaluate(session, 20, 0, NULL, &mean) == HD_OK);
  hd_session_destroy(session);
  return mean;
}

/* The worst that a component which always does the same can reach is 16 below the best. */
static void every_component_learns(void) {
  static const struct {
    const char *method, *settings;
    int64_t steps;
  } learner[] = {
      {"ppo", "action_levels=3", 20000},
      {"a2c", "action_levels=3", 20000},
      {"reinforce", "action_levels=3", 60000},
      {"neuron-agent", "action_levels=3", 20000},
      {"neuron-agent-online", "action_levels=3 gamma=0.5 alpha=0.005", 60000},
      {"neuron-agent-society", "action_levels=3", 40000},
      {"nes", "action_levels=3", 60000},
  };
  hd_ctx *ctx = open_ctx();
  CHECK(hd_env_register(ctx, &aim_env) == HD_OK);
  for (size_t k = 0; k < sizeof learner / sizeof *learner; k++) {
    const double mean = reached(ctx, learner[k].method, learner[k].settings, learner[k].steps);
    if (!(mean > -4)) {
      printf("  %s reached %.2f\n", learner[k].method, mean);
    }
    CHECK(mean > -4);
  }
  hd_ctx_destroy(ctx);
}

static void what_takes_one_action_says_so(void) {
  static const struct {
    const char *method, *settings, *says;
  } refused[] = {
      {"dqn", NULL, "3 action components at once, and algorithm = dqn chooses one"},
      {"neuron-agent-vote", NULL, "3 actions are taken at once"},
      {"ppo", "action_levels=101", NULL},
  };
  hd_ctx *ctx = open_ctx();
  CHECK(hd_env_register(ctx, &aim_env) == HD_OK);
  for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
    hd_session *session = NULL;
    const hd_status status =
        try_session(ctx, "Aim-v0", refused[k].method, refused[k].settings, 1, &session);
    CHECK((status == HD_OK) == (refused[k].says == NULL));
    CHECK(refused[k].says == NULL || strstr(hd_ctx_error(ctx), refused[k].says) != NULL);
    hd_session_destroy(session);
  }
  hd_ctx_destroy(ctx);
}

/* In the middle of a rollout the choices made are part of what is saved. */
static void what_was_chosen_is_saved(void) {
  static const char *const methods[] = {"ppo", "reinforce", "neuron-agent", "neuron-agent-society"};
  const char *path = HD_TEST_TMP "/several.hd";
  hd_ctx *ctx = open_ctx();
  CHECK(hd_env_register(ctx, &aim_env) == HD_OK);
  for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
    hd_session *whole = open_session(ctx, "Aim-v0", methods[k], "action_levels=4", 3), *rest = NULL;
    hd_session *first = open_session(ctx, "Aim-v0", methods[k], "action_levels=4", 3);
    advance(whole, 3000, 3000);
    advance(first, 1003, 1003);
    CHECK(hd_session_save(first, path) == HD_OK);
    CHECK(hd_session_load(ctx, path, &rest) == HD_OK);
    advance(rest, 3000, 77);
    CHECK(hd_session_hash(rest) == hd_session_hash(whole));
    hd_session_destroy(whole);
    hd_session_destroy(first);
    hd_session_destroy(rest);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(every_component_learns);
  RUN(what_takes_one_action_says_so);
  RUN(what_was_chosen_is_saved);
  return test_end();
}
