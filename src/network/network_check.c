/* What can be said of a definition before anything is made of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "network_internal.h"
#include "text.h"

/* ---- names ---- */

int hd__network_population(const hd_network_def *def, const char *name) {
  for (int k = 0; name != NULL && k < def->n_populations; k++) {
    if (strcmp(def->population[k].name, name) == 0) {
      return k;
    }
  }
  return -1;
}

const char *hd__network_projection_name(const hd_network_def *def, int k,
                                        char name[HD_NETWORK_LONG_NAME]) {
  const hd_projection_def *projection = &def->projection[k];
  if (projection->name != NULL) {
    return projection->name;
  }
  snprintf(name, HD_NETWORK_LONG_NAME, "%.63s->%.63s",
           projection->source != NULL ? projection->source : "",
           projection->target != NULL ? projection->target : "");
  return name;
}

static hd_status network_check_name(hd_ctx *ctx, const char *kind, int k, const char *name) {
  if (name == NULL || name[0] == '\0') {
    return hd__fail(ctx, HD_USAGE, "%s %d has no name", kind, k);
  }
  if (strlen(name) >= HD_NETWORK_NAME) {
    return hd__fail(ctx, HD_RANGE, "the name of %s '%.40s...' is longer than %d bytes", kind, name,
                    HD_NETWORK_NAME - 1);
  }
  if (strchr(name, '.') != NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "%s '%s' has a '.' in its name, which separates names in those of views", kind,
                    name);
  }
  return HD_OK;
}

static const char *network_check_population_name(const void *def, int k) {
  return ((const hd_network_def *)def)->population[k].name;
}

/* ---- populations ---- */

static const char *network_check_neuron_name(const void *ctx, int i) {
  return i < hd__neuron_count(ctx) ? hd__neuron_at(ctx, i)->name : "input";
}

static hd_status network_check_neuron(hd_ctx *ctx, const hd_population_def *population) {
  const char *name = population->neuron;
  if (name == NULL || strcmp(name, "input") == 0 || hd__neuron_find(ctx, name) != NULL) {
    return HD_OK;
  }
  char hint[HD_HINT_SIZE];
  return hd__fail(ctx, HD_UNKNOWN, "population '%s': there is no neuron model '%.60s'%s",
                  population->name, name,
                  hd__hint(name, network_check_neuron_name, ctx, hd__neuron_count(ctx) + 1, hint));
}

static hd_status network_check_input(hd_ctx *ctx, const hd_population_def *population) {
  const bool is_input = population->neuron != NULL && strcmp(population->neuron, "input") == 0;
  if (is_input &&
      (population->bias != 0.0f || (population->params != NULL && population->params[0] != '\0'))) {
    return hd__fail(ctx, HD_CONFLICT,
                    "population '%s' is an input, which has neither parameters nor a bias",
                    population->name);
  }
  return HD_OK;
}

static hd_status network_check_population(hd_ctx *ctx, const hd_network_def *def, int k) {
  const hd_population_def *population = &def->population[k];
  HD_TRY(network_check_name(ctx, "population", k, population->name));
  for (int i = 0; i < k; i++) {
    if (strcmp(def->population[i].name, population->name) == 0) {
      return hd__fail(ctx, HD_CONFLICT, "there are two populations '%s'", population->name);
    }
  }
  if (population->n < 1 || population->n > HD_NETWORK_NEURONS) {
    return hd__fail(ctx, HD_RANGE, "population '%s' has n = %d neurons, allowed 1 to %d",
                    population->name, population->n, HD_NETWORK_NEURONS);
  }
  if ((int64_t)HD_PAD(population->n) * def->rows > HD_NETWORK_LANES) {
    return hd__fail(ctx, HD_RANGE,
                    "population '%s' has %d neurons in %d rows, at most %d in all "
                    "are allowed",
                    population->name, population->n, def->rows, HD_NETWORK_LANES);
  }
  if (!isfinite(population->bias)) {
    return hd__fail(ctx, HD_RANGE, "population '%s' has bias = %g, which is not finite",
                    population->name, (double)population->bias);
  }
  HD_TRY(network_check_neuron(ctx, population));
  return network_check_input(ctx, population);
}

/* ---- projections ---- */

