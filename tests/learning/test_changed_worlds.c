/* Methods in worlds that no row of theirs knows: the unit of rewards changes nothing, ranges may be
 * far too wide, and the cart-pole is learned with other physics, noise, inputs and names. */
#include "learned_range.h"
#include "return_scale.h"
#include "train/learners.h"
#include "worlds.h"

static hd_ctx *open_worlds(void) {
  hd_ctx *ctx = open_ctx();
  CHECK(worlds_register(ctx) == HD_OK);
  return ctx;
}

/* ---- rewards ---- */

static uint64_t hash_in(hd_ctx *ctx, const char *task, const char *method, const char *settings,
                        int64_t steps) {
  hd_session *session = open_session(ctx, task, method, settings, 7);
  advance(session, steps, steps);
  const uint64_t hash = hd_session_hash(session);
  hd_session_destroy(session);
  return hash;
}

/* Rewards times a power of two give the same weights, to the bit. */
static bool is_scale_free(const char *method, const char *settings, int64_t steps) {
  hd_ctx *ctx = open_worlds();
  const uint64_t plain = hash_in(ctx, "Cart-v0", method, settings, steps);
  const bool is_free = hash_in(ctx, "CartHalves-v0", method, settings, steps) == plain &&
                       hash_in(ctx, "CartDoubles-v0", method, settings, steps) == plain;
  hd_ctx_destroy(ctx);
  return is_free;
}

static void methods_with_a_critic_do_not_see_the_unit_of_rewards(void) {
  static const char *const methods[] = {"neuron-agent",
                                        "neuron-agent-online",
                                        "neuron-agent-society",
                                        "reparam-mean",
                                        "place-actor-critic",
                                        "reinforce",
                                        "a2c",
                                        "ppo"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    CHECK(is_scale_free(methods[i], NULL, 2000));
    CHECK(!is_scale_free(methods[i], "normalise_reward=false", 2000));
  }
}

/* Searches that go by ranks, signs and comparisons never look at the size of a return. */
static void searches_by_rank_or_sign_do_not_see_the_unit_of_rewards(void) {
  static const char *const methods[] = {"nes", "one-plus-one", "evolving-connectivity", "win-stay",
                                        "random-walk"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    CHECK(is_scale_free(methods[i], NULL, 5000));
  }
}

/* Rewards of the largest numbers leave the scale finite. */
static void the_scale_stays_finite(void) {
  double discounted[2] = {0}, count = 0, size = 0;
  hd__return_scale scale = {.is_on = true,
                            .gamma = 0.99,
                            .factor = 1,
                            .discounted = discounted,
                            .count = &count,
                            .size = &size};
  const bool ended[2] = {false, false};
  static const double rewards[] = {1e-300, 1e38, -1e38, 1e300, 0, -1e300, 1};
  for (size_t i = 0; i < sizeof rewards / sizeof rewards[0]; i++) {
    const double reward[2] = {rewards[i], -rewards[i]};
    hd__return_scale_update(&scale, 2, reward, ended);
    CHECK(isfinite(size) && fabsf(hd__return_scale_apply(&scale, rewards[i])) <= 10.0f);
  }
}

/* What is seldom paid has the size of what is paid at every step. */
static void a_seldom_reward_keeps_its_size(void) {
  double discounted = 0, count = 0, size = 0;
  hd__return_scale scale = {.is_on = true,
                            .gamma = 0.99,
                            .factor = 3,
                            .discounted = &discounted,
                            .count = &count,
                            .size = &size};
  for (int step = 1; step <= 1000; step++) {
    const bool has_ended = step % 100 == 0;
    const double reward = has_ended ? 5 : 0;
    hd__return_scale_update(&scale, 1, &reward, &has_ended);
  }
  CHECK(hd__return_scale_apply(&scale, 5) == 3.0f);
}

/* ---- ranges ---- */

