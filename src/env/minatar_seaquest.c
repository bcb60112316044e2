/* MinAtar's Seaquest: a submarine shoots fish and other submarines, which pays 1 each, and takes
 * divers on board. It breathes at the surface, where each visit takes a diver ashore; six divers at
 * once are worth a cell of the oxygen gauge each. The game is over when it is hit, out of oxygen,
 * or at the surface without divers. Each visit makes the game harder.
 *
 * As in the package, six divers brought ashore leave -1 on board, which the gauge shows as none,
 * and from then on the surface ends no game until a diver makes it 0 again. Lists are kept as
 * there, too: from the oldest to the newest, walked from the newest; what is taken out is the
 * oldest entry that equals it. */
#include "minatar.h"

enum { FRONT, BACK, FRIENDLY, TRAIL, HOSTILE, FISH, SUB, OXYGEN_GAUGE, DIVER_GAUGE, DIVER };
enum { SIDE = HD_MINATAR_SIDE, GAUGE_ROW = SIDE - 1, DEEPEST = SIDE - 2 };
enum { OXYGEN = 200, DIVERS = 6, COOL_DOWN = 5, SHOT_EVERY = 10 };
enum { SPAWN_EVERY = 20, DIVER_EVERY = 30, MOVE_EVERY = 5, MOVE_EVERY_LEAST = 2 };

/* Nothing crosses the grid in more than 60 steps, at most one enemy comes in a step, and a bullet
 * of an enemy, which shoots every eleventh step, is gone after ten: fewer than so many of a kind.
 */
enum { MOST = 80 };

typedef struct thing {
  int8_t x, y, goes_right;
  int8_t timer; /* steps until it moves */
  int8_t shot;  /* of a submarine: steps until it shoots */
} thing;

typedef struct things {
  thing item[MOST];
  int32_t n;
} things;

typedef struct seaquest {
  hd__minatar_pad pad;
  int32_t x, y, faces_right;
  int32_t oxygen, divers_on_board, is_at_surface, ramp;
  int32_t shot_timer, spawn_every, spawn_timer, diver_timer, move_every;
  things friendly, hostile, fish, subs, divers;
} seaquest;

static void seaquest_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  seaquest *s = state;
  *s = (seaquest){.pad = s->pad,
                  .x = 5,
                  .oxygen = OXYGEN,
                  .is_at_surface = true,
                  .spawn_every = SPAWN_EVERY,
                  .spawn_timer = SPAWN_EVERY,
                  .diver_timer = DIVER_EVERY,
                  .move_every = MOVE_EVERY};
}

/* ---- lists ---- */

static void things_add(things *list, thing t) {
  if (list->n < MOST) {
    list->item[list->n++] = t;
  }
}

static void things_cut(things *list, int i) {
  list->n--;
  memmove(&list->item[i], &list->item[i + 1], sizeof(thing) * (size_t)(list->n - i));
}

/* Take out the oldest entry that equals entry i; returns which. */
static int things_take(things *list, int i) {
  int k = 0;
  while (memcmp(&list->item[k], &list->item[i], sizeof(thing)) != 0) {
    k++;
  }
  things_cut(list, k);
  return k;
}

/* The oldest entry at a place; -1: there is none. */
static int things_at(const things *list, int x, int y) {
  for (int i = 0; i < list->n; i++) {
    if (list->item[i].x == x && list->item[i].y == y) {
      return i;
    }
  }
  return -1;
}

/* Take the oldest entry at a place out, if there is one. */
static bool things_take_at(things *list, int x, int y) {
  const int i = things_at(list, x, y);
  if (i >= 0) {
    things_cut(list, i);
  }
  return i >= 0;
}

static bool thing_is_out(const thing *t) { return t->x < 0 || t->x >= SIDE; }
static void thing_go(thing *t) { t->x = (int8_t)(t->x + (t->goes_right ? 1 : -1)); }
static bool thing_meets(const thing *t, const seaquest *s) { return t->x == s->x && t->y == s->y; }

