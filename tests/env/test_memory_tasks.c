/* Environments of memory: what is seen when, what is paid, and what a policy without memory can
 * get at best. */
#include "env_random.h"

#include "env_fixture.h"

/* One environment that is stepped by hand. */
typedef struct trial {
  const hd_env_desc *desc;
  hd_envs *envs;
  float obs[HD_MAX_OBS];
  double reward;
  bool terminated, truncated;
} trial;

static trial begin(const char *name, uint64_t seed) {
  trial t = {.desc = find(name)};
  CHECK(t.desc != NULL);
  t.envs = create(t.desc, 1, seed, HD_RNG_NATIVE);
  hd_envs_reset(t.envs, t.obs);
  return t;
}

static void act(trial *t, int choice) {
  const float action = (float)choice;
  hd_envs_step(t->envs, &action, t->obs, &t->reward, &t->terminated, &t->truncated);
}

static bool shows(const trial *t, float a, float b, float c) {
  return t->obs[0] == a && t->obs[1] == b && t->obs[2] == c;
}

/* ---- T-maze ---- */

enum { NORTH, EAST, SOUTH, WEST };

static void tmaze_walks_and_pays(void) {
  for (int length = 1; length <= 10; length += 3) {
    char name[64];
    snprintf(name, sizeof name, "TMaze-v0:length=%d", length);
    int souths = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
      trial t = begin(name, seed);
      const bool is_south = t.obs[0] == 1;
      souths += is_south;
      CHECK(is_south ? shows(&t, 1, 1, 0) : shows(&t, 0, 1, 1));
      act(&t, WEST);
      CHECK(t.reward == -0.1 && !t.terminated && shows(&t, is_south, 1, !is_south));
      act(&t, SOUTH);
      CHECK(t.reward == -0.1 && !t.terminated);
      for (int i = 1; i < length; i++) {
        act(&t, EAST);
        CHECK(t.reward == 0 && shows(&t, 1, 0, 1));
      }
      act(&t, EAST);
      CHECK(t.reward == 0 && shows(&t, 0, 1, 0));
      act(&t, EAST);
      CHECK(t.reward == -0.1 && shows(&t, 0, 1, 0));
      act(&t, WEST);
      CHECK(t.reward == 0);
      act(&t, EAST);
      act(&t, seed % 2 == 0 ? NORTH : SOUTH);
      CHECK(t.terminated && t.reward == ((seed % 2 == 0) == !is_south ? 4 : -0.1));
      hd_envs_destroy(t.envs);
    }
    CHECK(souths > 3 && souths < 17);
  }
}

static void tmaze_is_cut(void) {
  trial t = begin("TMaze-v0:length=3", 1);
  int n = 0;
  while (!t.truncated) {
    act(&t, NORTH);
    n++;
  }
  CHECK(n == 30 && !t.terminated);
  hd_envs_destroy(t.envs);
}

/* A random walk's return with so many steps to go, by dynamic programming. */
static double tmaze_random_value(int length, int horizon) {
  double now[64] = {0}, next[64];
  for (int k = 0; k < horizon; k++) {
    for (int at = 0; at <= length; at++) {
      const double west = at > 0 ? now[at - 1] : now[at] - 0.1;
      const double east = at < length ? now[at + 1] : now[at] - 0.1;
      const double aside = at == length ? (4 - 0.1) / 2 : now[at] - 0.1;
      next[at] = (west + east + 2 * aside) / 4;
    }
    memcpy(now, next, sizeof now);
  }
  return now[0];
}

static void tmaze_scores(void) {
  const hd_env_desc *desc = find("TMaze-v0");
  CHECK_NEAR(tmaze_random_value(10, desc->max_steps), desc->low_score, 1e-2);
  CHECK(desc->high_score == 4 && (4 - 0.1) / 2 < desc->solved); /* both arms look alike */
}

/* ---- delayed cue ---- */

