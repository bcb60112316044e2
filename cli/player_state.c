/* The plain state of environments whose picture needs it, as they keep it themselves. */
#include <string.h>

#include "player_internal.h"

/* How the numbers of a state are kept. */
#define PLAYER_STATE_READER(type)                       \
  static double player_state_##type(const char *from) { \
    type number;                                        \
    memcpy(&number, from, sizeof number);               \
    return (double)number;                              \
  }
PLAYER_STATE_READER(double)
PLAYER_STATE_READER(float)
PLAYER_STATE_READER(int32_t)

typedef struct player_state_kind {
  int width;
  double (*read)(const char *from);
} player_state_kind;

#define DOUBLES \
  { 8, player_state_double }
#define FLOATS \
  { 4, player_state_float }
#define WHOLES \
  { 4, player_state_int32_t }

typedef struct player_state_row {
  const char *env;
  player_state_kind kind;
  int at, n;       /* n numbers from byte `at` on */
  bool is_movable; /* by hand: the whole state is these numbers */
} player_state_row;

/* A lander's ground lies behind its body, its story and a count; positions of MuJoCo's robots
 * behind their body and the time. */
static const player_state_row rows[] = {
    {"CartPole-v0", DOUBLES, 0, 4, true},
    {"CartPole-v1", DOUBLES, 0, 4, true},
    {"CartPolePositions-v1", DOUBLES, 0, 4, true},
    {"MountainCar-v0", DOUBLES, 0, 2, true},
    {"MountainCarPaper-v0", DOUBLES, 0, 2, true},
    {"Acrobot-v1", DOUBLES, 0, 4, true},
    {"Pendulum-v1", DOUBLES, 0, 2, true},
    {"PendulumPositions-v1", DOUBLES, 0, 2, true},
    {"WaterMaze-v0", DOUBLES, 0, 2, true},
    {"WaterMazeMoved-v0", DOUBLES, 0, 2, true},
    {"TMaze-v0", WHOLES, 0, 2, false},
    {"BlindCatch-v0", WHOLES, 0, 3, false},
    {"LunarLander-v3", FLOATS, 24, 11, false},
    {"LunarLanderContinuous-v3", FLOATS, 24, 11, false},
    {"InvertedPendulum-v4", DOUBLES, 16, 2, false},
    {"InvertedDoublePendulum-v4", DOUBLES, 16, 3, false},
    {"Hopper-v4", DOUBLES, 16, 6, false},
    {"HalfCheetah-v4", DOUBLES, 16, 9, false},
    {"Walker2d-v4", DOUBLES, 16, 9, false},
    {"Ant-v4", DOUBLES, 16, 15, false},
};

static const player_state_row *player_state_row_of(const player *self) {
  const char *name = self->env->base != NULL ? self->env->base->name : self->env->name;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(name, rows[i].env) == 0) {
      return &rows[i];
    }
  }
  return NULL;
}

int player_state(const player *self, const void *state, double number[PLAYER_STATE]) {
  const player_state_row *row = player_state_row_of(self);
  for (int i = 0; row != NULL && i < row->n; i++) {
    number[i] = row->kind.read((const char *)state + row->at + i * row->kind.width);
  }
  return row != NULL ? row->n : 0;
}

int player_movable(const player *self) {
  const player_state_row *row = player_state_row_of(self);
  return row != NULL && row->is_movable && !self->learns ? row->n : 0;
}
