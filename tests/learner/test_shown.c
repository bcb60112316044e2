/* A network that shows what a learner's own network did has its spikes, to the bit: layers under
 * rules with every coding and neuron, and stacks that gradients go through. */
#include "../net/twin.h"
#include "network_internal.h"
#include "shown_net.h"

static hd_ctx *ctx;

/* ---- networks of layers ---- */

static void draws_of(hd__random_base draw[CASE_BATCH]) {
  for (int row = 0; row < CASE_BATCH; row++) {
    draw[row] = hd__random_base_make(11, (uint64_t)row, 5);
  }
}

/* The spikes of a recording, one for every substep, against those of a layer. */
static int differences_of(const hd__net *net, int l, int row, const hd_view *record) {
  const hd__layer *layer = &net->layer[l];
  int n = 0;
  for (int j = 0; j < layer->n; j++) {
    float count = 0;
    for (int t = 0; t < net->def.substeps; t++) {
      const float spike = ((const float *)record->data)[t * record->stride[0] + j];
      count += spike;
      n += !layer->is_mean &&
           spike != layer->b[hd__at(net, layer, t) + (size_t)(row * layer->n_pad + j)];
    }
    const size_t mean_at = hd__at(net, layer, layer->onset) + (size_t)(row * layer->n_pad + j);
    const float span = 1.0f - net->def.neuron->silence;
    const float mean = (layer->y[mean_at] - net->def.neuron->silence) / span;
    n += layer->is_mean && count != roundf(mean * (float)net->def.substeps);
  }
  return n;
}

static void record_spikes(hd_network *shown, const char *population, int64_t substeps) {
  char name[64];
  snprintf(name, sizeof name, "%s.spike", population);
  hd_record_def def = hd_record_def_default();
  def.view = name;
  def.name = population;
  def.substeps = substeps;
  CHECK(hd_network_record(shown, &def) == HD_OK);
}

static hd_view recorded(hd_network *shown, const char *population) {
  hd_view view = {0};
  CHECK(hd_network_view(shown, population, &view) == HD_OK);
  return view;
}

/* Decide for three rows, show each; returns the spikes that differ. */
static int shown_differences(const net_case *c) {
  const float obs[2 * CASE_BATCH] = {0.3f, -0.6f, 0.9f, 0.1f, 2.0f, 1.0f};
  subject s;
  hd__random_base draw[CASE_BATCH];
  hd__policy policy = {.tau = 1.0f};
  hd_network *shown = NULL;
  int n = 0;
  subject_open(&s, ctx, c, 3, 0.8f);
  draws_of(draw);
  CHECK(hd__shown_net_create(ctx, &s.net, false, &shown) == HD_OK);
  for (int l = 0; l < s.net.n_layers; l++) {
    record_spikes(shown, s.net.layer[l].name, s.net.def.substeps);
  }
  hd__net_decide(&s.net, CASE_BATCH, obs, draw, &policy, &s.decision);
  for (int row = 0; row < CASE_BATCH; row++) {
    hd__shown_net_repeat(shown, &s.net, &policy, &s.decision, row, true);
    for (int l = 0; l < s.net.n_layers; l++) {
      const hd_view record = recorded(shown, s.net.layer[l].name);
      CHECK(record.shape[0] == s.net.def.substeps);
      n += differences_of(&s.net, l, row, &record);
    }
  }
  hd__network_free(shown);
  subject_close(&s);
  return n;
}

typedef struct coding_row {
  const char *name;
  bool is_finite; /* of numbered states */
} coding_row;

static const coding_row codings[] = {{.name = "raw"},
                                     {.name = "split"},
                                     {.name = "poisson"},
                                     {.name = "gauss"},
                                     {.name = "gauss-stochastic"},
                                     {.name = "population"},
                                     {.name = "population-spikes"},
                                     {.name = "bins"},
                                     {.name = "tiles"},
                                     {.name = "latency"},
                                     {.name = "fourier"},
                                     {.name = "random"},
                                     {.name = "onehot", .is_finite = true}};

static void try_case(const coding_row *coding, const hd__neuron_desc *neuron, const char *rule,
                     bool has_back) {
  static const int widths[][2] = {{20, 0}, {5, 0}, {20, 18}, {6, 40}};
  for (int k = 0; k < 8; k++) {
    const net_case c = {.coding = coding->name,
                        .neuron = neuron->name,
                        .rule = rule,
                        .n_hidden = widths[k % 4][1] > 0 ? 2 : 1,
                        .hidden = {widths[k % 4][0], widths[k % 4][1]},
                        .substeps = 6,
                        .n_actions = 2,
                        .action_neurons = k < 4 ? 0 : 3 + 6 * (k % 2),
                        .readout = k < 4 ? HD_READ_SOFTMAX : HD_READ_COUNT,
                        .is_finite = coding->is_finite};
    const int n = has_back && k >= 4 ? 0 : shown_differences(&c);
    if (n > 0) {
      printf("  %s, %s, %s, case %d: %d spikes differ\n", coding->name, neuron->name, rule, k, n);
    }
    CHECK(n == 0);
  }
}

static void layers_are_shown_to_the_bit(void) {
  for (size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
    for (int k = 0; k < hd__neuron_count(NULL); k++) {
      const hd__neuron_desc *neuron = hd__neuron_at(NULL, k);
      if (!neuron->spiking) {
        continue;
      }
      if (neuron->has_slope) {
        try_case(&codings[i], neuron, neuron->stochastic ? "pgcn" : "reparam-mean",
                 !neuron->stochastic);
      }
      if (!neuron->stochastic) {
        try_case(&codings[i], neuron, "node-perturbation", false);
      }
    }
  }
}

