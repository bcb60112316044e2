/* A network's life: made from a definition, stepped, reset, destroyed. */
#include "network_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

hd_network_def hd_network_def_default(void) {
  return (hd_network_def){.size = sizeof(hd_network_def), .dt_ms = 1.0, .rows = 1};
}

/* ---- memory ---- */

static void network_lay_out_parts(hd_network *network, int n_populations, int n_projections) {
  network->population = HD_TAKE(&network->parts, hd__population, n_populations);
  network->projection = HD_TAKE(&network->parts, hd__projection, n_projections);
  network->pre = HD_TAKE(&network->parts, int32_t *, n_projections);
  network->graph.n_populations = n_populations;
  network->graph.n_projections = n_projections;
}

hd_status hd__network_begin(hd_ctx *ctx, int rows, int n_populations, int n_projections,
                            hd_network **out) {
  hd_network *network = hd__alloc(ctx, sizeof *network);
  if (network == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", sizeof *network);
  }
  *network = (hd_network){.ctx = ctx, .rows = rows};
  network_lay_out_parts(network, n_populations, n_projections);
  const hd_status status = hd__arena_commit(ctx, &network->parts);
  if (status != HD_OK) {
    hd_network_destroy(network);
    return status;
  }
  network_lay_out_parts(network, n_populations, n_projections);
  *out = network;
  return HD_OK;
}

hd_status hd__network_compile(hd_network *network, float dt_ms) {
  return hd__graph_compile(network->ctx, &network->graph, dt_ms, network->rows,
                           network->graph.n_populations, network->population,
                           network->graph.n_projections, network->projection);
}

static void network_lay_out_names(hd_network *network) {
  for (int k = 0; k < network->graph.n_projections; k++) {
    const hd__projection *projection = &network->projection[k];
    char *name = HD_TAKE(&network->lists, char, HD_NETWORK_LONG_NAME);
    if (name != NULL) {
      snprintf(name, HD_NETWORK_LONG_NAME, "%.63s->%.63s",
               network->population[projection->source].name,
               network->population[projection->target].name);
    }
    network->projection[k].name = name;
  }
}

hd_status hd__network_name_projections(hd_network *network) {
  network_lay_out_names(network);
  HD_TRY(hd__arena_commit(network->ctx, &network->lists));
  network_lay_out_names(network);
  return HD_OK;
}

/* Where weights, biases and draws of each part begin. */
void hd__network_place(hd_network *network) {
  uint32_t draws = 0;
  for (int k = 0; k < network->graph.n_projections; k++) {
    network->projection[k].at = network->n_weights;
    network->n_weights += HD_PAD(network->projection[k].n_weights);
  }
  for (int k = 0; k < network->graph.n_populations; k++) {
    network->population[k].bias_at = network->n_weights;
    network->n_weights += (size_t)network->population[k].n_pad;
    network->population[k].noise_at = draws;
    draws += (uint32_t)network->population[k].n_pad;
  }
}

static void network_lay_out(hd_network *network) {
  hd__arena *arena = &network->arena;
  hd__graph_lay_out(&network->graph, arena);
  network->weights = HD_TAKE(arena, float, network->n_weights);
  network->e = network->has_e ? HD_TAKE(arena, float, network->n_weights) : NULL;
  network->key_base = HD_TAKE(arena, uint64_t, network->rows);
  network->key = HD_TAKE(arena, hd__key, network->rows);
  hd__network_lay_out_rules(network, arena);
  hd__network_lay_out_views(network, arena);
}

hd_status hd__network_take(hd_network *network) {
  network_lay_out(network);
  HD_TRY(hd__arena_commit(network->ctx, &network->arena));
  network_lay_out(network);
  hd__graph_start(&network->graph, network->rows);
  return HD_OK;
}

/* ---- life ---- */

static hd_status network_make(hd_network *network, const hd_network_def *def) {
  HD_TRY(hd__network_fill(network, def));
  HD_TRY(hd__network_compile(network, (float)def->dt_ms));
  HD_TRY(hd__network_compile_rules(network, def));
  hd__network_place(network);
  HD_TRY(hd__network_take(network));
  hd__network_start(network, def);
  for (int row = 0; row < network->rows; row++) {
    network->key_base[row] = hd__key_base(def->seed, HD_STREAM_SPIKE, (uint64_t)row);
  }
  return HD_OK;
}

