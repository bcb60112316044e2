/* LunarLander: set a lander down between two flags, with a main engine and two that turn it.
 *
 * A world of Box2D cannot be copied, and its next step depends on more than where its bodies are:
 * contacts, impulses of the last step, the tree of boxes. So the state tells the story of the
 * episode: how it began, and every push of an engine since. A world that has lived another one is
 * built anew and lives this one, to the bit.
 * Source: Gymnasium 1.4.0, envs/box2d/lunar_lander.py, without wind. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "env_random.h"
#include "env_table.h"
#include "hash.h"
#include "lander_world.h"
#include "mathd.h"
#include "maths.h"
#include "uniform.h"

enum { LIMIT = 1000, MOST = LIMIT + 1 }; /* the reset takes a step of its own */

typedef struct lander_state {
  void *body;
  uint64_t story; /* hash of all that follows */
  int64_t n;      /* moves so far */
  hd__lander_start start;
  hd__lander_move move[MOST];
} lander_state;

/* A world, and whose it is. */
typedef struct lander_body {
  hd__lander_world *world;
  uint64_t story;
  int64_t n; /* moves it has lived */
} lander_body;

/* ---- the story ---- */

/* No number in a story is larger: a thousand steps of at most 2 m, a force of 1000 N. */
static bool lunarlander_is_bounded(const float *number, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (!(fabsf(number[i]) < 1e4f)) {
      return false;
    }
  }
  return true;
}

static void lunarlander_begin(lander_body *body, const hd__lander_start *start) {
  hd__lander_world_start(body->world, start);
  body->story = hd__hash(0, start, sizeof *start);
  body->n = 0;
}

static void lunarlander_take(lander_body *body, const hd__lander_move *move) {
  hd__lander_world_step(body->world, move);
  body->story = hd__hash(body->story, move, sizeof *move);
  body->n++;
}

/* The world of a state, having lived its story; NULL if the state tells none, as zeros or bytes
 * from outside may not. */
static lander_body *lunarlander_body_of(const lander_state *s) {
  lander_body *body = s->body;
  if (s->n < 1 || s->n > MOST) {
    return NULL;
  }
  if (body->n == s->n && body->story == s->story) {
    return body;
  }
  const size_t moves = (size_t)s->n * sizeof(hd__lander_move);
  if (!lunarlander_is_bounded(s->start.height, sizeof s->start / sizeof(float)) ||
      !lunarlander_is_bounded((const float *)s->move, moves / sizeof(float))) {
    return NULL;
  }
  lunarlander_begin(body, &s->start);
  while (body->n < s->n) {
    lunarlander_take(body, &s->move[body->n]);
  }
  body->story = s->story;
  return body;
}

/* ---- engines ---- */

/* How strongly each engine fires, 0: not at all; and to which side the second, -1 or 1. */
typedef struct thrust {
  double main, turn, side;
} thrust;

static thrust lunarlander_of_choice(float choice) {
  return (thrust){.main = choice == 2.0f,
                  .turn = choice == 1.0f || choice == 3.0f,
                  .side = choice == 1.0f ? -1 : 1};
}

/* The main engine works at half its power or more, and those that turn beyond half a throttle. */
static thrust lunarlander_of_throttles(const float *action) {
  const double main = (double)action[0], turn = (double)action[1], strength = fabs(turn);
  return (thrust){.main = main > 0 ? 0.5 * (1 + hd__clampd(main, 0, 1)) : 0,
                  .turn = strength > 0.5 ? hd__clampd(strength, 0.5, 1) : 0,
                  .side = turn < 0 ? -1 : 1};
}

static hd__lander_push lunarlander_push_of(double ox, double oy, double power, double share,
                                           double x, double y) {
  return (hd__lander_push){{(float)(-ox * power * share), (float)(-oy * power * share)},
                           {(float)x, (float)y}};
}

