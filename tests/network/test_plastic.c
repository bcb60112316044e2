/* Rules with state at work on one projection, against sums over pairs of spikes. */
#include <stdlib.h>

#include "arena.h"
#include "context_internal.h"
#include "plastic.h"
#include "rule_rows.h"
#include "test.h"

enum { STEPS = 40, SOURCES = 2 };

/* A dozen spikes: two sources, and a target that is made to fire by a current. */
static const int before_at[SOURCES][6] = {{2, 9, 17, 18, 30, 36}, {5, 9, 22, 30, -99, -99}};
static const int target_at[4] = {9, 12, 20, 31};

static bool is_in(const int *list, int n, int t) {
  for (int k = 0; k < n; k++) {
    if (list[k] == t) {
      return true;
    }
  }
  return false;
}

typedef struct rig {
  hd_ctx *ctx;
  hd__arena arena;
  hd__population population[2];
  hd__projection projection[1];
  hd__graph graph;
  hd__plastic plastic;
  float *weights, *state;
} rig;

static void rig_lay_out(rig *r) {
  hd__graph_lay_out(&r->graph, &r->arena);
  hd__plastic_lay_out(&r->graph, &r->plastic, &r->arena);
  r->weights = HD_TAKE(&r->arena, float, r->projection[0].n_weights);
  r->state = HD_TAKE(&r->arena, float, r->plastic.n_state);
}

/* Sources onto one neuron without leak, whose spikes a current forces: drive 2 above threshold. */
static void rig_open(rig *r, const hd_rule_desc *rule, int delay) {
  memset(r, 0, sizeof *r);
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &r->ctx) != HD_OK) {
    exit(2);
  }
  r->population[0] = (hd__population){.name = "in", .n = SOURCES};
  r->population[1] = (hd__population){
      .name = "out", .n = 1, .neuron = hd__neuron_find(NULL, "if"), .has_current = true};
  for (int k = 0; k < r->population[1].neuron->n_params; k++) {
    r->population[1].param[k] = r->population[1].neuron->param[k].fallback;
  }
  r->projection[0] = (hd__projection){
      .name = "in->out", .source = 0, .target = 1, .delay = delay, .storage = HD_BY_SOURCE};
  float param[HD_RULE_PARAMS_MAX];
  for (int k = 0; k < rule->n_params; k++) {
    param[k] = rule->param[k].fallback;
  }
  CHECK(hd__graph_compile(r->ctx, &r->graph, 1.0f, 1, 2, r->population, 1, r->projection) == HD_OK);
  CHECK(hd__plastic_compile(r->ctx, &r->graph, 0, rule, param, 1, &r->plastic) == HD_OK);
  rig_lay_out(r);
  if (hd__arena_commit(r->ctx, &r->arena) != HD_OK) {
    exit(2);
  }
  rig_lay_out(r);
  hd__graph_start(&r->graph, 1);
}

static void rig_close(rig *r) {
  hd__arena_free(r->ctx, &r->arena);
  hd_ctx_destroy(r->ctx);
}

static void rig_step(rig *r, int t) {
  static const hd__read_view unread = {0};
  const hd__key key[1] = {0};
  for (int i = 0; i < SOURCES; i++) {
    r->population[0].given[i] = is_in(before_at[i], 6, t) ? 1.0f : 0.0f;
  }
  r->population[1].current[0] = is_in(target_at, 4, t) ? 1.0f : 0.0f;
  hd__graph_step(&r->graph, &(hd__graph_run){.weights = r->weights, .key = key});
  CHECK(r->population[1].b[0] == r->population[1].current[0]);
  hd__plastic_step(&r->plastic, &r->graph, 0, &unread, r->state);
}

static float rig_e(const rig *r, int i) {
  return r->state[r->plastic.e_at + (size_t)(i * r->projection[0].stride)];
}

/* ---- mstdpet ---- */

static double pair_zeta(int i, int delay, int t) {
  double zeta = 0;
  for (int u = 0; u <= t; u++) {
    const bool pre_now = is_in(before_at[i], 6, t - delay), post_now = is_in(target_at, 4, t);
    if (post_now && is_in(before_at[i], 6, u - delay)) {
      zeta += exp(-(t - u) / 20.0);
    }
    if (pre_now && is_in(target_at, 4, u)) {
      zeta -= exp(-(t - u) / 20.0);
    }
  }
  return zeta;
}

/* e(T) = sum_t exp(-(T - t) / tau_z) zeta(t) / tau_z, zeta from all pairs of spikes. */
static void mstdpet_sums_over_pairs_of_spikes(void) {
  for (int delay = 0; delay <= 3; delay += 3) {
    rig r;
    rig_open(&r, &hd__rule_mstdpet, delay);
    double largest = 0;
    for (int t = 0; t < STEPS; t++) {
      rig_step(&r, t);
      for (int i = 0; i < SOURCES; i++) {
        double want = 0;
        for (int u = 0; u <= t; u++) {
          want += exp(-(t - u) / 25.0) * pair_zeta(i, delay, u) / 25.0;
        }
        CHECK_NEAR((double)rig_e(&r, i), want, 1e-6);
        largest = fmax(largest, fabs(want));
      }
    }
    CHECK(largest > 0.03);
    const float before = rig_e(&r, 0);
    hd__plastic_signal(&r.plastic, &r.graph, 0, 0.5f, -2.0f, r.state, NULL, r.weights);
    CHECK_NEAR((double)r.weights[0], -(double)before, 1e-7);
    rig_close(&r);
  }
}

/* ---- the order of hooks ---- */

enum { LOG_MAX = 4096 };
static char log_text[LOG_MAX];
static int log_at;

static void log_add(char c) { log_text[log_at++] = c; }
static void log_before(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  (void)s;
  log_add('b');
}
static void log_pre(const hd_rule_desc *self, const hd_synapses *s, int i) {
  (void)self;
  (void)s;
  log_add((char)('0' + i));
}
static void log_post(const hd_rule_desc *self, const hd_synapses *s, int j) {
  (void)self;
  (void)s;
  (void)j;
  log_add('p');
}
static void log_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  (void)s;
  log_add('a');
}

static void hooks_come_in_their_order(void) {
  const hd_rule_desc rule = {.size = sizeof rule,
                             .name = "log",
                             .before = log_before,
                             .on_pre = log_pre,
                             .on_post = log_post,
                             .after = log_after};
  rig r;
  rig_open(&r, &rule, 0);
  for (int t = 0; t <= 9; t++) {
    rig_step(&r, t);
  }
  CHECK_TEXT(log_text,
             "baba"
             "b0a"
             "baba"
             "b1a"
             "bababa"
             "b01pa");
  rig_close(&r);
}

int main(void) {
  RUN(mstdpet_sums_over_pairs_of_spikes);
  RUN(hooks_come_in_their_order);
  return test_end();
}
