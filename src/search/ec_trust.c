#include "connectivity.h"
#include "search_internal.h"

/* As evolving-connectivity, with the largest step along the natural gradient g whose divergence
 * stays within `trust` times the energy of the signal:
 *   KL(rho + eta g, rho) = eta^2 |g|^2 / 2 to second order,  |g|^2 = sum g^2 / (rho (1 - rho))
 *   eta = sqrt(2 trust S / |g|^2)
 * Steps shrink when updates are mostly noise. After Li et al. 2026, who bound the same quotient.
 * The estimate of S is ours: the product of the gradients g_a, g_b of two halves of the population,
 * whose noises are independent, so its mean is the energy without noise; smoothed over some ten
 * generations. */
typedef struct ec_trust_state {
  hd__connectivity on;
  float *half;    /* [n_pad] */
  double *energy; /* [1] S */
} ec_trust_state;

static const double memory = 0.9;

static hd_status ec_trust_measure(hd_ctx *ctx, hd__search *search) {
  search->n_candidates = search->def.population;
  return search->n_candidates >= 4 && search->n_candidates % 2 == 0
             ? HD_OK
             : hd__fail(ctx, HD_RANGE,
                        "%s compares halves of its population: population = %d, allowed 4, 6, ...",
                        search->desc->name, search->n_candidates);
}

static void ec_trust_lay_out(hd__search *search, hd__arena *arena) {
  ec_trust_state one;
  hd__connectivity_lay_out(search, arena, &one.on);
  one.half = HD_TAKE(arena, float, search->n_pad);
  one.energy = hd__arena_field(arena, "search.energy", "F64", 1, 1);
  ec_trust_state *self = search->state = HD_TAKE(arena, ec_trust_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void ec_trust_start(hd__search *search) {
  ec_trust_state *self = search->state;
  *self->energy = 0.0;
  hd__connectivity_start(search, &self->on);
}

/* The product of two gradients under the Fisher metric. */
static double ec_trust_product(int n, const float *a, const float *b, const float *rho) {
  double sum = 0.0;
  for (int k = 0; k < n; k++) {
    sum += (double)(a[k] * b[k] / (rho[k] * (1.0f - rho[k])));
  }
  return sum;
}

static void ec_trust_tell(hd__search *search) {
  const ec_trust_state *self = search->state;
  const hd__connectivity *on = &self->on;
  float *g = on->G, *rho = on->rho;
  const int n = search->n_pad;
  const float per_half = 2.0f / (float)search->n_candidates;
  hd__search_ranks(search->n_candidates, search->returns, on->rank);
  hd__connectivity_gradient(search, on, 0, 2, self->half);
  hd__connectivity_gradient(search, on, 1, 2, g);
  search->kernel->scale(n, per_half, self->half);
  search->kernel->scale(n, per_half, g);
  const double S = ec_trust_product(search->n, self->half, g, rho);
  const bool is_first = search->counters->generation == 0;
  *self->energy = is_first ? S : memory * *self->energy + (1.0 - memory) * S;
  search->kernel->axpy(n, 1.0f, self->half, g);
  search->kernel->scale(n, 0.5f, g);
  const double size = ec_trust_product(search->n, g, g, rho);
  if (*self->energy > 0.0 && size > 0.0) {
    const double square = 2.0 * (double)search->def.trust * *self->energy / size;
    search->kernel->axpy(n, hd__sqrtf((float)square), g, rho);
    hd__connectivity_set_mode(search, on);
  }
}

const hd__search_desc hd__search_ec_trust = {
    .name = "ec-trust",
    .doc = "as evolving-connectivity, the step bounded by how much of the gradient is signal",
    .source = "after Li et al. 2026, arXiv 2601.21572; estimate of the signal ours",
    .is_boolean = true,
    .reads = HD_SEARCH_READS_POPULATION | HD_SEARCH_READS_CONNECTION | HD_SEARCH_READS_TRUST,
    .measure = ec_trust_measure,
    .lay_out = ec_trust_lay_out,
    .start = ec_trust_start,
    .ask = hd__connectivity_ask,
    .tell = ec_trust_tell,
};
