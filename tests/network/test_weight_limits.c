/* Limits of weights, by hand, of every built-in rule that has them: one signal moves the weights of
 * three sources to three targets by what lies in the eligibility. */
#include <stdlib.h>

#include "arena.h"
#include "context_internal.h"
#include "plastic.h"
#include "rule_rows.h"
#include "test.h"

enum { N = 3, STEPS = 10 };

static hd_ctx *ctx;

/* ---- one projection ---- */

typedef struct rig {
  hd__arena arena;
  hd__population population[2];
  hd__projection projection[1];
  hd__graph graph;
  hd__plastic plastic;
  float *w, *state, *other; /* other: an eligibility beside that of the state */
} rig;

static void rig_lay_out(rig *r) {
  hd__graph_lay_out(&r->graph, &r->arena);
  hd__plastic_lay_out(&r->graph, &r->plastic, &r->arena);
  r->w = HD_TAKE(&r->arena, float, r->projection[0].n_weights);
  r->other = HD_TAKE(&r->arena, float, r->projection[0].n_weights);
  r->state = HD_TAKE(&r->arena, float, r->plastic.n_state);
}

typedef struct setting {
  const char *name;
  float value;
} setting;

/* Parameters of a rule: what makes a signal of M move its weights by M e, and these settings. */
static void rig_set(const hd_rule_desc *rule, const setting *set, float *param) {
  static const setting plain[] = {{"tonic", 0}, {"feedback", 0}};
  for (int k = 0; k < rule->n_params; k++) {
    param[k] = rule->param[k].fallback;
    for (int i = 0; i < 2; i++) {
      param[k] = strcmp(rule->param[k].name, plain[i].name) == 0 ? plain[i].value : param[k];
    }
    param[k] = strcmp(rule->param[k].name, "bounds") == 0 ? 0 : param[k];
    for (int i = 0; set[i].name != NULL; i++) {
      param[k] = strcmp(rule->param[k].name, set[i].name) == 0 ? set[i].value : param[k];
    }
  }
}

static void rig_open(rig *r, const hd_rule_desc *rule, const setting *set) {
  float param[HD_RULE_PARAMS_MAX];
  memset(r, 0, sizeof *r);
  r->population[0] = (hd__population){.name = "in", .n = N};
  r->population[1] =
      (hd__population){.name = "out", .n = N, .neuron = hd__neuron_find(NULL, "lif-escape")};
  for (int k = 0; k < r->population[1].neuron->n_params; k++) {
    r->population[1].param[k] = r->population[1].neuron->param[k].fallback;
  }
  r->projection[0] =
      (hd__projection){.name = "j", .source = 0, .target = 1, .storage = HD_BY_SOURCE};
  rig_set(rule, set, param);
  CHECK(hd__graph_compile(ctx, &r->graph, 1.0f, 1, 2, r->population, 1, r->projection) == HD_OK);
  if (hd__plastic_compile(ctx, &r->graph, 0, rule, param, 1, &r->plastic) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  rig_lay_out(r);
  if (hd__arena_commit(ctx, &r->arena) != HD_OK) {
    exit(2);
  }
  rig_lay_out(r);
  hd__graph_start(&r->graph, 1);
}

static void rig_write(const rig *r, float *to, const float *values) {
  for (int k = 0; k < N * N; k++) {
    to[k / N * r->projection[0].stride + k % N] = values[k];
  }
}

/* A signal of 2 at rate 0.5 moves weights w by e, of the state or beside it. */
static void rig_move(rig *r, const float *w, const float *e, bool is_beside) {
  static const float garbage[N * N] = {5, 5, 5, 5, 5, 5, 5, 5, 5};
  rig_write(r, r->w, w);
  rig_write(r, r->state + r->plastic.e_at, is_beside ? garbage : e);
  rig_write(r, r->other, e);
  hd__plastic_signal(&r->plastic, &r->graph, 0, 0.5f, 2.0f, r->state, is_beside ? r->other : NULL,
                     r->w);
}

static void rig_check(const rig *r, const double *want) {
  for (int k = 0; k < N * N; k++) {
    CHECK_NEAR((double)r->w[k / N * r->projection[0].stride + k % N], want[k], 1e-6);
  }
}

/* ---- every rule ---- */

typedef void (*check_fn)(const hd_rule_desc *rule);

static bool has_limits(const hd_rule_desc *rule) {
  bool has = false;
  for (int k = 0; k < rule->n_params; k++) {
    has |= strcmp(rule->param[k].name, "bounds") == 0;
  }
  return has;
}

static void each_rule(check_fn check) {
  int n_rules = 0;
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, i);
    const int before = test_failures;
    if (has_limits(rule)) {
      check(rule);
      n_rules++;
    }
    if (test_failures > before) {
      printf("  rule %s\n", rule->name);
    }
  }
  CHECK(n_rules >= 8);
}

typedef struct limited {
  setting set[5];
  float w[N * N], e[N * N];
  double want[N * N];
} limited;

