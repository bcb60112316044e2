/* Environments that truncate by themselves: values count beyond a truncation and none beyond a
 * termination, in every learner that has values. */
#include "learners.h"

/* Episodes of one step, always from the same place. One action pays .5 and terminates. The other
 * pays .3 and, by the variant, truncates: then as much follows as is ever paid, .3 / (1 - gamma),
 * and it is the better one; or it terminates, and is the worse one. */
typedef struct choice {
  int is_over, has_chosen_less;
} choice;

typedef enum variant { TRUNCATES, TERMINATES, BOTH } variant;

static void choice_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  *(choice *)state = (choice){0};
}

static bool choice_step(const hd_env_desc *self, void *state, const float *action,
                        hd_random *random, double *reward) {
  (void)random;
  choice *s = state;
  const variant kind = *(const variant *)self->data;
  *s = (choice){.is_over = 1, .has_chosen_less = action[0] > 0.0f};
  *reward = s->has_chosen_less ? 0.3 : 0.5;
  return !s->has_chosen_less || kind != TRUNCATES;
}

static bool choice_truncated(const hd_env_desc *self, const void *state) {
  const choice *s = state;
  return s->has_chosen_less && *(const variant *)self->data != TERMINATES;
}

static void choice_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 0.5f;
}

static const hd_dim place = {.name = "place", .unit = "", .low = 0, .high = 1};
static const hd_dim one_of_two = {.name = "less", .unit = "", .count = 2};
static const hd_dim sign = {.name = "less", .unit = "", .low = -1, .high = 1};

static hd_env_desc choice_env(const variant *kind, const hd_dim *act) {
  return (hd_env_desc){.size = sizeof(hd_env_desc),
                       .name = "Choice-v0",
                       .doc = "less, and more to come; or more, and nothing after it",
                       .source = "this test",
                       .obs = &place,
                       .n_obs = 1,
                       .act = act,
                       .n_act = 1,
                       .max_steps = 100,
                       .solved = NAN,
                       .low_score = NAN,
                       .high_score = NAN,
                       .state_size = sizeof(choice),
                       .data = kind,
                       .reset = choice_reset,
                       .step = choice_step,
                       .truncated = choice_truncated,
                       .observe = choice_observe};
}

/* ---- learners ---- */

/* Share of decisions for the action that pays less, after learning. */
static double share_of_less(variant kind, const char *method, const hd_dim *act,
                            const char *settings, int64_t steps) {
  enum { DECISIONS = 40 };
  hd_ctx *ctx = open_ctx();
  const hd_env_desc env = choice_env(&kind, act);
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  hd_session *session = open_session(ctx, env.name, method, settings, 3);
  advance(session, steps, steps);
  int n = 0;
  for (int i = 0; i < DECISIONS; i++) {
    const float obs[] = {0.5f};
    float action[1];
    CHECK(hd_session_decide(session, 1, obs, (uint64_t)i, action) == HD_OK);
    n += action[0] > 0.0f;
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return (double)n / DECISIONS;
}

/* Small networks that learn fast from a small memory. */
#define SMALL                                                                          \
  "gamma=0.9 hidden=8 critic.hidden=16 alpha=0.003 alpha_critic=0.01 replay.batch=32 " \
  "replay.size=2000 replay.learning_starts=200 replay.target_rate=0.02"

static const struct learner_row {
  const char *method;
  const hd_dim *act;
  const char *settings;
  int64_t steps;
} rows[] = {
    {"neuron-agent", &one_of_two, "gamma=0.9", 12000},
    {"neuron-agent-online", &one_of_two, "gamma=0.9", 12000},
    {"place-actor-critic", &one_of_two, "gamma=0.9", 12000},
    {"a2c", &one_of_two, "gamma=0.9", 12000},
    {"ppo", &one_of_two, "gamma=0.9", 12000},
    {"dqn", &one_of_two, "gamma=0.9", 6000},
    {"layer-agent-ppo", &one_of_two, "gamma=0.9", 12000},
    {"narla", &one_of_two, "gamma=0.9", 12000},
    {"svpg", &one_of_two, "gamma=0.9", 12000},
    {"td3-relu", &sign, SMALL, 1500},
    {"sac-relu", &sign, SMALL, 1500},
};

static void values_count_beyond_truncations_and_not_beyond_terminations(void) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct learner_row *row = &rows[i];
    for (variant kind = TRUNCATES; kind <= BOTH; kind++) {
      const double less = share_of_less(kind, row->method, row->act, row->settings, row->steps);
      const bool is_right = kind == TRUNCATES ? less >= 0.9 : less <= 0.1;
      if (!is_right) {
        printf("  %s, variant %d: chose less in %.2f\n", row->method, (int)kind, less);
      }
      CHECK(is_right);
    }
  }
}

