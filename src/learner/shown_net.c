#include "shown_net.h"

#include <string.h>

#include "network_internal.h"

/* ---- what cannot be shown ---- */

static hd_status shown_net_check(hd_ctx *ctx, const hd__net *net) {
  const hd__net_def *def = &net->def;
  const char *why = net->n_layers == 0   ? "it has no layer of spiking neurons"
                    : def->releases      ? "its synapses draw whether they release (release = true)"
                    : def->taps > 1      ? "its synapses see several substeps at once (taps)"
                    : def->self_taps > 0 ? "its neurons weigh their own last spikes (self_taps)"
                    : def->nets > 1 || def->is_modular
                        ? "it consists of blocks that are independent of each other (nets, blocks)"
                    : def->drive_last ? "it reproduces a published defect (drive = last)"
                    : (def->rule->needs & HD_RULE_RELAXED)
                        ? "its spikes travel as relaxed values while it learns"
                        : NULL;
  if (why != NULL) {
    return hd__fail(ctx, HD_CONFLICT,
                    "this network cannot be shown as populations joined by projections: %s", why);
  }
  return HD_OK;
}

/* ---- parts ---- */

static void shown_net_add_layer(const hd__net *net, int l, hd_network *shown) {
  const hd__layer *layer = &net->layer[l];
  const hd__wiring *w = &layer->in;
  hd__population *population = &shown->population[l + 1];
  *population = (hd__population){.name = layer->name,
                                 .neuron = net->def.neuron,
                                 .n = layer->n,
                                 .has_current = hd__is_perturbed(net),
                                 .noise_at = layer->noise_at};
  memcpy(population->param, net->def.neuron_param, sizeof population->param);
  shown->projection[l] = (hd__projection){.source = l,
                                          .target = l + 1,
                                          .storage = w->is_rows ? HD_BY_SOURCE : HD_BY_TARGET,
                                          .has_one = net->def.has_bias,
                                          .at = w->at};
}

/* Layers that run as populations and projections already. */
static void shown_net_copy_general(const hd__general *general, hd_network *shown) {
  for (int k = 0; k < general->graph.n_populations; k++) {
    shown->population[k] = general->population[k];
  }
  for (int k = 0; k < general->graph.n_projections; k++) {
    shown->projection[k] = general->projection[k];
  }
}

static void shown_net_add_layers(const hd__net *net, hd_network *shown) {
  shown->population[0] = (hd__population){.name = "input", .n = net->def.code.n};
  for (int l = 0; l < net->n_layers; l++) {
    shown_net_add_layer(net, l, shown);
  }
}

/* What a rule keeps is shown of learners that have eligibilities. */
static hd_status shown_net_copy_rules(const hd__general *general, hd_network *shown) {
  const int n = shown->has_e && general->learns ? general->graph.n_projections : 0;
  return hd__network_copy_rules(shown, n, general->plastic);
}

static hd_status shown_net_fill(const hd__net *net, hd_network *shown) {
  shown->is_shown = true;
  if (net->is_general) {
    shown_net_copy_general(&net->general, shown);
  } else {
    shown_net_add_layers(net, shown);
  }
  HD_TRY(hd__network_name_projections(shown));
  HD_TRY(hd__network_compile(shown, net->def.dt_ms));
  HD_TRY(shown_net_copy_rules(&net->general, shown));
  shown->n_weights = net->n_weights;
  return hd__network_take(shown);
}

hd_status hd__shown_net_create(hd_ctx *ctx, const hd__net *net, bool has_e, hd_network **out) {
  HD_TRY(shown_net_check(ctx, net));
  hd_network *shown = NULL;
  const int n = net->is_general ? net->general.graph.n_projections : net->n_layers;
  HD_TRY(hd__network_begin(ctx, 1, net->n_layers + 1, n, &shown));
  shown->has_e = has_e;
  const hd_status status = shown_net_fill(net, shown);
  if (status != HD_OK) {
    hd__network_free(shown);
    return status;
  }
  *out = shown;
  return HD_OK;
}

/* ---- a decision ---- */

/* The lines of a row that are on, as spikes. */
static void shown_net_give_lines(const hd__net *net, const int32_t *line, float *given) {
  memset(given, 0, sizeof(float) * (size_t)net->def.code.n);
  for (int k = 0; k < net->def.code.n_active; k++) {
    given[line[k]] = 1.0f;
  }
}

/* What the input was at substep t. */
static void shown_net_give(const hd__net *net, const hd__decision *decision, int row, int t,
                           float *given) {
  const hd__wiring *w = &net->layer[0].in;
  if (w->is_sparse) {
    shown_net_give_lines(net, decision->part[0].line + row * (net->def.code.n_active + 1), given);
    return;
  }
  const int slice = w->is_constant ? 0 : t;
  memcpy(given, net->input + (size_t)((slice * net->rows + row) * HD_PAD(net->def.code.n)),
         sizeof(float) * (size_t)net->def.code.n);
}

/* By how much noise moved the drives of each layer: greedy decisions have none. */
static void shown_net_move(const hd__net *net, const hd__policy *policy, int row, int t,
                           hd_network *shown) {
  const float size = policy->is_greedy ? 0.0f : net->def.perturbation;
  for (int l = 0; l < net->n_layers; l++) {
    const hd__layer *layer = &net->layer[l];
    const float *noise = layer->noise + hd__at(net, layer, t) + row * layer->n_pad;
    for (int j = 0; j < layer->n; j++) {
      shown->population[l + 1].current[j] = size * noise[j];
    }
  }
}

/* A row carries the state of the graph, then that of the rules: net.h. */
void hd__shown_net_take_rules(hd_network *shown, const float *carried) {
  if (shown->n_trace > 0) {
    memcpy(shown->trace, carried + HD_PAD(hd__graph_state_size(&shown->graph)),
           sizeof *shown->trace * shown->n_trace);
  }
}

void hd__shown_net_continue(hd_network *shown, const float *carried) {
  if (carried != NULL) {
    hd__graph_restore(&shown->graph, 0, carried);
    hd__shown_net_take_rules(shown, carried);
  }
}

/* The readout's view of substep t. */
static void shown_net_read(const hd__net *net, int t, hd_network *shown) {
  for (int k = 0; k < shown->n_plastic; k++) {
    shown->read[k] = hd__general_read(net, k, t);
  }
}

void hd__shown_net_repeat(hd_network *shown, const hd__net *net, const hd__policy *policy,
                          const hd__decision *decision, int row, bool is_fresh) {
  memcpy(shown->weights, net->weights, sizeof(float) * net->n_weights);
  if (is_fresh) {
    hd__graph_reset(&shown->graph, 0);
    hd__network_reset_rules(shown, 0);
  }
  for (int t = 0; t < net->def.substeps; t++) {
    shown_net_give(net, decision, row, t, shown->population[0].given);
    if (hd__is_perturbed(net)) {
      shown_net_move(net, policy, row, t, shown);
    }
    shown_net_read(net, t, shown);
    hd__network_advance(shown, &net->key[row], (uint32_t)t, !policy->is_bare);
  }
}

void hd__shown_net_repeat_factors(hd_network *shown, const hd__net *net,
                                  const hd__decision *decision, int row) {
  for (int k = 0; k < shown->n_plastic; k++) {
    const hd__read_view read = hd__general_read_decided(net, k, row, decision);
    hd__plastic_decide(&shown->plastic[k], &shown->graph, 0, &read,
                       hd__network_rule_state(shown, k, 0));
  }
}
