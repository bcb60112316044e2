/* Rules learn on projections that lack synapses: what a synapse does and keeps has the same bits as
 * on a projection of all pairs whose other weights are put back to 0 after every change. */
#include <stdlib.h>

#include "hedon/hedon.h"
#include "random.h"
#include "test.h"

enum { N_IN = 37, N_OUT = 21, SUBSTEPS = 60, EVERY = 5, MOST = 2 * N_IN * N_OUT, NAME = 96 };

/* Rows move shared weights one after the other. Dale's law, which sees all weights of a source, has
 * one: in between nobody puts those back that a sparse projection lacks. */
typedef struct sparse_case {
  const char *rule, *params, *neuron;
  int rows;
} sparse_case;

static const sparse_case cases[] = {
    {"mstdp", "nearest=1", "lif", 2},
    {"mstdp", "bounds=1 dale=1 homeostasis=0.2", "lif", 1},
    {"mstdpet", "causal=1", "lif", 2},
    {"mstdpet", "bounds=2 homeostasis=0.2", "lif", 2},
    {"dopamine-stdp", NULL, "izhikevich", 2},
    {"td-ltp", "tau_rise=5", "lif", 2},
    {"td-ltp", NULL, "lif-escape", 2},
    {"olpomdp", NULL, "bernoulli", 2},
    {"r-max", NULL, "lif-escape", 2},
    {"population-feedback", NULL, "lif-escape", 2},
    {"r-max", "bounds=2 dale=1 homeostasis=0.2", "lif-escape", 1},
    {"olpomdp", "bounds=1 dale=1 homeostasis=0.2", "bernoulli", 1},
    {"population-feedback", "bounds=2 homeostasis=0.2", "lif-escape", 2},
    {"pgcn", NULL, "lif-escape", 2}, /* and others without state */
};
enum { CASES = sizeof cases / sizeof cases[0] };

static hd_ctx *ctx;

static hd_status create(const sparse_case *c, hd_connect connect, hd_network **network) {
  const hd_population_def population[] = {
      {.name = "x", .neuron = "input", .n = N_IN},
      {.name = "y", .neuron = c->neuron, .n = N_OUT, .bias = 0.2f}};
  hd_projection_def forth = {.source = "x",
                             .target = "y",
                             .name = "forth",
                             .connect = connect,
                             .probability = 0.3,
                             .initial = HD_INITIAL_NORMAL,
                             .a = 0.3f,
                             .b = 0.3f,
                             .rule = c->rule,
                             .rule_params = c->params,
                             .rate = 0.01f};
  hd_projection_def back = forth;
  back.source = "y", back.name = "back", back.probability = 0.2, back.delay = 2;
  const hd_projection_def projection[] = {forth, back};
  hd_network_def def = hd_network_def_default();
  def.rows = c->rows;
  def.seed = 7;
  def.population = population;
  def.n_populations = 2;
  def.projection = projection;
  def.n_projections = 2;
  return hd_network_create(ctx, &def, network);
}

static int64_t entries(const hd_view *view) {
  int64_t n = 1;
  for (int d = 0; d < view->n_dims; d++) {
    n *= view->shape[d];
  }
  return n;
}

/* A view of F32 by name, its entries copied; how many there are. */
static int64_t values_of(hd_network *network, const char *name, float *values) {
  hd_view view;
  CHECK(hd_network_view(network, name, &view) == HD_OK);
  CHECK(entries(&view) <= MOST);
  CHECK(hd_network_read(network, name, values, entries(&view)) == HD_OK);
  return entries(&view);
}

static const int32_t *ends(hd_network *sparse, const char *projection, const char *which,
                           int64_t *n) {
  char name[NAME];
  hd_view view;
  snprintf(name, sizeof name, "%s.%s", projection, which);
  CHECK(hd_network_view(sparse, name, &view) == HD_OK);
  *n = view.shape[0];
  return view.data;
}

/* Those entries of the rows of a dense view that belong to synapses of the sparse projection. */
static void take(hd_network *sparse, const char *projection, int rows, const float *dense,
                 float *taken) {
  int64_t n;
  const int32_t *pre = ends(sparse, projection, "pre", &n);
  const int32_t *post = ends(sparse, projection, "post", &n);
  const int64_t n_pre = strcmp(projection, "forth") == 0 ? N_IN : N_OUT;
  for (int64_t k = 0; k < rows * n; k++) {
    taken[k] = dense[((k / n) * n_pre + pre[k % n]) * N_OUT + post[k % n]];
  }
}

