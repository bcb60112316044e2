/* What is shown of a network: a table of the arrays of populations and of projections. */
#include <stdio.h>
#include <string.h>

#include "network_internal.h"

/* ---- the table ---- */

/* An array [rows][n_pad] of every population of neurons: a pointer `at` bytes into it. */
typedef struct view_row {
  const char *suffix, *unit, *doc;
  bool writable;
  size_t at;
} view_row;

static const view_row neuron_rows[] = {
    {"spike", "", "1 where the neuron fired in the last substep, else 0.", false,
     offsetof(hd__population, b)},
    {"p", "", "Probability with which the neuron fired; the value of a neuron that does not spike.",
     false, offsetof(hd__population, p)},
    {"gain", "", "Derivative by the drive of logit p, or the surrogate derivative of the spike.",
     false, offsetof(hd__population, gain)},
    {"drive", "", "What came in during the last substep: projections, bias and current.", false,
     offsetof(hd__population, drive)},
    {"current", "", "External drive, kept until it is written again.", true,
     offsetof(hd__population, current)}};

static const view_row input_row = {"value", "",
                                   "What the input sends, kept until it is written again.", true,
                                   offsetof(hd__population, given)};

enum { NEURON_ROWS = sizeof neuron_rows / sizeof *neuron_rows };

static float *network_view_array(const hd__population *population, const view_row *row) {
  float *array;
  memcpy(&array, (const char *)population + row->at, sizeof array);
  return array;
}

/* ---- the list of views ---- */

/* List a view under OWNER.SUFFIX; its other members are given. While counting, only count. */
static void network_view_add(hd_network *network, hd__arena *arena, const char *owner,
                             const char *suffix, hd__network_view view) {
  const size_t size = strlen(owner) + 1 + strlen(suffix) + 1;
  const int index = network->n_views++;
  char *name = HD_TAKE(arena, char, size);
  if (name == NULL) {
    return;
  }
  snprintf(name, size, "%s.%s", owner, suffix);
  view.view.name = name;
  view.view.writable = view.view.writable && !network->is_shown;
  network->view[index] = view;
}

static hd__network_view network_view_of_rows(const hd_network *network,
                                             const hd__population *population, float *data) {
  return (hd__network_view){.view = {.dtype = "F32",
                                     .n_dims = 2,
                                     .shape = {network->rows, population->n, 1, 1},
                                     .stride = {population->n_pad, 1, 1, 1},
                                     .data = data},
                            .of = "neuron"};
}

static void network_view_add_row(hd_network *network, hd__arena *arena,
                                 const hd__population *population, const view_row *row) {
  hd__network_view view =
      network_view_of_rows(network, population, network_view_array(population, row));
  view.view.unit = row->unit;
  view.view.doc = row->doc;
  view.view.writable = row->writable;
  network_view_add(network, arena, population->name, row->suffix, view);
}

static void network_view_add_state(hd_network *network, hd__arena *arena,
                                   const hd__population *population) {
  const size_t n = (size_t)network->rows * (size_t)population->n_pad;
  for (int s = 0; s < population->neuron->n_state; s++) {
    const hd_field *field = &population->neuron->state[s];
    float *data = population->state != NULL ? population->state + (size_t)s * n : NULL;
    hd__network_view view = network_view_of_rows(network, population, data);
    view.view.unit = field->unit;
    view.view.doc = field->help;
    view.view.writable = true;
    network_view_add(network, arena, population->name, field->name, view);
  }
}

/* A view of one dimension, entries `stride` apart. */
static hd__network_view network_view_of_list(const char *dtype, int64_t n, int64_t stride,
                                             void *data, const char *doc) {
  return (hd__network_view){.view = {.dtype = dtype,
                                     .n_dims = 1,
                                     .shape = {n, 1, 1, 1},
                                     .stride = {stride, 1, 1, 1},
                                     .data = data,
                                     .unit = "",
                                     .doc = doc}};
}

static float *network_view_weights(const hd_network *network, size_t at) {
  return network->weights != NULL ? network->weights + at : NULL;
}

/* The bias of a population lies apart, or behind the sources of a projection into it; false if it
 * has none. */
static bool network_view_find_bias(const hd_network *network, const hd__population *population,
                                   size_t *at, int64_t *stride) {
  *at = population->bias_at;
  *stride = 1;
  for (int k = population->first_into; !population->has_bias && k >= 0;
       k = network->projection[k].next_into) {
    const hd__projection *projection = &network->projection[k];
    const bool is_by_source = projection->storage == HD_BY_SOURCE;
    if (projection->has_one) {
      const size_t before = (size_t)(projection->n_pre - 1);
      *at = projection->at + before * (is_by_source ? (size_t)projection->stride : 1);
      *stride = is_by_source ? 1 : projection->stride;
      return true;
    }
  }
  return population->has_bias;
}

