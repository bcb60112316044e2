/* Worlds that a stranger might bring: the cart-pole with other rewards, ranges, physics, noise or
 * inputs, and a game of Catch. None of them has a row in a method's file. */
#ifndef HD_WORLDS_H
#define HD_WORLDS_H

#include <math.h>

#include "hedon/env.h"

/* ---- the cart-pole, altered ---- */

enum { INPUTS = 4 };

/* What differs from CartPole-v1; factors are 1, and numbers 0, where nothing does. */
typedef struct world {
  double reward, length, force, gravity;
  double noise;     /* deviation of what is added to an observation, in half ranges */
  bool is_permuted; /* the inputs come in another order */
  bool has_more;    /* a fifth input is drawn at random */
} world;

typedef struct cart {
  double s[INPUTS];         /* position, velocity, angle, angular velocity */
  double extra[INPUTS + 1]; /* noise of the present observation, and the irrelevant input */
} cart;

static const double half_range[INPUTS] = {2.4, 2.0, 0.2095, 2.0};

static void worlds_draw(const world *w, cart *c, hd_random *random) {
  for (int i = 0; i < INPUTS && w->noise > 0; i++) {
    c->extra[i] = w->noise * half_range[i] * hd_random_normal(random);
  }
  if (w->has_more) {
    c->extra[INPUTS] = 2 * hd_random_uniform(random) - 1;
  }
}

static void worlds_cart_reset(const hd_env_desc *self, void *state, hd_random *random) {
  cart *c = state;
  for (int i = 0; i < INPUTS; i++) {
    c->s[i] = 0.1 * hd_random_uniform(random) - 0.05;
  }
  worlds_draw(self->data, c, random);
}

/* Gymnasium 1.4.0, envs/classic_control/cartpole.py: cart 1 kg, pole 0.1 kg, steps of 20 ms. */
static bool worlds_cart_step(const hd_env_desc *self, void *state, const float *action,
                             hd_random *random, double *reward) {
  const world *w = self->data;
  cart *c = state;
  double *s = c->s;
  const double force = (action[0] != 0.0f ? 10 : -10) * w->force, length = 0.5 * w->length;
  const double sine = sin(s[2]), cosine = cos(s[2]), total = 1.1, mass = 0.1;
  const double push = (force + mass * length * s[3] * s[3] * sine) / total;
  const double turn = (9.8 * w->gravity * sine - cosine * push) /
                      (length * (4.0 / 3 - mass * cosine * cosine / total));
  const double gain = push - mass * length * turn * cosine / total;
  s[0] += 0.02 * s[1];
  s[1] += 0.02 * gain;
  s[2] += 0.02 * s[3];
  s[3] += 0.02 * turn;
  worlds_draw(w, c, random);
  *reward = w->reward;
  return fabs(s[0]) > 2.4 || fabs(s[2]) > half_range[2];
}

static void worlds_cart_observe(const hd_env_desc *self, const void *state, float *obs) {
  static const int order[INPUTS] = {2, 0, 3, 1};
  const world *w = self->data;
  const cart *c = state;
  for (int i = 0; i < INPUTS; i++) {
    const int from = w->is_permuted ? order[i] : i;
    obs[i] = (float)(c->s[from] + c->extra[from]);
  }
  if (w->has_more) {
    obs[INPUTS] = (float)c->extra[INPUTS];
  }
}

#define WORLDS_DIM(name, unit, half) \
  { name, unit, 0, -(half), (half) }
#define WORLDS_DIMS(wide)                                                                     \
  {                                                                                           \
    WORLDS_DIM("position", "m", 2.4f * (wide)), WORLDS_DIM("velocity", "m/s", 2.0f * (wide)), \
        WORLDS_DIM("angle", "rad", 0.2095f * (wide)),                                         \
        WORLDS_DIM("angular velocity", "rad/s", 2.0f * (wide)), WORLDS_DIM("noise", "", 1.0f) \
  }

static const hd_dim usual[] = WORLDS_DIMS(1), wide[] = WORLDS_DIMS(10);
static const hd_dim permuted[] = {
    WORLDS_DIM("angle", "rad", 0.2095f), WORLDS_DIM("position", "m", 2.4f),
    WORLDS_DIM("angular velocity", "rad/s", 2.0f), WORLDS_DIM("velocity", "m/s", 2.0f)};
static const hd_dim push[] = {{"left, right", "", 2, 0, 1}};

