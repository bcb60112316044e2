/* Parts -> checks, order, sizes and memory. */
#include "graph.h"

#include <string.h>

/* ---- checks ---- */

static hd_status graph_check_population(hd_ctx *ctx, const hd__population *population) {
  if (population->n < 1) {
    return hd__fail(ctx, HD_RANGE, "population '%s' has %d neurons, at least 1 is allowed",
                    population->name, population->n);
  }
  return HD_OK;
}

static hd_status graph_check_projection(hd_ctx *ctx, const hd__graph *graph,
                                        const hd__projection *projection) {
  if (graph->population[projection->target].neuron == NULL) {
    return hd__fail(ctx, HD_CONFLICT,
                    "projection '%s' leads to population '%s', which is an input: its values are "
                    "given; use a population of neurons as the target",
                    projection->name, graph->population[projection->target].name);
  }
  if (projection->delay < 0) {
    return hd__fail(ctx, HD_RANGE, "projection '%s' has delay = %d substeps, allowed 0 or more",
                    projection->name, projection->delay);
  }
  const hd__neuron_desc *neuron = graph->population[projection->source].neuron;
  return hd__short_term_check(ctx, projection->name, &projection->short_term,
                              neuron == NULL || (neuron->spiking && neuron->silence == 0.0f));
}

/* ---- the order of a substep ---- */

/* Projections without delay whose source has not been given its turn yet. */
static bool graph_is_waiting(const hd__graph *graph, int population, const bool *has_turn) {
  for (int k = graph->population[population].first_into; k >= 0;
       k = graph->projection[k].next_into) {
    const hd__projection *projection = &graph->projection[k];
    if (projection->delay == 0 && !has_turn[projection->source]) {
      return true;
    }
  }
  return false;
}

/* A source that a waiting population waits for and that waits itself. */
static int graph_waits_for(const hd__graph *graph, int population, const bool *has_turn) {
  int k = graph->population[population].first_into;
  while (graph->projection[k].delay > 0 || has_turn[graph->projection[k].source]) {
    k = graph->projection[k].next_into;
  }
  return graph->projection[k].source;
}

/* Walk back along the waiting ones until one comes up again: it lies on a loop, and so does the
 * population it waits for. */
static hd_status graph_fail_loop(hd_ctx *ctx, const hd__graph *graph, bool *has_turn) {
  int at = 0;
  while (has_turn[at]) {
    at++;
  }
  for (int i = 0; i < graph->n_populations; i++) {
    at = graph_waits_for(graph, at, has_turn);
  }
  const int before = graph_waits_for(graph, at, has_turn);
  return hd__fail(ctx, HD_CONFLICT,
                  "the projections from '%s' to '%s' and back have no delay, so that neither could "
                  "be stepped first; give one projection of the loop a delay of 1 substep or more",
                  graph->population[before].name, graph->population[at].name);
}

static hd_status graph_order(hd_ctx *ctx, hd__graph *graph, bool *has_turn) {
  for (int kth = 0; kth < graph->n_populations; kth++) {
    int next = 0;
    while (next < graph->n_populations &&
           (has_turn[next] || graph_is_waiting(graph, next, has_turn))) {
      next++;
    }
    if (next == graph->n_populations) {
      return graph_fail_loop(ctx, graph, has_turn);
    }
    has_turn[next] = true;
    graph->population[kth].kth = next;
  }
  return HD_OK;
}

/* ---- sizes ---- */

static void graph_compile_population(hd__population *population) {
  population->n_pad = HD_PAD(population->n);
  population->slots = 1;
  population->first_into = -1;
}

static void graph_compile_projection(hd__graph *graph, hd__projection *projection) {
  hd__population *source = &graph->population[projection->source];
  const hd__population *target = &graph->population[projection->target];
  source->slots = projection->delay >= source->slots ? projection->delay + 1 : source->slots;
  projection->n_pre = source->n + projection->has_one;
  switch (projection->storage) {
    case HD_BY_SOURCE:
      projection->stride = target->n_pad;
      projection->n_weights = (size_t)projection->n_pre * (size_t)target->n_pad;
      break;
    case HD_BY_TARGET:
      projection->stride = HD_PAD(projection->n_pre);
      projection->n_weights = (size_t)projection->stride * (size_t)target->n;
      break;
    default:
      projection->stride = 1;
      projection->n_weights = HD_PAD((size_t)projection->start[projection->n_pre]);
  }
}