/* ---- what comes ---- */

static thing seaquest_draw_row(bool goes_right, hd_random *random) {
  return (thing){.x = goes_right ? 0 : SIDE - 1,
                 .y = (int8_t)(1 + hd_random_below(random, DEEPEST)),
                 .goes_right = goes_right};
}

/* Is anything in a row that goes the other way? */
static bool things_oppose(const things *list, const thing *t) {
  bool is_any = false;
  for (int i = 0; i < list->n; i++) {
    is_any |= list->item[i].y == t->y && list->item[i].goes_right != t->goes_right;
  }
  return is_any;
}

static void seaquest_spawn_enemy(seaquest *s, hd_random *random) {
  const bool goes_right = hd_random_uniform(random) < 1.0 / 2.0;
  const bool is_sub = hd_random_uniform(random) < 1.0 / 3.0;
  thing t = seaquest_draw_row(goes_right, random);
  if (things_oppose(&s->subs, &t) || things_oppose(&s->fish, &t)) {
    return;
  }
  t.timer = (int8_t)s->move_every;
  t.shot = is_sub ? SHOT_EVERY : 0;
  things_add(is_sub ? &s->subs : &s->fish, t);
}

static void seaquest_spawn_diver(seaquest *s, hd_random *random) {
  const bool goes_right = hd_random_uniform(random) < 1.0 / 2.0;
  thing t = seaquest_draw_row(goes_right, random);
  t.timer = MOVE_EVERY;
  things_add(&s->divers, t);
}

static void seaquest_spawn(seaquest *s, hd_random *random) {
  if (s->spawn_timer == 0) {
    seaquest_spawn_enemy(s, random);
    s->spawn_timer = s->spawn_every;
  }
  if (s->diver_timer == 0) {
    seaquest_spawn_diver(s, random);
    s->diver_timer = DIVER_EVERY;
  }
}

/* ---- the submarine ---- */

static void seaquest_act(seaquest *s, hd__minatar_move move) {
  if (move == HD_MINATAR_FIRE && s->shot_timer == 0) {
    things_add(&s->friendly,
               (thing){.x = (int8_t)s->x, .y = (int8_t)s->y, .goes_right = (int8_t)s->faces_right});
    s->shot_timer = COOL_DOWN;
  } else if (move == HD_MINATAR_LEFT || move == HD_MINATAR_RIGHT) {
    s->faces_right = move == HD_MINATAR_RIGHT;
    s->x += s->faces_right ? s->x < SIDE - 1 : -(s->x > 0);
  } else if (move == HD_MINATAR_UP || move == HD_MINATAR_DOWN) {
    s->y += move == HD_MINATAR_DOWN ? s->y < DEEPEST : -(s->y > 0);
  }
}

/* With divers on board: air, and what they are worth. */
static double seaquest_breathe(seaquest *s) {
  const bool is_full = s->divers_on_board == DIVERS;
  const double reward = is_full ? s->oxygen * SIDE / OXYGEN : 0;
  s->is_at_surface = true;
  s->divers_on_board = (is_full ? 0 : s->divers_on_board) - 1;
  s->oxygen = OXYGEN;
  return reward;
}

static void seaquest_ramp(seaquest *s) {
  if (s->spawn_every > 1 || s->move_every > MOVE_EVERY_LEAST) {
    s->move_every -= s->move_every > MOVE_EVERY_LEAST && s->ramp % 2 == 1;
    s->spawn_every -= s->spawn_every > 1;
    s->ramp++;
  }
}

/* Returns true if the game is over. */
static bool seaquest_use_air(seaquest *s, bool is_ramping, double *reward) {
  const bool is_out = s->oxygen <= 0;
  if (s->y > 0) {
    s->oxygen--;
    s->is_at_surface = false;
  } else if (!s->is_at_surface && s->divers_on_board == 0) {
    return true;
  } else if (!s->is_at_surface) {
    *reward += seaquest_breathe(s);
    if (is_ramping) {
      seaquest_ramp(s);
    }
  }
  return is_out;
}