static const limited cases[] = {
    {{{NULL, 0}},
     {.5f, -.5f, 1, 0, 0, 0, 0, 0, 0},
     {9, -9, .25f, 0, 0, 0, 0, 0, 1},
     {9.5, -9.5, 1.25, 0, 0, 0, 0, 0, 1}},
    {{{"bounds", 1}, {"w_min", -2}, {"w_max", 3}},
     {.5f, -.5f, .5f, -.5f, 3, -2, 0, 0, 0},
     {.25f, -.25f, 9, -9, .5f, -.5f, 0, 0, 0},
     {.75, -.75, 3, -2, 3, -2, 0, 0, 0}},
    {{{"bounds", 2}, {"w_min", -2}, {"w_max", 3}},
     {1, 1, 3, -2, 3, 0, 0, 0, 0},
     {.5f, -.5f, .5f, -.5f, -.5f, 0, 0, 0, 0},
     {1 + .5 * (3 - 1) / 5, 1 - .5 * (1 + 2) / 5, 3, -2, 2.5, 0, 0, 0, 0}},
    /* a source keeps the sign of the sum of its weights; one that has none is excitatory */
    {{{"dale", 1}},
     {-.25f, .125f, .5f, .25f, .25f, -1, 0, 0, 0},
     {.5f, -1, .25f, -.5f, -.125f, .5f, -1, 1, 0},
     {.25, 0, .75, -.25, 0, -.5, 0, 1, 0}},
    {{{"dale", 1}, {"bounds", 2}, {"w_min", -2}, {"w_max", 4}},
     {1, 2, 4, -1, 0, -2, 0, 0, 0},
     {.5f, -.5f, .5f, .5f, -.5f, -.5f, 2, -2, 0},
     {1 + .5 * 3 / 4, 2 - .5 * 2 / 4, 4, -1 + .5 * 1 / 2, -.5, -2, 2, 0, 0}},
};

static void check_moves(const hd_rule_desc *rule) {
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    for (int is_beside = 0; is_beside <= (rule->on_signal == NULL); is_beside++) {
      rig r;
      rig_open(&r, rule, cases[k].set);
      rig_move(&r, cases[k].w, cases[k].e, is_beside);
      rig_check(&r, cases[k].want);
      hd__arena_free(ctx, &r.arena);
    }
  }
}

static void weights_stay_within_their_limits(void) { each_rule(check_moves); }

/* Nothing is scaled before anything was seen. Then the first target has fired in every substep, the
 * second in none, the third once. */
static void check_rates(const hd_rule_desc *rule) {
  static const setting set[] = {
      {"homeostasis", .125f}, {"target_rate", 100}, {"tau_rate", 50}, {NULL, 0}};
  static const float w[N * N] = {.5f, -.5f, 1, -1, 2, .25f, 0, 0, 0}, e[N * N] = {0};
  const hd__read_view unread = {0};
  const double far = 1 - exp(-STEPS / 50.), once = 1000 * (1 - exp(-1 / 50.)) * exp(-6 / 50.);
  const double excess[N] = {900 * far, -100 * far, once - 100 * far};
  double want[N * N];
  rig r;
  rig_open(&r, rule, set);
  for (int k = 0; k < N * N; k++) {
    want[k] = (double)w[k];
  }
  rig_move(&r, w, e, false);
  rig_check(&r, want);
  for (int t = 0; t < STEPS; t++) {
    r.population[1].b[0] = 1;
    r.population[1].b[2] = t == 3;
    hd__plastic_step(&r.plastic, &r.graph, 0, &unread, r.state);
  }
  for (int k = 0; k < N * N; k++) {
    want[k] -= .125 * excess[k % N] / 100 * fabs(want[k]);
  }
  rig_move(&r, w, e, false);
  rig_check(&r, want);
  hd__arena_free(ctx, &r.arena);
}

static void weights_are_scaled_towards_the_target_rate(void) { each_rule(check_rates); }

/* ---- what is of no use ---- */

static void a_limit_that_nothing_reads_is_refused(void) {
  static const setting unread[][2] = {
      {{"w_min", -.5f}}, {{"w_max", 3}}, {{"target_rate", 5}}, {{"tau_rate", 5}}};
  float param[HD_RULE_PARAMS_MAX];
  hd__limits limits;
  for (int k = 0; k < 4; k++) {
    rig_set(&hd__rule_r_max, unread[k], param);
    CHECK(hd__limits_read(ctx, &hd__rule_r_max, param, &limits) == HD_CONFLICT && !limits.is_on);
  }
  rig_set(&hd__rule_r_max, unread[1], param);
  CHECK(hd__limits_read(ctx, &hd__rule_r_max, param, &limits) == HD_CONFLICT);
  CHECK_TEXT(
      hd_ctx_error(ctx),
      "r-max.w_max = 3 is of no use with r-max.bounds = 0; use r-max.bounds = 1 (cut off) or "
      "2 (soft), or leave r-max.w_max");
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(weights_stay_within_their_limits);
  RUN(weights_are_scaled_towards_the_target_rate);
  RUN(a_limit_that_nothing_reads_is_refused);
  hd_ctx_destroy(ctx);
  return test_end();
}