hd_status hd_network_create(hd_ctx *ctx, const hd_network_def *def, hd_network **out) {
  if (def == NULL || def->size != sizeof(hd_network_def) || out == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "hd_network_create takes a definition from hd_network_def_default and a place "
                    "for the network");
  }
  HD_TRY(hd__network_check(ctx, def));
  hd_network *network = NULL;
  HD_TRY(hd__network_begin(ctx, def->rows, def->n_populations, def->n_projections, &network));
  const hd_status status = network_make(network, def);
  if (status != HD_OK) {
    hd_network_destroy(network);
    return status;
  }
  *out = network;
  return HD_OK;
}

void hd_network_destroy(hd_network *network) {
  if (network != NULL && !network->is_shown) {
    hd__network_free(network);
  }
}

void hd__network_free(hd_network *network) {
  if (network == NULL) {
    return;
  }
  hd__network_free_recorders(network);
  hd__arena_free(network->ctx, &network->arena);
  hd__arena_free(network->ctx, &network->rules);
  hd__arena_free(network->ctx, &network->lists);
  hd__arena_free(network->ctx, &network->parts);
  hd__free(network->ctx, network, sizeof *network);
}

void hd__network_advance(hd_network *network, const hd__key *key, uint32_t t, bool learns) {
  hd__graph_step(&network->graph,
                 &(hd__graph_run){.weights = network->weights, .key = key, .t = t});
  if (learns) {
    hd__network_step_rules(network);
  }
  network->substeps++;
  hd__network_sample(network);
}

hd_status hd_network_step(hd_network *network, int64_t n_substeps) {
  HD_TRY(hd__network_check_own(network));
  if (n_substeps < 0) {
    return hd__fail(network->ctx, HD_RANGE, "n_substeps = %lld, allowed 0 or more",
                    (long long)n_substeps);
  }
  HD_TRY(hd__network_check_views(network));
  for (int64_t t = 0; t < n_substeps; t++) {
    for (int row = 0; row < network->rows; row++) {
      network->key[row] = hd__key_at(network->key_base[row], (uint64_t)network->substeps);
    }
    hd__network_advance(network, network->key, 0, true);
  }
  return HD_OK;
}

int64_t hd_network_substeps(const hd_network *network) { return network->substeps; }

static void network_reset_row(hd_network *network, int row) {
  hd__graph_reset(&network->graph, row);
  hd__network_reset_rules(network, row);
}

void hd_network_reset(hd_network *network) {
  for (int row = 0; row < network->rows; row++) {
    network_reset_row(network, row);
  }
  network->substeps = 0;
  if (network->e != NULL) {
    memset(network->e, 0, sizeof *network->e * network->n_weights);
  }
  hd__network_forget_samples(network);
}

/* ---- rows ---- */

static hd_status network_check_row(const hd_network *network, int row) {
  if (row < 0 || row >= network->rows) {
    return hd__fail(network->ctx, HD_RANGE, "row = %d, allowed 0 to %d", row, network->rows - 1);
  }
  return HD_OK;
}

hd_status hd_network_reset_row(hd_network *network, int row) {
  HD_TRY(hd__network_check_own(network));
  HD_TRY(network_check_row(network, row));
  network_reset_row(network, row);
  return HD_OK;
}

size_t hd_network_state_size(const hd_network *network) {
  return hd__graph_state_size(&network->graph) + network->n_trace;
}

/* What the rules keep of one row. */
static float *network_trace(const hd_network *network, int row) {
  return network->trace + (size_t)row * network->n_trace;
}

hd_status hd_network_save_row(const hd_network *network, int row, float *state) {
  HD_TRY(network_check_row(network, row));
  hd__graph_save(&network->graph, row, state);
  memcpy(state + hd__graph_state_size(&network->graph), network_trace(network, row),
         sizeof(float) * network->n_trace);
  return HD_OK;
}

hd_status hd_network_restore_row(hd_network *network, int row, const float *state) {
  HD_TRY(hd__network_check_own(network));
  HD_TRY(network_check_row(network, row));
  for (size_t i = 0; i < hd_network_state_size(network); i++) {
    if (!isfinite(state[i])) {
      return hd__fail(network->ctx, HD_NUMERIC, "entry %zu of the state to restore is %g", i,
                      (double)state[i]);
    }
  }
  hd__graph_restore(&network->graph, row, state);
  memcpy(network_trace(network, row), state + hd__graph_state_size(&network->graph),
         sizeof(float) * network->n_trace);
  return HD_OK;
}
