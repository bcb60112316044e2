#include "search_internal.h"

/* A weight repeats its move after a better return and turns it round after a worse one; after an
 * equal one, and with probability epsilon, it moves at random. */
typedef struct win_stay_state {
  float *step;  /* [n_pad] */
  float *noise; /* [n_pad] */
  float *move;  /* [n_pad] of the generation before */
  double *last; /* [1] its return */
} win_stay_state;

static void win_stay_lay_out(hd__search *search, hd__arena *arena) {
  const win_stay_state one = {HD_TAKE(arena, float, search->n_pad),
                              HD_TAKE(arena, float, search->n_pad),
                              hd__arena_field(arena, "search.move", "F32", 1, search->n_pad),
                              hd__arena_field(arena, "search.last", "F64", 1, 1)};
  win_stay_state *self = search->state = HD_TAKE(arena, win_stay_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void win_stay_start(hd__search *search) {
  const win_stay_state *self = search->state;
  hd__search_steps(search, self->step);
}

static void win_stay_tell(hd__search *search) {
  const win_stay_state *self = search->state;
  const double last = search->counters->generation > 0 ? *self->last : search->returns[0];
  const double gain = search->returns[0] - last;
  const float turn = gain > 0.0 ? 1.0f : -1.0f;
  const float epsilon = gain != 0.0 ? search->epsilon : 1.0f;
  float *move = self->move;
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, self->noise);
  for (int k = 0; k < search->n_pad; k++) {
    const float u = self->noise[k] * 3.0f;
    const float at_random = u < epsilon ? -1.0f : u < 2.0f * epsilon ? 0.0f : 1.0f;
    move[k] = u < 3.0f * epsilon ? at_random : turn * move[k];
  }
  hd__search_move(search, move, self->step);
  *self->last = search->returns[0];
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
    .ask = hd__search_ask_here,
    .tell = win_stay_tell,
};
