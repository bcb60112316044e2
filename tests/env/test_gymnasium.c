/* Replays episodes recorded from Gymnasium by tools/record_gymnasium.py, which describes the files.
 *
 * Exact: float observations, terminated, truncated. Rewards are exact but for the pendulum's,
 * whose angle differs from numpy's in the last digits: 1e-9 relative, as for states.
 *
 * The acrobot is chaotic and follows the platform's libm. Where that rounds otherwise than the
 * recording machine's, which is said aloud, it is set right at every recorded state. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"

typedef struct recording {
  FILE *file;
  int32_t n_obs, n_act, n_state, n_seeds;
} recording;

typedef struct tally {
  int steps, obs, reward, flags;
  double worst_state;
} tally;

static void take(FILE *file, void *to, size_t size) {
  if (fread(to, 1, size, file) != size) {
    printf("  a recording is too short\n");
    exit(1);
  }
}

static recording open_recording(const char *env) {
  char path[512], magic[8];
  snprintf(path, sizeof path, "%s/gymnasium/%s.bin", HD_TEST_DATA, env);
  recording r = {.file = fopen(path, "rb")};
  if (r.file == NULL) {
    printf("  cannot open %s\n", path);
    exit(1);
  }
  take(r.file, magic, sizeof magic);
  take(r.file, &r.n_obs, 4 * sizeof(int32_t));
  CHECK(memcmp(magic, "HDGYM001", 8) == 0);
  CHECK(r.n_obs <= HD_MAX_DIMS && r.n_state <= HD_MAX_DIMS);
  return r;
}

/* Does this machine's libm round as the recording machine's did? */
static bool libm_is_alike(void) {
  FILE *file = fopen(HD_TEST_DATA "/gymnasium/libm.bin", "rb");
  CHECK(file != NULL);
  int32_t n;
  take(file, &n, sizeof n);
  int other = 0;
  for (int i = 0; i < n; i++) {
    double x[4];
    take(file, x, sizeof x);
    const volatile double two = 2;
    other += sin(x[0]) != x[1] || cos(x[0]) != x[2] || pow(x[0], two) != x[3];
  }
  fclose(file);
  return other == 0;
}

/* Read an observation and compare; says where the first few differences are. */
static void expect_obs(const recording *r, const float *got, const char *env, uint64_t seed,
                       int step, tally *t) {
  float want[HD_MAX_DIMS];
  take(r->file, want, (size_t)r->n_obs * sizeof(float));
  for (int i = 0; i < r->n_obs; i++) {
    if (got[i] != want[i] && t->obs++ < 3) {
      printf("  %s seed %llu step %d obs[%d] = %.9g, Gymnasium %.9g\n", env,
             (unsigned long long)seed, step, i, (double)got[i], (double)want[i]);
    }
  }
}

static double relative(double got, double want) {
  const double scale = fabs(want) > 1e-6 ? fabs(want) : 1e-6;
  return fabs(got - want) / scale;
}

static void replay_seed(const recording *r, hd_ctx *ctx, const hd_env_desc *desc, bool set_right,
                        tally *t) {
  uint64_t seed;
  int32_t steps;
  take(r->file, &seed, sizeof seed);
  take(r->file, &steps, sizeof steps);
  hd_envs *envs;
  CHECK(hd_envs_create(ctx, desc, 1, seed, HD_RNG_GYMNASIUM, &envs) == HD_OK);
  float obs[HD_MAX_DIMS], action[HD_MAX_DIMS];
  hd_envs_reset(envs, obs);
  expect_obs(r, obs, desc->name, seed, 0, t);
  for (int step = 1; step <= steps; step++) {
    double got, want, state[HD_MAX_DIMS];
    bool terminated, truncated;
    unsigned char flags;
    take(r->file, action, (size_t)r->n_act * sizeof(float));
    hd_envs_step(envs, action, obs, &got, &terminated, &truncated);
    expect_obs(r, obs, desc->name, seed, step, t);
    take(r->file, &want, sizeof want);
    take(r->file, &flags, sizeof flags);
    const bool is_close = strcmp(desc->name, "Pendulum-v1") == 0 && relative(got, want) <= 1e-9;
    t->reward += got != want && !is_close;
    t->flags += terminated != (flags & 1) || truncated != (flags >> 1 & 1);
    if (flags & 4) {
      take(r->file, state, (size_t)r->n_state * sizeof(double));
      double *mine = hd_envs_state(envs, 0);
      for (int i = 0; i < r->n_state; i++) {
        t->worst_state = fmax(t->worst_state, relative(mine[i], state[i]));
        mine[i] = set_right ? state[i] : mine[i];
      }
    }
    if (flags & 3) {
      hd_envs_reset_done(envs, obs);
      expect_obs(r, obs, desc->name, seed, step, t);
    }
    t->steps++;
  }
  hd_envs_destroy(envs);
}

static void replay(const char *env) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  const hd_env_desc *desc = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_env_find(ctx, env, &desc) == HD_OK);
  recording r = open_recording(env);
  CHECK(r.n_obs == desc->n_obs && r.n_act == desc->n_act);
  const bool set_right = strcmp(env, "Acrobot-v1") == 0 && !libm_is_alike();
  if (set_right) {
    printf("  SKIP %s without correction: this libm rounds otherwise than the recording's\n", env);
  }
  tally t = {0};
  for (int i = 0; i < r.n_seeds; i++) {
    replay_seed(&r, ctx, desc, set_right, &t);
  }
  fclose(r.file);
  hd_ctx_destroy(ctx);
  printf("  %-25s %d seeds, %d steps: %d obs, %d rewards, %d flags differ; state within %.1e\n",
         env, r.n_seeds, t.steps, t.obs, t.reward, t.flags, t.worst_state);
  CHECK(r.n_seeds == 5 && t.steps >= 10000);
  CHECK(t.obs == 0 && t.reward == 0 && t.flags == 0);
  CHECK(t.worst_state <= 1e-9);
}

static void every_recorded_environment(void) {
  static const char *const env[] = {
      "CartPole-v0",     "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0",
      "Acrobot-v1",      "Pendulum-v1", "FrozenLake-v1",  "FrozenLake8x8-v1",
      "CliffWalking-v1", "Taxi-v4",     "Blackjack-v1"};
  for (size_t i = 0; i < sizeof env / sizeof env[0]; i++) {
    replay(env[i]);
  }
}

int main(void) {
  RUN(every_recorded_environment);
  return test_end();
}
