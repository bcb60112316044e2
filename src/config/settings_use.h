/* What several kinds of learner make of the same settings. */
#ifndef HD_SETTINGS_USE_H
#define HD_SETTINGS_USE_H

#include <string.h>

#include "coding.h"
#include "config.h"

/* Does a local rule learn, rather than a search or an algorithm by gradients? */
static inline bool hd__settings_have_rule(const hd__settings *s) {
  return s->algorithm == hd__algorithm_none && strcmp(s->search, "none") == 0;
}

/* The input coding that the configuration asks for, measured.  Errors  CONFLICT, RANGE. */
hd_status hd__settings_code(hd_ctx *ctx, const hd_config *config, uint64_t seed, hd__code *code);

/* Widths of hidden layers from a list option; "0" alone means none.
 *
 *   width  [HD_HIDDEN_MAX]  written, n of them
 *
 * Errors  RANGE, naming the option. */
hd_status hd__settings_widths(hd_ctx *ctx, const char *key, const hd__list *list, int *width,
                              int *n);

/* Is there a hidden layer of the number that freeze_layer says, among n?  Errors  RANGE. */
hd_status hd__settings_check_frozen(hd_ctx *ctx, const hd__settings *s, int n);

/* Choices that a component of the action has: its own, or the levels of a real-valued one. */
static inline int hd__settings_choices(const hd__settings *s, const hd_env_desc *env) {
  return env->act[0].count > 0 ? env->act[0].count : (int)s->action_levels;
}

static inline hd_rng_kind hd__settings_rng(const hd__settings *s) {
  return s->rng == hd__rng_gymnasium ? HD_RNG_GYMNASIUM : HD_RNG_NATIVE;
}

/* The reward that a learner is given for an environment's. */
static inline double hd__settings_reward(const hd__settings *s, double reward, bool terminated) {
  if (s->reward == hd__reward_failure) {
    return terminated ? -s->reward_scale : 0.0;
  }
  return reward * s->reward_scale;
}

/* The coding that makes the features of the critic; "" if there is no critic. */
const char *hd__settings_critic_code(const hd__settings *s);

#endif
