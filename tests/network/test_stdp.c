/* A program's own rule with state per synapse: pair-based spike-timing-dependent plasticity,
 * registered at run time. Pairs of spikes at every distance give the textbook window,
 * dw = A+ exp(-dt / tau+) where the source fires before its target, -A- exp(dt / tau-) after.
 * Source: Song, Miller & Abbott 2000. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "test.h"

#define stdp_PARAMS(P)                                                         \
  P(tau_plus, 20.0f, 0.1f, 1e4f, "ms", "time constant of what sources leave")  \
  P(tau_minus, 20.0f, 0.1f, 1e4f, "ms", "time constant of what targets leave") \
  P(a_plus, 0.01f, 0.0f, 1.0f, "", "largest potentiation")                     \
  P(a_minus, 0.012f, 0.0f, 1.0f, "", "largest depression")
#define stdp_PRE(V)
#define stdp_POST(V)
#define stdp_SYNAPSE(V)                         \
  V(before, "", "trace of the source's spikes") \
  V(behind, "", "trace of the target's spikes")
HD_RULE_TYPES(stdp)

static void stdp_before(const hd_rule_desc *self, const hd_synapses *s) {
  (void)self;
  const struct stdp_param *p = HD_RULE_OF(stdp, param, s);
  const struct stdp_synapse *own = HD_RULE_OF(stdp, synapse, s);
  for (int k = 0; k < s->n_pre * s->stride; k++) {
    own->before[k] *= expf(-s->dt_ms / p->tau_plus);
    own->behind[k] *= expf(-s->dt_ms / p->tau_minus);
  }
}

static void stdp_on_pre(const hd_rule_desc *self, const hd_synapses *s, int i) {
  (void)self;
  const struct stdp_param *p = HD_RULE_OF(stdp, param, s);
  const struct stdp_synapse *own = HD_RULE_OF(stdp, synapse, s);
  for (int k = i * s->stride; k < i * s->stride + s->n_post; k++) {
    own->before[k] += 1.0f;
    s->e[k] -= p->a_minus * own->behind[k];
  }
}

static void stdp_on_post(const hd_rule_desc *self, const hd_synapses *s, int j) {
  (void)self;
  const struct stdp_param *p = HD_RULE_OF(stdp, param, s);
  const struct stdp_synapse *own = HD_RULE_OF(stdp, synapse, s);
  for (int k = j; k < s->n_pre * s->stride; k += s->stride) {
    own->behind[k] += 1.0f;
    s->e[k] += p->a_plus * own->before[k];
  }
}

/* Plasticity without reward: the signal only says when what was gathered is written. */
static void stdp_on_signal(const hd_rule_desc *self, const hd_synapses *s, float alpha,
                           float signal) {
  (void)self;
  for (int k = 0; k < s->n_pre * s->stride; k++) {
    s->w[k] += alpha * signal * s->e[k];
    s->e[k] = 0.0f;
  }
}

static const hd_rule_desc stdp = {.size = sizeof(hd_rule_desc),
                                  .name = "pair-stdp",
                                  .doc = "pair-based STDP",
                                  .source = "Song, Miller & Abbott 2000",
                                  HD_RULE_LISTS(stdp),
                                  .before = stdp_before,
                                  .on_pre = stdp_on_pre,
                                  .on_post = stdp_on_post,
                                  .on_signal = stdp_on_signal};

static hd_ctx *ctx;

