/* Catch with the ball out of sight after its first rows: ten rows and five columns, the ball falls
 * a row a step, and a paddle in the last row should be where it lands. Who cannot remember, but
 * sees the paddle, returns 0.2 at best if only the first row is seen (tests/env/test_memory.c).
 * Source: Catch of Mnih et al. 2014 and bsuite (Osband et al. 2020); the blindness is Hedon's own.
 */
#include "env_table.h"

enum { ROWS = 10, COLUMNS = 5 };

typedef struct board {
  int seen; /* rows in which the ball is seen */
} board;

typedef struct blind_catch {
  int32_t row, column, paddle;
} blind_catch;

static void blind_catch_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(blind_catch *)state =
      (blind_catch){.column = (int32_t)hd_random_below(random, COLUMNS), .paddle = COLUMNS / 2};
}

static bool blind_catch_step(const hd_env_desc *self, void *state, const float *action,
                             hd_random *random, double *reward) {
  (void)self;
  (void)random;
  blind_catch *s = state;
  const int32_t paddle = s->paddle + (int32_t)action[0] - 1;
  s->paddle = paddle < 0 ? 0 : paddle < COLUMNS ? paddle : COLUMNS - 1;
  s->row++;
  const bool has_landed = s->row == ROWS - 1;
  *reward = !has_landed ? 0 : s->paddle == s->column ? 1 : -1;
  return has_landed;
}

static void blind_catch_observe(const hd_env_desc *self, const void *state, float *obs) {
  const blind_catch *s = state;
  const bool is_seen = s->row < ((const board *)self->data)->seen;
  for (int32_t i = 0; i < COLUMNS; i++) {
    obs[i] = is_seen && s->column == i;
    obs[COLUMNS + i] = s->paddle == i;
  }
}

static bool blind_catch_configure(const hd_env_desc *self, hd_env_desc *out,
                                  const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  (void)self;
  (void)why;
  board *b = memory;
  b->seen = (int)value[0].number;
  out->data = b;
  return true;
}

static const board one = {.seen = 1};

static const hd_env_option options[] = {
    {"seen", HD_ENV_WHOLE, "1", 1, ROWS,
     "The ball is seen in so many rows from the top; 10 is Catch itself."}};

#define COLUMN(what, i) \
  { what " in column " #i, "", 0, 0, 1 }
static const hd_dim obs[] = {COLUMN("ball", 0),   COLUMN("ball", 1),   COLUMN("ball", 2),
                             COLUMN("ball", 3),   COLUMN("ball", 4),   COLUMN("paddle", 0),
                             COLUMN("paddle", 1), COLUMN("paddle", 2), COLUMN("paddle", 3),
                             COLUMN("paddle", 4)};
static const hd_dim act[] = {{"left, stay, right", "", 3, 0, 2}};

const hd_env_desc hd__env_blind_catch = {
    .size = sizeof(hd_env_desc),
    .name = "BlindCatch-v0",
    .alias = "blind-catch",
    .doc = "catch a ball that is seen at the top only",
    .source = "Catch after Mnih et al. 2014; the ball's disappearing is Hedon's own",
    .obs = obs,
    .n_obs = 2 * COLUMNS,
    .act = act,
    .n_act = 1,
    .solved = .9,
    .low_score = -.6,
    .high_score = 1,
    .state_size = sizeof(blind_catch),
    .data = &one,
    .reset = blind_catch_reset,
    .step = blind_catch_step,
    .observe = blind_catch_observe,
    .option = options,
    .n_options = 1,
    .configure = blind_catch_configure,
};
