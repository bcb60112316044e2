/* Bandits: one decision, and a reward of 1 with the probability of the arm that was pulled. Finite
 * tasks, so that what the best arms are worth follows from their tables (tests/env/test_finite.c).
 * Source: Robbins 1952; Sutton & Barto 2018, ch. 2 and sec. 2.9. */
#include "env_table.h"
#include "finite.h"

typedef struct bandit {
  int contexts, arms;
  const double *chance; /* [contexts][arms] of a reward */
} bandit;

static int bandit_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  const bandit *b = self->data;
  const double chance = b->chance[state * b->arms + action];
  out[0] = (hd_transition){.next = state, .probability = chance, .reward = 1, .terminated = true};
  out[1] = (hd_transition){.next = state, .probability = 1 - chance, .terminated = true};
  return 2;
}

static double bandit_start(const hd_env_desc *self, int state) {
  (void)state;
  const bandit *b = self->data;
  return 1.0 / b->contexts;
}

static const double ten_arms[] = {.2, .5, .1, .4, .9, .3, .6, .2, .5, .4};

/* Every context has an arm of its own. One arm for all is worth .467 at most. */
static const double three_contexts[] = {.9, .2, .1, .3,  //
                                        .1, .3, .9, .2,  //
                                        .3, .9, .2, .1};

static const bandit plain = {.contexts = 1, .arms = 10, .chance = ten_arms};
static const bandit contextual = {.contexts = 3, .arms = 4, .chance = three_contexts};

static const hd_dim plain_obs[] = {{"nothing", "", 1, 0, 0}};
static const hd_dim plain_act[] = {{"arm", "", 10, 0, 9}};
static const hd_dim contextual_obs[] = {{"context", "", 3, 0, 2}};
static const hd_dim contextual_act[] = {{"arm", "", 4, 0, 3}};

const hd_env_desc hd__env_bandit = {
    .size = sizeof(hd_env_desc),
    .name = "Bandit-v0",
    .alias = "bandit",
    .doc = "ten arms that pay 1 or nothing, one pull",
    .source = "after Robbins 1952; the arms are Hedon's own",
    .obs = plain_obs,
    .n_obs = 1,
    .act = plain_act,
    .n_act = 1,
    .solved = .75,
    .low_score = .41,
    .high_score = .9,
    .data = &plain,
    .model = bandit_model,
    .start = bandit_start,
    HD_FINITE_FUNCTIONS,
};

const hd_env_desc hd__env_bandit_contextual = {
    .size = sizeof(hd_env_desc),
    .name = "ContextualBandit-v0",
    .alias = "bandit-contextual",
    .doc = "four arms that pay 1 or nothing, another best one in each of three contexts",
    .source = "after Sutton & Barto 2018, sec. 2.9; the arms are Hedon's own",
    .obs = contextual_obs,
    .n_obs = 1,
    .act = contextual_act,
    .n_act = 1,
    .solved = .8,
    .low_score = .375,
    .high_score = .9,
    .data = &contextual,
    .model = bandit_model,
    .start = bandit_start,
    HD_FINITE_FUNCTIONS,
};
