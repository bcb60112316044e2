/* MinAtar's Space Invaders: a cannon at the bottom shoots at a block of aliens, which walk
 * sideways, come down a row at each edge, faster the fewer they are, and shoot back. An alien that
 * is shot pays 1. The game is over when a bullet or an alien reaches the cannon, or an alien at the
 * bottom an edge. */
#include "minatar.h"

enum { CANNON, ALIEN, ALIEN_LEFT, ALIEN_RIGHT, FRIENDLY, HOSTILE };
enum { SIDE = HD_MINATAR_SIDE, BOTTOM = SIDE - 1 };
enum { COOL_DOWN = 5, SHOT_EVERY = 10, MOVE_EVERY = 12, MOVE_EVERY_LEAST = 6 };
enum { WAVE_ROWS = 4, WAVE_ROW = 0xFC /* columns 2 to 7 */ };

/* Rows of bits: bit x of row y is a cell. */
typedef struct space_invaders {
  hd__minatar_pad pad;
  int32_t cannon, direction;
  int32_t shot_timer, alien_shot_timer, move_timer;
  int32_t move_every; /* steps between two moves of a full block */
  uint32_t alien[SIDE], friendly[SIDE], hostile[SIDE];
} space_invaders;

static void space_invaders_new_wave(space_invaders *s) {
  for (int y = 0; y < WAVE_ROWS; y++) {
    s->alien[y] = WAVE_ROW;
  }
}

static void space_invaders_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  space_invaders *s = state;
  *s = (space_invaders){.pad = s->pad,
                        .cannon = 5,
                        .direction = -1,
                        .alien_shot_timer = SHOT_EVERY,
                        .move_timer = MOVE_EVERY,
                        .move_every = MOVE_EVERY};
  space_invaders_new_wave(s);
}

static bool space_invaders_is_at(const uint32_t *row, int x, int y) { return row[y] >> x & 1; }

static int space_invaders_count(const space_invaders *s) {
  int n = 0;
  for (int y = 0; y < SIDE; y++) {
    n += __builtin_popcount(s->alien[y]);
  }
  return n;
}

/* All columns in which an alien is. */
static uint32_t space_invaders_columns(const space_invaders *s) {
  uint32_t columns = 0;
  for (int y = 0; y < SIDE; y++) {
    columns |= s->alien[y];
  }
  return columns;
}

static void space_invaders_act(space_invaders *s, hd__minatar_move move) {
  if (move == HD_MINATAR_FIRE && s->shot_timer == 0) {
    s->friendly[BOTTOM] |= 1u << s->cannon;
    s->shot_timer = COOL_DOWN;
  } else if (move == HD_MINATAR_LEFT) {
    s->cannon -= s->cannon > 0;
  } else if (move == HD_MINATAR_RIGHT) {
    s->cannon += s->cannon < SIDE - 1;
  }
}

static void space_invaders_move_bullets(space_invaders *s) {
  memmove(s->friendly, s->friendly + 1, sizeof s->friendly - sizeof *s->friendly);
  s->friendly[BOTTOM] = 0;
  memmove(s->hostile + 1, s->hostile, sizeof s->hostile - sizeof *s->hostile);
  s->hostile[0] = 0;
}

/* All rows one down; the bottom one comes back at the top. */
static void space_invaders_come_down(space_invaders *s) {
  const uint32_t last = s->alien[BOTTOM];
  memmove(s->alien + 1, s->alien, sizeof s->alien - sizeof *s->alien);
  s->alien[0] = last;
}

/* Returns true if the game is over. */
static bool space_invaders_move_aliens(space_invaders *s) {
  const int left = space_invaders_count(s);
  const uint32_t edge = s->direction < 0 ? 1u : 1u << (SIDE - 1);
  bool is_over = false;
  s->move_timer = left < s->move_every ? left : s->move_every;
  if (space_invaders_columns(s) & edge) {
    is_over = s->alien[BOTTOM] != 0;
    s->direction = -s->direction;
    space_invaders_come_down(s);
  } else {
    for (int y = 0; y < SIDE; y++) {
      s->alien[y] = s->direction < 0 ? s->alien[y] >> 1 : s->alien[y] << 1;
    }
  }
  return is_over || space_invaders_is_at(s->alien, s->cannon, BOTTOM);
}