/* Recurrence, a delay, and state that is carried over three decisions; the network begins to show
 * after the first of them. */
static void carried_state_is_shown_to_the_bit(void) {
  const net_case c = {.coding = "poisson",
                      .neuron = "lif-escape",
                      .rule = "pgcn",
                      .n_hidden = 2,
                      .hidden = {20, 6},
                      .substeps = 5,
                      .n_actions = 2,
                      .is_recurrent = true,
                      .is_carried = true,
                      .delay = 2};
  const float obs[2 * CASE_BATCH] = {0.3f, -0.6f, 0.9f, 0.1f, 2.0f, 1.0f};
  static _Alignas(64) float carried[CASE_BATCH][4096];
  subject s;
  hd__random_base draw[CASE_BATCH];
  hd__policy policy = {.tau = 1.0f};
  hd_network *shown = NULL;
  float spikes = 0;
  subject_open(&s, ctx, &c, 3, 0.8f);
  CHECK(hd__net_carried(&s.net) > 0 && hd__net_carried(&s.net) <= 4096);
  CHECK(hd__shown_net_create(ctx, &s.net, false, &shown) == HD_OK);
  for (int l = 0; l < s.net.n_layers; l++) {
    record_spikes(shown, s.net.layer[l].name, s.net.def.substeps);
  }
  draws_of(draw);
  for (int d = 0; d < 3; d++) {
    for (int row = 0; row < CASE_BATCH; row++) {
      draw[row].carried = carried[row];
      draw[row].is_continued = d > 0;
      draw[row].step = (uint64_t)d;
    }
    if (d == 1) {
      hd__shown_net_continue(shown, carried[1]);
    }
    hd__net_decide(&s.net, CASE_BATCH, obs, draw, &policy, &s.decision);
    for (int l = 0; d > 0 && l < s.net.n_layers; l++) {
      if (l == 0) {
        hd__shown_net_repeat(shown, &s.net, &policy, &s.decision, 1, false);
      }
      const hd_view record = recorded(shown, s.net.layer[l].name);
      CHECK(differences_of(&s.net, l, 1, &record) == 0);
      for (int k = 0; k < s.net.def.substeps * s.net.layer[l].n; k++) {
        spikes += ((const float *)record.data)[k];
      }
    }
  }
  CHECK(spikes > 5);
  hd__network_free(shown);
  subject_close(&s);
}

static void refuse(net_case c, const char *why) {
  char sentence[256];
  hd_network *shown = NULL;
  subject s;
  subject_open(&s, ctx, &c, 3, 0.8f);
  CHECK(hd__shown_net_create(ctx, &s.net, false, &shown) == HD_CONFLICT && shown == NULL);
  snprintf(sentence, sizeof sentence,
           "this network cannot be shown as populations joined by projections: %s", why);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
  subject_close(&s);
}

static void what_cannot_be_shown_is_said(void) {
  const net_case c = {.coding = "raw",
                      .neuron = "bernoulli",
                      .rule = "pgcn",
                      .n_hidden = 1,
                      .hidden = {4},
                      .substeps = 5,
                      .n_actions = 2,
                      .action_neurons = 1};
  net_case one = c;
  one.n_hidden = 0;
  refuse(one, "it has no layer of spiking neurons");
  one = c;
  one.taps = 2;
  refuse(one, "its synapses see several substeps at once (taps)");
  one = c;
  one.self_taps = 1;
  refuse(one, "its neurons weigh their own last spikes (self_taps)");
  one = c;
  one.nets = 2;
  one.readout = HD_READ_COUNT;
  refuse(one, "it consists of blocks that are independent of each other (nets, blocks)");
  one = c;
  one.rule = "reparam-soft";
  refuse(one, "its spikes travel as relaxed values while it learns");
}

static void who_looks_may_not_change_it(void) {
  const net_case c = {.coding = "raw",
                      .neuron = "lif",
                      .rule = "reparam-mean",
                      .n_hidden = 1,
                      .hidden = {4},
                      .substeps = 5,
                      .n_actions = 2};
  hd_network *shown = NULL;
  subject s;
  subject_open(&s, ctx, &c, 3, 0.8f);
  CHECK(hd__shown_net_create(ctx, &s.net, false, &shown) == HD_OK);
  for (int i = 0; i < hd_network_view_count(shown); i++) {
    CHECK(!hd_network_view_at(shown, i).writable);
  }
  CHECK(hd_network_step(shown, 1) == HD_USAGE);
  CHECK_TEXT(hd_ctx_error(ctx),
             "this network shows what a session's own network does, and only the session advances "
             "it");
  float weight[8], bias[4];
  CHECK(hd_network_read(shown, "input->hidden.weight", weight, 8) == HD_OK);
  CHECK(hd_network_read(shown, "hidden.bias", bias, 4) == HD_OK);
  hd__shown_net_repeat(shown, &s.net, &(hd__policy){.tau = 1.0f}, &s.decision, 0, true);
  hd__network_free(shown);
  subject_close(&s);
}

int main(void) {
  ctx = case_ctx();
  RUN(layers_are_shown_to_the_bit);
  RUN(carried_state_is_shown_to_the_bit);
  RUN(what_cannot_be_shown_is_said);
  RUN(who_looks_may_not_change_it);
  hd_ctx_destroy(ctx);
  return test_end();
}
