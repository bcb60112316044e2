/* Cliff walking: from the lower left to the lower right corner along the edge of a cliff. Falling
 * costs 100 and leads back to the start; only the goal ends the episode.
 * Source: Gymnasium 1.4.0, envs/toy_text/cliffwalking.py; Sutton & Barto 2018, example 6.6. */
#include <math.h>

#include "env_table.h"
#include "finite.h"

enum { UP, RIGHT, DOWN, LEFT };

enum { ROWS = 4, COLUMNS = 12, START = 36, GOAL = 47 };

static int cliffwalking_clamped(int x, int high) { return x < 0 ? 0 : x > high ? high : x; }

static hd_transition cliffwalking_move(int state, int action, double probability) {
  static const int d_row[] = {[UP] = -1, [DOWN] = 1, [LEFT] = 0, [RIGHT] = 0};
  static const int d_column[] = {[UP] = 0, [DOWN] = 0, [LEFT] = -1, [RIGHT] = 1};
  const int row = cliffwalking_clamped(state / COLUMNS + d_row[action], ROWS - 1);
  const int column = cliffwalking_clamped(state % COLUMNS + d_column[action], COLUMNS - 1);
  const int to = row * COLUMNS + column;
  const bool is_cliff = to > START && to < GOAL;
  return (hd_transition){.next = is_cliff ? START : to,
                         .probability = probability,
                         .reward = is_cliff ? -100 : -1,
                         .terminated = to == GOAL};
}

/* On slippery ground a move goes where it was meant to, or to either side of it. */
static int cliffwalking_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  if (self->data == NULL) {
    out[0] = cliffwalking_move(state, action, 1);
    return 1;
  }
  for (int i = 0; i < 3; i++) {
    out[i] = cliffwalking_move(state, (action + 3 + i) % 4, 1.0 / 3.0);
  }
  return 3;
}

/* Gymnasium names no scores of slippery ground. */
static bool cliffwalking_configure(const hd_env_desc *self, hd_env_desc *out,
                                   const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  (void)memory;
  (void)why;
  if (value[0].number != 0) {
    out->data = self;
    out->solved = out->low_score = out->high_score = NAN;
  }
  return true;
}

static double cliffwalking_start(const hd_env_desc *self, int state) {
  (void)self;
  return state == START;
}

static const hd_dim obs[] = {{"state", "", ROWS *COLUMNS, 0, ROWS *COLUMNS - 1}};
static const hd_dim act[] = {{"up, right, down, left", "", 4, 0, 3}};

static const hd_env_option options[] = {
    {"is_slippery", HD_ENV_FLAG, "false", 0, 0,
     "A move goes where it was meant to, or to either side of it with a third each; false: always "
     "where it was meant to."}};

const hd_env_desc hd__env_cliffwalking = {
    .size = sizeof(hd_env_desc),
    .name = "CliffWalking-v1",
    .alias = "cliffwalking",
    .doc = "walk along a cliff of 10 cells; falling costs 100",
    .source = "Gymnasium 1.4.0, envs/toy_text/cliffwalking.py",
    .obs = obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .solved = -13,
    .low_score = -65375,
    .high_score = -13,
    .option = options,
    .n_options = 1,
    .configure = cliffwalking_configure,
    .model = cliffwalking_model,
    .start = cliffwalking_start,
    HD_FINITE_FUNCTIONS,
};
