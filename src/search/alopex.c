#include "search_internal.h"

/* Every weight moves one step up or down. With C = dw dE, its last move times the change in error
 * that came of all moves together, P(down) = sigma(C / T); T is the mean |C| of the last `period`
 * generations.  Source: Unnikrishnan & Venugopal 1994, eqs. 1-4. */
typedef struct annealing {
  double last; /* return of the generation before */
  double sum;  /* |C| of a step since the last new temperature */
  double temperature;
} annealing;

typedef struct alopex_state {
  float *step;     /* [n_pad] */
  float *noise;    /* [n_pad] */
  float *move;     /* [n_pad] -1 or 1 */
  annealing *heat; /* [1] */
} alopex_state;

static void alopex_lay_out(hd__search *search, hd__arena *arena) {
  const alopex_state one = {HD_TAKE(arena, float, search->n_pad),
                            HD_TAKE(arena, float, search->n_pad),
                            hd__arena_field(arena, "search.move", "F32", 1, search->n_pad),
                            hd__arena_field(arena, "search.heat", "F64", 1, sizeof(annealing) / 8)};
  alopex_state *self = search->state = HD_TAKE(arena, alopex_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void alopex_start(hd__search *search) {
  const alopex_state *self = search->state;
  hd__search_steps(search, self->step);
  *self->heat = (annealing){0};
}

/* The change in error in units of the temperature: C / T of a weight that moved up. */
static float alopex_cool(const hd__search *search, annealing *heat) {
  const int64_t generation = search->counters->generation;
  const double error = generation > 0 ? heat->last - search->returns[0] : 0.0;
  const double size = error < 0.0 ? -error : error;
  heat->last = search->returns[0];
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

static void alopex_tell(hd__search *search) {
  const alopex_state *self = search->state;
  const float C = alopex_cool(search, self->heat);
  const float after_up = hd__sigmoidf(C), after_down = hd__sigmoidf(-C);
  float *move = self->move;
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, self->noise);
  for (int k = 0; k < search->n_pad; k++) {
    const float p_down = move[k] > 0.0f ? after_up : after_down;
    move[k] = self->noise[k] < p_down ? -1.0f : 1.0f;
  }
  hd__search_move(search, move, self->step);
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
    .ask = hd__search_ask_here,
    .tell = alopex_tell,
};