static hd_network *make(const char *params) {
  static const hd_population_def population[] = {{.name = "in", .neuron = "input", .n = 3},
                                                 {.name = "out", .neuron = "if", .n = 2}};
  const hd_projection_def projection[] = {
      {.source = "in", .target = "out", .rule = "pair-stdp", .rule_params = params, .rate = 1.0f}};
  hd_network_def def = hd_network_def_default();
  def.population = population;
  def.n_populations = 2;
  def.projection = projection;
  def.n_projections = 1;
  hd_network *network;
  if (hd_network_create(ctx, &def, &network) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  return network;
}

/* Source 1 fires at t_pre, target 0 is made to fire at t_post; the weight afterwards. */
static double change_of(hd_network *network, int t_pre, int t_post) {
  const float zero[6] = {0}, signal = 1.0f;
  float weight[6];
  hd_network_reset(network);
  CHECK(hd_network_write(network, "in->out.weight", zero, 6) == HD_OK);
  for (int t = 0; t < 130; t++) {
    const float value[3] = {0, t == t_pre ? 1.0f : 0.0f, 0};
    const float current[2] = {t == t_post ? 1.0f : 0.0f, 0};
    CHECK(hd_network_write(network, "in.value", value, 3) == HD_OK);
    CHECK(hd_network_write(network, "out.current", current, 2) == HD_OK);
    CHECK(hd_network_step(network, 1) == HD_OK);
  }
  CHECK(hd_network_signal(network, &signal) == HD_OK);
  CHECK(hd_network_read(network, "in->out.weight", weight, 6) == HD_OK);
  for (int k = 0; k < 6; k++) {
    CHECK(k == 2 || weight[k] == 0.0f);
  }
  return (double)weight[2];
}

static void pairs_give_the_window(void) {
  hd_network *network = make("tau_plus=17 tau_minus=34");
  for (int distance = -60; distance <= 60; distance += 5) {
    const double want = distance > 0   ? 0.01 * exp(-distance / 17.0)
                        : distance < 0 ? -0.012 * exp(distance / 34.0)
                                       : 0.01;
    CHECK_NEAR(change_of(network, 60, 60 + distance), want, 1e-7);
  }
  hd_network_destroy(network);
}

static void bad_rules_are_refused(void) {
  hd_population_def population[] = {{.name = "in", .neuron = "input", .n = 3},
                                    {.name = "out", .neuron = "lif", .n = 3}};
  hd_projection_def projection = {.source = "in", .target = "out", .rule = "pair-stpd"};
  hd_network_def def = hd_network_def_default();
  hd_network *network;
  def.population = population;
  def.n_populations = 2;
  def.projection = &projection;
  def.n_projections = 1;
  CHECK(hd_network_create(ctx, &def, &network) == HD_UNKNOWN);
  CHECK(strstr(hd_ctx_error(ctx), "did you mean 'pair-stdp'?") != NULL);
  projection.rule = "pair-stdp";
  projection.rule_params = "tau_minis=3";
  CHECK(hd_network_create(ctx, &def, &network) == HD_UNKNOWN);
  CHECK_TEXT(hd_ctx_error(ctx),
             "projection 'in->out': rule pair-stdp has no parameter "
             "'tau_minis'; did you mean 'tau_minus'?");
  projection.rule_params = "tau_minus=-3";
  CHECK(hd_network_create(ctx, &def, &network) == HD_RANGE);
  projection.rule_params = NULL;
  projection.rate = NAN;
  CHECK(hd_network_create(ctx, &def, &network) == HD_RANGE);
  projection.rate = 0;
  projection.rule = "pgcn";
  CHECK(hd_network_create(ctx, &def, &network) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "learns from neurons that draw their spikes") != NULL);
  projection.rule = "pair-stdp";
  projection.connect = HD_CONNECT_ONE_TO_ONE;
  CHECK(hd_network_create(ctx, &def, &network) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "counts on synapses from every source") != NULL);
  projection.connect = HD_CONNECT_ALL;
  projection.rule = NULL;
  projection.rate = 0.5f;
  CHECK(hd_network_create(ctx, &def, &network) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "and no rule") != NULL);
}

static void signals_are_checked_and_state_is_the_rows(void) {
  hd_network *network = make(NULL);
  const float bad = NAN;
  CHECK(hd_network_signal(network, &bad) == HD_NUMERIC);
  const size_t n = hd_network_state_size(network);
  float *state = calloc(n, sizeof *state), trace[6], again[6];
  const float value[3] = {1, 0, 1};
  CHECK(hd_network_write(network, "in.value", value, 3) == HD_OK);
  CHECK(hd_network_step(network, 2) == HD_OK);
  CHECK(hd_network_save_row(network, 0, state) == HD_OK);
  CHECK(hd_network_read(network, "in->out.synapse.before", trace, 6) == HD_OK);
  CHECK(trace[0] > 1.0f && trace[2] == 0.0f && trace[4] == trace[0]);
  CHECK(hd_network_step(network, 3) == HD_OK);
  CHECK(hd_network_restore_row(network, 0, state) == HD_OK);
  CHECK(hd_network_read(network, "in->out.synapse.before", again, 6) == HD_OK);
  CHECK(memcmp(trace, again, sizeof trace) == 0);
  hd_network_reset(network);
  CHECK(hd_network_read(network, "in->out.synapse.before", again, 6) == HD_OK);
  CHECK(again[0] == 0.0f);
  free(state);
  hd_network_destroy(network);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK || hd_rule_register(ctx, &stdp) != HD_OK) {
    return 2;
  }
  RUN(pairs_give_the_window);
  RUN(bad_rules_are_refused);
  RUN(signals_are_checked_and_state_is_the_rows);
  hd_ctx_destroy(ctx);
  return test_end();
}