static void delayed_cue_asks_for_the_majority(void) {
  static const struct {
    const char *name;
    int cues, delay;
  } row[] = {{"DelayedCue-v0", 7, 10}, {"DelayedCue-v0:cues=3:delay=0", 3, 0}};
  for (size_t i = 0; i < 2; i++) {
    int rights = 0, n_cues = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
      trial t = begin(row[i].name, seed);
      int right = 0;
      for (int k = 0; k < row[i].cues; k++) {
        CHECK(t.obs[0] + t.obs[1] == 1 && t.obs[2] == 0);
        right += t.obs[1] == 1;
        act(&t, k % 2);
        CHECK(t.reward == 0 && !t.terminated && shows(&t, 0, 0, 0));
        act(&t, k % 2);
        CHECK(t.reward == 0 && !t.terminated);
      }
      for (int k = 0; k < row[i].delay; k++) {
        CHECK(shows(&t, 0, 0, 0));
        act(&t, k % 2);
        CHECK(t.reward == 0 && !t.terminated);
      }
      CHECK(shows(&t, 0, 0, 1));
      const int answer = (int)(seed % 2);
      act(&t, answer);
      CHECK(t.terminated && t.reward == (answer == (2 * right > row[i].cues)));
      rights += 2 * right > row[i].cues;
      n_cues += 2 * right > row[i].cues ? right : row[i].cues - right;
      hd_envs_destroy(t.envs);
    }
    CHECK(rights > 70 && rights < 130);
    CHECK(n_cues > 130 * row[i].cues); /* far more than chance on the side of the majority */
  }
}

/* Who remembers the last cue only answers right in .728 of the trials. */
static void delayed_cue_needs_all_cues(void) {
  double right = 0;
  for (int cues = 0; cues < 128; cues++) { /* bits of cues on the more likely side */
    const int n = __builtin_popcount((unsigned)cues);
    double p = 1;
    for (int k = 0; k < 7; k++) {
      p *= (cues >> k) & 1 ? 0.7 : 0.3;
    }
    right += ((cues & 1) == (n > 3)) * p;
  }
  CHECK_NEAR(right, 0.728, 1e-3);
  CHECK(right < find("DelayedCue-v0")->solved);
}

/* ---- delayed match ---- */

static void delayed_match_asks_whether_it_is_the_same(void) {
  int count[2][2] = {{0}};
  for (uint64_t seed = 0; seed < 200; seed++) {
    trial t = begin("DelayedMatch-v0", seed);
    const int sample = t.obs[1] == 1;
    CHECK(t.obs[0] + t.obs[1] == 1 && t.obs[2] == 0);
    for (int k = 0; k < 5; k++) {
      act(&t, k % 2);
      CHECK(t.reward == 0 && shows(&t, 0, 0, 0));
    }
    act(&t, 0);
    CHECK(t.obs[0] + t.obs[1] == 1 && t.obs[2] == 1);
    const int test = t.obs[1] == 1, answer = (int)(seed % 2);
    act(&t, answer);
    CHECK(t.terminated && t.reward == (answer == (sample == test)));
    count[sample][test]++;
    hd_envs_destroy(t.envs);
  }
  for (int i = 0; i < 4; i++) {
    CHECK(count[i / 2][i % 2] > 25); /* neither stimulus alone tells anything */
  }
}

/* ---- blind catch ---- */

enum { COLUMNS = 5, FALL = 9 };

static void blind_catch_hides_the_ball(void) {
  for (int seen = 1; seen <= 10; seen += 3) {
    char name[64];
    snprintf(name, sizeof name, "BlindCatch-v0:seen=%d", seen);
    int landed[COLUMNS] = {0};
    for (uint64_t seed = 0; seed < 50; seed++) {
      trial t = begin(name, seed);
      int ball = -1, paddle = 2;
      for (int row = 0; row < FALL; row++) {
        for (int i = 0; i < COLUMNS; i++) {
          ball = row == 0 && t.obs[i] == 1 ? i : ball;
          CHECK(t.obs[i] == (row < seen && i == ball));
          CHECK(t.obs[COLUMNS + i] == (i == paddle));
        }
        CHECK(!t.terminated);
        const int move = seed % 2 == 0 ? (ball > paddle) - (ball < paddle) : 1;
        act(&t, move + 1);
        paddle = paddle + move > 4 ? 4 : paddle + move;
        CHECK(row == FALL - 1 || t.reward == 0);
      }
      CHECK(t.terminated && t.reward == (paddle == ball ? 1 : -1));
      landed[ball]++;
      hd_envs_destroy(t.envs);
    }
    for (int i = 0; i < COLUMNS; i++) {
      CHECK(landed[i] > 2);
    }
  }
}

/* Of all policies that see only the present, the best catches three of five. */
static void blind_catch_needs_memory(void) {
  int best = 0;
  for (int first = 0; first < 243; first++) {   /* a move for every ball seen, the paddle at 2 */
    for (int blind = 0; blind < 243; blind++) { /* and one for every place of the paddle */
      int caught = 0;
      static const int power[] = {1, 3, 9, 27, 81};
      for (int ball = 0; ball < COLUMNS; ball++) {
        int paddle = 2 + first / power[ball] % 3 - 1;
        for (int row = 1; row < FALL; row++) {
          const int to = paddle + blind / power[paddle] % 3 - 1;
          paddle = to < 0 ? 0 : to > 4 ? 4 : to;
        }
        caught += paddle == ball;
      }
      best = caught > best ? caught : best;
    }
  }
  CHECK(best == 3);
  CHECK(2 * best / 5.0 - 1 < find("BlindCatch-v0")->solved);
}

