/* A definition -> the parts of a network, and the weights it begins with. */
#include <stdio.h>
#include <string.h>

#include "network_internal.h"

static char *network_fill_copy(hd__arena *arena, const char *name) {
  char *copy = HD_TAKE(arena, char, strlen(name) + 1);
  if (copy != NULL) {
    memcpy(copy, name, strlen(name) + 1);
  }
  return copy;
}

static bool network_fill_is_input(const hd_population_def *def) {
  return def->neuron != NULL && strcmp(def->neuron, "input") == 0;
}

/* Names are copied; runs on a counting arena first. */
static void network_fill_names(hd_network *network, const hd_network_def *def) {
  for (int k = 0; k < def->n_populations; k++) {
    network->population[k].name = network_fill_copy(&network->lists, def->population[k].name);
  }
  for (int k = 0; k < def->n_projections; k++) {
    char made[HD_NETWORK_LONG_NAME];
    const char *name = hd__network_projection_name(def, k, made);
    network->projection[k].name = network_fill_copy(&network->lists, name);
  }
}

/* Take the lists of synapses of the projections that have one; fill them if there is memory. */
static hd_status network_fill_lists(hd_network *network, const hd_network_def *def) {
  hd__arena *arena = &network->lists;
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
  if (network_fill_is_input(from)) {
    return HD_OK;
  }
  char owner[HD_NETWORK_LONG_NAME];
  snprintf(owner, sizeof owner, "population '%s'", from->name);
  population->neuron = hd__neuron_find(network->ctx, from->neuron != NULL ? from->neuron : "lif");
  population->has_bias = population->has_current = true;
  const hd__neuron_desc *neuron = population->neuron;
  const hd__param_list list = {"neuron", neuron->name, neuron->param, neuron->n_params, def->dt_ms};
  return hd__params_read(network->ctx, owner, &list, from->params, population->param);
}

static void network_fill_projection(hd_network *network, const hd_network_def *def, int k) {
  const hd_projection_def *from = &def->projection[k];
  hd__projection *projection = &network->projection[k];
  projection->source = hd__network_population(def, from->source);
  projection->target = hd__network_population(def, from->target);
  projection->delay = from->delay;
  projection->short_term = (hd__short_term){.use = from->stp_use,
                                            .recovery_ms = from->stp_recovery_ms,
                                            .facilitation_ms = from->stp_facilitation_ms};
  projection->storage = from->connect == HD_CONNECT_ALL ? HD_BY_SOURCE : HD_BY_LIST;
}

hd_status hd__network_fill(hd_network *network, const hd_network_def *def) {
  network_fill_names(network, def);
  HD_TRY(network_fill_lists(network, def));
  HD_TRY(hd__arena_commit(network->ctx, &network->lists));
  network_fill_names(network, def);
  HD_TRY(network_fill_lists(network, def));
  for (int k = 0; k < def->n_populations; k++) {
    HD_TRY(network_fill_population(network, def, k));
  }
  for (int k = 0; k < def->n_projections; k++) {
    network_fill_projection(network, def, k);
  }
  return HD_OK;
}

void hd__network_start(hd_network *network, const hd_network_def *def) {
  for (int k = 0; k < def->n_projections; k++) {
    hd__connect_start(network, def, k);
  }
  for (int k = 0; k < def->n_populations; k++) {
    float *bias = network->weights + network->population[k].bias_at;
    for (int j = 0; j < network->population[k].n; j++) {
      bias[j] = def->population[k].bias;
    }
  }
}
