/* Cliff walking: from the lower left to the lower right corner along the edge of a cliff. Falling
 * costs 100 and leads back to the start; only the goal ends the episode.
 * Source: Gymnasium 1.4.0, envs/toy_text/cliffwalking.py; Sutton & Barto 2018, example 6.6. */
#include "env_table.h"
#include "finite.h"

enum { UP, RIGHT, DOWN, LEFT };

enum { ROWS = 4, COLUMNS = 12, START = 36, GOAL = 47 };

static int cliffwalking_clamped(int x, int high) { return x < 0 ? 0 : x > high ? high : x; }

static int cliffwalking_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  (void)self;
  static const int d_row[] = {[UP] = -1, [DOWN] = 1, [LEFT] = 0, [RIGHT] = 0};
  static const int d_column[] = {[UP] = 0, [DOWN] = 0, [LEFT] = -1, [RIGHT] = 1};
  const int row = cliffwalking_clamped(state / COLUMNS + d_row[action], ROWS - 1);
  const int column = cliffwalking_clamped(state % COLUMNS + d_column[action], COLUMNS - 1);
  const int to = row * COLUMNS + column;
  const bool is_cliff = to > START && to < GOAL;
  out[0] = (hd_transition){.next = is_cliff ? START : to,
                           .probability = 1,
                           .reward = is_cliff ? -100 : -1,
                           .terminated = to == GOAL};
  return 1;
}

static double cliffwalking_start(const hd_env_desc *self, int state) {
  (void)self;
  return state == START;
}

static const hd_dim obs[] = {{"state", "", ROWS *COLUMNS, 0, ROWS *COLUMNS - 1}};
static const hd_dim act[] = {{"up, right, down, left", "", 4, 0, 3}};

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
    .model = cliffwalking_model,
    .start = cliffwalking_start,
    HD_FINITE_FUNCTIONS,
};
