/* FrozenLake: cross the ice without falling into a hole. A move goes where it was meant to, or to
 * either side of it, with a third each.
 * Source: Gymnasium 1.4.0, envs/toy_text/frozen_lake.py. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "env_table.h"
#include "finite.h"

enum { LEFT, DOWN, RIGHT, UP };

typedef struct lake {
  int rows, columns;
  const char *ice; /* row by row: S start, F ice, H hole, G goal */
  bool is_firm;    /* a move goes where it was meant to */
} lake;

static int frozenlake_moved(const lake *l, int state, int move) {
  const int row = state / l->columns, column = state % l->columns;
  switch (move) {
    case LEFT:
      return state - (column > 0);
    case DOWN:
      return row < l->rows - 1 ? state + l->columns : state;
    case RIGHT:
      return state + (column < l->columns - 1);
    default:
      return row > 0 ? state - l->columns : state;
  }
}

static bool frozenlake_is_end(char cell) { return cell == 'H' || cell == 'G'; }

static hd_transition frozenlake_arrival(const lake *l, int next, double probability) {
  return (hd_transition){.next = next,
                         .probability = probability,
                         .reward = l->ice[next] == 'G',
                         .terminated = frozenlake_is_end(l->ice[next])};
}

static int frozenlake_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  const lake *l = self->data;
  if (frozenlake_is_end(l->ice[state])) {
    out[0] = (hd_transition){.next = state, .probability = 1, .terminated = true};
    return 1;
  }
  if (l->is_firm) {
    out[0] = frozenlake_arrival(l, frozenlake_moved(l, state, action), 1);
    return 1;
  }
  /* The two thirds beside the intended one are rounded as Gymnasium rounds them. */
  const double meant = 1.0 / 3.0, beside = (1.0 - meant) / 2.0;
  for (int i = 0; i < 3; i++) {
    const int next = frozenlake_moved(l, state, (action + 3 + i) % 4);
    out[i] = frozenlake_arrival(l, next, i == 1 ? meant : beside);
  }
  return 3;
}

static int frozenlake_count(const lake *l, char cell) {
  int n = 0;
  for (int i = 0; i < l->rows * l->columns; i++) {
    n += l->ice[i] == cell;
  }
  return n;
}

/* Where there are several starts, each is as likely. */
static double frozenlake_start(const hd_env_desc *self, int state) {
  const lake *l = self->data;
  return l->ice[state] == 'S' ? 1.0 / frozenlake_count(l, 'S') : 0;
}

static const lake small_lake = {4, 4,
                                "SFFF"
                                "FHFH"
                                "FFFH"
                                "HFFG",
                                false};
static const lake large_lake = {8, 8,
                                "SFFFFFFF"
                                "FFFFFFFF"
                                "FFFHFFFF"
                                "FFFFFHFF"
                                "FFFHFFFF"
                                "FHHFFFHF"
                                "FHFFHFHF"
                                "FFFHFFFG",
                                false};

/* ---- choices ---- */

/* A lake of a user's, with room for what it points to. */
typedef struct own_lake {
  lake lake;
  hd_dim obs;
  char ice[HD_ENV_NAME_MAX];
} own_lake;

static bool frozenlake_read_cell(own_lake *own, char cell, char why[HD_WHY_SIZE]) {
  if (strchr("SFHG", cell) == NULL) {
    snprintf(why, HD_WHY_SIZE,
             "'%c' is no cell of a map (S start, F ice, H hole, G goal) nor a hyphen between rows",
             cell);
    return false;
  }
  own->ice[strlen(own->ice)] = cell;
  return true;
}

/* Rows of cells with hyphens between. */
static bool frozenlake_read_map(own_lake *own, const char *text, char why[HD_WHY_SIZE]) {
  own->lake.columns = (int)strcspn(text, "-");
  while (*text != '\0') {
    const size_t n = strcspn(text, "-");
    if ((int)n != own->lake.columns || n == 0) {
      snprintf(why, HD_WHY_SIZE,
               "the rows of the map, which stand between hyphens, have different lengths");
      return false;
    }
    for (size_t i = 0; i < n; i++) {
      if (!frozenlake_read_cell(own, text[i], why)) {
        return false;
      }
    }
    own->lake.rows++;
    text += n + (text[n] == '-');
  }
  own->lake.ice = own->ice;
  if (frozenlake_count(&own->lake, 'S') == 0) {
    snprintf(why, HD_WHY_SIZE, "the map has no start, S");
    return false;
  }
  return true;
}

/* The map that is called so, or NULL. */
static const lake *frozenlake_named(const char *name) {
  return strcmp(name, "4x4") == 0 ? &small_lake : strcmp(name, "8x8") == 0 ? &large_lake : NULL;
}

/* Gymnasium names no thresholds for other lakes. */
static bool frozenlake_configure(const hd_env_desc *self, hd_env_desc *out,
                                 const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  own_lake *own = memory;
  const lake *named = frozenlake_named(value[1].text);
  if (named != NULL) {
    own->lake = *named;
  } else if (!frozenlake_read_map(own, value[1].text, why)) {
    return false;
  }
  own->lake.is_firm = value[0].number == 0;
  own->obs = self->obs[0];
  own->obs.count = own->lake.rows * own->lake.columns;
  own->obs.high = (float)(own->obs.count - 1);
  out->data = &own->lake;
  out->obs = &own->obs;
  out->solved = NAN;
  out->low_score = 0;
  out->high_score = 1;
  return true;
}

#define SLIPPERY                                                                                  \
  ("A move goes where it was meant to, or to either side of it with a third each; false: always " \
   "where it was meant to.")
#define MAP \
  ("The map is 4x4, 8x8, or rows of cells with hyphens between: S start, F ice, H hole, G goal.")

static const hd_env_option small_options[] = {{"is_slippery", HD_ENV_FLAG, "true", 0, 0, SLIPPERY},
                                              {"map", HD_ENV_TEXT, "4x4", 0, 0, MAP}};
static const hd_env_option large_options[] = {{"is_slippery", HD_ENV_FLAG, "true", 0, 0, SLIPPERY},
                                              {"map", HD_ENV_TEXT, "8x8", 0, 0, MAP}};

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
    .option = small_options,
    .n_options = 2,
    .configure = frozenlake_configure,
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
    .option = large_options,
    .n_options = 2,
    .configure = frozenlake_configure,
    .model = frozenlake_model,
    .start = frozenlake_start,
    HD_FINITE_FUNCTIONS,
};
