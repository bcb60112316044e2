/* What a swimmer in the water maze knows of places by moving about, after Foster, Morris & Dayan
 * 2000: place cells learn coordinates by TD learning from the swimmer's own movements,
 *
 *   X(p) = sum over cells of x_i f_i(p),   x_i += rate (X(p') - dx - X(p)) trace_i
 *
 * where a move from p to p' led by dx, and likewise Y. The coordinates of where the platform was
 * found are remembered, and lead there from anywhere; they are trusted less with every step that
 * comes close and finds nothing. f, what share of all place cells' rate is a cell's, is of the
 * rates themselves, not of spikes. */
#ifndef CLI_MAZE_MAP_H
#define CLI_MAZE_MAP_H

#include <math.h>

enum { MAZE_GRID = 11, MAZE_CELLS = MAZE_GRID * MAZE_GRID };

typedef struct maze_map {
  double place[2][MAZE_CELLS]; /* coordinates that the cells stand for, pool radii */
  double trace[MAZE_CELLS];    /* of f along this trial */
  double goal[2];              /* where the platform was found */
  double trust;                /* in that; 0: it has not been found, or is there no more */
} maze_map;

/* The activity of a place cell at a place, 1 in the middle of its field. */
static inline double maze_map_field(const float at[2], int cell) {
  static const double spacing = 0.2, width = 0.2; /* pool radii */
  const double dx = (double)at[0] + 1 - spacing * (cell % MAZE_GRID);
  const double dy = (double)at[1] + 1 - spacing * (cell / MAZE_GRID);
  return exp(-(dx * dx + dy * dy) / (width * width));
}

/* A trial begins, somewhere else. */
void maze_map_begin(maze_map *self);

/* The swimmer went so, and learns. */
void maze_map_move(maze_map *self, const float from[2], const float to[2]);

/* The platform is here. */
void maze_map_find(maze_map *self, const float at[2]);

/* The angle at which the remembered platform lies, seen from here. */
double maze_map_angle(const maze_map *self, const float at[2]);

#endif
