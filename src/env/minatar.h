/* What MinAtar's five games share: a grid of 10 x 10 cells with channels of bits, six moves of
 * which a game needs some, and moves that stick: with probability `sticky` the move before is made
 * again, whatever was chosen.
 *
 * Rules, channels and the order of draws are those of the PyPI package minatar 1.0.15, so that both
 * play the same game when they draw the same numbers.
 *
 * Source: Young & Tian 2019, arXiv 1903.03176. */
#ifndef HD_MINATAR_H
#define HD_MINATAR_H

#include <math.h>
#include <string.h>

#include "env_table.h"

enum { HD_MINATAR_SIDE = 10 };

typedef enum hd__minatar_move {
  HD_MINATAR_STAY,
  HD_MINATAR_LEFT,
  HD_MINATAR_UP,
  HD_MINATAR_RIGHT,
  HD_MINATAR_DOWN,
  HD_MINATAR_FIRE,
  HD_MINATAR_MOVES
} hd__minatar_move;

/* A game's data. */
typedef struct hd__minatar {
  double sticky;                  /* probability that the move before is made again */
  bool is_ramping;                /* does the game become harder? */
  uint8_t move[HD_MINATAR_MOVES]; /* of each action */
} hd__minatar;

/* A game's state begins with the move before, which outlives an episode. */
typedef struct hd__minatar_pad {
  int32_t last;
} hd__minatar_pad;

/* The move that an action makes. */
hd__minatar_move hd__minatar_take(const hd_env_desc *self, hd__minatar_pad *pad,
                                  const float *action, hd_random *random);

/* Set a channel of a cell; cells outside the grid are none. */
static inline void hd__minatar_light(const hd_env_desc *self, float *obs, int x, int y,
                                     int channel) {
  if (x >= 0 && x < HD_MINATAR_SIDE) {
    const int channels = self->n_obs / (HD_MINATAR_SIDE * HD_MINATAR_SIDE);
    obs[(y * HD_MINATAR_SIDE + x) * channels + channel] = 1.0f;
  }
}

/* Options of every game; the last one is for games that become harder. */
enum { HD_MINATAR_OPTIONS = 3, HD_MINATAR_OPTIONS_RAMPING = 4 };
extern const hd_env_option hd__minatar_option[HD_MINATAR_OPTIONS_RAMPING];
bool hd__minatar_configure(const hd_env_desc *self, hd_env_desc *out, const hd_env_value *value,
                           void *memory, char why[HD_WHY_SIZE]);

/* The dimensions of an observation: CELL(y, x) lists the bits of a cell. */
#define HD_MINATAR_BIT(name, y, x) {(name " " #y "," #x), "", 2, 0, 1},
#define HD_MINATAR_ROW(CELL, y) \
  CELL(y, 0)                    \
  CELL(y, 1) CELL(y, 2) CELL(y, 3) CELL(y, 4) CELL(y, 5) CELL(y, 6) CELL(y, 7) CELL(y, 8) CELL(y, 9)
#define HD_MINATAR_GRID(CELL) \
  HD_MINATAR_ROW(CELL, 0)     \
  HD_MINATAR_ROW(CELL, 1)     \
  HD_MINATAR_ROW(CELL, 2)     \
  HD_MINATAR_ROW(CELL, 3)     \
  HD_MINATAR_ROW(CELL, 4)     \
  HD_MINATAR_ROW(CELL, 5)     \
  HD_MINATAR_ROW(CELL, 6)     \
  HD_MINATAR_ROW(CELL, 7)     \
  HD_MINATAR_ROW(CELL, 8)     \
  HD_MINATAR_ROW(CELL, 9)

/* What descriptors of games have in common. Episodes are cut after 5,000 steps, which the package
 * does not do: some policies, such as staying at the surface of the sea, would play for ever. */
#define HD_MINATAR_GAME(game, name_, alias_, doc_)                                            \
  .size = sizeof(hd_env_desc), .name = "MinAtar-" name_ "-v1", .alias = alias_, .doc = doc_,  \
  .source = "Young & Tian 2019; PyPI package minatar 1.0.15", .obs = game##_obs,              \
  .n_obs = (int)(sizeof game##_obs / sizeof *game##_obs), .act = &game##_actions, .n_act = 1, \
  .max_steps = 5000, .solved = NAN, .state_size = sizeof(game), .data = &game##_rules,        \
  .reset = game##_reset, .step = game##_step, .observe = game##_observe,                      \
  .option = hd__minatar_option, .configure = hd__minatar_configure

#endif