/* ---- steps ---- */

static hd_envs *open_envs(hd_ctx *ctx, const hd_env_desc *env, int B) {
  hd_envs *envs = NULL;
  CHECK(hd_envs_create(ctx, env, B, 1, HD_RNG_NATIVE, &envs) == HD_OK);
  return envs;
}

static void an_environment_that_truncates_is_restarted(void) {
  static const variant kind = TRUNCATES;
  const hd_env_desc env = choice_env(&kind, &one_of_two);
  hd_ctx *ctx = open_ctx();
  hd_envs *envs = open_envs(ctx, &env, 2);
  float obs[2];
  double reward[2];
  bool terminated[2], truncated[2];
  hd_envs_reset(envs, obs);
  hd_envs_step(envs, (const float[]){0, 1}, obs, reward, terminated, truncated);
  CHECK(terminated[0] && !truncated[0] && !terminated[1] && truncated[1]);
  hd_envs_reset_done(envs, obs);
  const choice *first = hd_envs_state(envs, 0), *second = hd_envs_state(envs, 1);
  CHECK(!first->is_over && !second->is_over);
  hd_envs_destroy(envs);
  hd_ctx_destroy(ctx);
}

/* A copy of the cart-pole with a truncation of its own is not stepped by the loop of the other. */
static bool cart_is_far(const hd_env_desc *self, const void *state) {
  (void)self;
  const double *x = state;
  return x[0] > 0.1;
}

static void a_built_in_environment_may_get_a_truncation(void) {
  hd_ctx *ctx = open_ctx();
  const hd_env_desc *found = NULL;
  CHECK(hd_env_find(ctx, "CartPole-v1", &found) == HD_OK);
  hd_env_desc env = *found;
  env.name = "ShortCart-v0";
  env.alias = NULL;
  env.truncated = cart_is_far;
  hd_envs *envs = open_envs(ctx, &env, 1);
  float obs[4];
  double reward;
  bool terminated = false, truncated = false;
  hd_envs_reset(envs, obs);
  for (int t = 0; t < 200 && !terminated && !truncated; t++) {
    const float action = 1;
    hd_envs_step(envs, &action, obs, &reward, &terminated, &truncated);
  }
  CHECK(truncated && !terminated && obs[0] > 0.1f);
  hd_envs_destroy(envs);
  hd_ctx_destroy(ctx);
}

/* hd_envs_advance is hd_envs_step with hd_envs_reset_done in the place of the next step. */
static void advancing_starts_over_in_the_next_step(const char *name, int B, int steps) {
  enum { MOST = 70, DIMS = 8 };
  hd_ctx *ctx = open_ctx();
  const hd_env_desc *env = NULL;
  CHECK(hd_env_find(ctx, name, &env) == HD_OK && B <= MOST && env->n_obs <= DIMS);
  hd_envs *a = open_envs(ctx, env, B), *b = open_envs(ctx, env, 1); /* row 0 alone */
  static float obs[MOST * DIMS], one[DIMS], action[MOST];
  double reward[MOST], r;
  bool terminated[MOST], truncated[MOST], over[MOST] = {false}, ended[2] = {false};
  hd_envs_reset(a, obs);

  hd_envs_reset(b, one);
  int n_over = 0;
  for (int t = 0; t < steps; t++) {
    for (int i = 0; i < B; i++) {
      action[i] = (float)((t * 7 + i * 3) % 5 > 2) * (float)(env->act[0].count - 1);
    }
    CHECK(hd_envs_advance(a, action, obs, reward, terminated, truncated) == HD_OK);
    if (over[0]) {
      hd_envs_reset_done(b, one);
      CHECK(reward[0] == 0.0 && !terminated[0] && !truncated[0]);
      n_over++;
    } else {
      hd_envs_step(b, action, one, &r, &ended[0], &ended[1]);
      CHECK(reward[0] == r && terminated[0] == ended[0] && truncated[0] == ended[1]);
    }
    CHECK(memcmp(obs, one, sizeof(float) * (size_t)env->n_obs) == 0);
    for (int i = 0; i < B; i++) {
      over[i] = terminated[i] || truncated[i];
    }
  }
  CHECK(n_over > 3);
  hd_envs_destroy(a);
  hd_envs_destroy(b);
  hd_ctx_destroy(ctx);
}

