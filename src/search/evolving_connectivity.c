#include "connectivity.h"
#include "search_internal.h"

/* Evolution of connection probabilities: rank-shaped returns, Adam on rho. The network to be
 * evaluated has the connections with rho > 1/2.  Source: Wang et al. 2023, alg. 1; there a neuron's
 * connections share their sign. */
typedef struct evolving_connectivity_state {
  hd__connectivity on;
  float *m, *v;       /* [n_pad] moments */
  double *beta_power; /* [2] beta1^t, beta2^t */
} evolving_connectivity_state;

static const float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

static hd_status evolving_connectivity_measure(hd_ctx *ctx, hd__search *search) {
  search->n_candidates = search->def.population;
  return search->n_candidates >= 2
             ? HD_OK
             : hd__fail(ctx, HD_RANGE, "population = %d, allowed 2 or more", search->n_candidates);
}

static void evolving_connectivity_lay_out(hd__search *search, hd__arena *arena) {
  evolving_connectivity_state one;
  hd__connectivity_lay_out(search, arena, &one.on);
  one.m = hd__arena_field(arena, "search.m", "F32", 1, search->n_pad);
  one.v = hd__arena_field(arena, "search.v", "F32", 1, search->n_pad);
  one.beta_power = hd__arena_field(arena, "search.beta_power", "F64", 1, 2);
  evolving_connectivity_state *self = search->state =
      HD_TAKE(arena, evolving_connectivity_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void evolving_connectivity_start(hd__search *search) {
  evolving_connectivity_state *self = search->state;
  self->beta_power[0] = self->beta_power[1] = 1.0;
  hd__connectivity_start(search, &self->on);
}

static void evolving_connectivity_tell(hd__search *search) {
  const evolving_connectivity_state *self = search->state;
  const hd__connectivity *on = &self->on;
  hd__search_ranks(search->n_candidates, search->returns, on->rank);
  hd__connectivity_gradient(search, on, 0, 1, on->G);
  search->kernel->scale(search->n_pad, 1.0f / (float)search->n_candidates, on->G);
  self->beta_power[0] *= (double)beta1;
  self->beta_power[1] *= (double)beta2;
  const float a1 = search->def.alpha / (float)(1.0 - self->beta_power[0]);
  const float c2 = (float)(1.0 / (1.0 - self->beta_power[1]));
  search->kernel->adam(search->n_pad, a1, c2, beta1, beta2, epsilon, on->G, self->m, self->v,
                       on->rho);
  hd__connectivity_set_mode(search, on);
}

const hd__search_desc hd__search_evolving_connectivity = {
    .name = "evolving-connectivity",
    .doc = "evolve the probability of every connection; weights are there or not",
    .source = "Wang et al. 2023, arXiv 2305.17650",
    .is_boolean = true,
    .reads = HD_SEARCH_READS_POPULATION | HD_SEARCH_READS_ALPHA | HD_SEARCH_READS_CONNECTION,
    .measure = evolving_connectivity_measure,
    .lay_out = evolving_connectivity_lay_out,
    .start = evolving_connectivity_start,
    .ask = hd__connectivity_ask,
    .tell = evolving_connectivity_tell,
};
