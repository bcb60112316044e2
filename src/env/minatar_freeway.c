/* MinAtar's Freeway: a chicken crosses eight lanes of cars, a step up or down every third frame.
 * The other side pays 1, and cars get new speeds; whoever is hit starts again at the bottom. The
 * channel of a car's trail tells how many frames it takes for a cell. The game is over after 2,501
 * steps. */
#include "minatar.h"

enum { CHICKEN, CAR, SPEEDS /* of 1 to 5 frames a cell */ };
enum { SIDE = HD_MINATAR_SIDE, BOTTOM = SIDE - 1, COLUMN = 4, CARS = 8, SLOWEST = 5 };
enum { REST = 3, FRAMES = 2500 };

typedef struct car {
  int8_t x, timer, every, goes_right;
} car;

typedef struct freeway {
  hd__minatar_pad pad;
  int32_t y; /* of the chicken */
  int32_t move_timer, left;
  car car[CARS]; /* in rows 1 to 8 */
} freeway;

/* All speeds are drawn before the directions. */
static void freeway_draw_speeds(freeway *s, hd_random *random) {
  for (int i = 0; i < CARS; i++) {
    s->car[i].every = (int8_t)(1 + hd_random_below(random, SLOWEST));
    s->car[i].timer = s->car[i].every;
  }
  for (int i = 0; i < CARS; i++) {
    s->car[i].goes_right = hd_random_uniform(random) > 0.5;
  }
}

static void freeway_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  freeway *s = state;
  *s = (freeway){.pad = s->pad, .y = BOTTOM, .move_timer = REST, .left = FRAMES};
  freeway_draw_speeds(s, random);
}

static void freeway_act(freeway *s, hd__minatar_move move) {
  const bool is_step = move == HD_MINATAR_UP || move == HD_MINATAR_DOWN;
  if (is_step && s->move_timer == 0) {
    s->move_timer = REST;
    s->y += move == HD_MINATAR_DOWN ? s->y < BOTTOM : -(s->y > 0);
  }
}

static void freeway_hit(freeway *s, int row) {
  if (s->car[row - 1].x == COLUMN && s->y == row) {
    s->y = BOTTOM;
  }
}

static void freeway_drive(freeway *s, int row) {
  car *c = &s->car[row - 1];
  freeway_hit(s, row);
  if (c->timer > 0) {
    c->timer--;
    return;
  }
  c->timer = c->every;
  c->x = (int8_t)((c->x + (c->goes_right ? 1 : SIDE - 1)) % SIDE);
  freeway_hit(s, row);
}

static bool freeway_step(const hd_env_desc *self, void *state, const float *action,
                         hd_random *random, double *reward) {
  freeway *s = state;
  freeway_act(s, hd__minatar_take(self, &s->pad, action, random));
  *reward = s->y == 0;
  if (s->y == 0) {
    freeway_draw_speeds(s, random);
    s->y = BOTTOM;
  }
  for (int row = 1; row <= CARS; row++) {
    freeway_drive(s, row);
  }
  s->move_timer -= s->move_timer > 0;
  s->left--;
  return s->left < 0;
}

static void freeway_observe(const hd_env_desc *self, const void *state, float *obs) {
  const freeway *s = state;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  hd__minatar_light(self, obs, COLUMN, s->y, CHICKEN);
  for (int row = 1; row <= CARS; row++) {
    const car *c = &s->car[row - 1];
    const int behind = (c->x + (c->goes_right ? SIDE - 1 : 1)) % SIDE;
    hd__minatar_light(self, obs, c->x, row, CAR);
    hd__minatar_light(self, obs, behind, row, SPEEDS + c->every - 1);
  }
}

static const hd__minatar freeway_rules = {
    .sticky = 0.1, .move = {HD_MINATAR_STAY, HD_MINATAR_UP, HD_MINATAR_DOWN}};

#define FREEWAY_CELL(y, x)        \
  HD_MINATAR_BIT("chicken", y, x) \
  HD_MINATAR_BIT("car", y, x)     \
  HD_MINATAR_BIT("speed 1", y, x) \
  HD_MINATAR_BIT("speed 2", y, x) \
  HD_MINATAR_BIT("speed 3", y, x) \
  HD_MINATAR_BIT("speed 4", y, x) \
  HD_MINATAR_BIT("speed 5", y, x)
static const hd_dim freeway_obs[] = {HD_MINATAR_GRID(FREEWAY_CELL)};
static const hd_dim freeway_actions = {"stay, up, down", "", 3, 0, 2};

const hd_env_desc hd__env_minatar_freeway = {
    HD_MINATAR_GAME(freeway, "Freeway", "freeway", "cross eight lanes of cars"),
    .n_options = HD_MINATAR_OPTIONS, .low_score = 0.37, .high_score = 70};
