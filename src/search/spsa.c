#include "search_internal.h"

/* Simultaneous perturbation: w += alpha (J+ - J-) / (2 sigma) Delta, Delta = +-1 at random, the
 * mean over the pairs of the population.  Source: Spall 1992, eq. 2.2; Cauwenberghs 1993. */
static void spsa_lay_out(hd__search *search, hd__arena *arena) {
  search->state = HD_TAKE(arena, float, search->n_pad);
}

static void spsa_start(hd__search *search) { (void)search; }

static void spsa_directions(const hd__search *search, int pair, float *delta) {
  search->kernel->noise(search->n_pad, hd__search_key(search, pair), 0, delta);
  for (int k = 0; k < search->n_pad; k++) {
    delta[k] = delta[k] < 0.5f ? -1.0f : 1.0f;
  }
}

static void spsa_ask(const hd__search *search, int candidate, float *w) {
  const float size = candidate % 2 == 0 ? search->def.sigma : -search->def.sigma;
  spsa_directions(search, candidate / 2, w);
  for (int k = 0; k < search->n_pad; k++) {
    w[k] = search->w[k] + size * w[k];
  }
}

static void spsa_tell(hd__search *search) {
  float *delta = search->state;
  const float scale = search->def.alpha / (float)search->n_candidates / search->def.sigma;
  for (int pair = 0; pair < search->n_candidates / 2; pair++) {
    const double *both = search->returns + 2 * pair;
    spsa_directions(search, pair, delta);
    search->kernel->axpy(search->n_pad, scale * (float)(both[0] - both[1]), delta, search->w);
  }
}

const hd__search_desc hd__search_spsa = {
    .name = "spsa",
    .doc = "the slope along random directions of +-1, all weights at once",
    .source = "Spall 1992",
    .reads = HD_SEARCH_READS_POPULATION | HD_SEARCH_READS_SIGMA | HD_SEARCH_READS_ALPHA,
    .measure = hd__search_measure_pairs,
    .lay_out = spsa_lay_out,
    .start = spsa_start,
    .ask = spsa_ask,
    .tell = spsa_tell,
};