/* Chain the projections into each population in the order of their definition. */
static void graph_link(hd__graph *graph) {
  for (int k = graph->n_projections - 1; k >= 0; k--) {
    hd__population *target = &graph->population[graph->projection[k].target];
    graph->projection[k].next_into = target->first_into;
    target->first_into = k;
  }
}

hd_status hd__graph_compile(hd_ctx *ctx, hd__graph *graph, float dt_ms, int capacity,
                            int n_populations, hd__population *population, int n_projections,
                            hd__projection *projection) {
  *graph = (hd__graph){.kernel = hd__kernel_for(ctx->isa),
                       .dt_ms = dt_ms,
                       .n_populations = n_populations,
                       .n_projections = n_projections,
                       .population = population,
                       .projection = projection,
                       .capacity = capacity};
  for (int k = 0; k < n_populations; k++) {
    HD_TRY(graph_check_population(ctx, &population[k]));
    graph_compile_population(&population[k]);
  }
  for (int k = 0; k < n_projections; k++) {
    HD_TRY(graph_check_projection(ctx, graph, &projection[k]));
    graph_compile_projection(graph, &projection[k]);
  }
  graph_link(graph);
  bool *has_turn = hd__alloc(ctx, (size_t)n_populations);
  if (has_turn == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %d bytes were asked for", n_populations);
  }
  memset(has_turn, 0, (size_t)n_populations);
  const hd_status status = graph_order(ctx, graph, has_turn);
  hd__free(ctx, has_turn, (size_t)n_populations);
  return status;
}

/* ---- memory ---- */

static void graph_lay_out_population(const hd__graph *graph, hd__arena *arena,
                                     hd__population *population) {
  const size_t n = (size_t)graph->capacity * (size_t)population->n_pad;
  const hd__neuron_desc *neuron = population->neuron;
  population->y = HD_TAKE(arena, float, n *(size_t)population->slots);
  if (neuron == NULL) {
    population->given = HD_TAKE(arena, float, n);
    return;
  }
  population->derived = hd__arena_take(arena, neuron->derived_size);
  population->live = HD_TAKE(arena, float, n);
  population->current = population->has_current ? HD_TAKE(arena, float, n) : NULL;
  population->drive = HD_TAKE(arena, float, n);
  population->noise = neuron->stochastic ? HD_TAKE(arena, float, n) : NULL;
  population->b = HD_TAKE(arena, float, n);
  population->p = HD_TAKE(arena, float, n);
  population->gain = HD_TAKE(arena, float, n);
  population->state = HD_TAKE(arena, float, n *(size_t)neuron->n_state);
  population->start = HD_TAKE(arena, float, neuron->n_state);
}

void hd__graph_lay_out(hd__graph *graph, hd__arena *arena) {
  size_t widest = 0, features = 0;
  for (int k = 0; k < graph->n_populations; k++) {
    hd__population *population = &graph->population[k];
    graph_lay_out_population(graph, arena, population);
    widest = (size_t)population->n_pad > widest ? (size_t)population->n_pad : widest;
  }
  for (int k = 0; k < graph->n_projections; k++) {
    hd__projection *projection = &graph->projection[k];
    const size_t n = (size_t)HD_PAD(projection->n_pre);
    const int lanes = graph->capacity * graph->population[projection->source].n_pad;
    features = n > features ? n : features;
    hd__short_term_lay_out(&projection->short_term, lanes, arena, &projection->release);
  }
  graph->sum = HD_TAKE(arena, float, (size_t)graph->capacity *widest);
  graph->bits = HD_TAKE(arena, uint64_t, (size_t)graph->capacity * ((features + 63) / 64));
  graph->source = HD_TAKE(arena, float, (size_t)graph->capacity *features);
}
