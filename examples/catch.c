/* A plug-in: an environment, a learning rule and a coding that the tool was built without.
 *
 *   cc -shared -fPIC $(pkg-config --cflags hedon) catch.c -o catch.so
 *   hedon --plugin ./catch.so train Catch-v0 --method place-actor-critic */
#include <hedon/hedon.h>

/* Catch: a ball falls through a board of ten rows and five columns, a row a step; a paddle in the
 * last row moves to the left, stays, or moves to the right, and should be where the ball lands.
 * Source: Mnih et al. 2014; as in bsuite, Osband et al. 2020. */
enum { ROWS = 10, COLUMNS = 5 };

typedef struct board {
  int row, column; /* of the ball */
  int paddle;
} board;

static void catch_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(board *)state = (board){.column = (int)hd_random_below(random, COLUMNS), .paddle = COLUMNS / 2};
}

static bool catch_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                       double *reward) {
  (void)self;
  (void)random;
  board *b = state;
  const int paddle = b->paddle + (int)action[0] - 1;
  b->paddle = paddle < 0 ? 0 : paddle < COLUMNS ? paddle : COLUMNS - 1;
  b->row++;
  const bool has_landed = b->row == ROWS - 1;
  *reward = !has_landed ? 0 : b->paddle == b->column ? 1 : -1;
  return has_landed;
}

static void catch_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const board *b = state;
  obs[0] = (float)b->row;
  obs[1] = (float)b->column;
  obs[2] = (float)b->paddle;
}

static const hd_dim catch_obs[] = {{.name = "row", .unit = "", .count = ROWS},
                                   {.name = "column", .unit = "", .count = COLUMNS},
                                   {.name = "paddle", .unit = "", .count = COLUMNS}};
static const hd_dim catch_act = {.name = "left, stay, right", .unit = "", .count = 3};
static const hd_env_desc catch_env = {.size = sizeof(hd_env_desc),
                                      .name = "Catch-v0",
                                      .alias = "catch",
                                      .doc = "move the paddle to where the ball lands",
                                      .source = "Mnih et al. 2014; examples/catch.c",
                                      .obs = catch_obs,
                                      .n_obs = 3,
                                      .act = &catch_act,
                                      .n_act = 1,
                                      .solved = 0.95,
                                      .low_score = -0.6,
                                      .high_score = 1,
                                      .state_size = sizeof(board),
                                      .reset = catch_reset,
                                      .step = catch_step,
                                      .observe = catch_observe};

/* A Hebbian relative of pgcn: only spikes leave a mark, silence leaves none. */
static void hebb_factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->b[i] * (1 - io->p[i]) * io->gain[i];
  }
}

static const hd_rule_desc hebb = {.size = sizeof(hd_rule_desc),
                                  .name = "hebb",
                                  .doc = "g = b (1 - p) dlogit/du",
                                  .source = "examples/catch.c",
                                  .needs = HD_RULE_STOCHASTIC | HD_RULE_AFFINE,
                                  .factor = hebb_factor};

/* A coding for this board alone: a line for each offset of the ball from the paddle. */
enum { OFFSETS = 2 * COLUMNS - 1 };

static const hd_param offset_params[] = {
    {.name = "value",
     .fallback = 1,
     .low = 0.01f,
     .high = 100,
     .unit = "",
     .help = "The line of the offset has this value; the others are 0."}};

static int offset_lines(const hd_coding_desc *self, const hd_env_desc *env, const float *param) {
  (void)self;
  (void)param;
  return env->obs == catch_obs ? OFFSETS : 0;
}

static void offset_encode(const hd_coding_desc *self, const hd_env_desc *env, const float *param,
                          const float *obs, float *x) {
  (void)self;
  (void)env;
  for (int i = 0; i < OFFSETS; i++) {
    x[i] = obs[1] - obs[2] == (float)(i - COLUMNS + 1) ? param[0] : 0;
  }
}

static const hd_coding_desc offset = {.size = sizeof(hd_coding_desc),
                                      .name = "offset",
                                      .doc = "a line for each offset of the ball from the paddle",
                                      .source = "examples/catch.c",
                                      .param = offset_params,
                                      .n_params = 1,
                                      .lines = offset_lines,
                                      .encode = offset_encode};

HD_PLUGIN(ctx) {
  HD_TRY(hd_env_register(ctx, &catch_env));
  HD_TRY(hd_rule_register(ctx, &hebb));
  return hd_coding_register(ctx, &offset);
}
