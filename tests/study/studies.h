/* Small studies for tests. */
#ifndef HD_TEST_STUDIES_H
#define HD_TEST_STUDIES_H

#include "hedon/hedon.h"
#include "test.h"

/* A configuration that learns a little on the cart-pole in little time, with further options as
 * key, value, ..., NULL. */
static inline hd_config *small_config(hd_ctx *ctx, const char *task, const char *const *options) {
  static const char *const common[] = {"hidden",        "16", "steps", "6000", "eval_every", "1000",
                                       "eval_episodes", "5",  NULL};
  hd_config *config = NULL;
  CHECK(hd_config_create(ctx, task, "neuron-agent", &config) == HD_OK);
  for (int i = 0; common[i] != NULL; i += 2) {
    CHECK(hd_config_set(config, common[i], common[i + 1]) == HD_OK);
  }
  for (int i = 0; options != NULL && options[i] != NULL; i += 2) {
    CHECK(hd_config_set(config, options[i], options[i + 1]) == HD_OK);
  }
  return config;
}

static inline hd_study_def study_def(const hd_config *config, uint64_t seed, int n_seeds,
                                     int n_threads) {
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.seed = seed;
  def.n_seeds = n_seeds;
  def.n_threads = n_threads;
  return def;
}

static inline bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* Equal but for times? */
static inline bool same_result(const hd_result *a, const hd_result *b) {
  return a->seed == b->seed && a->done == b->done && a->solved == b->solved &&
         a->relapsed == b->relapsed && a->steps_to_threshold == b->steps_to_threshold &&
         a->episodes_to_threshold == b->episodes_to_threshold && a->env_steps == b->env_steps &&
         a->episodes == b->episodes && same_number(a->final_return, b->final_return) &&
         same_number(a->best_return, b->best_return) &&
         same_number(a->train_return, b->train_return) && a->hash == b->hash;
}

#endif
