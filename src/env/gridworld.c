/* The two gridworlds of the course on which Aenugu 2020 is based: a square of cells, a goal worth
 * +10 and an actuator that fails.
 *
 * An intended move happens with probability .8, veers to its left or right with .05 each, and
 * fails (the agent stays) with .1. Borders and walls block. States count the open cells row by
 * row. Source: Aenugu 2020, arXiv 2005.05941, and its published code; COMPSCI 687 (UMass). */
#include "env_table.h"
#include "finite.h"

enum { UP, DOWN, LEFT, RIGHT, STAY };

enum { NO_CELL = -1 };

/* Cells count every square, walls included. */
typedef struct grid {
  int side;
  int n_walls, wall[2]; /* ascending */
  int water;            /* entering it costs 10 */
  int goal;             /* entering it pays 10 and ends the episode */
} grid;

static int gridworld_cell_of(const grid *g, int state) {
  for (int i = 0; i < g->n_walls; i++) {
    state += state >= g->wall[i];
  }
  return state;
}

static int gridworld_state_of(const grid *g, int cell) {
  int before = 0;
  for (int i = 0; i < g->n_walls; i++) {
    before += g->wall[i] < cell;
  }
  return cell - before;
}

static int gridworld_moved(const grid *g, int cell, int move) {
  static const int d_row[] = {-1, 1, 0, 0, 0}, d_column[] = {0, 0, -1, 1, 0};
  const int row = cell / g->side + d_row[move], column = cell % g->side + d_column[move];
  if (row < 0 || row >= g->side || column < 0 || column >= g->side) {
    return cell;
  }
  const int to = row * g->side + column;
  for (int i = 0; i < g->n_walls; i++) {
    if (to == g->wall[i]) {
      return cell;
    }
  }
  return to;
}

static int gridworld_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  static const int left_of[] = {LEFT, RIGHT, DOWN, UP}, right_of[] = {RIGHT, LEFT, UP, DOWN};
  const grid *g = self->data;
  const int cell = gridworld_cell_of(g, state);
  if (cell == g->goal) {
    out[0] = (hd_transition){.next = state, .probability = 1, .terminated = true};
    return 1;
  }
  const struct {
    int move;
    double probability;
  } outcome[] = {{action, .8}, {left_of[action], .05}, {right_of[action], .05}, {STAY, .1}};
  for (int i = 0; i < 4; i++) {
    const int to = gridworld_moved(g, cell, outcome[i].move);
    out[i] = (hd_transition){.next = gridworld_state_of(g, to),
                             .probability = outcome[i].probability,
                             .reward = to == g->goal    ? 10
                                       : to == g->water ? -10
                                                        : 0,
                             .terminated = to == g->goal};
  }
  return 4;
}

static double gridworld_start(const hd_env_desc *self, int state) {
  (void)self;
  return state == 0;
}

static const grid open_grid = {.side = 10, .water = NO_CELL, .goal = 99};
static const grid water_grid = {.side = 5, .n_walls = 2, .wall = {12, 17}, .water = 22, .goal = 24};

static const hd_dim open_obs[] = {{"state", "", 100, 0, 99}};
static const hd_dim water_obs[] = {{"state", "", 23, 0, 22}};
static const hd_dim act[] = {{"up, down, left, right", "", 4, 0, 3}};

/* Scores are the exact values of the start state under the discount (tests/env/test_finite.c). */
const hd_env_desc hd__env_gridworld = {
    .size = sizeof(hd_env_desc),
    .name = "Gridworld-v0",
    .alias = "gridworld",
    .doc = "10 x 10 open grid, slippery moves, +10 in the far corner",
    .source = "Aenugu 2020, arXiv 2005.05941",
    .obs = open_obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .max_steps = 300,
    .solved = 1.05,
    .low_score = .00105,
    .high_score = 1.1207,
    .discount = .9,
    .data = &open_grid,
    .model = gridworld_model,
    .start = gridworld_start,
    HD_FINITE_FUNCTIONS,
};

const hd_env_desc hd__env_gridworld_687 = {
    .size = sizeof(hd_env_desc),
    .name = "Gridworld687-v0",
    .alias = "gridworld-687",
    .doc = "5 x 5 grid with two walls, water (-10) and a goal (+10)",
    .source = "COMPSCI 687, University of Massachusetts",
    .obs = water_obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .max_steps = 300,
    .solved = 3.6,
    .low_score = -.598,
    .high_score = 4.0187,
    .discount = .9,
    .data = &water_grid,
    .model = gridworld_model,
    .start = gridworld_start,
    HD_FINITE_FUNCTIONS,
};
