/* FrozenLake: cross the ice without falling into a hole. A move goes where it was meant to, or to
 * either side of it, with a third each.
 * Source: Gymnasium 1.4.0, envs/toy_text/frozen_lake.py. */
#include "env_table.h"
#include "finite.h"

enum { LEFT, DOWN, RIGHT, UP };

typedef struct lake {
  int side;
  const char *ice; /* row by row: S start, F ice, H hole, G goal */
} lake;

static int frozenlake_moved(const lake *l, int state, int move) {
  const int row = state / l->side, column = state % l->side, last = l->side - 1;
  switch (move) {
    case LEFT:
      return state - (column > 0);
    case DOWN:
      return row < last ? state + l->side : state;
    case RIGHT:
      return state + (column < last);
    default:
      return row > 0 ? state - l->side : state;
  }
}

static bool frozenlake_is_end(char cell) { return cell == 'H' || cell == 'G'; }

static int frozenlake_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  const lake *l = self->data;
  if (frozenlake_is_end(l->ice[state])) {
    out[0] = (hd_transition){.next = state, .probability = 1, .terminated = true};
    return 1;
  }
  /* The two thirds beside the intended one are rounded as Gymnasium rounds them. */
  const double meant = 1.0 / 3.0, beside = (1.0 - meant) / 2.0;
  for (int i = 0; i < 3; i++) {
    const int next = frozenlake_moved(l, state, (action + 3 + i) % 4);
    out[i] = (hd_transition){.next = next,
                             .probability = i == 1 ? meant : beside,
                             .reward = l->ice[next] == 'G',
                             .terminated = frozenlake_is_end(l->ice[next])};
  }
  return 3;
}

static double frozenlake_start(const hd_env_desc *self, int state) {
  const lake *l = self->data;
  return l->ice[state] == 'S';
}

static const lake small_lake = {4,
                                "SFFF"
                                "FHFH"
                                "FFFH"
                                "HFFG"};
static const lake large_lake = {8,
                                "SFFFFFFF"
                                "FFFFFFFF"
                                "FFFHFFFF"
                                "FFFFFHFF"
                                "FFFHFFFF"
                                "FHHFFFHF"
                                "FHFFHFHF"
                                "FFFHFFFG"};

static const hd_dim small_obs[] = {{"state", "", 16, 0, 15}};
static const hd_dim large_obs[] = {{"state", "", 64, 0, 63}};
static const hd_dim act[] = {{"left, down, right, up", "", 4, 0, 3}};

#define FROZENLAKE_SOURCE "Gymnasium 1.4.0, envs/toy_text/frozen_lake.py"

const hd_env_desc hd__env_frozenlake = {
    .size = sizeof(hd_env_desc),
    .name = "FrozenLake-v1",
    .alias = "frozenlake",
    .doc = "cross 4 x 4 slippery ice without falling into a hole",
    .source = FROZENLAKE_SOURCE,
    .obs = small_obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .max_steps = 100,
    .solved = .70,
    .low_score = .014,
    .high_score = .7442,
    .data = &small_lake,
    .model = frozenlake_model,
    .start = frozenlake_start,
    HD_FINITE_FUNCTIONS,
};

const hd_env_desc hd__env_frozenlake_8x8 = {
    .size = sizeof(hd_env_desc),
    .name = "FrozenLake8x8-v1",
    .alias = "frozenlake8x8",
    .doc = "cross 8 x 8 slippery ice without falling into a hole",
    .source = FROZENLAKE_SOURCE,
    .obs = large_obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .max_steps = 200,
    .solved = .85,
    .low_score = .002,
    .high_score = .9132,
    .data = &large_lake,
    .model = frozenlake_model,
    .start = frozenlake_start,
    HD_FINITE_FUNCTIONS,
};
