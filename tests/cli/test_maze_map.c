/* The map of the water maze: coordinates that are learned by moving about, and what they lead to. */
#include "maze_map.h"
#include "test.h"

/* A walk of steps of .1 in directions that turn by and by, kept in the pool. */
static void learn_by_walking(maze_map *map, int n_steps) {
  float at[2] = {1, 0};
  double angle = 3;
  unsigned draw = 1;
  for (int k = 0; k < n_steps; k++) {
    draw = draw * 1664525u + 1013904223u;
    angle += (double)(draw >> 16) / 65536 - 0.5;
    float to[2] = {at[0] + 0.1f * (float)cos(angle), at[1] + 0.1f * (float)sin(angle)};
    const float radius = hypotf(to[0], to[1]);
    if (radius > 1) {
      to[0] /= radius, to[1] /= radius, angle += 2;
    }
    maze_map_move(map, at, to);
    at[0] = to[0], at[1] = to[1];
  }
}

static void a_walk_teaches_where_places_lie(void) {
  static const float from[4][2] = {{0.8f, 0}, {0, 0.8f}, {-0.8f, 0}, {0, -0.8f}};
  static const float goal[2] = {0.4f, 0.3f};
  maze_map map = {.trust = 0};
  learn_by_walking(&map, 4000);
  maze_map_find(&map, goal);
  for (int k = 0; k < 4; k++) {
    const double want =
        atan2((double)goal[1] - (double)from[k][1], (double)goal[0] - (double)from[k][0]);
    CHECK_NEAR(cos(maze_map_angle(&map, from[k]) - want), 1, 0.02);
  }
}

/* Of a move from p to p' by dx the error is X(p') - dx - X(p), which of a new map is -dx. */
static void the_first_move_is_the_formula(void) {
  static const float from[2] = {0.2f, -0.4f}, to[2] = {0.3f, -0.4f};
  maze_map map = {.trust = 0};
  double sum = 0;
  for (int i = 0; i < MAZE_CELLS; i++) {
    sum += maze_map_field(from, i);
  }
  maze_map_move(&map, from, to);
  for (int i = 0; i < MAZE_CELLS; i++) {
    const double share = maze_map_field(from, i) / sum;
    CHECK_NEAR(map.place[0][i], -2 * 0.1 * share, 1e-7);
    CHECK_NEAR(map.place[1][i], 0, 1e-7);
  }
}

static void a_platform_is_trusted_until_it_is_not_there(void) {
  static const float goal[2] = {-0.3f, -0.4f}, near[2] = {-0.25f, -0.4f};
  static const float far[2] = {0.8f, 0}, farther[2] = {0.8f, 0.1f};
  maze_map map = {.trust = 0};
  learn_by_walking(&map, 4000);
  CHECK(map.trust == 0);
  maze_map_find(&map, goal);
  CHECK(map.trust == 1);
  maze_map_begin(&map);
  maze_map_move(&map, far, farther);
  CHECK(map.trust == 1);
  maze_map_move(&map, near, goal);
  CHECK_NEAR(map.trust, 0.7, 1e-12);
  maze_map_move(&map, goal, near);
  CHECK_NEAR(map.trust, 0.49, 1e-12);
  maze_map_find(&map, far);
  CHECK(map.trust == 1);
}

int main(void) {
  RUN(a_walk_teaches_where_places_lie);
  RUN(the_first_move_is_the_formula);
  RUN(a_platform_is_trusted_until_it_is_not_there);
  return test_end();
}