/* The lowest alien of the column nearest to the cannon shoots; of two columns the left one. */
static void space_invaders_shoot(space_invaders *s) {
  const uint32_t columns = space_invaders_columns(s);
  for (int far = 0; far < SIDE; far++) {
    for (int sign = -1; sign <= 1; sign += 2) {
      const int x = s->cannon + sign * far;
      if (x < 0 || x >= SIDE || !(columns >> x & 1)) {
        continue;
      }
      int y = BOTTOM;
      while (!space_invaders_is_at(s->alien, x, y)) {
        y--;
      }
      s->hostile[y] |= 1u << x;
      return;
    }
  }
}

static int space_invaders_hit(space_invaders *s) {
  int n = 0;
  for (int y = 0; y < SIDE; y++) {
    const uint32_t hit = s->alien[y] & s->friendly[y];
    s->alien[y] &= ~hit;
    s->friendly[y] &= ~hit;
    n += __builtin_popcount(hit);
  }
  return n;
}

static bool space_invaders_step(const hd_env_desc *self, void *state, const float *action,
                                hd_random *random, double *reward) {
  const hd__minatar *rules = self->data;
  space_invaders *s = state;
  space_invaders_act(s, hd__minatar_take(self, &s->pad, action, random));
  space_invaders_move_bullets(s);
  bool is_over = space_invaders_is_at(s->hostile, s->cannon, BOTTOM) ||
                 space_invaders_is_at(s->alien, s->cannon, BOTTOM);
  if (s->move_timer == 0 && space_invaders_move_aliens(s)) {
    is_over = true;
  }
  if (s->alien_shot_timer == 0) {
    s->alien_shot_timer = SHOT_EVERY;
    space_invaders_shoot(s);
  }
  *reward = space_invaders_hit(s);
  s->shot_timer -= s->shot_timer > 0;
  s->move_timer--;
  s->alien_shot_timer--;
  if (space_invaders_columns(s) == 0) {
    s->move_every -= rules->is_ramping && s->move_every > MOVE_EVERY_LEAST;
    space_invaders_new_wave(s);
  }
  return is_over;
}

static void space_invaders_light(const hd_env_desc *self, float *obs, const uint32_t *row,
                                 int channel) {
  for (int y = 0; y < SIDE; y++) {
    for (uint32_t left = row[y]; left != 0; left &= left - 1) {
      hd__minatar_light(self, obs, __builtin_ctz(left), y, channel);
    }
  }
}

static void space_invaders_observe(const hd_env_desc *self, const void *state, float *obs) {
  const space_invaders *s = state;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  hd__minatar_light(self, obs, s->cannon, BOTTOM, CANNON);
  space_invaders_light(self, obs, s->alien, ALIEN);
  space_invaders_light(self, obs, s->alien, s->direction < 0 ? ALIEN_LEFT : ALIEN_RIGHT);
  space_invaders_light(self, obs, s->friendly, FRIENDLY);
  space_invaders_light(self, obs, s->hostile, HOSTILE);
}

static const hd__minatar space_invaders_rules = {
    .sticky = 0.1,
    .is_ramping = true,
    .move = {HD_MINATAR_STAY, HD_MINATAR_LEFT, HD_MINATAR_RIGHT, HD_MINATAR_FIRE}};

#define SPACE_INVADERS_CELL(y, x)     \
  HD_MINATAR_BIT("cannon", y, x)      \
  HD_MINATAR_BIT("alien", y, x)       \
  HD_MINATAR_BIT("alien left", y, x)  \
  HD_MINATAR_BIT("alien right", y, x) \
  HD_MINATAR_BIT("bullet", y, x)      \
  HD_MINATAR_BIT("alien bullet", y, x)
static const hd_dim space_invaders_obs[] = {HD_MINATAR_GRID(SPACE_INVADERS_CELL)};
static const hd_dim space_invaders_actions = {"stay, left, right, fire", "", 4, 0, 3};

const hd_env_desc hd__env_minatar_space_invaders = {
    HD_MINATAR_GAME(space_invaders, "SpaceInvaders", "space-invaders",
                    "shoot aliens before they come down"),
    .n_options = HD_MINATAR_OPTIONS_RAMPING, .low_score = 4, .high_score = 200};
