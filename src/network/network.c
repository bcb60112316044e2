/* A network's life: made from a definition, stepped, reset, destroyed. */
#include "network_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

hd_network_def hd_network_def_default(void) {
  return (hd_network_def){.size = sizeof(hd_network_def), .dt_ms = 1.0, .rows = 1};
}

/* ---- parts ---- */

static char *network_copy_name(hd__arena *arena, const char *name) {
  char *copy = HD_TAKE(arena, char, strlen(name) + 1);
  if (copy != NULL) {
    memcpy(copy, name, strlen(name) + 1);
  }
  return copy;
}

static bool network_is_input(const hd_population_def *def) {
  return def->neuron != NULL && strcmp(def->neuron, "input") == 0;
}

/* Take the memory of the parts and say what they are; runs on a counting arena first. */
static void network_lay_out_parts(hd_network *network, const hd_network_def *def) {
  hd__arena *arena = &network->parts;
  network->population = HD_TAKE(arena, hd__population, def->n_populations);
  network->projection = HD_TAKE(arena, hd__projection, def->n_projections);
  network->pre = HD_TAKE(arena, int32_t *, def->n_projections);
  for (int k = 0; k < def->n_populations; k++) {
    const char *name = network_copy_name(arena, def->population[k].name);
    if (arena->base != NULL) {
      network->population[k].name = name;
    }
  }
  for (int k = 0; k < def->n_projections; k++) {
    char made[HD_NETWORK_LONG_NAME];
    const char *name = network_copy_name(arena, hd__network_projection_name(def, k, made));
    if (arena->base != NULL) {
      network->projection[k].name = name;
    }
  }
}

/* Take the lists of synapses of the projections that have one; fill them if there is memory. */
static hd_status network_lay_out_lists(hd_network *network, const hd_network_def *def) {
  hd__arena *arena = &network->parts;
  for (int k = 0; k < def->n_projections; k++) {
    if (def->projection[k].connect == HD_CONNECT_ALL) {
      continue;
    }
    const int source = hd__network_population(def, def->projection[k].source);
    const int target = hd__network_population(def, def->projection[k].target);
    const int n_pre = def->population[source].n, n_post = def->population[target].n;
    const int64_t n = hd__connect_count(def, k, n_pre, n_post);
    if (n > INT32_MAX) {
      return hd__fail(network->ctx, HD_RANGE,
                      "the projection from '%s' to '%s' has %lld synapses, at most %d are allowed",
                      def->projection[k].source, def->projection[k].target, (long long)n,
                      INT32_MAX);
    }
    int32_t *start = HD_TAKE(arena, int32_t, (size_t)n_pre + 1);
    int32_t *pre = HD_TAKE(arena, int32_t, n), *post = HD_TAKE(arena, int32_t, n);
    if (arena->base != NULL) {
      hd__connect_fill(def, k, n_pre, n_post, start, pre, post);
      network->pre[k] = pre;
      network->projection[k].start = start;
      network->projection[k].post = post;
    }
  }
  return HD_OK;
}

static hd_status network_fill_population(hd_network *network, const hd_network_def *def, int k) {
  const hd_population_def *from = &def->population[k];
  hd__population *population = &network->population[k];
  population->n = from->n;
  if (network_is_input(from)) {
    return HD_OK;
  }
  char owner[HD_NETWORK_LONG_NAME];
  snprintf(owner, sizeof owner, "population '%s'", from->name);
  population->neuron = hd__neuron_find(from->neuron != NULL ? from->neuron : "lif");
  population->has_bias = population->has_current = true;
  return hd__params_read(network->ctx, owner, population->neuron, from->params, population->param);
}

static void network_fill_projection(hd_network *network, const hd_network_def *def, int k) {
  const hd_projection_def *from = &def->projection[k];
  hd__projection *projection = &network->projection[k];
  projection->source = hd__network_population(def, from->source);
  projection->target = hd__network_population(def, from->target);
  projection->delay = from->delay;
  projection->storage = from->connect == HD_CONNECT_ALL ? HD_BY_SOURCE : HD_BY_LIST;
}

static hd_status network_make_parts(hd_network *network, const hd_network_def *def) {
  network_lay_out_parts(network, def);
  HD_TRY(network_lay_out_lists(network, def));
  HD_TRY(hd__arena_commit(network->ctx, &network->parts));
  network_lay_out_parts(network, def);
  HD_TRY(network_lay_out_lists(network, def));
  for (int k = 0; k < def->n_populations; k++) {
    HD_TRY(network_fill_population(network, def, k));
  }
  for (int k = 0; k < def->n_projections; k++) {
    network_fill_projection(network, def, k);
  }
  return hd__graph_compile(network->ctx, &network->graph, (float)def->dt_ms, network->rows,
                           def->n_populations, network->population, def->n_projections,
                           network->projection);
}