/* Every step draws two numbers that scatter the engines, whether they fire or not. */
static hd__lander_move lunarlander_move_of(const hd__lander_motion *motion, const thrust *fire,
                                           hd_random *random) {
  static const double main_power = 13, turn_power = 0.6, main_down = 4, turn_away = 12;
  static const double turn_x = 17, turn_y = 14; /* Gymnasium's 17 and 14, which make no rotation */
  double tip_x, tip_y; /* the lander's axis; the other one is (-tip_y, tip_x) */
  hd__maths_of(random)->sincos((double)motion->angle, &tip_x, &tip_y);
  const double along = hd__uniform_between(random, -1, 1) / HD_LANDER_SCALE;
  const double across = hd__uniform_between(random, -1, 1) / HD_LANDER_SCALE;
  const double x = (double)motion->x, y = (double)motion->y;
  hd__lander_move move = {0};
  if (fire->main > 0) {
    const double down = main_down / HD_LANDER_SCALE + 2 * along;
    const double ox = tip_x * down + -tip_y * across, oy = -tip_y * down - tip_x * across;
    move.engine[0] = lunarlander_push_of(ox, oy, main_power, fire->main, x + ox, y + oy);
  }
  if (fire->turn > 0) {
    const double away = 3 * across + fire->side * turn_away / HD_LANDER_SCALE;
    const double ox = tip_x * along + -tip_y * away, oy = -tip_y * along - tip_x * away;
    move.engine[1] = lunarlander_push_of(ox, oy, turn_power, fire->turn,
                                         x + ox - tip_x * turn_x / HD_LANDER_SCALE,
                                         y + oy + tip_y * turn_y / HD_LANDER_SCALE);
  }
  return move;
}

/* ---- the task ---- */

static const double frames = 50; /* a second */
static const double ground = HD_LANDER_HEIGHT / 4;

/* Position and velocity relative to the pad, angle, spin, and whether the legs touch. */
static void lunarlander_measure(const hd__lander_motion *motion, double *out) {
  const double half_width = HD_LANDER_WIDTH / 2, half_height = HD_LANDER_HEIGHT / 2;
  out[0] = ((double)motion->x - half_width) / half_width;
  out[1] = ((double)motion->y - (ground + HD_LANDER_LEG_DOWN)) / half_height;
  out[2] = (double)motion->vx * half_width / frames;
  out[3] = (double)motion->vy * half_height / frames;
  out[4] = (double)motion->angle;
  out[5] = 20 * (double)motion->spin / frames;
  out[6] = motion->leg[0];
  out[7] = motion->leg[1];
}

/* How good it is to be here; a step pays the difference. */
static double lunarlander_potential(const double *o) {
  return -100 * sqrt(o[0] * o[0] + o[1] * o[1]) - 100 * sqrt(o[2] * o[2] + o[3] * o[3]) -
         100 * fabs(o[4]) + 10 * o[6] + 10 * o[7];
}

static void lunarlander_advance(lander_state *s, lander_body *body, const thrust *fire,
                                hd_random *random) {
  const hd__lander_motion motion = hd__lander_world_motion(body->world);
  s->move[s->n] = lunarlander_move_of(&motion, fire, random);
  lunarlander_take(body, &s->move[s->n++]);
  s->story = body->story;
}

/* Heights are smoothed over three neighbours. Gymnasium takes the last of the 12 drawn as the left
 * neighbour of the first. */
static void lunarlander_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  lander_state *s = state;
  lander_body *body = s->body;
  double height[HD_LANDER_POINTS + 1];
  for (int i = 0; i <= HD_LANDER_POINTS; i++) {
    height[i] = hd__uniform_between(random, 0, HD_LANDER_HEIGHT / 2);
  }
  for (int i = HD_LANDER_POINTS / 2 - 2; i <= HD_LANDER_POINTS / 2 + 2; i++) {
    height[i] = ground;
  }
  for (int i = 0; i < HD_LANDER_POINTS; i++) {
    const double left = height[i == 0 ? HD_LANDER_POINTS : i - 1];
    s->start.height[i] = (float)(0.33 * (left + height[i] + height[i + 1]));
  }
  for (int i = 0; i < 2; i++) {
    s->start.force[i] = (float)hd__uniform_between(random, -1000, 1000);
  }
  s->n = 0;
  lunarlander_begin(body, &s->start);
  lunarlander_advance(s, body, &(thrust){0}, random);
}

