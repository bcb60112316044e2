#include "maze_map.h"

#include <string.h>

/* Tuned on seeds 0 to 4. */
static const double rate = 2, lambda = 0.8;
static const double close_by = 0.15 /* pool radii */, doubt = 0.7 /* of the trust remains */;

static void maze_map_shares(const float at[2], double share[MAZE_CELLS]) {
  double sum = 0;
  for (int i = 0; i < MAZE_CELLS; i++) {
    share[i] = maze_map_field(at, i);
    sum += share[i];
  }
  for (int i = 0; i < MAZE_CELLS; i++) {
    share[i] /= sum;
  }
}

static void maze_map_where(const maze_map *self, const double share[MAZE_CELLS], double out[2]) {
  for (int axis = 0; axis < 2; axis++) {
    out[axis] = 0;
    for (int i = 0; i < MAZE_CELLS; i++) {
      out[axis] += self->place[axis][i] * share[i];
    }
  }
}

void maze_map_begin(maze_map *self) { memset(self->trace, 0, sizeof self->trace); }

void maze_map_move(maze_map *self, const float from[2], const float to[2]) {
  double before[MAZE_CELLS], after[MAZE_CELLS], was[2], is[2];
  maze_map_shares(from, before);
  maze_map_shares(to, after);
  maze_map_where(self, before, was);
  maze_map_where(self, after, is);
  for (int i = 0; i < MAZE_CELLS; i++) {
    self->trace[i] = lambda * self->trace[i] + before[i];
    for (int axis = 0; axis < 2; axis++) {
      const double moved = (double)to[axis] - (double)from[axis];
      self->place[axis][i] += rate * (is[axis] - moved - was[axis]) * self->trace[i];
    }
  }
  if (hypot(is[0] - self->goal[0], is[1] - self->goal[1]) < close_by) {
    self->trust *= doubt;
  }
}

void maze_map_find(maze_map *self, const float at[2]) {
  double share[MAZE_CELLS];
  maze_map_shares(at, share);
  maze_map_where(self, share, self->goal);
  self->trust = 1;
}

double maze_map_angle(const maze_map *self, const float at[2]) {
  double share[MAZE_CELLS], is[2];
  maze_map_shares(at, share);
  maze_map_where(self, share, is);
  return atan2(self->goal[1] - is[1], self->goal[0] - is[0]);
}
