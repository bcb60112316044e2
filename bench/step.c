/* A step of `neuron-agent` on the cart-pole, taken apart: what a whole step costs while learning,
 * and what its kernels cost alone, called with the same shapes; all take turns in one run. The rest
 * is calls, copies and bookkeeping.
 *
 *   bench_step */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>

#include "hedon/session.h"
#include "isa.h"
#include "kernel.h"
#include "timing.h"

/* Shapes of the method: environments, steps of a rollout, neurons, substeps; weights of the actor
 * and of the critic, whose features are the 256 of a Fourier basis of order 3. */
enum {
  B = 4,
  ROLLOUT = 8,
  STEPS = B * ROLLOUT,
  N = 64,
  T = 4,
  X = 80,
  PHI = 256,
  ACTOR = 5 * N + 2 * X
};
enum { REPEATS = 15, CALLS = 400, SIZE = 1 << 14 };

static _Alignas(64) float a[SIZE], b[SIZE], c[SIZE], d[SIZE], e[SIZE];
static _Alignas(64) double state[HD_ENV_FIELDS * HD_ENV_LANES];
static hd__key keys[B];

static void agents(const hd__kernel *k) {
  static const float beta[32] = {1.0f};
  const hd__agents io = {.B = B,
                         .n = N,
                         .T = T,
                         .key = keys,
                         .drive = a,
                         .live = b,
                         .p = c,
                         .y = c + B * N,
                         .g = d,
                         .total = e};
  k->agents[0](beta, &io);
}
static void drive(const hd__kernel *k) { k->rows_drive(B, 5, N, a, b, 16, c); }
static void logits(const hd__kernel *k) { k->heads(B, 2, X, a, b, X, c, 16); }
static void choice(const hd__kernel *k) { k->softmax(B, 2, 16, 1.0f, a, c); }
static void features(const hd__kernel *k) { k->fourier(B, 3, 4, a, b, c, PHI); }
static void values(const hd__kernel *k) { k->rows_dot(B, PHI, a, b, PHI, c); }
static void poles(const hd__kernel *k) {
  double reward[B];
  bool terminated[B];
  k->env[HD_ENV_VECTOR_cartpole].step(B, state, a, c, reward, terminated);
}
static void eligibility(const hd__kernel *k) { k->outer_batch(STEPS, 5, N, a, b, 16, d, N, c); }
static void readout(const hd__kernel *k) {
  k->sum_scaled(STEPS, X, a, b, X, c);
  k->sum_scaled(STEPS, X, a, b, X, c + X);
}
static void critic(const hd__kernel *k) { k->sum_scaled(STEPS, PHI, a, b, PHI, c); }
static void optimiser(const hd__kernel *k) {
  k->adam(ACTOR, 1e-6f, 1.7f, 0.9f, 0.99f, 1e-5f, a, b, d, c);
  k->adam(PHI, 1e-6f, 1.7f, 0.9f, 0.99f, 1e-5f, a, b, d, c);
}

static const struct {
  const char *name, *what, *bound;
  void (*run)(const hd__kernel *kernel);
  int steps; /* environment steps that one call serves */
} parts[] = {
    {"agents", "64 neurons: sigmoid, 256 draws, counts, scores",
     "divisions, and three multiplications a random word", agents, B},
    {"rows_drive", "5 x 64", "multiply-adds", drive, B},
    {"heads", "2 logits of 65", "sums across lanes", logits, B},
    {"softmax", "2 actions", "one chain: maximum, exponential, sum, division", choice, B},
    {"cart-pole", "physics in double precision", "divisions; 4 of 16 lanes in use", poles, B},
    {"fourier", "256 features of the critic", "multiply-adds, stores", features, B},
    {"rows_dot", "the critic's value", "loads", values, B},
    {"outer_batch", "eligibilities of the hidden layer", "multiply-adds", eligibility, STEPS},
    {"sum_scaled, readout", "and of the readout", "loads", readout, STEPS},
    {"sum_scaled, critic", "the critic's gradient", "loads", critic, STEPS},
    {"adam", "736 weights", "square roots and divisions", optimiser, STEPS},
};

enum { PARTS = sizeof parts / sizeof parts[0] };

static double part_ns(int i, const hd__kernel *kernel) {
  const double start = now_ns();
  for (int n = 0; n < CALLS; n++) {
    parts[i].run(kernel);
  }
  return (now_ns() - start) / CALLS / parts[i].steps;
}

static double whole_ns(hd_session *session) {
  const double start = now_ns();
  if (hd_session_train(session, CALLS * STEPS) != HD_OK) {
    exit(1);
  }
  return (now_ns() - start) / (CALLS * STEPS);
}

static hd_session *open_session(hd_ctx *ctx) {
  hd_config *config;
  hd_session *session;
  if (hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config) != HD_OK ||
      hd_session_create(ctx, config, 0, &session) != HD_OK) {
    fprintf(stderr, "bench_step: %s\n", hd_ctx_error(ctx));
    exit(1);
  }
  hd_config_destroy(config);
  return session;
}

int main(void) {
  static double ns[PARTS + 1][REPEATS];
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  const hd__kernel *kernel = hd__kernel_for(hd__isa_choose(NULL));
  hd_session *session = open_session(ctx);
  for (uint32_t i = 0; i < SIZE; i++) {
    const hd__key key = hd__key_make(1, 1, 0, 0);
    a[i] = hd__uniform24(key, i);
    b[i] = hd__uniform24(key, SIZE + i);
  }
  for (int r = 0; r < B; r++) {
    keys[r] = hd__key_make(1, HD_STREAM_SPIKE, (uint64_t)r, 0);
  }
  whole_ns(session); /* warm */
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    for (int i = 0; i < PARTS; i++) {
      memset(state, 0, sizeof state);
      ns[i][repeat] = part_ns(i, kernel);
    }
    ns[PARTS][repeat] = whole_ns(session);
  }
  const double whole = median(ns[PARTS], REPEATS);
  double sum = 0.0;
  printf("| part | what | ns | share | bound by |\n|---|---|--:|--:|---|\n");
  for (int i = 0; i < PARTS; i++) {
    const double one = median(ns[i], REPEATS);
    sum += one;
    printf("| %s | %s | %.1f | %.0f %% | %s |\n", parts[i].name, parts[i].what, one,
           100 * one / whole, parts[i].bound);
  }
  printf("| the rest | calls, copies, bookkeeping | %.1f | %.0f %% | |\n", whole - sum,
         100 * (whole - sum) / whole);
  printf("| **a step** | learning, %s | **%.1f** | 100 %% | %.2f M steps per CPU-second |\n",
         hd_ctx_isa(ctx), whole, 1e3 / whole);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
  return 0;
}