#define WORLDS_CART(name_, doc_, dims, factor, ...)                                               \
  {                                                                                               \
    .size = sizeof(hd_env_desc), .name = name_, .doc = doc_, .source = "tests/learning/worlds.c", \
    .obs = dims, .n_obs = INPUTS, .act = push, .n_act = 1, .max_steps = 500,                      \
    .solved = 475 * (factor), .low_score = 22 * (factor), .high_score = 500 * (factor),           \
    .data = &(const world){.reward = (factor), __VA_ARGS__}, .state_size = sizeof(cart),          \
    .reset = worlds_cart_reset, .step = worlds_cart_step, .observe = worlds_cart_observe          \
  }
#define USUAL .length = 1, .force = 1, .gravity = 1

static const hd_env_desc carts[] = {
    WORLDS_CART("Cart-v0", "the cart-pole under another name", usual, 1, USUAL),
    WORLDS_CART("CartSmall-v0", "rewards of 0.01", usual, 0.01, USUAL),
    WORLDS_CART("CartLarge-v0", "rewards of 100", usual, 100, USUAL),
    WORLDS_CART("CartHalves-v0", "rewards of 2^-7", usual, 0.0078125, USUAL),
    WORLDS_CART("CartDoubles-v0", "rewards of 2^7", usual, 128, USUAL),
    WORLDS_CART("CartWide-v0", "ranges that are ten times too wide", wide, 1, USUAL),
    WORLDS_CART("CartLong-v0", "a pole of twice the length", usual, 1, .length = 2, .force = 1,
                .gravity = 1),
    WORLDS_CART("CartStrong-v0", "half as much force again", usual, 1, .length = 1, .force = 1.5,
                .gravity = 1),
    WORLDS_CART("CartHeavy-v0", "half as much gravity again", usual, 1, .length = 1, .force = 1,
                .gravity = 1.5),
    WORLDS_CART("CartNoisy-v0", "observations with 5 % noise", usual, 1, USUAL, .noise = 0.05),
    WORLDS_CART("CartPermuted-v0", "inputs in another order", permuted, 1, USUAL,
                .is_permuted = true),
};

/* ---- Catch ---- */

/* Mnih et al. 2014, as in bsuite: a ball falls through ten rows of five columns, a row a step; the
 * paddle in the last row should be where the ball lands. */
enum { ROWS = 10, COLUMNS = 5 };

typedef struct board {
  int row, column, paddle;
} board;

static void worlds_catch_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(board *)state = (board){.column = (int)hd_random_below(random, COLUMNS), .paddle = COLUMNS / 2};
}

static bool worlds_catch_step(const hd_env_desc *self, void *state, const float *action,
                              hd_random *random, double *reward) {
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

static void worlds_catch_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const board *b = state;
  obs[0] = (float)b->row;
  obs[1] = (float)b->column;
  obs[2] = (float)b->paddle;
}

static const hd_dim numbers[] = {{"row", "", 0, 0, ROWS - 1},
                                 {"column", "", 0, 0, COLUMNS - 1},
                                 {"paddle", "", 0, 0, COLUMNS - 1}};
static const hd_dim choices[] = {
    {"row", "", ROWS, 0, 0}, {"column", "", COLUMNS, 0, 0}, {"paddle", "", COLUMNS, 0, 0}};
static const hd_dim move[] = {{"left, stay, right", "", 3, 0, 2}};

#define WORLDS_CATCH(name_, doc_, dims)                                                    \
  {                                                                                        \
    .size = sizeof(hd_env_desc), .name = name_, .doc = doc_, .source = "Mnih et al. 2014", \
    .obs = dims, .n_obs = 3, .act = move, .n_act = 1, .solved = 0.95, .low_score = -0.6,   \
    .high_score = 1, .state_size = sizeof(board), .reset = worlds_catch_reset,             \
    .step = worlds_catch_step, .observe = worlds_catch_observe                             \
  }

static const hd_env_desc catches[] = {
    WORLDS_CATCH("CatchNumbers-v0", "Catch that shows three real numbers", numbers),
    WORLDS_CATCH("CatchChoices-v0", "Catch that shows three whole numbers", choices),
};

/* ---- all of them ---- */

/* Register all worlds with a context.  Errors  those of hd_env_register. */
static inline hd_status worlds_register(hd_ctx *ctx) {
  for (size_t i = 0; i < sizeof carts / sizeof carts[0]; i++) {
    HD_TRY(hd_env_register(ctx, &carts[i]));
  }
  hd_env_desc more = carts[0];
  static const world irrelevant = {.reward = 1, USUAL, .has_more = true};
  more.name = "CartMore-v0";
  more.doc = "an input that is noise";
  more.n_obs = INPUTS + 1;
  more.data = &irrelevant;
  HD_TRY(hd_env_register(ctx, &more));
  for (size_t i = 0; i < sizeof catches / sizeof catches[0]; i++) {
    HD_TRY(hd_env_register(ctx, &catches[i]));
  }
  return HD_OK;
}

#endif