static void a_range_is_zoomed_if_it_is_too_wide(void) {
  static const hd_dim dims[] = {{"wide", "", 0, -100, 100},
                                {"right", "", 0, -1, 1},
                                {"still", "", 0, -1, 1},
                                {"angle", "cos", 0, -1, 1},
                                {"state", "", 5, 0, 0}};
  const hd_env_desc env = {.obs = dims, .n_obs = 5};
  double count = 0, mean[5] = {0}, variance[5] = {0};
  hd__learned_range range = {.is_on = true,
                             .env = &env,
                             .count = &count,
                             .mean = mean,
                             .variance = variance,
                             .running_mean = mean,
                             .running_variance = variance};
  for (int i = 0; i < 100; i++) {
    const float side = i % 2 == 0 ? 1.0f : -1.0f;
    const float obs[] = {50 + side, side, 0.25f, 0.1f * side, 2 + side};
    hd__learned_range_update(&range, 1, obs);
  }
  const float obs[] = {51, 0.7f, 0.25f, 0.1f, 3}, far[] = {3e38f, -3e38f, 3e38f, 3e38f, 3};
  float seen[5];
  hd__learned_range_apply(&range, 1, obs, seen);
  CHECK_NEAR((double)seen[0], 20 * (51 - (50 - 50 / 400.0)), 1e-3);
  CHECK(memcmp(seen + 1, obs + 1, 4 * sizeof(float)) == 0);
  hd__learned_range_apply(&range, 1, far, seen);
  CHECK(seen[0] == 400.0f);
}

/* A place code's range stays between takes, and is taken anew where observations spread. */
static void a_held_range_moves_seldom(void) {
  static const hd_dim dims[] = {{"wide", "", 0, -100, 100}};
  const hd_env_desc env = {.obs = dims, .n_obs = 1};
  double count = 0, mean = 0, variance = 0, running_mean = 0, running_variance = 0;
  hd__learned_range range = {.is_on = true,
                             .is_held = true,
                             .env = &env,
                             .count = &count,
                             .mean = &mean,
                             .variance = &variance,
                             .running_mean = &running_mean,
                             .running_variance = &running_variance};
  for (int i = 0; i < 2048; i++) {
    const float spread = i < 512 ? 1.0f : 4.0f, obs = i % 2 == 0 ? spread : -spread;
    hd__learned_range_update(&range, 1, &obs);
    CHECK((variance == 0.0) == (i < 255));
    if (i >= 255 && i < 1023) {
      CHECK(variance == 1.0);
    }
  }
  CHECK(variance > 6.0 && variance < running_variance);
}

/* ---- learning ---- */

/* Does the learner of a seed reach the threshold at one of the evaluations of its budget? */
static bool solves(hd_ctx *ctx, const char *task, const char *method, const char *settings,
                   uint64_t seed) {
  enum { EVERY = 10000, BUDGET = 100000 };
  const hd_env_desc *env = NULL;
  CHECK(hd_env_find(ctx, task, &env) == HD_OK);
  hd_session *session = open_session(ctx, task, method, settings, seed);
  double mean = -INFINITY;
  for (int64_t step = EVERY; step <= BUDGET && !(mean >= env->solved); step += EVERY) {
    advance(session, step, EVERY);
    CHECK(hd_session_evaluate(session, 20, (uint64_t)step, NULL, &mean) == HD_OK);
  }
  hd_session_destroy(session);
  return mean >= env->solved;
}

static void expect(const char *method, const char *const *worlds, size_t n, uint64_t seed) {
  hd_ctx *ctx = open_worlds();
  for (size_t i = 0; i < n; i++) {
    const bool is_solved = solves(ctx, worlds[i], method, NULL, seed);
    CHECK(is_solved);
    if (!is_solved) {
      printf("  %s does not learn %s, seed %d\n", method, worlds[i], (int)seed);
    }
  }
  hd_ctx_destroy(ctx);
}

/* What a method sets on a task; valid until the next call. */
static const char *setting_of(hd_ctx *ctx, const char *task, const char *method, const char *key) {
  static char value[64];
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, method, &config) == HD_OK);
  snprintf(value, sizeof value, "%s", hd_config_get(config, key));
  hd_config_destroy(config);
  return value;
}

static void neuron_agents_learn_changed_worlds(void) {
  static const char *const worlds[] = {"Cart-v0",      "CartSmall-v0",    "CartLarge-v0",
                                       "CartWide-v0",  "CartLong-v0",     "CartStrong-v0",
                                       "CartHeavy-v0", "CartNoisy-v0",    "CartPermuted-v0",
                                       "CartMore-v0",  "CatchNumbers-v0", "CatchChoices-v0"};
  for (uint64_t seed = 1; seed <= 2; seed++) {
    expect("neuron-agent", worlds, sizeof worlds / sizeof worlds[0], seed);
  }
}