/* Put the weights that the sparse projection lacks to 0; `is_start`: the others to its own. */
static void mask(hd_network *sparse, hd_network *dense, const char *projection, bool is_start) {
  static float weight[MOST], masked[MOST], own[MOST];
  char name[NAME];
  int64_t n;
  snprintf(name, sizeof name, "%s.weight", projection);
  const int32_t *pre = ends(sparse, projection, "pre", &n);
  const int32_t *post = ends(sparse, projection, "post", &n);
  const int64_t all = values_of(dense, name, weight);
  CHECK(values_of(sparse, name, own) == n && n > 0 && n < all);
  memset(masked, 0, sizeof masked);
  for (int64_t k = 0; k < n; k++) {
    const int at = pre[k] * N_OUT + post[k];
    masked[at] = is_start ? own[k] : weight[at];
  }
  CHECK(hd_network_write(dense, name, masked, all) == HD_OK);
}

static void mask_both(hd_network *sparse, hd_network *dense, bool is_start) {
  mask(sparse, dense, "forth", is_start);
  mask(sparse, dense, "back", is_start);
}

/* Every view of the sparse network has the bits of the dense one's. */
static bool agree(hd_network *sparse, hd_network *dense, int rows) {
  static float own[MOST], other[MOST], taken[MOST];
  bool is_same = true;
  for (int i = 0; i < hd_network_view_count(sparse); i++) {
    const hd_view view = hd_network_view_at(sparse, i);
    if (strcmp(view.dtype, "F32") != 0) {
      continue;
    }
    const int64_t n = values_of(sparse, view.name, own);
    const float *want = other;
    if (values_of(dense, view.name, other) != n) {
      const bool is_shared = strstr(view.name, ".weight") != NULL;
      take(sparse, strncmp(view.name, "forth", 5) == 0 ? "forth" : "back", is_shared ? 1 : rows,
           other, taken);
      want = taken;
    }
    if (memcmp(own, want, sizeof(float) * (size_t)n) != 0) {
      printf("  %s differs\n", view.name);
      is_same = false;
    }
  }
  return is_same;
}

static void show(hd_network *network, int t, int rows) {
  float value[2 * N_IN];
  const hd__key key = hd__key_make(1, HD_STREAM_TASK, 0, (uint64_t)t);
  for (int i = 0; i < rows * N_IN; i++) {
    value[i] = hd__uniform24(key, (uint32_t)i) < 0.2f ? 1.0f : 0.0f;
  }
  CHECK(hd_network_write(network, "x.value", value, rows * N_IN) == HD_OK);
  CHECK(hd_network_step(network, 1) == HD_OK);
}

static void play(const sparse_case *c, hd_network *sparse, hd_network *dense) {
  mask_both(sparse, dense, true);
  for (int t = 0; t < SUBSTEPS; t++) {
    show(sparse, t, c->rows);
    show(dense, t, c->rows);
    if (t % EVERY == EVERY - 1) {
      const float signal[2] = {t % 2 == 0 ? 1.0f : -0.5f, 0.25f};
      CHECK(hd_network_signal(sparse, signal) == HD_OK);
      CHECK(hd_network_signal(dense, signal) == HD_OK);
      mask_both(sparse, dense, false);
    }
    if (!agree(sparse, dense, c->rows)) {
      printf("  rule %s at substep %d\n", c->rule, t);
      CHECK(false);
      return;
    }
  }
}

static void check_moved(hd_network *sparse, const char *name, const float *before, int64_t n) {
  static float after[MOST];
  CHECK(values_of(sparse, name, after) == n);
  CHECK(memcmp(before, after, sizeof(float) * (size_t)n) != 0);
}

