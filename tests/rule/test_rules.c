/* The rules' factors, each by its formula; the registry. */
#include <stdlib.h>

#include "context_internal.h"
#include "hedon/rule.h"
#include "relaxed.h"
#include "test.h"

enum { N = 6 };

static const float b[N] = {1, 0, 1, 0, 1, 0}, p[N] = {0.9f, 0.9f, 0.2f, 0.2f, 0.5f, 0.01f};
static const float noise[N] = {0.3f, 0.95f, 0.1f, 0.6f, 0.49f, 0.5f};
static const float gain[N] = {2, 2, 1, 1, 0.5f, 3}, back[N] = {0.4f, -0.3f, 1, -2, 0.7f, 0.1f};
static const float gate[N] = {1, -1, 1, -1, -1, 1};

static hd_ctx *open(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx = NULL;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    exit(2);
  }
  return ctx;
}

static void ask(const char *name, bool stochastic, float span, float tau, float g[N]) {
  hd_ctx *ctx = open();
  const hd_rule_desc *rule = NULL;
  CHECK(hd_rule_find(ctx, name, &rule) == HD_OK);
  const hd_rule_io io = {.n = N,
                         .stochastic = stochastic,
                         .span = span,
                         .tau = tau,
                         .b = b,
                         .p = p,
                         .noise = noise,
                         .gain = gain,
                         .back = back,
                         .gate = gate,
                         .g = g};
  rule->factor(rule, &io);
  hd_ctx_destroy(ctx);
}

static void pgcn_is_the_gated_score(void) {
  static const char *const names[] = {"pgcn", "pgcn-agree", "pgcn-agree-asym"};
  for (int k = 0; k < 3; k++) {
    float g[N];
    ask(names[k], true, 1, 1, g);
    for (int i = 0; i < N; i++) {
      CHECK_NEAR((double)g[i], (double)(gate[i] * gain[i]) * ((double)b[i] - (double)p[i]), 1e-6);
    }
  }
}

static double relaxed(int i, double tau) {
  const double q = (double)p[i], u = (double)noise[i];
  return 1 / (1 + exp(-(log(q / (1 - q)) + log((1 - u) / u)) / tau));
}

static void relaxed_rules_differentiate_the_relaxed_spike(void) {
  static const char *const names[] = {"reparam-soft", "reparam-st"};
  for (int k = 0; k < 2; k++) {
    for (double tau = 0.5; tau < 3; tau *= 2) {
      float g[N];
      ask(names[k], true, 2, (float)tau, g);
      for (int i = 0; i < N; i++) {
        const double y = relaxed(i, tau);
        const double want = (double)back[i] * 2 * y * (1 - y) / tau * (double)gain[i];
        CHECK_NEAR((double)g[i], want, 1e-5 * (1 + fabs(want)));
      }
    }
  }
}

static void mean_rule_differentiates_the_mean(void) {
  float g[N];
  ask("reparam-mean", true, 2, 1, g);
  for (int i = 0; i < N; i++) {
    const double q = (double)p[i];
    CHECK_NEAR((double)g[i], (double)back[i] * 2 * q * (1 - q) * (double)gain[i], 1e-6);
  }
}

static void without_draws_the_surrogate_passes(void) {
  static const char *const names[] = {"reparam-mean", "reparam-st"};
  for (int k = 0; k < 2; k++) {
    float g[N];
    ask(names[k], false, 1, 1, g);
    for (int i = 0; i < N; i++) {
      CHECK_NEAR((double)g[i], (double)(back[i] * gain[i]), 1e-7);
    }
  }
}

/* As tau tends to 0 a relaxed spike becomes the spike that the same draw gives. */
static void relaxed_spikes_become_spikes(void) {
  double last = 1;
  for (float tau = 1; tau > 0.005f; tau /= 4) {
    double gap = 0;
    for (int k = 1; k < 100; k++) {
      for (int i = 1; i < 200; i++) {
        const float q = (float)k / 100, u = ((float)i + 0.5f) / 200;
        if (fabsf(q - u) < 0.02f) {
          continue; /* at the threshold itself it takes every value in between */
        }
        const double miss = fabs((double)hd__relaxed(q, u, tau) - (u < q ? 1.0 : 0.0));
        gap = miss > gap ? miss : gap;
      }
    }
    CHECK(gap < last);
    last = gap;
  }
  /* Two hundredths from the threshold the logits differ by 0.08 at least: exp(-0.08 / tau). */
  CHECK(last < exp(-0.08 / 0.0157) * 1.1);
  CHECK(hd__relaxed(0.0f, 0.001f, 4.0f) == 0.0f);
}

static void nothing(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  memset(io->g, 0, sizeof(float) * (size_t)io->n);
}

static void registry_refuses_what_is_incomplete(void) {
  hd_ctx *ctx = open();
  const hd_rule_desc *found = NULL;
  hd_rule_desc mine = {.size = sizeof mine, .name = "mine", .factor = nothing};
  CHECK(hd_rule_register(ctx, &mine) == HD_OK);
  CHECK(hd_rule_register(ctx, &mine) == HD_USAGE); /* the name is taken */
  CHECK(strstr(hd_ctx_error(ctx), "'mine'") != NULL);
  CHECK(hd_rule_find(ctx, "mine", &found) == HD_OK && found->factor == nothing);
  hd_rule_desc wrong = mine;
  wrong.name = "other";
  wrong.factor = NULL;
  CHECK(hd_rule_register(ctx, &wrong) == HD_USAGE);
  wrong = mine;
  wrong.size = 1;
  CHECK(hd_rule_register(ctx, &wrong) == HD_USAGE);
  CHECK(hd_rule_register(ctx, NULL) == HD_USAGE);
  const hd_param beyond = {
      .name = "tau", .fallback = 20, .low = 30, .high = 40, .unit = "", .help = ""};
  const hd_param unnamed = {.fallback = 1, .high = 2, .unit = "", .help = ""};
  wrong = mine;
  wrong.name = "other";
  wrong.n_params = 1;
  wrong.param = &beyond;
  CHECK(hd_rule_register(ctx, &wrong) == HD_USAGE);
  CHECK(strstr(hd_ctx_error(ctx), "parameter 1 of rule 'other' needs a name") != NULL);
  wrong.param = &unnamed;
  CHECK(hd_rule_register(ctx, &wrong) == HD_USAGE);
  wrong.n_params = -1;
  CHECK(hd_rule_register(ctx, &wrong) == HD_USAGE);
  CHECK(hd_rule_find(ctx, "pgnc", &found) == HD_UNKNOWN);
  CHECK(strstr(hd_ctx_error(ctx), "'pgcn'") != NULL);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(pgcn_is_the_gated_score);
  RUN(relaxed_rules_differentiate_the_relaxed_spike);
  RUN(mean_rule_differentiates_the_mean);
  RUN(without_draws_the_surrogate_passes);
  RUN(relaxed_spikes_become_spikes);
  RUN(registry_refuses_what_is_incomplete);
  return test_end();
}
