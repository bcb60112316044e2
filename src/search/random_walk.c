#include "steps.h"

/* Every weight moves a step down, not at all, or a step up, at random: the floor every other method
 * must stand above. Undoing worse moves makes it a search without agents. */
typedef struct random_walk_state {
  hd__steps steps;
} random_walk_state;

static void random_walk_lay_out(hd__search *search, hd__arena *arena) {
  const random_walk_state one = {hd__steps_lay_out(search, arena)};
  random_walk_state *self = search->state = HD_TAKE(arena, random_walk_state, 1);
  if (self != NULL) {
    *self = one;
  }
}

static void random_walk_start(hd__search *search) { hd__steps_start(search, search->state); }

static void random_walk_tell(hd__search *search) {
  const hd__steps *steps = search->state;
  float *move = steps->move;
  hd__steps_change(search, steps);
  hd__steps_draw(search, steps);
  search->kernel->noise(search->n_pad, hd__search_key(search, 0), 0, move);
  for (int k = 0; k < search->n_pad; k++) {
    move[k] = move[k] < 1.0f / 3.0f ? -1.0f : move[k] < 2.0f / 3.0f ? 0.0f : 1.0f;
  }
  hd__steps_move(search, steps);
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
    .ask = hd__steps_ask,
    .tell = random_walk_tell,
};
