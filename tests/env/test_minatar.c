/* Replays games of the PyPI package minatar, recorded by tools/record_minatar.py, which describes
 * the files: the same actions and numbers drawn give the same rewards, ends and observations, bit
 * for bit. Then what players choose of a game. */
#include "crc32.h"
#include "recordings.h"

#include "env_fixture.h"

enum { WIDEST = 1000, BYTES = (WIDEST + 7) / 8, NAME = 96 };

static const char *const games[] = {"Breakout", "SpaceInvaders", "Asterix", "Freeway", "Seaquest"};

typedef struct run {
  char name[NAME];
  uint64_t seed;
  int32_t steps, episodes, reward;
} run;

static run take_run(FILE *file) {
  run r;
  take(file, r.name, sizeof r.name);
  take(file, &r.seed, sizeof r.seed);
  take(file, &r.steps, sizeof r.steps);
  take(file, &r.episodes, sizeof r.episodes);
  take(file, &r.reward, sizeof r.reward);
  return r;
}

/* The check of a step, after the one before. */
static uint32_t check_of(uint32_t before, double reward, bool is_over, int n, const float *obs) {
  unsigned char byte[2 + BYTES] = {(unsigned char)reward, is_over};
  for (int i = 0; i < n; i++) {
    CHECK(obs[i] == 0 || obs[i] == 1);
    byte[2 + i / 8] |= (unsigned char)(obs[i] > 0 ? 0x80 >> i % 8 : 0);
  }
  return hd__crc32(before, byte, (size_t)(2 + (n + 7) / 8));
}

/* Does the recording say so, too? The first step that differs is told. */
static bool compare_check(FILE *file, uint32_t check, const run *r, int step) {
  uint32_t want;
  take(file, &want, sizeof want);
  if (check != want) {
    printf("  %s, seed %llu: step %d differs\n", r->name, (unsigned long long)r->seed, step);
  }
  CHECK(check == want);
  return check == want;
}

static void replay_run(FILE *file) {
  const run r = take_run(file);
  const hd_env_desc *desc = find(r.name);
  CHECK(desc != NULL && desc->n_obs <= WIDEST && desc->max_steps == 0);
  hd_envs *envs = create(desc, 1, r.seed, HD_RNG_GYMNASIUM);
  float obs[WIDEST], action;
  double reward, sum = 0;
  int episodes = 0;
  bool over, cut;
  hd_envs_reset(envs, obs);
  uint32_t check = check_of(0, 0, false, desc->n_obs, obs);
  bool is_same = compare_check(file, check, &r, 0);
  for (int t = 1; t <= r.steps && is_same; t++) {
    unsigned char move;
    take(file, &move, sizeof move);
    action = move;
    hd_envs_step(envs, &action, obs, &reward, &over, &cut);
    check = check_of(check, reward, over, desc->n_obs, obs);
    is_same = !cut && compare_check(file, check, &r, t);
    sum += reward;
    if (over && is_same) {
      episodes++;
      hd_envs_reset_done(envs, obs);
      check = check_of(check, 0, false, desc->n_obs, obs);
      is_same = compare_check(file, check, &r, t);
    }
  }
  CHECK(is_same && episodes == r.episodes && sum == r.reward);
  hd_envs_destroy(envs);
}

static void the_packages_games(void) {
  for (size_t i = 0; i < sizeof games / sizeof *games; i++) {
    FILE *file = open_recorded("minatar", games[i], "HDMIN001");
    int32_t n_runs;
    take(file, &n_runs, sizeof n_runs);
    const int before = test_failures;
    for (int k = 0; k < n_runs && test_failures == before; k++) {
      replay_run(file);
    }
    CHECK(test_failures > before || fgetc(file) == EOF);
    fclose(file);
  }
}

/* An action makes the same move in the small set of actions as its number does in the large one. */
static void all_six_actions_can_be_had(void) {
  static const int move[] = {0, 1, 3}; /* stay, left, right */
  const hd_env_desc *few = find("breakout"), *all = find("MinAtar-Breakout-v1:minimal=false");
  CHECK(few->act->count == 3 && all->act->count == 6 && all->max_steps == 5000);
  hd_envs *a = create(few, 1, 3, HD_RNG_NATIVE), *b = create(all, 1, 3, HD_RNG_NATIVE);
  float seen_a[WIDEST], seen_b[WIDEST];
  double reward;
  bool over, cut;
  hd_envs_reset(a, seen_a);
  hd_envs_reset(b, seen_b);
  for (int t = 0; t < 200; t++) {
    const float action_a = (float)(t % 3), action_b = (float)move[t % 3];
    hd_envs_step(a, &action_a, seen_a, &reward, &over, &cut);
    hd_envs_step(b, &action_b, seen_b, &reward, &over, &cut);
    CHECK(memcmp(seen_a, seen_b, sizeof *seen_a * (size_t)few->n_obs) == 0);
    hd_envs_reset_done(a, seen_a);
    hd_envs_reset_done(b, seen_b);
  }
  hd_envs_destroy(b);
  hd_envs_destroy(a);
}

/* With every move sticking, nothing but the first move, which is to stay, is ever made. */
static void moves_stick(void) {
  const hd_env_desc *desc = find("MinAtar-Freeway-v1:sticky=1");
  hd_envs *envs = create(desc, 1, 3, HD_RNG_NATIVE);
  static float obs[WIDEST];
  const float up = 1;
  double reward;
  bool over, cut;
  hd_envs_reset(envs, obs);
  for (int t = 1; t <= 2501; t++) {
    hd_envs_step(envs, &up, obs, &reward, &over, &cut);
    CHECK(obs[(9 * 10 + 4) * 7] == 1 && reward == 0);
    CHECK(over == (t == 2501) && !cut);
  }
  hd_envs_destroy(envs);
}

static void what_a_game_does_not_have_is_refused(void) {
  CHECK(find("MinAtar-Breakout-v1:ramping=false") == NULL);
  CHECK_TEXT(hd_ctx_error(ctx),
             "environment MinAtar-Breakout-v1 has no option 'ramping'; its options are: sticky, "
             "minimal, max_steps");
  CHECK(find("asterix:sticky=2") == NULL && hd_ctx_error(ctx)[0] != '\0');
  CHECK(find("asterix:sticky=0.1:ramping=true") == find("MinAtar-Asterix-v1"));
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(the_packages_games);
  RUN(all_six_actions_can_be_had);
  RUN(moves_stick);
  RUN(what_a_game_does_not_have_is_refused);
  hd_ctx_destroy(ctx);
  return test_end();
}
