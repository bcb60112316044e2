/* MinAtar's Asterix: enemies and gold cross eight rows from either side. Gold that is met pays 1,
 * an enemy ends the game. They come more often and move faster as it goes on; where each of them
 * was before is shown as a trail. */
#include "minatar.h"

enum { PLAYER, ENEMY, TRAIL, GOLD };
enum { SIDE = HD_MINATAR_SIDE, SLOTS = 8 /* rows 1 to 8 have one each */ };
enum { SPAWN_EVERY = 10, MOVE_EVERY = 5, RAMP_EVERY = 100 };

typedef struct thing {
  int8_t is_there, x, goes_right, is_gold;
} thing;

typedef struct asterix {
  hd__minatar_pad pad;
  int32_t x, y; /* of the player */
  int32_t spawn_every, spawn_timer, move_every, move_timer, ramp_timer, ramp;
  thing slot[SLOTS];
} asterix;

static void asterix_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  asterix *s = state;
  *s = (asterix){.pad = s->pad,
                 .x = 5,
                 .y = 5,
                 .spawn_every = SPAWN_EVERY,
                 .spawn_timer = SPAWN_EVERY,
                 .move_every = MOVE_EVERY,
                 .move_timer = MOVE_EVERY,
                 .ramp_timer = RAMP_EVERY};
}

/* In a free row, if there is one; what it would be is drawn anyway. */
static void asterix_spawn(asterix *s, hd_random *random) {
  const bool goes_right = hd_random_uniform(random) < 1.0 / 2.0;
  const bool is_gold = hd_random_uniform(random) < 1.0 / 3.0;
  int free[SLOTS], n = 0;
  for (int i = 0; i < SLOTS; i++) {
    if (!s->slot[i].is_there) {
      free[n++] = i;
    }
  }
  if (n > 0) {
    s->slot[free[hd_random_below(random, (uint32_t)n)]] = (thing){.is_there = 1,
                                                                  .x = goes_right ? 0 : SIDE - 1,
                                                                  .goes_right = goes_right,
                                                                  .is_gold = is_gold};
  }
}

static int asterix_within(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

static void asterix_act(asterix *s, hd__minatar_move move) {
  s->x += (move == HD_MINATAR_RIGHT) - (move == HD_MINATAR_LEFT);
  s->y += (move == HD_MINATAR_DOWN) - (move == HD_MINATAR_UP);
  s->x = asterix_within(s->x, 0, SIDE - 1);
  s->y = asterix_within(s->y, 1, SLOTS);
}

/* Does the player meet a thing? Gold is taken and pays. Returns true if the game is over. */
static bool asterix_meet(asterix *s, int i, double *reward) {
  thing *t = &s->slot[i];
  if (!t->is_there || t->x != s->x || i + 1 != s->y) {
    return false;
  }
  *reward += t->is_gold;
  t->is_there = !t->is_gold;
  return !t->is_gold;
}

static bool asterix_move_things(asterix *s, double *reward) {
  bool is_over = false;
  for (int i = 0; i < SLOTS; i++) {
    thing *t = &s->slot[i];
    if (t->is_there) {
      t->x = (int8_t)(t->x + (t->goes_right ? 1 : -1));
      t->is_there = t->x >= 0 && t->x < SIDE;
    }
    is_over |= asterix_meet(s, i, reward);
  }
  return is_over;
}

/* Every second time things move faster, too. */
static void asterix_ramp(asterix *s) {
  if (s->spawn_every <= 1 && s->move_every <= 1) {
    return;
  }
  if (s->ramp_timer >= 0) {
    s->ramp_timer--;
    return;
  }
  s->move_every -= s->move_every > 1 && s->ramp % 2 == 1;
  s->spawn_every -= s->spawn_every > 1;
  s->ramp++;
  s->ramp_timer = RAMP_EVERY;
}

static bool asterix_step(const hd_env_desc *self, void *state, const float *action,
                         hd_random *random, double *reward) {
  const hd__minatar *rules = self->data;
  asterix *s = state;
  const hd__minatar_move move = hd__minatar_take(self, &s->pad, action, random);
  bool is_over = false;
  *reward = 0;
  if (s->spawn_timer == 0) {
    asterix_spawn(s, random);
    s->spawn_timer = s->spawn_every;
  }
  asterix_act(s, move);
  for (int i = 0; i < SLOTS; i++) {
    is_over |= asterix_meet(s, i, reward);
  }
  if (s->move_timer == 0) {
    s->move_timer = s->move_every;
    is_over |= asterix_move_things(s, reward);
  }
  s->spawn_timer--;
  s->move_timer--;
  if (rules->is_ramping) {
    asterix_ramp(s);
  }
  return is_over;
}

static void asterix_observe(const hd_env_desc *self, const void *state, float *obs) {
  const asterix *s = state;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  hd__minatar_light(self, obs, s->x, s->y, PLAYER);
  for (int i = 0; i < SLOTS; i++) {
    const thing *t = &s->slot[i];
    if (t->is_there) {
      hd__minatar_light(self, obs, t->x, i + 1, t->is_gold ? GOLD : ENEMY);
      hd__minatar_light(self, obs, t->goes_right ? t->x - 1 : t->x + 1, i + 1, TRAIL);
    }
  }
}

static const hd__minatar asterix_rules = {
    .sticky = 0.1,
    .is_ramping = true,
    .move = {HD_MINATAR_STAY, HD_MINATAR_LEFT, HD_MINATAR_UP, HD_MINATAR_RIGHT, HD_MINATAR_DOWN}};

#define ASTERIX_CELL(y, x)       \
  HD_MINATAR_BIT("player", y, x) \
  HD_MINATAR_BIT("enemy", y, x)  \
  HD_MINATAR_BIT("trail", y, x)  \
  HD_MINATAR_BIT("gold", y, x)
static const hd_dim asterix_obs[] = {HD_MINATAR_GRID(ASTERIX_CELL)};
static const hd_dim asterix_actions = {"stay, left, up, right, down", "", 5, 0, 4};

const hd_env_desc hd__env_minatar_asterix = {
    HD_MINATAR_GAME(asterix, "Asterix", "asterix", "collect gold and keep away from enemies"),
    .n_options = HD_MINATAR_OPTIONS_RAMPING, .low_score = 0.5, .high_score = 60};
