/* A search in an arena of its own, and small problems with known answers. */
#ifndef HD_TEST_SEARCH_FIXTURE_H
#define HD_TEST_SEARCH_FIXTURE_H

#include "fault.h"
#include "search.h"
#include "synapse_agent.h"
#include "test.h"

typedef struct trial {
  hd_ctx *ctx;
  hd__arena arena;
  hd__search search;
} trial;

/* Two layers of 5 x 4 and 5 x 3 weights, the last sources constant. */
static inline hd__search_def small_def(uint64_t seed) {
  return (hd__search_def){
      .seed = seed,
      .n_layers = 2,
      .layer = {{5, 4, true}, {5, 3, true}},
      .population = 8,
      .sigma = 0.1f,
      .alpha = 0.05f,
      .step = 0.01f,
      .bias_steps = 1.0f,
      .w_max = 2.0f,
      .movers = 1.0f,
      .temperature = 0.01f,
      .period = 10,
      .gain = 1.0f,
      .trust = 1.0f,
      .agent = {.actions = 2, .rewards = 2, .weight_bins = 4, .hidden = 4, .gamma = 0.9f}};
}

static inline hd_status open_trial(trial *t, hd_ctx *ctx, const char *name,
                                   const hd__search_def *def, const float *w0) {
  *t = (trial){.ctx = ctx};
  const hd_status status = hd__search_compile(ctx, hd__search_find(name), def, &t->search);
  if (status != HD_OK) {
    return status;
  }
  hd__search_lay_out(&t->search, &t->arena);
  HD_TRY(hd__arena_commit(ctx, &t->arena));
  hd__search_lay_out(&t->search, &t->arena);
  t->search.epsilon = 0.2f;
  hd__search_start(&t->search, w0);
  return HD_OK;
}

static inline void close_trial(trial *t) { hd__arena_free(t->ctx, &t->arena); }

static inline void copy_state(const trial *from, trial *to) {
  for (int i = 0; i < from->arena.n_views; i++) {
    const hd_view *x = &from->arena.view[i];
    const size_t item = strcmp(x->dtype, "F64") == 0 || strcmp(x->dtype, "I64") == 0 ? 8 : 4;
    memcpy(to->arena.view[i].data, x->data, item * (size_t)(x->shape[0] * x->shape[1]));
  }
}

typedef double (*objective)(int n, const float *w);

/* The largest return, 0, is at w[k] = target(k). */
static inline float target(int k) { return 0.1f * (float)(k % 7) - 0.3f; }

static inline double quadratic(int n, const float *w) {
  double sum = 0.0;
  for (int k = 0; k < n; k++) {
    const double d = (double)(w[k] - target(k));
    sum -= d * d;
  }
  return sum;
}

static inline void tell_next(hd__search *s, objective f) {
  float w[1024] __attribute__((aligned(64)));
  const int candidate = hd__search_next(s);
  hd__search_ask(s, candidate, w);
  const double value = f(s->n, w);
  hd__search_tell(s, 1, &value);
}

static inline void run_generations(hd__search *s, int generations, objective f) {
  for (int i = 0; i < generations * s->n_candidates; i++) {
    tell_next(s, f);
  }
}

#endif
