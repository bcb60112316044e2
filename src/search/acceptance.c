#include "search_internal.h"

#include <string.h>

/* One normal perturbation of all weights is tried; it stays if it is not worse, or with probability
 * exp(dJ / temperature) if the method has one.  Source: Metropolis et al. 1953; Rechenberg 1973
 * for the (1+1) strategy without a temperature. */
typedef struct acceptance_state {
  double *best; /* [1] return of where the search stands */
  float *tried; /* [n_pad] */
} acceptance_state;

enum { DRAW_TRY, DRAW_ACCEPT };

static void acceptance_lay_out(hd__search *search, hd__arena *arena) {
  const acceptance_state one = {hd__arena_field(arena, "search.best", "F64", 1, 1),
                                HD_TAKE(arena, float, search->n_pad)};
  acceptance_state *self = search->state = HD_TAKE(arena, acceptance_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void acceptance_start(hd__search *search) { (void)search; }

/* The first generation learns what the start is worth. */
static void acceptance_ask(const hd__search *search, int candidate, float *w) {
  if (search->counters->generation == 0) {
    hd__search_ask_here(search, candidate, w);
    return;
  }
  const float sigma = search->def.sigma;
  search->kernel->normals(search->n_pad, hd__search_key(search, DRAW_TRY), 0, w);
  for (int k = 0; k < search->n_pad; k++) {
    w[k] = search->w[k] + sigma * w[k];
  }
}

static void acceptance_accept(hd__search *search, double chance_temperature) {
  const acceptance_state *self = search->state;
  const double change = search->returns[0] - *self->best;
  const float chance =
      chance_temperature > 0.0 ? hd__expf((float)(change / chance_temperature)) : 0.0f;
  const float u = hd__uniform24(hd__search_key(search, DRAW_ACCEPT), 0);
  if (search->counters->generation == 0 || change >= 0.0 || u < chance) {
    acceptance_ask(search, 0, self->tried);
    memcpy(search->w, self->tried, sizeof(float) * (size_t)search->n_pad);
    *self->best = search->returns[0];
  }
}

static void acceptance_tell_one_plus_one(hd__search *search) { acceptance_accept(search, 0.0); }

static void acceptance_tell_metropolis(hd__search *search) {
  acceptance_accept(search, (double)search->def.temperature);
}

const hd__search_desc hd__search_one_plus_one = {
    .name = "one-plus-one",
    .doc = "try a perturbation of all weights, keep it if it is not worse",
    .source = "Rechenberg 1973",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_SIGMA,
    .measure = hd__search_measure_one,
    .lay_out = acceptance_lay_out,
    .start = acceptance_start,
    .ask = acceptance_ask,
    .tell = acceptance_tell_one_plus_one,
};

const hd__search_desc hd__search_metropolis = {
    .name = "metropolis",
    .doc = "as one-plus-one, and a worse one stays with probability exp(change / temperature)",
    .source = "Metropolis et al. 1953; Hastings 1970",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_SIGMA | HD_SEARCH_READS_ACCEPTANCE,
    .measure = hd__search_measure_one,
    .lay_out = acceptance_lay_out,
    .start = acceptance_start,
    .ask = acceptance_ask,
    .tell = acceptance_tell_metropolis,
};
