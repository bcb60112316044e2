#include "env_optional.h"
#include "hedon/hedon.h"
#include "test.h"

static hd_ctx *ctx;

static void coin_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self, (void)state, (void)random;
}

static bool coin_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)self, (void)state;
  *reward = hd_random_uniform(random) < (action[0] > 0 ? .8 : .2);
  return true;
}

static void coin_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self, (void)state;
  obs[0] = 0;
}

static const hd_dim coin_obs[] = {{"nothing", "", 1, 0, 0}};
static const hd_dim coin_act[] = {{"tails, heads", "", 2, 0, 1}};

static const hd_env_desc coin = {.size = sizeof(hd_env_desc),
                                 .name = "Coin-v0",
                                 .alias = "coin",
                                 .doc = "bet on a coin that is not fair",
                                 .source = "this test",
                                 .obs = coin_obs,
                                 .n_obs = 1,
                                 .act = coin_act,
                                 .n_act = 1,
                                 .reset = coin_reset,
                                 .step = coin_step,
                                 .observe = coin_observe};

static void built_in_names(void) {
  static const char *const pair[][2] = {
      {"gridworld", "Gridworld-v0"},
      {"gridworld-687", "Gridworld687-v0"},
      {"cartpole", "CartPole-v1"},
      {"CARTPOLE-V0", "CartPole-v0"},
      {"mountaincar", "MountainCar-v0"},
      {"mountaincar-paper", "MountainCarPaper-v0"},
      {"mountaincar-continuous", "MountainCarContinuous-v0"},
      {"acrobot", "Acrobot-v1"},
      {"pendulum", "Pendulum-v1"},
      {"frozenlake", "FrozenLake-v1"},
      {"frozenlake8x8", "FrozenLake8x8-v1"},
      {"cliffwalking", "CliffWalking-v1"},
      {"taxi", "Taxi-v4"},
      {"blackjack", "Blackjack-v1"},
      {"bandit", "Bandit-v0"},
      {"bandit-contextual", "ContextualBandit-v0"},
      {"blobs", "Blobs-v0"},
      {"xor-rate", "XorRate-v0"},
      {"xor-time", "XorTime-v0"},
      {"digits", "Digits-v0"},
      {"digits-test", "DigitsTest-v0"},
      {"watermaze", "WaterMaze-v0"},
      {"tmaze", "TMaze-v0"},
      {"delayed-cue", "DelayedCue-v0"},
      {"delayed-match", "DelayedMatch-v0"},
      {"blind-catch", "BlindCatch-v0"},
      {"drifting-bandit", "DriftingBandit-v0"},
      {"cartpole-positions", "CartPolePositions-v1"},
      {"pendulum-positions", "PendulumPositions-v1"},
      {"breakout", "MinAtar-Breakout-v1"},
      {"space-invaders", "MinAtar-SpaceInvaders-v1"},
      {"asterix", "MinAtar-Asterix-v1"},
      {"freeway", "MinAtar-Freeway-v1"},
      {"seaquest", "MinAtar-Seaquest-v1"},
  };
  enum { ALWAYS = sizeof pair / sizeof pair[0] };
  for (int i = ALWAYS; i < hd_env_count(ctx); i++) {
    CHECK(hd__env_optional(hd_env_at(ctx, i)->name) != NULL);
  }
  CHECK(hd_env_count(ctx) >= ALWAYS);
  for (int i = 0; i < ALWAYS; i++) {
    const hd_env_desc *desc = NULL, *same = NULL;
    CHECK(hd_env_find(ctx, pair[i][0], &desc) == HD_OK);
    CHECK_TEXT(desc->name, pair[i][1]);
    CHECK(hd_env_find(ctx, desc->name, &same) == HD_OK && same == desc);
  }
  CHECK(hd_env_at(ctx, -1) == NULL && hd_env_at(ctx, hd_env_count(ctx)) == NULL);
}

/* What stands on another library is there, or says which one it needs. */
static void optional_names(void) {
  static const char *const row[][3] = {
      {"LunarLander-v3", "lunarlander",
       "LunarLander-v3 needs Box2D: install libbox2d-dev and g++ and configure again"},
      {"LunarLanderContinuous-v3", "LUNARLANDER-continuous",
       "LunarLanderContinuous-v3 needs Box2D: install libbox2d-dev and g++ and configure again"},
      {"InvertedPendulum-v4", "inverted-pendulum",
       "InvertedPendulum-v4 needs MuJoCo: install libmujoco-dev and configure again"},
      {"InvertedDoublePendulum-v4", "inverted-double-pendulum",
       "InvertedDoublePendulum-v4 needs MuJoCo: install libmujoco-dev and configure again"},
      {"Hopper-v4", "hopper", "Hopper-v4 needs MuJoCo: install libmujoco-dev and configure again"},
      {"HalfCheetah-v4", "half-cheetah",
       "HalfCheetah-v4 needs MuJoCo: install libmujoco-dev and configure again"},
      {"Walker2d-v4", "walker2d",
       "Walker2d-v4 needs MuJoCo: install libmujoco-dev and configure again"},
      {"Ant-v4", "ant", "Ant-v4 needs MuJoCo: install libmujoco-dev and configure again"},
  };
  for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
    for (int k = 0; k < 2; k++) {
      const hd_env_desc *desc = NULL;
      if (hd_env_find(ctx, row[i][k], &desc) == HD_OK) {
        CHECK_TEXT(desc->name, row[i][0]);
      } else {
        CHECK_TEXT(hd_ctx_error(ctx), row[i][2]);
      }
    }
    CHECK(hd__env_optional(row[i][0]) != NULL);
  }
  CHECK(hd__env_optional("cartpole") == NULL);
}

