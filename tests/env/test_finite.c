/* Finite environments: exact values from their own tables, and tables against what step() does. */
#include <stdlib.h>

#include "env_random.h"

#include "env_fixture.h"

enum { MAX_STATES = 512 };

typedef enum policy { BEST, RANDOM } policy;

/* Value of a state one step before `value`, under the best action or the average one. */
static double backed_up(const hd_env_desc *desc, policy how, int state, double discount,
                        const double *value) {
  const int n_actions = desc->act[0].count;
  double best = -INFINITY, sum = 0;
  for (int action = 0; action < n_actions; action++) {
    hd_transition row[HD_MAX_TRANSITIONS];
    const int n = desc->model(desc, state, action, row);
    double q = 0;
    for (int i = 0; i < n; i++) {
      const double next = row[i].terminated ? 0 : value[row[i].next];
      q += row[i].probability * (row[i].reward + discount * next);
    }
    best = fmax(best, q);
    sum += q;
  }
  return how == BEST ? best : sum / n_actions;
}

/* Mean value of the start states with at most `horizon` steps to go. */
static double value_of(const hd_env_desc *desc, policy how, double discount, int horizon) {
  static double now[MAX_STATES], next[MAX_STATES];
  const int n = desc->obs[0].count;
  memset(now, 0, sizeof now);
  for (int sweep = 0; sweep < horizon; sweep++) {
    for (int s = 0; s < n; s++) {
      next[s] = backed_up(desc, how, s, discount, now);
    }
    memcpy(now, next, sizeof now);
  }
  double mean = 0;
  for (int s = 0; s < n; s++) {
    mean += desc->start(desc, s) * now[s];
  }
  return mean;
}

static void gridworlds_have_the_published_values(void) {
  const hd_env_desc *open = find("gridworld"), *water = find("gridworld-687");
  CHECK_NEAR(value_of(open, BEST, .9, 2000), 1.1207, 1e-4);
  CHECK_NEAR(value_of(open, RANDOM, .9, 2000), .00105, 1e-5);
  CHECK_NEAR(value_of(water, BEST, .9, 2000), 4.0187, 1e-4);
  CHECK_NEAR(value_of(water, RANDOM, .9, 2000), -.598, 1e-3);
}

/* FrozenLake's are under its time limits; without them 4 x 4 would be worth .8235. */
static void toy_text_has_its_known_optima(void) {
  CHECK_NEAR(value_of(find("FrozenLake-v1"), BEST, 1, 100), .7442, 1e-4);
  CHECK_NEAR(value_of(find("FrozenLake-v1"), BEST, 1, 5000), .8235, 1e-4);
  CHECK_NEAR(value_of(find("FrozenLake8x8-v1"), BEST, 1, 200), .9132, 1e-4);
  CHECK_NEAR(value_of(find("CliffWalking-v1"), BEST, 1, 1000), -13, 1e-9);
  CHECK_NEAR(value_of(find("Taxi-v4"), BEST, 1, 200), 7.930, 1e-3);
}

/* Scores in the descriptors are exact to the digits they show. */
static void scores_follow_from_the_tables(void) {
  static const struct {
    const char *name;
    int horizon;
    double tolerance;
  } row[] = {{"Gridworld-v0", 300, 1e-4},    {"Gridworld687-v0", 300, 1e-3},
             {"FrozenLake-v1", 100, 1e-3},   {"FrozenLake8x8-v1", 200, 1e-3},
             {"CliffWalking-v1", 200000, 1}, {"Taxi-v4", 200, 1},
             {"Bandit-v0", 1, 1e-12},        {"ContextualBandit-v0", 1, 1e-12}};
  for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
    const hd_env_desc *desc = find(row[i].name);
    const double discount = desc->discount > 0 ? desc->discount : 1;
    CHECK_NEAR(value_of(desc, RANDOM, discount, row[i].horizon), desc->low_score, row[i].tolerance);
    CHECK_NEAR(value_of(desc, BEST, discount, row[i].horizon), desc->high_score, row[i].tolerance);
  }
}

/* Expected reward of pulling one arm in every context. */
static double value_of_arm(const hd_env_desc *desc, int arm) {
  double mean = 0;
  for (int s = 0; s < desc->obs[0].count; s++) {
    hd_transition row[HD_MAX_TRANSITIONS];
    const int n = desc->model(desc, s, arm, row);
    for (int i = 0; i < n; i++) {
      mean += desc->start(desc, s) * row[i].probability * row[i].reward;
    }
  }
  return mean;
}

