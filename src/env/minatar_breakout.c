/* MinAtar's Breakout: a ball bounces off a paddle, the walls and three rows of bricks. A brick that
 * it hits is gone and pays 1; the game is over when it falls past the paddle. It moves along
 * diagonals; where it was before is shown as its trail. */
#include "minatar.h"

enum { PADDLE, BALL, TRAIL, BRICK };
enum { FIRST_ROW = 1, ROWS = 3, BOTTOM = HD_MINATAR_SIDE - 1 };
enum { FULL_ROW = (1 << HD_MINATAR_SIDE) - 1 };

/* Directions in this order: mirrored sideways d ^ 1, upside down 3 - d. */
typedef enum direction { UP_LEFT, UP_RIGHT, DOWN_RIGHT, DOWN_LEFT } direction;

typedef struct breakout {
  hd__minatar_pad pad;
  int32_t x, y, last_x, last_y; /* of the ball, now and before */
  int32_t direction, paddle;
  int32_t is_inside;    /* a brick was hit just now: the next one in the way is passed */
  int32_t bricks[ROWS]; /* bit x: a brick */
} breakout;

static void breakout_fill(breakout *s) {
  for (int i = 0; i < ROWS; i++) {
    s->bricks[i] = FULL_ROW;
  }
}

static void breakout_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  breakout *s = state;
  const bool is_right = hd_random_below(random, 2) == 1;
  *s = (breakout){.pad = s->pad,
                  .x = is_right ? HD_MINATAR_SIDE - 1 : 0,
                  .y = 3,
                  .direction = is_right ? DOWN_LEFT : DOWN_RIGHT,
                  .paddle = 4};
  s->last_x = s->x;
  s->last_y = s->y;
  breakout_fill(s);
}

static bool breakout_has_brick(const breakout *s, int x, int y) {
  return y >= FIRST_ROW && y < FIRST_ROW + ROWS && (s->bricks[y - FIRST_ROW] >> x & 1);
}

static bool breakout_is_cleared(const breakout *s) {
  return (s->bricks[0] | s->bricks[1] | s->bricks[2]) == 0;
}

/* The ball arrives at the bottom row in column x: does it bounce off the paddle? */
static bool breakout_bounces(breakout *s, int x) {
  if (breakout_is_cleared(s)) {
    breakout_fill(s);
  }
  if (s->last_x == s->paddle) {
    s->direction = 3 - s->direction;
  } else if (x == s->paddle) {
    s->direction ^= 2;
  } else {
    return false;
  }
  return true;
}

static void breakout_move_paddle(breakout *s, hd__minatar_move move) {
  const int to = s->paddle + (move == HD_MINATAR_RIGHT) - (move == HD_MINATAR_LEFT);
  s->paddle = to >= 0 && to < HD_MINATAR_SIDE ? to : s->paddle;
}

/* Where the ball goes sideways; walls turn it back, and it slides along them once. */
static int breakout_next_x(breakout *s) {
  const int x = s->x + (s->direction == UP_RIGHT || s->direction == DOWN_RIGHT ? 1 : -1);
  if (x >= 0 && x < HD_MINATAR_SIDE) {
    return x;
  }
  s->direction ^= 1;
  return s->x;
}

static bool breakout_step(const hd_env_desc *self, void *state, const float *action,
                          hd_random *random, double *reward) {
  breakout *s = state;
  breakout_move_paddle(s, hd__minatar_take(self, &s->pad, action, random));
  s->last_x = s->x;
  s->last_y = s->y;
  int y = s->y + (s->direction >= DOWN_RIGHT ? 1 : -1);
  const int x = breakout_next_x(s);
  const bool is_brick = y >= 0 && breakout_has_brick(s, x, y);
  bool is_over = false;
  *reward = is_brick && !s->is_inside;
  if (y < 0) {
    y = 0;
    s->direction = 3 - s->direction;
  } else if (is_brick && !s->is_inside) {
    s->bricks[y - FIRST_ROW] &= ~(1 << x);
    s->direction = 3 - s->direction;
    y = s->last_y;
  } else if (y == BOTTOM) {
    is_over = !breakout_bounces(s, x);
    y = is_over ? y : s->last_y;
  }
  s->is_inside = is_brick;
  s->x = x;
  s->y = y;
  return is_over;
}

static void breakout_observe(const hd_env_desc *self, const void *state, float *obs) {
  const breakout *s = state;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  hd__minatar_light(self, obs, s->paddle, BOTTOM, PADDLE);
  hd__minatar_light(self, obs, s->x, s->y, BALL);
  hd__minatar_light(self, obs, s->last_x, s->last_y, TRAIL);
  for (int y = FIRST_ROW; y < FIRST_ROW + ROWS; y++) {
    for (int x = 0; x < HD_MINATAR_SIDE; x++) {
      if (breakout_has_brick(s, x, y)) {
        hd__minatar_light(self, obs, x, y, BRICK);
      }
    }
  }
}

static const hd__minatar breakout_rules = {
    .sticky = 0.1, .move = {HD_MINATAR_STAY, HD_MINATAR_LEFT, HD_MINATAR_RIGHT}};

#define BREAKOUT_CELL(y, x)      \
  HD_MINATAR_BIT("paddle", y, x) \
  HD_MINATAR_BIT("ball", y, x)   \
  HD_MINATAR_BIT("trail", y, x)  \
  HD_MINATAR_BIT("brick", y, x)
static const hd_dim breakout_obs[] = {HD_MINATAR_GRID(BREAKOUT_CELL)};
static const hd_dim breakout_actions = {"stay, left, right", "", 3, 0, 2};

const hd_env_desc hd__env_minatar_breakout = {
    HD_MINATAR_GAME(breakout, "Breakout", "breakout", "bounce a ball off a paddle to break bricks"),
    .n_options = HD_MINATAR_OPTIONS, .low_score = 0.4, .high_score = 100};
