/* Replays episodes recorded from Gymnasium by tools/record_gymnasium.py, which describes the files.
 *
 * On Gymnasium's stream everything is exact. That takes the recording machine's libm; where this
 * one rounds otherwise, which is said aloud, the state is set right wherever one was recorded,
 * and rewards and states may differ by 1e-9 relative.
 *
 * With our own functions the same holds from one recorded state to the next, but for the last
 * digit of observations. */
#include "hedon/hedon.h"
#include "recordings.h"
#include "test.h"

enum { WIDEST = 64 }; /* numbers of an observation, an action or a state */

typedef struct recording {
  FILE *file;
  int32_t n_obs, n_act, n_state, n_seeds;
} recording;

typedef struct transition {
  float action[WIDEST], obs[WIDEST];
  double reward, state[WIDEST];
  bool terminated, truncated, has_state;
} transition;

/* How many numbers differ from the recording, and by how much at worst. */
typedef struct tally {
  int steps, obs, flags;
  double obs_error, reward_error, state_error;
} tally;

static recording open_recording(const char *env) {
  recording r = {.file = open_recorded("gymnasium", env, "HDGYM001")};
  take(r.file, &r.n_obs, 4 * sizeof(int32_t));
  CHECK(r.n_obs <= WIDEST && r.n_state <= WIDEST);
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

static void take_obs(const recording *r, float *obs) {
  take(r->file, obs, (size_t)r->n_obs * sizeof(float));
}

static transition take_step(const recording *r) {
  transition t;
  unsigned char flags;
  take(r->file, t.action, (size_t)r->n_act * sizeof(float));
  take_obs(r, t.obs);
  take(r->file, &t.reward, sizeof t.reward);
  take(r->file, &flags, sizeof flags);
  t.terminated = flags & 1;
  t.truncated = flags >> 1 & 1;
  t.has_state = flags >> 2 & 1;
  if (t.has_state) {
    take(r->file, t.state, (size_t)r->n_state * sizeof(double));
  }
  return t;
}

static double relative(double got, double want) {
  const double scale = fabs(want) > 1e-6 ? fabs(want) : 1e-6;
  return fabs(got - want) / scale;
}

/* Compare an observation and say where the first few differences are. */
static void compare_obs(const recording *r, const float *got, const float *want, int step,
                        tally *sum) {
  for (int i = 0; i < r->n_obs; i++) {
    if (got[i] != want[i] && sum->obs++ < 3) {
      printf("  step %d: obs[%d] = %.9g, recorded %.9g\n", step, i, (double)got[i],
             (double)want[i]);
    }
    sum->obs_error = fmax(sum->obs_error, relative((double)got[i], (double)want[i]));
  }
}

typedef struct player {
  const recording *r;
  hd_envs *envs;
  bool sets_right; /* take over every recorded state */
} player;

/* Take a recorded step and compare its outcome, unless sum is NULL. */
static transition replay_step(const player *p, int step, tally *sum) {
  const recording *r = p->r;
  const transition want = take_step(r);
  transition got;
  hd_envs_step(p->envs, want.action, got.obs, &got.reward, &got.terminated, &got.truncated);
  double *state = hd_envs_state(p->envs, 0);
  if (sum != NULL) {
    compare_obs(r, got.obs, want.obs, step, sum);
    sum->reward_error = fmax(sum->reward_error, relative(got.reward, want.reward));
    sum->flags += got.terminated != want.terminated || got.truncated != want.truncated;
    for (int i = 0; want.has_state && i < r->n_state; i++) {
      sum->state_error = fmax(sum->state_error, relative(state[i], want.state[i]));
    }
    sum->steps++;
  }
  if (want.has_state && p->sets_right) {
    memcpy(state, want.state, (size_t)r->n_state * sizeof(double));
  }
  return want;
}

static void replay_seed(player *p, hd_ctx *ctx, const hd_env_desc *desc, tally *sum) {
  uint64_t seed;
  int32_t steps;
  float obs[WIDEST], want[WIDEST];
  take(p->r->file, &seed, sizeof seed);
  take(p->r->file, &steps, sizeof steps);
  CHECK(hd_envs_create(ctx, desc, 1, seed, HD_RNG_GYMNASIUM, &p->envs) == HD_OK);
  hd_envs_reset(p->envs, obs);
  take_obs(p->r, want);
  compare_obs(p->r, obs, want, 0, sum);
  for (int step = 1; step <= steps; step++) {
    const transition t = replay_step(p, step, sum);
    if (t.terminated || t.truncated) {
      hd_envs_reset_done(p->envs, obs);
      take_obs(p->r, want);
      compare_obs(p->r, obs, want, step, sum);
    }
  }
  hd_envs_destroy(p->envs);
}

/* As replay_seed on the native stream, whose episodes start elsewhere: from every recorded state
 * to the next, or to the episode's end. */
static void replay_seed_natively(player *p, hd_ctx *ctx, const hd_env_desc *desc, tally *sum) {
  uint64_t seed;
  int32_t steps;
  float obs[WIDEST];
  take(p->r->file, &seed, sizeof seed);
  take(p->r->file, &steps, sizeof steps);
  CHECK(hd_envs_create(ctx, desc, 1, seed, HD_RNG_NATIVE, &p->envs) == HD_OK);
  hd_envs_reset(p->envs, obs);
  take_obs(p->r, obs);
  bool is_known = false;
  for (int step = 1; step <= steps; step++) {
    const transition t = replay_step(p, step, is_known ? sum : NULL);
    is_known = is_known || t.has_state;
    if (t.terminated || t.truncated) {
      hd_envs_reset_done(p->envs, obs);
      take_obs(p->r, obs);
      is_known = false;
    }
  }
  hd_envs_destroy(p->envs);
}

typedef void replay_fn(player *p, hd_ctx *ctx, const hd_env_desc *desc, tally *sum);

/* Replay a file that was recorded of an environment. */
static tally replay(const char *file, const char *env, replay_fn *replay_one, bool sets_right) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  const hd_env_desc *desc = NULL;
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_env_find(ctx, env, &desc) == HD_OK);
  const recording r = open_recording(file);
  CHECK(r.n_obs == desc->n_obs && r.n_act == desc->n_act && r.n_seeds == 5);
  player p = {.r = &r, .sets_right = sets_right && r.n_state > 0};
  tally sum = {0};
  for (int i = 0; i < r.n_seeds; i++) {
    replay_one(&p, ctx, desc, &sum);
  }
  fclose(r.file);
  hd_ctx_destroy(ctx);
  printf("  %-25s %d steps: %d obs, %d flags differ; rewards within %.1e, states %.1e\n", env,
         sum.steps, sum.obs, sum.flags, sum.reward_error, sum.state_error);
  return sum;
}