/* An episode that outlasts its time limit fills the state's memory, and ends. */
static bool lunarlander_step(const hd_env_desc *self, void *state, const float *action,
                             hd_random *random, double *reward) {
  lander_state *s = state;
  lander_body *body = lunarlander_body_of(s);
  *reward = 0;
  if (body == NULL || s->n == MOST) {
    return true;
  }
  const thrust fire =
      self->n_act == 1 ? lunarlander_of_choice(action[0]) : lunarlander_of_throttles(action);
  double before[8], after[8];
  hd__lander_motion motion = hd__lander_world_motion(body->world);
  lunarlander_measure(&motion, before);
  lunarlander_advance(s, body, &fire, random);
  motion = hd__lander_world_motion(body->world);
  lunarlander_measure(&motion, after);
  *reward = lunarlander_potential(after) - lunarlander_potential(before) - fire.main * 0.3 -
            fire.turn * 0.03;
  const bool is_lost = motion.has_crashed || fabs(after[0]) >= 1;
  if (is_lost || motion.is_asleep) {
    *reward = motion.is_asleep ? 100 : -100;
  }
  return is_lost || motion.is_asleep;
}

static void lunarlander_observe(const hd_env_desc *self, const void *state, float *obs) {
  const lander_body *body = lunarlander_body_of(state);
  double o[8] = {0};
  if (body != NULL) {
    const hd__lander_motion motion = hd__lander_world_motion(body->world);
    lunarlander_measure(&motion, o);
  }
  for (int i = 0; i < self->n_obs; i++) {
    obs[i] = (float)o[i];
  }
}

static hd_status lunarlander_open(const hd_env_desc *self, void **body, char why[HD_WHY_SIZE]) {
  (void)self;
  lander_body *lander = malloc(sizeof *lander);
  hd__lander_world *world = hd__lander_world_open();
  if (lander == NULL || world == NULL) {
    free(lander);
    hd__lander_world_close(world);
    snprintf(why, HD_WHY_SIZE, "out of memory for a world of Box2D");
    return HD_NOMEM;
  }
  *lander = (lander_body){.world = world};
  *body = lander;
  return HD_OK;
}

static void lunarlander_close(const hd_env_desc *self, void *body) {
  (void)self;
  lander_body *lander = body;
  hd__lander_world_close(lander->world);
  free(lander);
}

static const hd_dim obs_dims[] = {{"x, from the pad", "10 m", 0, -1.0f, 1.0f},
                                  {"height", "6.7 m", 0, -0.5f, 1.5f},
                                  {"velocity x", "5 m/s", 0, -2.0f, 2.0f},
                                  {"velocity y", "7.5 m/s", 0, -2.0f, 2.0f},
                                  {"angle", "rad", 0, -1.5f, 1.5f},
                                  {"angular velocity", "2.5 rad/s", 0, -2.0f, 2.0f},
                                  {"left leg touches", "", 0, 0.0f, 1.0f},
                                  {"right leg touches", "", 0, 0.0f, 1.0f}};
static const hd_dim choices[] = {{"nothing, left, main, right engine", "", 4, 0, 3}};
static const hd_dim throttles[] = {{"main engine", "", 0, -1.0f, 1.0f},
                                   {"left or right engine", "", 0, -1.0f, 1.0f}};

#define LUNARLANDER(name_, alias_, doc_, act_, n_act_, low_)                                \
  {                                                                                         \
    .size = sizeof(hd_env_desc), .name = name_, .alias = alias_, .doc = doc_,               \
    .source = "Gymnasium 1.4.0, envs/box2d/lunar_lander.py", .obs = obs_dims, .n_obs = 8,   \
    .act = act_, .n_act = (n_act_), .max_steps = LIMIT, .solved = 200, .low_score = (low_), \
    .high_score = 280, .state_size = sizeof(lander_state), .reset = lunarlander_reset,      \
    .step = lunarlander_step, .observe = lunarlander_observe, .open = lunarlander_open,     \
    .close = lunarlander_close,                                                             \
  }

const hd_env_desc hd__env_lunarlander =
    LUNARLANDER("LunarLander-v3", "lunarlander", "land between two flags", choices, 1, -202);
const hd_env_desc hd__env_lunarlander_continuous =
    LUNARLANDER("LunarLanderContinuous-v3", "lunarlander-continuous",
                "land between two flags, engines throttled", throttles, 2, -224);