/* Who never looks at the context is far from solving the task. */
static void contexts_matter(void) {
  const hd_env_desc *desc = find("bandit-contextual");
  double best = 0;
  for (int arm = 0; arm < desc->act[0].count; arm++) {
    best = fmax(best, value_of_arm(desc, arm));
  }
  CHECK_NEAR(best, 1.4 / 3, 1e-12);
  CHECK(best < desc->solved);
}

static void rows_are_distributions(void) {
  for (int e = 0; e < hd_env_count(ctx); e++) {
    const hd_env_desc *desc = hd_env_at(ctx, e);
    if (desc->model == NULL) {
      continue;
    }
    const int n_states = desc->obs[0].count;
    double starts = 0;
    for (int s = 0; s < n_states; s++) {
      starts += desc->start(desc, s);
      for (int a = 0; a < desc->act[0].count; a++) {
        hd_transition row[HD_MAX_TRANSITIONS];
        const int n = desc->model(desc, s, a, row);
        double sum = 0;
        CHECK(n >= 1 && n <= HD_MAX_TRANSITIONS);
        for (int i = 0; i < n; i++) {
          sum += row[i].probability;
          CHECK(row[i].next >= 0 && row[i].next < n_states);
        }
        CHECK_NEAR(sum, 1, 1e-12);
      }
    }
    CHECK_NEAR(starts, 1, 1e-12);
  }
}

/* 4000 steps from every state and action: each successor within five standard errors of its
 * probability, and never one that the table does not list. */
static void steps_follow_the_table(const hd_env_desc *desc) {
  enum { N = 4000 };
  hd_random random;
  hd__random_start(&random, HD_RNG_NATIVE, 3, 0);
  int32_t state;
  CHECK(desc->state_size == sizeof state);
  for (int s = 0; s < desc->obs[0].count; s++) {
    for (int a = 0; a < desc->act[0].count; a++) {
      hd_transition row[HD_MAX_TRANSITIONS];
      int count[HD_MAX_TRANSITIONS] = {0};
      const int n = desc->model(desc, s, a, row);
      const int draws = n == 1 ? 20 : N;
      for (int k = 0; k < draws; k++) {
        const float action = (float)a;
        double reward;
        float obs;
        state = s;
        const bool ended = desc->step(desc, &state, &action, &random, &reward);
        desc->observe(desc, &state, &obs);
        int i = 0;
        while (i < n &&
               (row[i].next != (int)obs || row[i].reward != reward || row[i].terminated != ended)) {
          i++;
        }
        CHECK(i < n);
        count[i < n ? i : 0]++;
      }
      for (int i = 0; i < n; i++) {
        double p = 0;
        bool is_first = true;
        for (int j = 0; j < n; j++) {
          const bool same = row[j].next == row[i].next && row[j].reward == row[i].reward &&
                            row[j].terminated == row[i].terminated;
          p += same ? row[j].probability : 0;
          is_first = is_first && !(same && j < i);
        }
        if (is_first) {
          CHECK_NEAR((double)count[i] / draws, p, 5 * sqrt(p * fmax(1 - p, 0) / draws) + 1e-9);
        }
      }
    }
  }
}

static void steps_follow_the_tables(void) {
  for (int e = 0; e < hd_env_count(ctx); e++) {
    if (hd_env_at(ctx, e)->model != NULL) {
      steps_follow_the_table(hd_env_at(ctx, e));
    }
  }
}

/* Water pays -10 again to an agent that stays in it, and walls block. */
static void water_and_walls(void) {
  const hd_env_desc *desc = find("gridworld-687");
  enum { WATER = 20, RIGHT_OF_WALL = 12, LEFT = 2, STAYS = 3, INTENDED = 0 };
  hd_transition row[HD_MAX_TRANSITIONS];
  desc->model(desc, WATER, LEFT, row);
  CHECK(row[STAYS].next == WATER && row[STAYS].reward == -10 && !row[STAYS].terminated);
  desc->model(desc, RIGHT_OF_WALL, LEFT, row);
  CHECK(row[INTENDED].next == RIGHT_OF_WALL);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(gridworlds_have_the_published_values);
  RUN(toy_text_has_its_known_optima);
  RUN(scores_follow_from_the_tables);
  RUN(contexts_matter);
  RUN(rows_are_distributions);
  RUN(steps_follow_the_tables);
  RUN(water_and_walls);
  hd_ctx_destroy(ctx);
  return test_end();
}