static void others_learn_where_scales_are_wrong(void) {
  static const char *const worlds[] = {"CartSmall-v0", "CartLarge-v0", "CartWide-v0"};
  static const char *const methods[] = {"neuron-agent-online", "neuron-agent-society", "a2c", "ppo",
                                        "place-actor-critic"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    expect(methods[i], worlds, sizeof worlds / sizeof worlds[0], 1);
  }
}

static void catch_is_learned_from_real_and_whole_numbers(void) {
  static const char *const worlds[] = {"CatchNumbers-v0", "CatchChoices-v0"};
  static const char *const methods[] = {"neuron-agent-online", "neuron-agent-society",
                                        "place-actor-critic"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    expect(methods[i], worlds, sizeof worlds / sizeof worlds[0], 1);
  }
}

/* Several components with a number of values each are quantities, not the number of a state: what
 * is learned of one value then holds for its neighbours. */
static void whole_numbers_are_quantities(void) {
  static const char *const methods[] = {"neuron-agent", "neuron-agent-society", "a2c", "nes"};
  hd_ctx *ctx = open_worlds();
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    CHECK(strcmp(setting_of(ctx, "CatchChoices-v0", methods[i], "coding"), "current") == 0);
    CHECK(strcmp(setting_of(ctx, "FrozenLake-v1", methods[i], "coding"), "onehot") == 0);
  }
  hd_ctx_destroy(ctx);
}

/* Random features of a critic, too: the same numbers, declared as whole or as real ones, give the
 * same weights to the bit. */
static void critics_see_the_same_numbers(void) {
  static const char *const settings[] = {"critic=random", "critic=random-spikes",
                                         "critic=learned-spikes"};
  hd_ctx *ctx = open_worlds();
  for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
    CHECK(hash_in(ctx, "CatchChoices-v0", "neuron-agent", settings[i], 2000) ==
          hash_in(ctx, "CatchNumbers-v0", "neuron-agent", settings[i], 2000));
  }
  hd_ctx_destroy(ctx);
}

/* Without what is tested here the same learners fail. */
static void scales_matter_to_what_does_not_normalise(void) {
  hd_ctx *ctx = open_worlds();
  CHECK(!solves(ctx, "CartLarge-v0", "neuron-agent-online", "normalise_reward=false", 1));
  CHECK(!solves(ctx, "CartLarge-v0", "a2c", "normalise_reward=false", 1));
  CHECK(!solves(ctx, "CartWide-v0", "neuron-agent", "learn_range=false", 1));
  hd_ctx_destroy(ctx);
}

/* ---- checkpoints ---- */

static void saved(const char *method) {
  static const char path[] = HD_TEST_TMP "/changed_worlds.hd";
  hd_ctx *ctx = open_worlds();
  hd_session *whole = open_session(ctx, "CartWide-v0", method, NULL, 6), *rest = NULL;
  hd_session *first = open_session(ctx, "CartWide-v0", method, NULL, 6);
  advance(whole, 2048, 2048);
  advance(first, 512, 512);
  CHECK(hd_session_save(first, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &rest) == HD_OK);
  advance(rest, 2048, 2048);
  CHECK(hd_session_hash(rest) == hd_session_hash(whole));
  double a = 0, b = 1;
  CHECK(hd_session_evaluate(rest, 5, 0, NULL, &a) == HD_OK);
  CHECK(hd_session_evaluate(whole, 5, 0, NULL, &b) == HD_OK);
  CHECK(a == b);
  hd_session_destroy(whole);
  hd_session_destroy(first);
  hd_session_destroy(rest);
  hd_ctx_destroy(ctx);
}

static void statistics_are_saved(void) {
  saved("neuron-agent");
  saved("neuron-agent-online");
  saved("a2c");
}

int main(void) {
  RUN(methods_with_a_critic_do_not_see_the_unit_of_rewards);
  RUN(searches_by_rank_or_sign_do_not_see_the_unit_of_rewards);
  RUN(the_scale_stays_finite);
  RUN(a_seldom_reward_keeps_its_size);
  RUN(a_range_is_zoomed_if_it_is_too_wide);
  RUN(a_held_range_moves_seldom);
  RUN(neuron_agents_learn_changed_worlds);
  RUN(others_learn_where_scales_are_wrong);
  RUN(catch_is_learned_from_real_and_whole_numbers);
  RUN(whole_numbers_are_quantities);
  RUN(critics_see_the_same_numbers);
  RUN(scales_matter_to_what_does_not_normalise);
  RUN(statistics_are_saved);
  return test_end();
}