static void network_view_add_population(hd_network *network, hd__arena *arena,
                                        const hd__population *population) {
  size_t at;
  int64_t stride;
  if (population->neuron == NULL) {
    network_view_add_row(network, arena, population, &input_row);
    return;
  }
  for (int i = 0; i < NEURON_ROWS; i++) {
    if (neuron_rows[i].at != offsetof(hd__population, current) || population->has_current) {
      network_view_add_row(network, arena, population, &neuron_rows[i]);
    }
  }
  if (network_view_find_bias(network, population, &at, &stride)) {
    hd__network_view bias =
        network_view_of_list("F32", population->n, stride, network_view_weights(network, at),
                             "Drive that is there at every substep.");
    bias.view.writable = true;
    network_view_add(network, arena, population->name, "bias", bias);
  }
  network_view_add_state(network, arena, population);
}

static bool network_view_learns(const hd_network *network, const hd__projection *projection) {
  for (int k = 0; k < network->n_plastic; k++) {
    if (&network->projection[network->plastic[k].projection] == projection) {
      return true;
    }
  }
  return false;
}

static void network_view_add_list(hd_network *network, hd__arena *arena,
                                  const hd__projection *projection, int32_t *pre) {
  const int64_t n = projection->start[projection->n_pre];
  hd__network_view weight =
      network_view_of_list("F32", n, 1, network_view_weights(network, projection->at),
                           "Weight of each synapse: drive by a spike of its source.");
  weight.view.writable = true;
  weight.is_given = network_view_learns(network, projection);
  network_view_add(network, arena, projection->name, "weight", weight);
  network_view_add(network, arena, projection->name, "pre",
                   network_view_of_list("I32", n, 1, pre, "Source of each synapse."));
  network_view_add(
      network, arena, projection->name, "post",
      network_view_of_list("I32", n, 1, (void *)projection->post, "Target of each synapse."));
}

/* Eligibilities of a learner lie as its weights do. */
static void network_view_add_shown_e(hd_network *network, hd__arena *arena,
                                     const hd__projection *projection) {
  const bool is_by_source = projection->storage == HD_BY_SOURCE;
  const hd_view view = {
      .dtype = "F32",
      .n_dims = 3,
      .shape = {1, network->population[projection->source].n,
                network->population[projection->target].n, 1},
      .stride = {(int64_t)network->n_weights, is_by_source ? projection->stride : 1,
                 is_by_source ? 1 : projection->stride, 1},
      .data = network->e != NULL ? network->e + projection->at : NULL,
      .unit = "",
      .doc = "Eligibility: what the signal multiplies."};
  network_view_add(network, arena, projection->name, "e", (hd__network_view){.view = view});
}

static void network_view_add_dense(hd_network *network, hd__arena *arena,
                                   const hd__projection *projection) {
  const bool is_by_source = projection->storage == HD_BY_SOURCE;
  hd__network_view weight =
      network_view_of_list("F32", network->population[projection->source].n, 1,
                           network_view_weights(network, projection->at),
                           "Weight from source to target: drive by a spike of the source.");
  weight.view.n_dims = 2;
  weight.view.shape[1] = network->population[projection->target].n;
  weight.view.stride[is_by_source ? 0 : 1] = projection->stride;
  weight.view.writable = true;
  weight.is_given =
      network_view_learns(network, projection); /* a rule may write what is not finite */
  network_view_add(network, arena, projection->name, "weight", weight);
  if (network->has_e) {
    network_view_add_shown_e(network, arena, projection);
  }
}

/* An array of one number for each of n neurons or synapses and row, under "OWNER.SUFFIX". */
static void network_view_add_kept(hd_network *network, hd__arena *arena, const char *owner,
                                  const char *suffix, const hd_field *field, float *data, int64_t n,
                                  const char *of) {
  const hd_view view = {.dtype = "F32",
                        .n_dims = 2,
                        .shape = {network->rows, n, 1, 1},
                        .stride = {(int64_t)network->n_trace, 1, 1, 1},
                        .data = data,
                        .unit = field->unit,
                        .doc = field->help,
                        .writable = true};
  network_view_add(network, arena, owner, suffix, (hd__network_view){.view = view, .of = of});
}