static void built_in_scores_are_ordered(void) {
  for (int i = 0; i < hd_env_count(ctx); i++) {
    const hd_env_desc *desc = hd_env_at(ctx, i);
    CHECK(desc->low_score < desc->high_score);
    CHECK(isnan(desc->solved) || desc->solved > desc->low_score);
  }
}

static void unknown_names_get_the_nearest(void) {
  const hd_env_desc *desc = NULL;
  CHECK(hd_env_find(ctx, "cartpol", &desc) == HD_UNKNOWN);
  CHECK_TEXT(hd_ctx_error(ctx), "no environment is called 'cartpol'; did you mean 'cartpole'?");
  CHECK(hd_env_find(ctx, "zzzzzzzz", &desc) == HD_UNKNOWN);
  CHECK_TEXT(hd_ctx_error(ctx), "no environment is called 'zzzzzzzz'; `hedon list envs` shows them");
  CHECK(desc == NULL);
}

static void users_environment(void) {
  const int n = hd_env_count(ctx);
  const hd_env_desc *desc = NULL;
  CHECK(hd_env_register(ctx, &coin) == HD_OK);
  CHECK(hd_env_count(ctx) == n + 1);
  CHECK(hd_env_find(ctx, "coin", &desc) == HD_OK && desc == hd_env_at(ctx, n));
  CHECK(hd_env_register(ctx, &coin) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx), "environment name 'Coin-v0' is taken by Coin-v0");

  hd_envs *envs;
  CHECK(hd_envs_create(ctx, desc, 1, 1, HD_RNG_NATIVE, &envs) == HD_OK);
  float obs, action = 1;
  double reward, sum = 0;
  bool terminated, truncated;
  hd_envs_reset(envs, &obs);
  for (int i = 0; i < 1000; i++) {
    hd_envs_step(envs, &action, &obs, &reward, &terminated, &truncated);
    CHECK(terminated && !truncated);
    hd_envs_reset_done(envs, &obs);
    sum += reward;
  }
  CHECK_NEAR(sum / 1000, .8, 5 * sqrt(.8 * .2 / 1000));
  hd_envs_destroy(envs);
}

/* Registration of `faulty` fails so. */
static void expect_fault(hd_env_desc faulty, hd_status status, const char *sentence) {
  CHECK(hd_env_register(ctx, &faulty) == status);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
}

static void each_fault_has_its_sentence(void) {
  hd_env_desc d = coin;
  d.name = "Faulty-v0";
  d.alias = NULL;
  const hd_env_desc good = d;
  static const hd_dim two[] = {{"a", "", 2, 0, 1}, {"b", "", 0, 0, 1}};
  static const hd_dim empty[] = {{"a", "", 0, 1, 1}};
  static const hd_dim negative[] = {{"a", "", -2, 0, 1}};
  static const hd_dim nameless[] = {{NULL, "", 2, 0, 1}};

  d = good;
  d.step = NULL;
  expect_fault(d, HD_USAGE, "environment Faulty-v0: function step is missing");
  d = good;
  d.doc = NULL;
  expect_fault(d, HD_USAGE, "environment Faulty-v0: doc is missing");
  d = good;
  d.name = "";
  expect_fault(d, HD_USAGE, "environment: name is missing");
  d = good;
  d.size = 8;
  CHECK(hd_env_register(ctx, &d) == HD_USAGE);
  CHECK(hd_env_register(ctx, NULL) == HD_USAGE);
  d = good;
  d.n_obs = HD_MAX_OBS + 1;
  expect_fault(d, HD_RANGE, "environment Faulty-v0: n_obs = 4097, allowed 1 to 4096");
  d = good;
  d.n_act = HD_MAX_ACT + 1;
  expect_fault(d, HD_RANGE, "environment Faulty-v0: n_act = 65, allowed 1 to 64");
  d = good;
  d.obs = NULL;
  expect_fault(d, HD_USAGE, "environment Faulty-v0: obs is NULL");
  d = good;
  d.obs = empty;
  expect_fault(d, HD_RANGE,
               "environment Faulty-v0: obs[0] ranges from 1 to 1, which is empty or not finite");
  d = good;
  d.act = negative;
  expect_fault(d, HD_RANGE, "environment Faulty-v0: act[0].count = -2, allowed 0 or more");
  d = good;
  d.obs = nameless;
  expect_fault(d, HD_USAGE, "environment Faulty-v0: obs[0] has no name");
  d = good;
  d.act = two;
  d.n_act = 2;
  expect_fault(d, HD_RANGE,
               "environment Faulty-v0: 2 action components with an integer among them, allowed "
               "one integer or real numbers only");
  d = good;
  d.max_steps = -1;
  expect_fault(d, HD_RANGE, "environment Faulty-v0: max_steps = -1, allowed 0 (no limit) or more");
  d = good;
  d.alias = "TAXI";
  expect_fault(d, HD_USAGE, "environment name 'TAXI' is taken by Taxi-v4");
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(built_in_names);
  RUN(optional_names);
  RUN(built_in_scores_are_ordered);
  RUN(unknown_names_get_the_nearest);
  RUN(users_environment);
  RUN(each_fault_has_its_sentence);
  hd_ctx_destroy(ctx);
  return test_end();
}