static hd_status network_check_end(hd_ctx *ctx, const hd_network_def *def, const char *projection,
                                   const char *which, const char *name) {
  if (hd__network_population(def, name) >= 0) {
    return HD_OK;
  }
  if (name == NULL) {
    return hd__fail(ctx, HD_USAGE, "projection '%s' names no %s", projection, which);
  }
  char hint[HD_HINT_SIZE];
  return hd__fail(ctx, HD_UNKNOWN,
                  "projection '%s': its %s '%.60s' is no population of this network%s", projection,
                  which, name,
                  hd__hint(name, network_check_population_name, def, def->n_populations, hint));
}

static hd_status network_check_ranges(hd_ctx *ctx, const hd_projection_def *projection,
                                      const char *name) {
  if (projection->rule == NULL && (projection->rule_params != NULL || projection->rate != 0.0f)) {
    return hd__fail(ctx, HD_CONFLICT,
                    "projection '%s' has a rate or parameters of a rule, and no rule", name);
  }
  if (projection->delay < 0 || projection->delay > HD_NETWORK_DELAY) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has delay = %d substeps, allowed 0 to %d", name,
                    projection->delay, HD_NETWORK_DELAY);
  }
  if (projection->connect == HD_CONNECT_RANDOM &&
      !(projection->probability >= 0.0 && projection->probability <= 1.0)) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has probability = %g, allowed 0 to 1", name,
                    projection->probability);
  }
  if (!isfinite(projection->a) || !isfinite(projection->b)) {
    return hd__fail(ctx, HD_RANGE,
                    "projection '%s' starts from a = %g and b = %g, which must be finite", name,
                    (double)projection->a, (double)projection->b);
  }
  return HD_OK;
}

static hd_status network_check_kinds(hd_ctx *ctx, const hd_projection_def *projection,
                                     const char *name) {
  if ((unsigned)projection->connect > HD_CONNECT_LIST) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has connect = %d, which is no hd_connect", name,
                    (int)projection->connect);
  }
  if ((unsigned)projection->initial > HD_INITIAL_LIST) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has initial = %d, which is no hd_initial", name,
                    (int)projection->initial);
  }
  if (projection->initial == HD_INITIAL_LIST && projection->connect != HD_CONNECT_LIST) {
    return hd__fail(ctx, HD_CONFLICT,
                    "projection '%s' takes its weights from a list, and lists no synapses; use "
                    "connect = HD_CONNECT_LIST, or another initial",
                    name);
  }
  return HD_OK;
}

/* Ordered by source, then by target, each pair once? */
static bool network_check_follows(const hd_synapse *before, const hd_synapse *synapse) {
  return synapse->pre > before->pre ||
         (synapse->pre == before->pre && synapse->post > before->post);
}

static hd_status network_check_synapse(hd_ctx *ctx, const hd_projection_def *projection,
                                       const char *name, int64_t i, int n_pre, int n_post) {
  const hd_synapse *synapse = &projection->synapse[i];
  if (synapse->pre < 0 || synapse->pre >= n_pre || synapse->post < 0 || synapse->post >= n_post) {
    return hd__fail(ctx, HD_RANGE,
                    "projection '%s': synapse %lld leads from neuron %d to %d, allowed 0 to %d and "
                    "0 to %d",
                    name, (long long)i, synapse->pre, synapse->post, n_pre - 1, n_post - 1);
  }
  if (i > 0 && !network_check_follows(synapse - 1, synapse)) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "projection '%s': synapse %lld from neuron %d to %d comes after that from %d to "
        "%d; list synapses by source, then by target, each pair once",
        name, (long long)i, synapse->pre, synapse->post, synapse[-1].pre, synapse[-1].post);
  }
  if (projection->initial == HD_INITIAL_LIST && !isfinite(synapse->weight)) {
    return hd__fail(ctx, HD_RANGE,
                    "projection '%s': synapse %lld from neuron %d to %d has weight = %g, which is "
                    "not finite",
                    name, (long long)i, synapse->pre, synapse->post, (double)synapse->weight);
  }
  return HD_OK;
}

