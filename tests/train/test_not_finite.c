/* Numbers that are not finite, written by parts that a program registers or by updates that
 * overflow: training, evaluating and saving say so and name the part. */
#include "learners.h"

/* ---- a rule and a coding that break when told to ---- */

static float rule_writes, coding_writes;

static void broken_factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->b[i] - io->p[i] + rule_writes;
  }
}

/* Eligibilities that are as in the rule above, by hooks. */
static void broken_after(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  for (int i = 0; i < s->n_pre; i++) {
    for (int j = 0; j < s->n_post; j++) {
      s->e[i * s->stride + j] = s->x[i] * (s->b[j] - s->p[j]) + rule_writes;
    }
  }
}

static int plain_lines(const hd_coding_desc *self, const hd_env_desc *env, const float *param) {
  (void)self;
  (void)param;
  return env->n_obs;
}

static void plain_encode(const hd_coding_desc *self, const hd_env_desc *env, const float *param,
                         const float *obs, float *x) {
  (void)self;
  (void)param;
  for (int d = 0; d < env->n_obs; d++) {
    x[d] = obs[d] + coding_writes;
  }
}

static hd_ctx *open_broken(void) {
  const hd_rule_desc by_factor = {.size = sizeof(hd_rule_desc),
                                  .name = "by-factor",
                                  .doc = "of this test",
                                  .source = "this test",
                                  .needs = HD_RULE_STOCHASTIC,
                                  .factor = broken_factor};
  hd_rule_desc by_hook = by_factor;
  by_hook.name = "by-hook";
  by_hook.factor = NULL;
  by_hook.after = broken_after;
  const hd_coding_desc plain = {.size = sizeof(hd_coding_desc),
                                .name = "plain",
                                .doc = "of this test",
                                .source = "this test",
                                .lines = plain_lines,
                                .encode = plain_encode};
  hd_ctx *ctx = open_ctx();
  rule_writes = coding_writes = 0;
  CHECK(hd_rule_register(ctx, &by_factor) == HD_OK && hd_rule_register(ctx, &by_hook) == HD_OK);
  CHECK(hd_coding_register(ctx, &plain) == HD_OK);
  return ctx;
}

/* Training stops and names the part; the weights are as they were. */
static void stops(hd_ctx *ctx, hd_session *session, const char *part) {
  const uint64_t before = hd_session_hash(session);
  CHECK(hd_session_train(session, 1) == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), part) != NULL);
  CHECK(hd_session_hash(session) == before);
  CHECK(hd_session_train(session, 1) == HD_NUMERIC);
}

/* ---- tests ---- */

static void rules_are_named(void) {
  static const char *const settings[] = {
      "rule=by-factor", "rule=by-hook", "rule=by-factor rollout=0 lambda_actor=0.5",
      "rule=by-factor carry=true", "rule=by-factor optimiser=adam"};
  const float wrong[] = {NAN, INFINITY};
  for (int k = 0; k < 2 * (int)(sizeof settings / sizeof *settings); k++) {
    hd_ctx *ctx = open_broken();
    hd_session *session = open_session(ctx, "cartpole", "neuron-agent", settings[k / 2], 1);
    CHECK(hd_session_train(session, 100) == HD_OK);
    rule_writes = wrong[k % 2];
    stops(ctx, session, k / 2 == 1 ? "rule by-hook" : "rule by-factor");
    CHECK(hd_session_evaluate(session, 2, 1, NULL, NULL) == HD_OK); /* which asks no rule */
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

static void codings_are_named(void) {
  static const char *const methods[] = {"neuron-agent", "neuron-agent-vote", "ppo", "dqn", "nes"};
  for (int m = 0; m < 5; m++) {
    hd_ctx *ctx = open_broken();
    hd_session *session = open_session(ctx, "cartpole", methods[m], "coding=plain", 1);
    const float obs[4] = {0};
    float action;
    CHECK(hd_session_train(session, 100) == HD_OK);
    coding_writes = NAN;
    CHECK(hd_session_decide(session, 1, obs, 1, &action) == HD_NUMERIC);
    CHECK(hd_session_evaluate(session, 2, 1, NULL, NULL) == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(ctx), "coding plain") != NULL);
    stops(ctx, session, "coding plain");
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* Weights that are no numbers, by whomever: neither evaluated nor saved. */
static void weights_are_not_saved(void) {
  static const char *const arrays[][2] = {
      {"neuron-agent", "actor"}, {"ppo", "actor.weights"}, {"nes", "search.w"}};
  for (int k = 0; k < 3; k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *session = open_session(ctx, "cartpole", arrays[k][0], NULL, 1);
    const char *path = HD_TEST_TMP "/not_finite.safetensors";
    CHECK(hd_session_train(session, 1) == HD_OK && hd_session_save(session, path) == HD_OK);
    CHECK(remove(path) == 0);
    ((float *)view_of(session, arrays[k][1]).data)[3] = NAN;
    CHECK(hd_session_evaluate(session, 1, 1, NULL, NULL) == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(ctx), arrays[k][1]) != NULL);
    CHECK(hd_session_save(session, path) == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(ctx), arrays[k][1]) != NULL);
    CHECK(remove(path) != 0);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* A rule whose factors are finite and overflow the weights is reported once enough steps have
 * passed to look at all of them, and by saving at once. */
static void overflow_is_reported(void) {
  hd_ctx *ctx = open_broken();
  hd_session *session =
      open_session(ctx, "cartpole", "neuron-agent", "rule=by-factor rollout=0 alpha=1e6", 1);
  rule_writes = 3e38f;
  CHECK(hd_session_train(session, 20000) == HD_NUMERIC);
  CHECK(hd_session_save(session, HD_TEST_TMP "/not_finite.safetensors") == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), "'actor'") != NULL);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* ---- networks of one's own ---- */

static hd_network *open_network(hd_ctx *ctx, const char *rule) {
  static const hd_population_def population[] = {{.name = "in", .n = 3, .neuron = "input"},
                                                 {.name = "out", .n = 5, .neuron = "bernoulli"}};
  hd_projection_def projection = {.source = "in", .target = "out", .rule = rule, .rate = 1};
  hd_network_def def = hd_network_def_default();
  def.population = population;
  def.n_populations = 2;
  def.projection = &projection;
  def.n_projections = 1;
  hd_network *network = NULL;
  if (hd_network_create(ctx, &def, &network) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    CHECK(false);
  }
  return network;
}

static void networks_name_the_rule(void) {
  hd_ctx *ctx = open_broken();
  hd_network *network = open_network(ctx, "by-hook");
  const float signal = 1;
  CHECK(hd_network_step(network, 3) == HD_OK);
  CHECK(hd_network_signal(network, &signal) == HD_OK);
  rule_writes = NAN;
  CHECK(hd_network_step(network, 1) == HD_OK);
  CHECK(hd_network_signal(network, &signal) == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), "rule by-hook") != NULL);
  hd_network_destroy(network);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(rules_are_named);
  RUN(codings_are_named);
  RUN(weights_are_not_saved);
  RUN(overflow_is_reported);
  RUN(networks_name_the_rule);
  return test_end();
}