/* ---- everything else, kind by kind ---- */

static double seaquest_move_friendly(seaquest *s) {
  double reward = 0;
  for (int i = s->friendly.n - 1; i >= 0; i--) {
    thing *t = &s->friendly.item[i];
    thing_go(t);
    if (thing_is_out(t)) {
      things_take(&s->friendly, i);
    } else if (things_take_at(&s->fish, t->x, t->y) || things_take_at(&s->subs, t->x, t->y)) {
      things_take(&s->friendly, i);
      reward++;
    }
  }
  return reward;
}

static void seaquest_move_divers(seaquest *s) {
  for (int i = s->divers.n - 1; i >= 0; i--) {
    thing *t = &s->divers.item[i];
    bool is_moved = false;
    if (!thing_meets(t, s) || s->divers_on_board >= DIVERS) {
      is_moved = t->timer == 0;
      t->timer = (int8_t)(is_moved ? MOVE_EVERY : t->timer - 1);
      if (!is_moved) {
        continue;
      }
      thing_go(t);
    }
    if (is_moved && thing_is_out(t)) {
      things_take(&s->divers, i);
    } else if (thing_meets(t, s) && s->divers_on_board < DIVERS) {
      things_take(&s->divers, i);
      s->divers_on_board++;
    }
  }
}

/* Move enemy i on, if it is time: beyond the edge or into a bullet it is gone. Returns it where it
 * is now, `gone` if it is not in the list any more. */
static thing *seaquest_move_enemy(seaquest *s, things *list, int i, thing *gone, bool *is_over,
                                  double *reward) {
  thing *t = &list->item[i];
  *is_over |= thing_meets(t, s);
  if (t->timer > 0) {
    t->timer--;
    return t;
  }
  t->timer = (int8_t)s->move_every;
  thing_go(t);
  const bool is_out = thing_is_out(t), is_met = thing_meets(t, s);
  const bool is_hit = !is_out && !is_met && things_take_at(&s->friendly, t->x, t->y);
  *is_over |= is_met;
  *reward += is_hit;
  if (!is_out && !is_hit) {
    return t;
  }
  *gone = *t;
  return things_take(list, i) < i ? &list->item[i - 1] : gone;
}

static void seaquest_move_subs(seaquest *s, bool *is_over, double *reward) {
  for (int i = s->subs.n - 1; i >= 0; i--) {
    thing gone;
    thing *t = seaquest_move_enemy(s, &s->subs, i, &gone, is_over, reward);
    if (t->shot == 0) {
      t->shot = SHOT_EVERY;
      things_add(&s->hostile, (thing){.x = t->x, .y = t->y, .goes_right = t->goes_right});
    } else {
      t->shot--;
    }
  }
}

static void seaquest_move_fish(seaquest *s, bool *is_over, double *reward) {
  for (int i = s->fish.n - 1; i >= 0; i--) {
    thing gone;
    seaquest_move_enemy(s, &s->fish, i, &gone, is_over, reward);
  }
}

static void seaquest_move_hostile(seaquest *s, bool *is_over) {
  for (int i = s->hostile.n - 1; i >= 0; i--) {
    thing *t = &s->hostile.item[i];
    *is_over |= thing_meets(t, s);
    thing_go(t);
    if (thing_is_out(t)) {
      things_take(&s->hostile, i);
    } else {
      *is_over |= thing_meets(t, s);
    }
  }
}