static void gymnasiums_episodes(void) {
  static const char *const env[] = {
      "CartPole-v0",     "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0",
      "Acrobot-v1",      "Pendulum-v1", "FrozenLake-v1",  "FrozenLake8x8-v1",
      "CliffWalking-v1", "Taxi-v4",     "Blackjack-v1"};
  const bool is_alike = libm_is_alike();
  if (!is_alike) {
    printf("  SKIP whole episodes: this libm rounds otherwise than the recording machine's\n");
  }
  const double tolerance = is_alike ? 0 : 1e-9;
  for (size_t i = 0; i < sizeof env / sizeof env[0]; i++) {
    const tally sum = replay(env[i], env[i], replay_seed, !is_alike);
    CHECK(sum.steps >= 10000 && sum.obs == 0 && sum.flags == 0);
    CHECK(sum.reward_error <= tolerance && sum.state_error <= tolerance);
  }
}

/* What is chosen by name here is an argument of gymnasium.make there. */
static void gymnasiums_options(void) {
  static const struct {
    const char *file, *env;
  } row[] = {{"Blackjack-natural", "Blackjack-v1:natural=true:sab=false"},
             {"CliffWalking-slippery", "CliffWalking-v1:is_slippery=true"},
             {"FrozenLake-firm", "FrozenLake-v1:is_slippery=false"},
             {"FrozenLake-own", "FrozenLake-v1:map=SFFFH-FFHFF-FFFFG"}};
  for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
    const tally sum = replay(row[i].file, row[i].env, replay_seed, false);
    CHECK(sum.steps == 2000 && sum.obs == 0 && sum.flags == 0 && sum.reward_error == 0);
  }
}

/* An observation of 1e-6 or more moves by one unit of its last place, 1.2e-7 at most. */
static void native_dynamics_are_the_same(void) {
  static const char *const env[] = {"CartPole-v0", "CartPole-v1", "MountainCar-v0", "Acrobot-v1",
                                    "Pendulum-v1"};
  for (size_t i = 0; i < sizeof env / sizeof env[0]; i++) {
    const tally sum = replay(env[i], env[i], replay_seed_natively, true);
    CHECK(sum.steps >= 9000 && sum.flags == 0);
    CHECK(sum.obs_error <= 1.2e-7 && sum.reward_error <= 1e-9 && sum.state_error <= 1e-9);
  }
}

int main(void) {
  RUN(gymnasiums_episodes);
  RUN(gymnasiums_options);
  RUN(native_dynamics_are_the_same);
  return test_end();
}