static hd_status network_check_list(hd_ctx *ctx, const hd_projection_def *projection,
                                    const char *name, int n_pre, int n_post) {
  if (projection->n_synapses < 0 || projection->n_synapses > INT32_MAX ||
      (projection->n_synapses > 0 && projection->synapse == NULL)) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' lists n_synapses = %lld%s, allowed 0 to %d",
                    name, (long long)projection->n_synapses,
                    projection->synapse == NULL ? " and synapse = NULL" : "", INT32_MAX);
  }
  for (int64_t i = 0; i < projection->n_synapses; i++) {
    HD_TRY(network_check_synapse(ctx, projection, name, i, n_pre, n_post));
  }
  return HD_OK;
}

static hd_status network_check_projection_name(hd_ctx *ctx, const hd_network_def *def, int k,
                                               const char *name) {
  if (def->projection[k].name != NULL) {
    HD_TRY(network_check_name(ctx, "projection", k, name));
  }
  for (int i = 0; i < k; i++) {
    char other[HD_NETWORK_LONG_NAME];
    if (strcmp(hd__network_projection_name(def, i, other), name) == 0) {
      return hd__fail(ctx, HD_CONFLICT,
                      "there are two projections '%s'; give one of them another name", name);
    }
  }
  if (hd__network_population(def, name) >= 0) {
    return hd__fail(ctx, HD_CONFLICT, "projection '%s' has the name of a population", name);
  }
  return HD_OK;
}

static hd_status network_check_projection(hd_ctx *ctx, const hd_network_def *def, int k) {
  const hd_projection_def *projection = &def->projection[k];
  char made[HD_NETWORK_LONG_NAME];
  const char *name = hd__network_projection_name(def, k, made);
  HD_TRY(network_check_end(ctx, def, name, "source", projection->source));
  HD_TRY(network_check_end(ctx, def, name, "target", projection->target));
  HD_TRY(network_check_projection_name(ctx, def, k, name));
  HD_TRY(network_check_kinds(ctx, projection, name));
  HD_TRY(network_check_ranges(ctx, projection, name));
  const int n_pre = def->population[hd__network_population(def, projection->source)].n;
  const int n_post = def->population[hd__network_population(def, projection->target)].n;
  if (projection->connect == HD_CONNECT_ONE_TO_ONE && n_pre != n_post) {
    return hd__fail(
        ctx, HD_CONFLICT,
        "projection '%s' joins one to one %d neurons of '%s' with %d of '%s'; both must "
        "have the same size",
        name, n_pre, projection->source, n_post, projection->target);
  }
  return projection->connect == HD_CONNECT_LIST
             ? network_check_list(ctx, projection, name, n_pre, n_post)
             : HD_OK;
}

/* ---- the whole ---- */

static hd_status network_check_count(hd_ctx *ctx, const char *what, int n, int low,
                                     const void *array) {
  if (n < low || n > HD_NETWORK_PARTS || (n > 0 && array == NULL)) {
    return hd__fail(ctx, HD_RANGE, "a network has %s = %d%s, allowed %d to %d", what, n,
                    array == NULL ? " and no list of them" : "", low, HD_NETWORK_PARTS);
  }
  return HD_OK;
}

static hd_status network_check_whole(hd_ctx *ctx, const hd_network_def *def) {
  HD_TRY(network_check_count(ctx, "n_populations", def->n_populations, 1, def->population));
  HD_TRY(network_check_count(ctx, "n_projections", def->n_projections, 0, def->projection));
  if (!(def->dt_ms >= 0.001 && def->dt_ms <= 1000.0)) {
    return hd__fail(ctx, HD_RANGE, "a network has dt_ms = %g ms, allowed 0.001 to 1000 ms",
                    def->dt_ms);
  }
  if (def->rows < 1 || def->rows > HD_NETWORK_ROWS) {
    return hd__fail(ctx, HD_RANGE, "a network has rows = %d, allowed 1 to %d", def->rows,
                    HD_NETWORK_ROWS);
  }
  return HD_OK;
}

hd_status hd__network_check(hd_ctx *ctx, const hd_network_def *def) {
  HD_TRY(network_check_whole(ctx, def));
  for (int k = 0; k < def->n_populations; k++) {
    HD_TRY(network_check_population(ctx, def, k));
  }
  for (int k = 0; k < def->n_projections; k++) {
    HD_TRY(network_check_projection(ctx, def, k));
  }
  return HD_OK;
}
