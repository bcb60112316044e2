/* Bring an environment and a learning rule of your own, and let one learn the other. */
#include <hedon/hedon.h>
#include <stdio.h>

/* Catch: a ball falls through a board of five columns, a row a step; the paddle in the last row
 * moves to the left, stays, or moves to the right, and should be where the ball lands. */
enum { ROWS = 6, COLUMNS = 5 };

typedef struct board {
  int row, column; /* of the ball */
  int paddle;
} board;

static void reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(board *)state = (board){.column = (int)hd_random_below(random, COLUMNS), .paddle = COLUMNS / 2};
}

static bool step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
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

static void observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const board *b = state;
  obs[0] = (float)b->row;
  obs[1] = (float)b->column;
  obs[2] = (float)b->paddle;
}

static const hd_dim places[] = {{.name = "row", .unit = "", .low = 0, .high = ROWS - 1},
                                {.name = "column", .unit = "", .low = 0, .high = COLUMNS - 1},
                                {.name = "paddle", .unit = "", .low = 0, .high = COLUMNS - 1}};
static const hd_dim move = {.name = "left, stay, right", .unit = "", .count = 3};
static const hd_env_desc catch = {.size = sizeof(hd_env_desc),
                                  .name = "SmallCatch-v0",
                                  .doc = "move the paddle to where the ball lands",
                                  .source = "after Mnih et al. 2014",
                                  .obs = places,
                                  .n_obs = 3,
                                  .act = &move,
                                  .n_act = 1,
                                  .solved = 0.9,
                                  .low_score = -0.6,
                                  .high_score = 1,
                                  .state_size = sizeof(board),
                                  .reset = reset,
                                  .step = step,
                                  .observe = observe};

/* A Hebbian relative of pgcn: only spikes leave a mark, silence leaves none. */
static void factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->b[i] * (1 - io->p[i]) * io->gain[i];
  }
}

static const hd_rule_desc spikes_only = {.size = sizeof(hd_rule_desc),
                                         .name = "spikes-only",
                                         .doc = "g = b (1 - p) dlogit/du",
                                         .source = "examples/own_task.c",
                                         .needs = HD_RULE_STOCHASTIC | HD_RULE_AFFINE,
                                         .factor = factor};

/* Sixteen neurons stand between the board and the readout. The readout learns by the library's own
 * rule, but neurons that do not learn tell it too little: it catches half of the balls. */
static hd_status learn(hd_ctx *ctx, const hd_rule_desc *rule, hd_config **config,
                       hd_session **session, double *mean) {
  HD_TRY(hd_env_register(ctx, &catch));
  HD_TRY(hd_rule_register(ctx, rule));
  HD_TRY(hd_config_create(ctx, "SmallCatch-v0", "neuron-agent-online", config));
  HD_TRY(hd_config_set(*config, "rule", rule->name));
  HD_TRY(hd_config_set(*config, "hidden", "16"));
  HD_TRY(hd_config_set(*config, "alpha", "0.1"));
  HD_TRY(hd_session_create(ctx, *config, 1, session));
  HD_TRY(hd_session_train(*session, 100000));
  return hd_session_evaluate(*session, 100, 0, NULL, mean);
}

/* Whether SmallCatch-v0 is solved by a network whose neurons learn by `rule`. */
static bool solves(const hd_rule_desc *rule) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config = NULL;
  hd_session *session = NULL;
  double mean = -1;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return false;
  }
  if (learn(ctx, rule, &config, &session, &mean) != HD_OK) {
    fprintf(stderr, "%s\n", hd_ctx_error(ctx));
  } else {
    printf("SmallCatch-v0 with %s: mean return %.2f of at most 1\n", rule->name, mean);
  }
  hd_session_destroy(session);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return mean >= catch.solved;
}

int main(void) { return solves(&spikes_only) ? 0 : 1; }
