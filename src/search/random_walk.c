#include "search_internal.h"

/* Every weight moves a step down, not at all, or a step up, whatever comes of it: the floor every
 * other method must stand above. */
typedef struct random_walk_state {
  float *step; /* [n_pad] */
  float *move; /* [n_pad] */
} random_walk_state;

static void random_walk_lay_out(hd__search *search, hd__arena *arena) {
  const random_walk_state one = {HD_TAKE(arena, float, search->n_pad),
                                 HD_TAKE(arena, float, search->n_pad)};
  random_walk_state *self = search->state = HD_TAKE(arena, random_walk_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void random_walk_start(hd__search *search) {
  const random_walk_state *self = search->state;
  hd__search_steps(search, self->step);
}

static void random_walk_tell(hd__search *search) {
  const random_walk_state *self = search->state;
  float *move = self->move;
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, move);
  for (int k = 0; k < search->n_pad; k++) {
    move[k] = move[k] < 1.0f / 3.0f ? -1.0f : move[k] < 2.0f / 3.0f ? 0.0f : 1.0f;
  }
  hd__search_move(search, move, self->step);
}

const hd__search_desc hd__search_random_walk = {
    .name = "random-walk",
    .doc = "every weight moves at random, whatever it returns: a floor to compare with",
    .source = "",
    .is_sequential = true,
    .reads = HD_SEARCH_READS_MOVE,
    .measure = hd__search_measure_one,
    .lay_out = random_walk_lay_out,
    .start = random_walk_start,
    .ask = hd__search_ask_here,
    .tell = random_walk_tell,
};