static bool seaquest_step(const hd_env_desc *self, void *state, const float *action,
                          hd_random *random, double *reward) {
  const hd__minatar *rules = self->data;
  seaquest *s = state;
  const hd__minatar_move move = hd__minatar_take(self, &s->pad, action, random);
  bool is_over = false;
  seaquest_spawn(s, random);
  seaquest_act(s, move);
  *reward = seaquest_move_friendly(s);
  seaquest_move_divers(s);
  seaquest_move_subs(s, &is_over, reward);
  seaquest_move_hostile(s, &is_over);
  seaquest_move_fish(s, &is_over, reward);
  s->spawn_timer -= s->spawn_timer > 0;
  s->diver_timer -= s->diver_timer > 0;
  s->shot_timer -= s->shot_timer > 0;
  is_over |= seaquest_use_air(s, rules->is_ramping, reward);
  return is_over;
}

/* ---- what is seen ---- */

static void things_light(const hd_env_desc *self, float *obs, const things *list, int channel,
                         bool has_trail) {
  for (int i = 0; i < list->n; i++) {
    const thing *t = &list->item[i];
    hd__minatar_light(self, obs, t->x, t->y, channel);
    if (has_trail) {
      hd__minatar_light(self, obs, t->goes_right ? t->x - 1 : t->x + 1, t->y, TRAIL);
    }
  }
}

static void seaquest_observe(const hd_env_desc *self, const void *state, float *obs) {
  const seaquest *s = state;
  const int air = s->oxygen > 0 ? s->oxygen * SIDE / OXYGEN : 0;
  memset(obs, 0, sizeof *obs * (size_t)self->n_obs);
  hd__minatar_light(self, obs, s->x, s->y, FRONT);
  hd__minatar_light(self, obs, s->faces_right ? s->x - 1 : s->x + 1, s->y, BACK);
  for (int x = 0; x < air; x++) {
    hd__minatar_light(self, obs, x, GAUGE_ROW, OXYGEN_GAUGE);
  }
  for (int k = 1; k <= s->divers_on_board; k++) {
    hd__minatar_light(self, obs, SIDE - 1 - k, GAUGE_ROW, DIVER_GAUGE);
  }
  things_light(self, obs, &s->friendly, FRIENDLY, false);
  things_light(self, obs, &s->hostile, HOSTILE, false);
  things_light(self, obs, &s->fish, FISH, true);
  things_light(self, obs, &s->subs, SUB, true);
  things_light(self, obs, &s->divers, DIVER, true);
}

static const hd__minatar seaquest_rules = {
    .sticky = 0.1,
    .is_ramping = true,
    .move = {HD_MINATAR_STAY, HD_MINATAR_LEFT, HD_MINATAR_UP, HD_MINATAR_RIGHT, HD_MINATAR_DOWN,
             HD_MINATAR_FIRE}};

#define SEAQUEST_CELL(y, x)            \
  HD_MINATAR_BIT("front", y, x)        \
  HD_MINATAR_BIT("back", y, x)         \
  HD_MINATAR_BIT("bullet", y, x)       \
  HD_MINATAR_BIT("trail", y, x)        \
  HD_MINATAR_BIT("enemy bullet", y, x) \
  HD_MINATAR_BIT("fish", y, x)         \
  HD_MINATAR_BIT("enemy sub", y, x)    \
  HD_MINATAR_BIT("oxygen", y, x)       \
  HD_MINATAR_BIT("divers", y, x)       \
  HD_MINATAR_BIT("diver", y, x)
static const hd_dim seaquest_obs[] = {HD_MINATAR_GRID(SEAQUEST_CELL)};
static const hd_dim seaquest_actions = {"stay, left, up, right, down, fire", "", HD_MINATAR_MOVES,
                                        0, HD_MINATAR_MOVES - 1};

const hd_env_desc hd__env_minatar_seaquest = {
    HD_MINATAR_GAME(seaquest, "Seaquest", "seaquest",
                    "shoot fish, save divers and breathe in time"),
    .n_options = HD_MINATAR_OPTIONS_RAMPING, .low_score = 0.1, .high_score = 100};
