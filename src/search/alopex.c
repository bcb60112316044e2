#include "steps.h"

#include <string.h>

/* Every weight moves one step up or down. With C = dw dE, its last move times the change in error
 * that came of all moves together, P(down) = sigma(C / T); T is the mean |C| of the last `period`
 * generations. A weight that is not drawn to move in every generation goes by the C of its own last
 * move.  Source: Unnikrishnan & Venugopal 1994, eqs. 1-4. */
typedef struct annealing {
  double sum; /* |C| of a step since the last new temperature */
  double temperature;
} annealing;

typedef struct alopex_state {
  hd__steps steps; /* moves are -1 or 1 */
  float *C;        /* [n_pad] C / T of each weight's last move */
  annealing *heat; /* [1] */
} alopex_state;

static void alopex_lay_out(hd__search *search, hd__arena *arena) {
  const alopex_state one = {hd__steps_lay_out(search, arena),
                            hd__arena_field(arena, "search.C", "F32", 1, search->n_pad),
                            hd__arena_field(arena, "search.heat", "F64", 1, sizeof(annealing) / 8)};
  alopex_state *self = search->state = HD_TAKE(arena, alopex_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void alopex_start(hd__search *search) {
  const alopex_state *self = search->state;
  hd__steps_start(search, &self->steps);
  memset(self->C, 0, sizeof(float) * (size_t)search->n_pad);
  *self->heat = (annealing){0};
}

/* The change in error in units of the temperature: C / T of a weight that moved up. */
static float alopex_cool(const hd__search *search, annealing *heat, double error) {
  const int64_t generation = search->counters->generation;
  const double size = error < 0.0 ? -error : error;
  heat->sum += size;
  if (heat->temperature == 0.0) {
    heat->temperature = size;
  }
  if (generation > 0 && generation % search->def.period == 0) {
    heat->temperature = heat->sum > 0.0 ? heat->sum / search->def.period : heat->temperature;
    heat->sum = 0.0;
  }
  return heat->temperature > 0.0 ? (float)(error / heat->temperature) : 0.0f;
}

static void alopex_correlate(const hd__search *search, const alopex_state *self, float C) {
  for (int k = 0; k < search->n_pad; k++) {
    self->C[k] = hd__steps_has(search, &self->steps, k) ? self->steps.move[k] * C : self->C[k];
  }
}

static void alopex_tell(hd__search *search) {
  const alopex_state *self = search->state;
  const hd__steps *steps = &self->steps;
  const double error = -hd__steps_change(search, steps);
  alopex_correlate(search, self, alopex_cool(search, self->heat, error));
  hd__steps_draw(search, steps);
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, steps->noise);
  for (int k = 0; k < search->n_pad; k++) {
    steps->move[k] = steps->noise[k] < hd__sigmoidf(self->C[k]) ? -1.0f : 1.0f;
  }
  hd__steps_move(search, steps);
}

const hd__search_desc hd__search_alopex = {
    .name = "alopex",
    .doc = "every weight steps up or down by the correlation of its last step with the return",
    .source = "Unnikrishnan & Venugopal 1994",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_MOVE | HD_SEARCH_READS_COOLING,
    .measure = hd__search_measure_one,
    .lay_out = alopex_lay_out,
    .start = alopex_start,
    .ask = hd__steps_ask,
    .tell = alopex_tell,
};