/* An array of one number for each synapse. */
static void network_view_add_synapses(hd_network *network, hd__arena *arena,
                                      const hd__projection *projection, const char *suffix,
                                      const hd_field *field, float *data) {
  const int n_pre = network->population[projection->source].n;
  const int n_post = network->population[projection->target].n;
  if (projection->storage == HD_BY_LIST) {
    network_view_add_kept(network, arena, projection->name, suffix, field, data,
                          projection->start[n_pre], "synapse");
    return;
  }
  const hd_view view = {.dtype = "F32",
                        .n_dims = 3,
                        .shape = {network->rows, n_pre, n_post, 1},
                        .stride = {(int64_t)network->n_trace, projection->stride, 1, 1},
                        .data = data,
                        .unit = field->unit,
                        .doc = field->help,
                        .writable = true};
  network_view_add(network, arena, projection->name, suffix,
                   (hd__network_view){.view = view, .of = "synapse"});
}

static float *network_view_behind(float *at, size_t n) { return at != NULL ? at + n : NULL; }

static void network_view_add_short_term(hd_network *network, hd__arena *arena,
                                        const hd__projection *projection) {
  const hd__population *source = &network->population[projection->source];
  hd__network_view u = network_view_of_rows(network, source, projection->release.u);
  hd__network_view x = network_view_of_rows(network, source, projection->release.x);
  u.view.unit = x.view.unit = "";
  u.view.writable = x.view.writable = true;
  u.view.doc = "Share of what is at hand that the source's last spike used.";
  x.view.doc = "Share of the synapse's resources at hand.";
  network_view_add(network, arena, projection->name, "u", u);
  network_view_add(network, arena, projection->name, "x", x);
}

/* What a rule keeps lies one behind the other: PRE, POST, SYNAPSE, e (plastic.h). A bias behind the
 * sources is no neuron, and what is kept of it is not shown. */
static void network_view_add_rule(hd_network *network, hd__arena *arena, int k) {
  static const hd_field e = {"e", "", "Eligibility: what the signal multiplies."};
  const hd__plastic *plastic = &network->plastic[k];
  const hd_rule_desc *rule = hd__plastic_rule(plastic);
  const hd__projection *projection = &network->projection[plastic->projection];
  const hd__population *source = &network->population[projection->source];
  const hd__population *target = &network->population[projection->target];
  float *at = network_view_behind(network->trace, network->plastic_at[k]);
  char suffix[HD_NETWORK_LONG_NAME];
  for (int i = 0; i < rule->n_pre; i++, at = network_view_behind(at, HD_PAD(projection->n_pre))) {
    snprintf(suffix, sizeof suffix, "pre.%.80s", rule->pre[i].name);
    network_view_add_kept(network, arena, projection->name, suffix, &rule->pre[i], at, source->n,
                          "neuron");
  }
  for (int i = 0; i < rule->n_post; i++, at = network_view_behind(at, (size_t)target->n_pad)) {
    snprintf(suffix, sizeof suffix, "post.%.80s", rule->post[i].name);
    network_view_add_kept(network, arena, projection->name, suffix, &rule->post[i], at, target->n,
                          "neuron");
  }
  for (int i = 0; i < rule->n_synapse; i++, at = network_view_behind(at, projection->n_weights)) {
    snprintf(suffix, sizeof suffix, "synapse.%.80s", rule->synapse[i].name);
    network_view_add_synapses(network, arena, projection, suffix, &rule->synapse[i], at);
  }
  if (!network->has_e) { /* else the learner's own is shown */
    network_view_add_synapses(network, arena, projection, "e", &e, at);
  }
}

void hd__network_lay_out_views(hd_network *network, hd__arena *arena) {
  const bool is_counting = arena->base == NULL;
  if (!is_counting) {
    network->view = HD_TAKE(arena, hd__network_view, network->n_views);
    network->n_views = 0;
  }
  for (int k = 0; k < network->graph.n_populations; k++) {
    network_view_add_population(network, arena, &network->population[k]);
  }
  for (int k = 0; k < network->graph.n_projections; k++) {
    if (network->projection[k].storage == HD_BY_LIST) {
      network_view_add_list(network, arena, &network->projection[k], network->pre[k]);
    } else {
      network_view_add_dense(network, arena, &network->projection[k]);
    }
    if (hd__short_term_is_on(&network->projection[k].short_term)) {
      network_view_add_short_term(network, arena, &network->projection[k]);
    }
  }
  for (int k = 0; k < network->n_plastic; k++) {
    network_view_add_rule(network, arena, k);
  }
  if (is_counting) {
    network->view = HD_TAKE(arena, hd__network_view, network->n_views);
  }
}
