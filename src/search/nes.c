#include "search_internal.h"

#include <string.h>

/* Natural evolution with antithetic pairs w +- sigma z, centred ranks f of the returns, and Adam:
 *   dJ/dw = (f+ - f-) z / (2 sigma) summed over pairs
 *   dJ/dlog sigma = (f+ + f-) (z^2 - 1)
 * The second gives every weight a deviation of its own.
 * Source: Salimans et al. 2017, alg. 1; Wierstra et al. 2014, eqs. 8 and 10 (separable). */
typedef struct nes_state {
  float *G, *m, *v;   /* [n_pad] gradient and moments */
  float *log_sigma;   /* [n_pad], or NULL: one deviation for all */
  double *beta_power; /* [2] beta1^t, beta2^t */
  float *z;           /* [n_pad] */
  float *rank;        /* [n_candidates] */
} nes_state;

static const float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

static bool nes_has_own_sigma(const hd__search *search) { return search->def.alpha_sigma > 0.0f; }

static void nes_lay_out(hd__search *search, hd__arena *arena) {
  const int n = search->n_pad;
  const nes_state one = {.G = HD_TAKE(arena, float, n),
                   .m = hd__arena_field(arena, "search.m", "F32", 1, n),
                   .v = hd__arena_field(arena, "search.v", "F32", 1, n),
                   .log_sigma = nes_has_own_sigma(search)
                                    ? hd__arena_field(arena, "search.log_sigma", "F32", 1, n)
                                    : NULL,
                   .beta_power = hd__arena_field(arena, "search.beta_power", "F64", 1, 2),
                   .z = HD_TAKE(arena, float, n),
                   .rank = HD_TAKE(arena, float, search->n_candidates)};
  nes_state *self = search->state = HD_TAKE(arena, nes_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void nes_start(hd__search *search) {
  const nes_state *self = search->state;
  self->beta_power[0] = self->beta_power[1] = 1.0;
  for (int k = 0; k < search->n_pad && nes_has_own_sigma(search); k++) {
    self->log_sigma[k] = hd__logf(search->def.sigma);
  }
}

static void nes_ask(const hd__search *search, int candidate, float *w) {
  const nes_state *self = search->state;
  const float sign = candidate % 2 == 0 ? 1.0f : -1.0f;
  search->kernel->normals(search->n_pad, hd__search_key(search, candidate / 2), 0, w);
  if (nes_has_own_sigma(search)) {
    for (int k = 0; k < search->n_pad; k++) {
      w[k] = search->w[k] + sign * hd__expf(self->log_sigma[k]) * w[k];
    }
  } else {
    for (int k = 0; k < search->n_pad; k++) {
      w[k] = search->w[k] + sign * search->def.sigma * w[k];
    }
  }
}

/* The gradient in units of each weight's deviation, and the deviations' own step. */
static void nes_widen(hd__search *search, const nes_state *self) {
  const float rate = search->def.alpha_sigma / (float)search->n_candidates;
  for (int pair = 0; pair < search->n_candidates / 2; pair++) {
    const float both = rate * (self->rank[2 * pair] + self->rank[2 * pair + 1]);
    search->kernel->normals(search->n_pad, hd__search_key(search, pair), 0, self->z);
    for (int k = 0; k < search->n_pad; k++) {
      self->log_sigma[k] += both * (self->z[k] * self->z[k] - 1.0f);
    }
  }
}

static void nes_tell(hd__search *search) {
  const nes_state *self = search->state;
  const hd__kernel *kernel = search->kernel;
  const int n = search->n_pad;
  hd__search_ranks(search->n_candidates, search->returns, self->rank);
  memset(self->G, 0, sizeof(float) * (size_t)n);
  for (int pair = 0; pair < search->n_candidates / 2; pair++) {
    const float difference = self->rank[2 * pair] - self->rank[2 * pair + 1];
    kernel->normals(n, hd__search_key(search, pair), 0, self->z);
    kernel->axpy(n, difference / (float)search->n_candidates, self->z, self->G);
  }
  if (nes_has_own_sigma(search)) {
    for (int k = 0; k < n; k++) {
      self->G[k] /= hd__expf(self->log_sigma[k]);
    }
    nes_widen(search, self);
  } else {
    kernel->scale(n, 1.0f / search->def.sigma, self->G);
  }
  self->beta_power[0] *= (double)beta1;
  self->beta_power[1] *= (double)beta2;
  const float a1 = search->def.alpha / (float)(1.0 - self->beta_power[0]);
  const float c2 = (float)(1.0 / (1.0 - self->beta_power[1]));
  kernel->adam(n, a1, c2, beta1, beta2, epsilon, self->G, self->m, self->v, search->w);
}

const hd__search_desc hd__search_nes = {
    .name = "nes",
    .doc = "evolution by antithetic normal perturbations, centred ranks and Adam",
    .source = "Salimans et al. 2017; Wierstra et al. 2014",
    .reads = HD_SEARCH_READS_POPULATION | HD_SEARCH_READS_SIGMA | HD_SEARCH_READS_ALPHA | HD_SEARCH_READS_ALPHA_SIGMA,
    .measure = hd__search_measure_pairs,
    .lay_out = nes_lay_out,
    .start = nes_start,
    .ask = nes_ask,
    .tell = nes_tell,
};
