/* Taxi: fetch a passenger at one of four stands and bring them to another.
 * State = ((row 5 + column) 5 + passenger) 4 + destination; passenger 4 sits in the taxi.
 * Source: Gymnasium 1.4.0, envs/toy_text/taxi.py (Taxi-v4); Dietterich 2000, JAIR 13. */
#include "env_table.h"
#include "finite.h"

enum { SOUTH, NORTH, EAST, WEST, PICK_UP, DROP_OFF };

enum { SIDE = 5, STANDS = 4, IN_TAXI = STANDS, STATES = SIDE * SIDE * (STANDS + 1) * STANDS };

/* A wall stands to the right of cell (row, column) where column is named. */
static const char walls[SIDE][SIDE + 1] = {".|..|", ".|..|", "....|", "|.|.|", "|.|.|"};

static const int stand[STANDS] = {0, 4, 20, 23}; /* cells: red, green, yellow, blue */

typedef struct ride {
  int row, column, passenger, destination;
} ride;

static ride taxi_decode(int state) {
  return (ride){.row = state / (STANDS * (STANDS + 1) * SIDE),
                .column = state / (STANDS * (STANDS + 1)) % SIDE,
                .passenger = state / STANDS % (STANDS + 1),
                .destination = state % STANDS};
}

static int taxi_encode(ride r) {
  return ((r.row * SIDE + r.column) * (STANDS + 1) + r.passenger) * STANDS + r.destination;
}

/* The stand at a cell, or STANDS. */
static int taxi_stand_at(int cell) {
  int i = 0;
  while (i < STANDS && stand[i] != cell) {
    i++;
  }
  return i;
}

static int taxi_model(const hd_env_desc *self, int state, int action, hd_transition *out) {
  (void)self;
  ride r = taxi_decode(state);
  const int here = taxi_stand_at(r.row * SIDE + r.column);
  double reward = -1;
  bool terminated = false;
  switch (action) {
    case SOUTH:
      r.row += r.row < SIDE - 1;
      break;
    case NORTH:
      r.row -= r.row > 0;
      break;
    case EAST:
      r.column += walls[r.row][r.column] != '|';
      break;
    case WEST:
      r.column -= r.column > 0 && walls[r.row][r.column - 1] != '|';
      break;
    case PICK_UP:
      if (here < STANDS && r.passenger == here) {
        r.passenger = IN_TAXI;
      } else {
        reward = -10;
      }
      break;
    default: /* DROP_OFF */
      if (here < STANDS && r.passenger == IN_TAXI) {
        r.passenger = here;
        terminated = here == r.destination;
        reward = terminated ? 20 : -1;
      } else {
        reward = -10;
      }
  }
  out[0] = (hd_transition){
      .next = taxi_encode(r), .probability = 1, .reward = reward, .terminated = terminated};
  return 1;
}

/* Anywhere, with the passenger at a stand that is not the destination: 300 states alike. */
static double taxi_start(const hd_env_desc *self, int state) {
  (void)self;
  const ride r = taxi_decode(state);
  return r.passenger < STANDS && r.passenger != r.destination ? 1.0 / 300.0 : 0.0;
}

static const hd_dim obs[] = {{"state", "", STATES, 0, STATES - 1}};
static const hd_dim act[] = {{"south, north, east, west, pick up, drop off", "", 6, 0, 5}};

/* Gymnasium registers 8 as solved, a little above what is possible on average. */
const hd_env_desc hd__env_taxi = {
    .size = sizeof(hd_env_desc),
    .name = "Taxi-v4",
    .alias = "taxi",
    .doc = "fetch a passenger and bring them where they want to go",
    .source = "Gymnasium 1.4.0, envs/toy_text/taxi.py",
    .obs = obs,
    .n_obs = 1,
    .act = act,
    .n_act = 1,
    .max_steps = 200,
    .solved = 8,
    .low_score = -771,
    .high_score = 7.93,
    .model = taxi_model,
    .start = taxi_start,
    HD_FINITE_FUNCTIONS,
};
