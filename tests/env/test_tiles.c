/* Environments that the kernels step in tiles equal the descriptor's own functions, one state at a
 * time, to the bit: for any number of them, on every instruction set of this machine, from states
 * of an episode and from absurd ones, through resets and time limits. */
#include "env_random.h"
#include "envs.h"
#include "hedon/hedon.h"
#include "isa.h"
#include "test.h"

enum { MOST = 70, STEPS = 600, STATE = 4 };

static _Alignas(64) unsigned char memory[1 << 16];
static hd_ctx *ctx;

typedef struct outcome {
  float obs[MOST * STATE];
  double reward[MOST];
  bool terminated[MOST], truncated[MOST];
} outcome;

/* The same by hand: plain states, plain counters. */
typedef struct reference {
  double state[MOST][STATE];
  hd_random random[MOST];
  int elapsed[MOST];
  outcome o;
} reference;

static void start(reference *r, const hd_env_desc *desc, int b) {
  desc->reset(desc, r->state[b], &r->random[b]);
  desc->observe(desc, r->state[b], r->o.obs + b * desc->n_obs);
  r->elapsed[b] = 0;
}

static void step(reference *r, const hd_env_desc *desc, int b, float action) {
  r->o.terminated[b] = desc->step(desc, r->state[b], &action, &r->random[b], &r->o.reward[b]);
  desc->observe(desc, r->state[b], r->o.obs + b * desc->n_obs);
  r->o.truncated[b] = ++r->elapsed[b] >= desc->max_steps;
}

static int differences(const hd_env_desc *desc, int n, const outcome *a, const outcome *b) {
  const size_t N = (size_t)n;
  return (memcmp(a->obs, b->obs, N * (size_t)desc->n_obs * sizeof(float)) != 0) +
         (memcmp(a->reward, b->reward, N * sizeof(double)) != 0) +
         (memcmp(a->terminated, b->terminated, N) != 0) +
         (memcmp(a->truncated, b->truncated, N) != 0);
}

static const float odd_actions[] = {0, 1, -0.0f, 1e30f, -3, INFINITY, NAN};

static float some_action(int b, int t) {
  const uint32_t word = hd__word(hd__key_make(3, HD_STREAM_ACTION, (uint64_t)b, (uint64_t)t), 0);
  return b % 8 == 7 ? odd_actions[word % 7] : (float)(word >> 31);
}

/* Steers towards upright: the episodes of one environment in eight last to the limit. */
static float action_of(const float *obs, int b, int t) {
  return b % 8 == 0 ? (obs[2] + obs[3] + 0.1f * obs[0] + 0.2f * obs[1] > 0 ? 1.0f : 0.0f)
                    : some_action(b, t);
}

static int play(const hd_env_desc *desc, int isa, int n, int *truncated) {
  static reference r;
  static outcome got;
  memset(&r, 0, sizeof r);
  memset(&got, 0, sizeof got);
  hd_envs *envs = hd__envs_place(memory, desc, n, 11, HD_RNG_NATIVE, hd__kernel_for(isa));
  hd_envs_reset(envs, got.obs);
  for (int b = 0; b < n; b++) {
    hd__random_start(&r.random[b], HD_RNG_NATIVE, 11, (uint64_t)b);
    start(&r, desc, b);
  }
  int different = differences(desc, n, &got, &r.o);
  for (int t = 0; t < STEPS; t++) {
    float action[MOST];
    for (int b = 0; b < n; b++) {
      action[b] = action_of(r.o.obs + b * desc->n_obs, b, t);
      step(&r, desc, b, action[b]);
    }
    hd_envs_step(envs, action, got.obs, got.reward, got.terminated, got.truncated);
    different += differences(desc, n, &got, &r.o);
    hd_envs_reset_done(envs, got.obs);
    for (int b = 0; b < n; b++) {
      *truncated += r.o.truncated[b];
      if (r.o.terminated[b] || r.o.truncated[b]) {
        start(&r, desc, b);
      }
    }
    different += differences(desc, n, &got, &r.o);
  }
  for (int b = 0; b < n; b++) {
    different += memcmp(hd_envs_state(envs, b), r.state[b], sizeof r.state[b]) != 0;
  }
  return different;
}

static bool is_here(int isa) { return hd__isa_choose(hd__isa_name(isa)) == isa; }

static void any_number_of_them(void) {
  const hd_env_desc *desc = NULL;
  CHECK(hd_env_find(ctx, "cartpole", &desc) == HD_OK);
  CHECK(hd__envs_size(desc, MOST) <= sizeof memory);
  int truncated = 0;
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    for (int n = 1; is_here(isa) && n <= MOST; n++) {
      CHECK(play(desc, isa, n, &truncated) == 0);
    }
  }
  CHECK(truncated > 0);
}

static const double sizes[] = {0,   -0.0, 1e-310, 1e-160, 1e-9, .1,    .5,    1.9,
                               2.1, 1023, 1025,   1e5,    1e77, 1e155, 1e300, .2094395102393195};

/* Equal, or both not a number. */
static bool is_same(double a, double b) {
  return (a != a && b != b) || memcmp(&a, &b, sizeof a) == 0;
}

static double some_value(hd__key key, uint32_t i, bool with_odd) {
  const uint32_t word = hd__word(key, i);
  const double sign = word >> 31 ? -1 : 1;
  if (with_odd && word % 61 == 0) {
    return word & 1024 ? NAN : sign * (double)INFINITY;
  }
  return sign * sizes[word % 16] * (word & 4096 ? hd__uniform53(key, i + 100) : 1.0);
}

/* One step from each of many states, as few ordinary as a user may set. */
static void any_state(void) {
  enum { ROUNDS = 3000 };
  const hd_env_desc *desc = NULL;
  CHECK(hd_env_find(ctx, "cartpole", &desc) == HD_OK);
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    int different = 0;
    for (int t = 0; is_here(isa) && t < ROUNDS; t++) {
      hd_envs *envs = hd__envs_place(memory, desc, MOST, 0, HD_RNG_NATIVE, hd__kernel_for(isa));
      static outcome got;
      static reference r;
      float action[MOST];
      for (int b = 0; b < MOST; b++) {
        const hd__key key = hd__key_make(8, HD_STREAM_ACTION, (uint64_t)b, (uint64_t)t);
        for (uint32_t i = 0; i < STATE; i++) {
          r.state[b][i] = t % 3 == 0 ? hd__uniform53(key, i) - .5 : some_value(key, i, t % 3 == 2);
        }
        memcpy(hd_envs_state(envs, b), r.state[b], sizeof r.state[b]);
        action[b] = some_action(b, t);
        hd__random_start(&r.random[b], HD_RNG_NATIVE, 0, (uint64_t)b);
        step(&r, desc, b, action[b]);
      }
      hd_envs_step(envs, action, got.obs, got.reward, got.terminated, got.truncated);
      for (int b = 0; b < MOST; b++) {
        const double *state = hd_envs_state(envs, b);
        for (int i = 0; i < STATE; i++) {
          different += !is_same(state[i], r.state[b][i]);
        }
        different += got.terminated[b] != r.o.terminated[b];
      }
    }
    CHECK(different == 0);
  }
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(any_number_of_them);
  RUN(any_state);
  hd_ctx_destroy(ctx);
  return test_end();
}
