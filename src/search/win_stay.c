#include "steps.h"

/* A weight repeats its move after a better return and turns it round after a worse one; after an
 * equal one, and with probability epsilon, it moves at random. A weight that is not drawn to move
 * in every generation goes by its own last move. */
typedef struct win_stay_state {
  hd__steps steps;
  float *plan; /* [n_pad] the last move or its opposite; AT_RANDOM after a tie */
} win_stay_state;

static const float AT_RANDOM = 2.0f;

static void win_stay_lay_out(hd__search *search, hd__arena *arena) {
  const win_stay_state one = {hd__steps_lay_out(search, arena),
                              hd__arena_field(arena, "search.plan", "F32", 1, search->n_pad)};
  win_stay_state *self = search->state = HD_TAKE(arena, win_stay_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void win_stay_start(hd__search *search) {
  const win_stay_state *self = search->state;
  hd__steps_start(search, &self->steps);
  for (int k = 0; k < search->n_pad; k++) {
    self->plan[k] = AT_RANDOM;
  }
}

static void win_stay_plan(const hd__search *search, const win_stay_state *self, double change) {
  const float turn = change > 0.0 ? 1.0f : -1.0f;
  for (int k = 0; k < search->n_pad; k++) {
    if (hd__steps_has(search, &self->steps, k)) {
      self->plan[k] = change != 0.0 ? turn * self->steps.move[k] : AT_RANDOM;
    }
  }
}

static void win_stay_tell(hd__search *search) {
  const win_stay_state *self = search->state;
  const hd__steps *steps = &self->steps;
  win_stay_plan(search, self, hd__steps_change(search, steps));
  hd__steps_draw(search, steps);
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, steps->noise);
  for (int k = 0; k < search->n_pad; k++) {
    const float epsilon = self->plan[k] != AT_RANDOM ? search->epsilon : 1.0f;
    const float u = steps->noise[k] * 3.0f;
    const float at_random = u < epsilon ? -1.0f : u < 2.0f * epsilon ? 0.0f : 1.0f;
    steps->move[k] = u < 3.0f * epsilon ? at_random : self->plan[k];
  }
  hd__steps_move(search, steps);
}

const hd__search_desc hd__search_win_stay = {
    .name = "win-stay",
    .doc = "win-stay, lose-shift: repeat a move that helped, turn one round that did not",
    .source = "Robbins 1952",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_MOVE | HD_SEARCH_READS_EPSILON,
    .measure = hd__search_measure_one,
    .lay_out = win_stay_lay_out,
    .start = win_stay_start,
    .ask = hd__steps_ask,
    .tell = win_stay_tell,
};