/* ---- drifting bandit ---- */

/* The first fields of its state. */
typedef struct bandit_state {
  double chance[10];
} bandit_state;

static void drifting_bandit_walks_and_pays(void) {
  enum { N = 20000 };
  trial t = begin("DriftingBandit-v0:pulls=20000", 5);
  double best = 0, paid = 0, expected = 0, squares = 0;
  int reflected = 0;
  for (int k = 0; k < N; k++) {
    bandit_state before, after;
    memcpy(&before, hd_envs_state(t.envs, 0), sizeof before);
    const int arm = k % 4;
    act(&t, arm);
    memcpy(&after, hd_envs_state(t.envs, 0), sizeof after);
    CHECK(t.reward == t.obs[0] && t.obs[1 + arm] == 1);
    CHECK(t.obs[1] + t.obs[2] + t.obs[3] + t.obs[4] == 1);
    paid += t.reward;
    expected += before.chance[arm];
    double most = 0;
    for (int i = 0; i < 4; i++) {
      const double moved = after.chance[i] - before.chance[i];
      most = before.chance[i] > most ? before.chance[i] : most;
      squares += moved * moved;
      reflected += before.chance[i] < 0.01 || before.chance[i] > 0.99;
      CHECK(after.chance[i] >= 0 && after.chance[i] <= 1);
    }
    best += most;
    CHECK(!t.terminated && t.truncated == (k == N - 1));
  }
  CHECK_NEAR(paid / N, expected / N, 5 * 0.5 / 141);  /* five standard errors */
  CHECK_NEAR(squares / (4.0 * N), 0.05 * 0.05, 3e-4); /* less what walls take off */
  CHECK_NEAR(best / N, 0.8, 0.05);                    /* chances are uniform: 4/5 */
  CHECK_NEAR(reflected / (4.0 * N), 0.02, 0.01);
  hd_envs_destroy(t.envs);
}

static void drifting_bandit_begins_without_a_pull(void) {
  trial t = begin("DriftingBandit-v0:arms=7:drift=0", 2);
  CHECK(t.desc->n_obs == 8 && t.desc->act[0].count == 7 && t.desc->max_steps == 100);
  CHECK_NEAR(t.desc->high_score, 87.5, 1e-12);
  for (int i = 0; i < 8; i++) {
    CHECK(t.obs[i] == 0);
  }
  bandit_state before, after;
  memcpy(&before, hd_envs_state(t.envs, 0), sizeof before);
  act(&t, 6);
  memcpy(&after, hd_envs_state(t.envs, 0), sizeof after);
  CHECK(memcmp(&before, &after, sizeof before) == 0); /* drift = 0 */
  CHECK(t.obs[7] == 1);
  hd_envs_destroy(t.envs);
}

/* ---- control without velocities ---- */

static void positions_are_those_of_the_whole(const char *name, const char *whole, int n,
                                             const int *component) {
  trial a = begin(name, 3), b = begin(whole, 3);
  for (int k = 0; k < 300; k++) {
    for (int i = 0; i < n; i++) {
      CHECK(a.obs[i] == b.obs[component[i]]);
    }
    act(&a, k / 3 % 2);
    act(&b, k / 3 % 2);
    CHECK(a.reward == b.reward && a.terminated == b.terminated && a.truncated == b.truncated);
    hd_envs_reset_done(a.envs, a.obs);
    hd_envs_reset_done(b.envs, b.obs);
  }
  CHECK(a.desc->n_obs == n);
  hd_envs_destroy(a.envs);
  hd_envs_destroy(b.envs);
}

static void velocities_are_hidden(void) {
  positions_are_those_of_the_whole("CartPolePositions-v1", "CartPole-v1", 2, (const int[]){0, 2});
  positions_are_those_of_the_whole("PendulumPositions-v1", "Pendulum-v1", 2, (const int[]){0, 1});
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(tmaze_walks_and_pays);
  RUN(tmaze_is_cut);
  RUN(tmaze_scores);
  RUN(delayed_cue_asks_for_the_majority);
  RUN(delayed_cue_needs_all_cues);
  RUN(delayed_match_asks_whether_it_is_the_same);
  RUN(blind_catch_hides_the_ball);
  RUN(blind_catch_needs_memory);
  RUN(drifting_bandit_walks_and_pays);
  RUN(drifting_bandit_begins_without_a_pull);
  RUN(velocities_are_hidden);
  hd_ctx_destroy(ctx);
  return test_end();
}
