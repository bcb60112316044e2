/* A player's inside, for the two files that play and tell. */
#ifndef CLI_PLAYER_INTERNAL_H
#define CLI_PLAYER_INTERNAL_H

#include "player.h"

enum { PLAYER_NAME = 160, PLAYER_POPULATIONS = 16, PLAYER_STATE = 4 };

typedef struct player_population {
  char name[64];
  int n;
} player_population;

struct player {
  hd_ctx *ctx;
  hd_session *session;
  hd_network *network; /* of the session; NULL: it cannot be shown, */
  char why[512];       /* for this reason */
  player_population population[PLAYER_POPULATIONS];
  int n_populations, substeps;
  const hd_env_desc *env;
  hd_envs *envs;
  float obs[HD_MAX_DIMS], action[HD_MAX_DIMS];
  double reward, sum;
  int64_t step;             /* decisions of this episode */
  bool has_ended, is_moved; /* by hand, since the last decision */
};

/* What is recorded of a population, where its neurons have it. */
enum { PLAYER_QUANTITIES = 5 };
extern const char *const player_quantities[PLAYER_QUANTITIES];

/* A view of a population, "POPULATION.QUANTITY" and an end; false: there is none. */
bool player_find(const player *self, const char *population, const char *quantity, const char *end,
                 hd_view *out);

/* Numbers of the state that can be moved by hand: at most PLAYER_STATE. */
int player_movable(const player *self);

/* A setting of the session as text; "" if there is none. */
const char *player_setting(const player *self, const char *key);

#endif