/* ---- memory ---- */

/* Where weights, biases and draws of each part begin. */
static void network_place(hd_network *network) {
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
  network->key_base = HD_TAKE(arena, uint64_t, network->rows);
  network->key = HD_TAKE(arena, hd__key, network->rows);
  hd__network_lay_out_views(network, arena);
}

static void network_start(hd_network *network, const hd_network_def *def) {
  for (int k = 0; k < def->n_projections; k++) {
    hd__connect_start(network, def, k);
  }
  for (int k = 0; k < def->n_populations; k++) {
    float *bias = network->weights + network->population[k].bias_at;
    for (int j = 0; j < network->population[k].n; j++) {
      bias[j] = def->population[k].bias;
    }
  }
  for (int row = 0; row < network->rows; row++) {
    network->key_base[row] = hd__key_base(network->seed, HD_STREAM_SPIKE, (uint64_t)row);
  }
  hd__graph_start(&network->graph, network->rows);
}

static hd_status network_make(hd_network *network, const hd_network_def *def) {
  HD_TRY(network_make_parts(network, def));
  network_place(network);
  network_lay_out(network);
  HD_TRY(hd__arena_commit(network->ctx, &network->arena));
  network_lay_out(network);
  network_start(network, def);
  return HD_OK;
}

/* ---- life ---- */

hd_status hd_network_create(hd_ctx *ctx, const hd_network_def *def, hd_network **out) {
  if (def == NULL || def->size != sizeof(hd_network_def) || out == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "hd_network_create takes a definition from hd_network_def_default and a place "
                    "for the network");
  }
  HD_TRY(hd__network_check(ctx, def));
  hd_network *network = hd__alloc(ctx, sizeof *network);
  if (network == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", sizeof *network);
  }
  *network = (hd_network){.ctx = ctx, .seed = def->seed, .rows = def->rows};
  const hd_status status = network_make(network, def);
  if (status != HD_OK) {
    hd_network_destroy(network);
    return status;
  }
  *out = network;
  return HD_OK;
}

void hd_network_destroy(hd_network *network) {
  if (network == NULL) {
    return;
  }
  hd__network_free_recorders(network);
  hd__arena_free(network->ctx, &network->arena);
  hd__arena_free(network->ctx, &network->parts);
  hd__free(network->ctx, network, sizeof *network);
}

static void network_step_once(hd_network *network) {
  for (int row = 0; row < network->rows; row++) {
    network->key[row] = hd__key_at(network->key_base[row], (uint64_t)network->substeps);
  }
  hd__graph_step(&network->graph,
                 &(hd__graph_run){.weights = network->weights, .key = network->key});
  network->substeps++;
  hd__network_sample(network);
}

hd_status hd_network_step(hd_network *network, int64_t n_substeps) {
  if (n_substeps < 0) {
    return hd__fail(network->ctx, HD_RANGE, "n_substeps = %lld, allowed 0 or more",
                    (long long)n_substeps);
  }
  HD_TRY(hd__network_check_views(network));
  for (int64_t t = 0; t < n_substeps; t++) {
    network_step_once(network);
  }
  return HD_OK;
}

int64_t hd_network_substeps(const hd_network *network) { return network->substeps; }

void hd_network_reset(hd_network *network) {
  for (int row = 0; row < network->rows; row++) {
    hd__graph_reset(&network->graph, row);
  }
  network->substeps = 0;
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
  HD_TRY(network_check_row(network, row));
  hd__graph_reset(&network->graph, row);
  return HD_OK;
}

size_t hd_network_state_size(const hd_network *network) {
  return hd__graph_state_size(&network->graph);
}

hd_status hd_network_save_row(const hd_network *network, int row, float *state) {
  HD_TRY(network_check_row(network, row));
  hd__graph_save(&network->graph, row, state);
  return HD_OK;
}

hd_status hd_network_restore_row(hd_network *network, int row, const float *state) {
  HD_TRY(network_check_row(network, row));
  for (size_t i = 0; i < hd_network_state_size(network); i++) {
    if (!isfinite(state[i])) {
      return hd__fail(network->ctx, HD_NUMERIC, "entry %zu of the state to restore is %g", i,
                      (double)state[i]);
    }
  }
  hd__graph_restore(&network->graph, row, state);
  return HD_OK;
}
