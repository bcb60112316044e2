/* Drifting bandit: arms pay 1 or nothing, and the chance of every arm walks at random between 0 and
 * 1, where it is reflected. An agent sees what it pulled last and whether that paid, so that it has
 * to remember and to try again. Chances begin uniform and stay so: who knew them would be paid
 * arms/(arms + 1) a pull.
 * Source: after Daw et al. 2006, whose arms pay graded points. */
#include <math.h>

#include "env_table.h"

enum { ARMS_MAX = 10 };

typedef struct casino {
  int arms;
  double drift; /* standard deviation of a step of a chance */
} casino;

typedef struct drifting_bandit {
  double chance[ARMS_MAX];
  int32_t pulled; /* the last arm; -1: none yet */
  int32_t paid;   /* by it */
} drifting_bandit;

static void drifting_bandit_reset(const hd_env_desc *self, void *state, hd_random *random) {
  const casino *c = self->data;
  drifting_bandit *s = state;
  *s = (drifting_bandit){.pulled = -1};
  for (int i = 0; i < c->arms; i++) {
    s->chance[i] = hd_random_uniform(random);
  }
}

static double drifting_bandit_reflected(double x) {
  while (x < 0 || x > 1) {
    x = x < 0 ? -x : 2 - x;
  }
  return x;
}

static bool drifting_bandit_step(const hd_env_desc *self, void *state, const float *action,
                                 hd_random *random, double *reward) {
  const casino *c = self->data;
  drifting_bandit *s = state;
  s->pulled = (int32_t)action[0];
  s->paid = hd_random_uniform(random) < s->chance[s->pulled];
  *reward = s->paid;
  for (int i = 0; i < c->arms; i++) {
    s->chance[i] = drifting_bandit_reflected(s->chance[i] + c->drift * hd_random_normal(random));
  }
  return false;
}

static void drifting_bandit_observe(const hd_env_desc *self, const void *state, float *obs) {
  const casino *c = self->data;
  const drifting_bandit *s = state;
  obs[0] = (float)s->paid;
  for (int i = 0; i < c->arms; i++) {
    obs[1 + i] = s->pulled == i;
  }
}

static const hd_dim pulled[] = {
    {"paid", "", 0, 0, 1},         {"arm 0 pulled", "", 0, 0, 1}, {"arm 1 pulled", "", 0, 0, 1},
    {"arm 2 pulled", "", 0, 0, 1}, {"arm 3 pulled", "", 0, 0, 1}, {"arm 4 pulled", "", 0, 0, 1},
    {"arm 5 pulled", "", 0, 0, 1}, {"arm 6 pulled", "", 0, 0, 1}, {"arm 7 pulled", "", 0, 0, 1},
    {"arm 8 pulled", "", 0, 0, 1}, {"arm 9 pulled", "", 0, 0, 1}};

/* What depends on the choices, with room for it. */
typedef struct configured {
  casino casino;
  hd_dim act;
} configured;

static bool drifting_bandit_configure(const hd_env_desc *self, hd_env_desc *out,
                                      const hd_env_value *value, void *memory,
                                      char why[HD_WHY_SIZE]) {
  (void)why;
  configured *c = memory;
  const int arms = (int)value[0].number, pulls = (int)value[2].number;
  c->casino = (casino){.arms = arms, .drift = value[1].number};
  c->act = self->act[0];
  c->act.count = arms;
  c->act.high = (float)(arms - 1);
  out->data = &c->casino;
  out->act = &c->act;
  out->n_obs = 1 + arms;
  out->max_steps = pulls;
  out->low_score = 0.5 * pulls;
  out->high_score = pulls * arms / (arms + 1.0);
  return true;
}

static const casino four = {.arms = 4, .drift = .05};

static const hd_env_option options[] = {
    {"arms", HD_ENV_WHOLE, "4", 2, ARMS_MAX, "There are so many arms."},
    {"drift", HD_ENV_NUMBER, "0.05", 0, 1,
     "With every pull the chance of every arm moves by a normal number of this deviation."},
    {"pulls", HD_ENV_WHOLE, "100", 1, 100000, "An episode is cut after so many pulls."}};

static const hd_dim act[] = {{"arm", "", 4, 0, 3}};

const hd_env_desc hd__env_drifting_bandit = {
    .size = sizeof(hd_env_desc),
    .name = "DriftingBandit-v0",
    .alias = "drifting-bandit",
    .doc = "pull arms whose chances to pay walk at random",
    .source = "after Daw et al. 2006",
    .obs = pulled,
    .n_obs = 5,
    .act = act,
    .n_act = 1,
    .max_steps = 100,
    .solved = NAN,
    .low_score = 50,
    .high_score = 80,
    .state_size = sizeof(drifting_bandit),
    .data = &four,
    .reset = drifting_bandit_reset,
    .step = drifting_bandit_step,
    .observe = drifting_bandit_observe,
    .option = options,
    .n_options = 3,
    .configure = drifting_bandit_configure,
};