static void advancing_is_stepping_and_restarting(void) {
  advancing_starts_over_in_the_next_step("CartPole-v1", 70, 400);
  advancing_starts_over_in_the_next_step("FrozenLake-v1", 3, 200);
}

/* Environments are restarted one by one, on a seed of their own or on their running streams. */
static void some_may_be_restarted(void) {
  hd_ctx *ctx = open_ctx();
  const hd_env_desc *env = NULL;
  CHECK(hd_env_find(ctx, "CartPole-v1", &env) == HD_OK);
  hd_envs *many = NULL, *one = NULL;
  CHECK(hd_envs_create(ctx, env, 3, 1, HD_RNG_NATIVE, &many) == HD_OK);
  CHECK(hd_envs_create(ctx, env, 1, 77, HD_RNG_NATIVE, &one) == HD_OK);
  float obs[12], before[12], alone[4];
  hd_envs_reset(many, before);
  memcpy(obs, before, sizeof obs);
  hd_envs_reset(one, alone);
  hd_envs_reset_some(many, (const bool[]){false, true, false}, (const uint64_t[]){0, 77, 0}, obs);
  CHECK(memcmp(obs + 4, alone, sizeof alone) == 0);
  CHECK(memcmp(obs, before, 4 * sizeof(float)) == 0 &&
        memcmp(obs + 8, before + 8, 4 * sizeof(float)) == 0);
  hd_envs_reset_some(many, (const bool[]){true, false, false}, NULL, obs);
  CHECK(memcmp(obs, before, 4 * sizeof(float)) != 0);
  CHECK(memcmp(obs + 4, alone, sizeof alone) == 0);
  hd_envs_destroy(many);
  hd_envs_destroy(one);
  hd_ctx_destroy(ctx);
}

static void wrong_actions_are_refused_and_nothing_moves(void) {
  static const variant kind = TRUNCATES;
  const hd_env_desc env = choice_env(&kind, &one_of_two), real = choice_env(&kind, &sign);
  hd_ctx *ctx = open_ctx();
  hd_envs *envs = open_envs(ctx, &env, 2), *reals = open_envs(ctx, &real, 1);
  float obs[2];
  double reward[2];
  bool terminated[2], truncated[2];
  hd_envs_reset(envs, obs);
  static const float wrong[] = {-1, 2, 0.5f, NAN, INFINITY};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    const float action[] = {0, wrong[i]};
    CHECK(hd_envs_advance(envs, action, obs, reward, terminated, truncated) == HD_RANGE);
    CHECK(strstr(hd_ctx_error(ctx), "environment 1") != NULL);
    const choice *first = hd_envs_state(envs, 0);
    CHECK(!first->is_over);
  }
  CHECK(hd_envs_check_actions(reals, (const float[]){5}) == HD_OK);
  CHECK(hd_envs_check_actions(reals, (const float[]){NAN}) == HD_RANGE);
  hd_envs_destroy(envs);
  hd_envs_destroy(reals);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(values_count_beyond_truncations_and_not_beyond_terminations);
  RUN(an_environment_that_truncates_is_restarted);
  RUN(a_built_in_environment_may_get_a_truncation);
  RUN(advancing_is_stepping_and_restarting);
  RUN(some_may_be_restarted);
  RUN(wrong_actions_are_refused_and_nothing_moves);
  return test_end();
}