static void a_synapse_learns_as_one_among_all_pairs(void) {
  static float forth[MOST], back[MOST];
  for (int i = 0; i < CASES; i++) {
    hd_network *sparse, *dense;
    if (create(&cases[i], HD_CONNECT_RANDOM, &sparse) != HD_OK ||
        create(&cases[i], HD_CONNECT_ALL, &dense) != HD_OK) {
      printf("  %s\n", hd_ctx_error(ctx));
      exit(2);
    }
    const int64_t n_forth = values_of(sparse, "forth.weight", forth);
    const int64_t n_back = values_of(sparse, "back.weight", back);
    play(&cases[i], sparse, dense);
    check_moved(sparse, "forth.weight", forth, n_forth);
    check_moved(sparse, "back.weight", back, n_back);
    hd_network_destroy(sparse);
    hd_network_destroy(dense);
  }
}

/* A rule that needs no readout, built in and with state, is one of the cases. */
static void every_rule_with_state_is_tried(void) {
  for (int i = 0; i < hd_rule_count(ctx); i++) {
    const hd_rule_desc *rule = hd_rule_at(ctx, i);
    bool is_tried = rule->factor != NULL || (rule->needs & HD_RULE_BACK) != 0;
    for (int k = 0; k < CASES; k++) {
      is_tried |= strcmp(cases[k].rule, rule->name) == 0;
    }
    if (!is_tried) {
      printf("  %s is not tried\n", rule->name);
    }
    CHECK(is_tried);
  }
}

static void a_row_is_saved_with_what_its_synapses_keep(void) {
  static float before[MOST], after[MOST];
  hd_network *network;
  CHECK(create(&cases[9], HD_CONNECT_RANDOM, &network) == HD_OK);
  float *state = malloc(sizeof(float) * hd_network_state_size(network));
  for (int t = 0; t < SUBSTEPS; t++) {
    show(network, t, 2);
  }
  CHECK(hd_network_save_row(network, 1, state) == HD_OK);
  CHECK(hd_network_restore_row(network, 0, state) == HD_OK);
  const int64_t n = values_of(network, "forth.synapse.sum", before) / 2;
  CHECK(memcmp(before, before + n, sizeof(float) * (size_t)n) == 0);
  CHECK(hd_network_reset_row(network, 0) == HD_OK);
  CHECK(values_of(network, "forth.synapse.sum", after) == 2 * n);
  CHECK(after[0] == 0.0f && memcmp(before, after, sizeof(float) * (size_t)n) != 0);
  CHECK(memcmp(before + n, after + n, sizeof(float) * (size_t)n) == 0);
  free(state);
  hd_network_destroy(network);
}

static void not_finite_weights_of_a_rule_are_named(void) {
  hd_network *network;
  CHECK(create(&cases[0], HD_CONNECT_RANDOM, &network) == HD_OK);
  show(network, 0, 2);
  const float signal[2] = {3e38f, 3e38f};
  hd_view e;
  CHECK(hd_network_view(network, "forth.e", &e) == HD_OK);
  ((float *)e.data)[4] = 3e38f;
  CHECK(hd_network_signal(network, signal) == HD_OK);
  CHECK(hd_network_step(network, 1) == HD_NUMERIC);
  CHECK(strstr(hd_ctx_error(ctx), "entry [4] of view 'forth.weight' is") != NULL);
  hd_network_destroy(network);
}

static void nothing(const hd_rule_desc *self, const hd_synapses *synapses) {
  (void)self;
  (void)synapses;
}

static void rules_that_count_on_all_pairs_are_refused(void) {
  static const hd_rule_desc rule = {.size = sizeof(hd_rule_desc),
                                    .name = "all pairs",
                                    .doc = "does nothing",
                                    .source = "this test",
                                    .after = nothing};
  const sparse_case c = {"all pairs", NULL, "lif", 1};
  hd_network *network;
  CHECK(hd_rule_register(ctx, &rule) == HD_OK);
  CHECK(create(&c, HD_CONNECT_RANDOM, &network) == HD_CONFLICT);
  CHECK_TEXT(hd_ctx_error(ctx),
             "rule all pairs counts on synapses from every source to every target, and projection "
             "'forth' has some of them only; use connect = HD_CONNECT_ALL, or a rule with "
             "HD_RULE_SPARSE");
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  RUN(a_synapse_learns_as_one_among_all_pairs);
  RUN(every_rule_with_state_is_tried);
  RUN(a_row_is_saved_with_what_its_synapses_keep);
  RUN(not_finite_weights_of_a_rule_are_named);
  RUN(rules_that_count_on_all_pairs_are_refused);
  hd_ctx_destroy(ctx);
  return test_end();
}
