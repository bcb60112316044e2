/* A player's inside, for the files that play, learn and tell. */
#ifndef CLI_PLAYER_INTERNAL_H
#define CLI_PLAYER_INTERNAL_H

#include "player.h"

enum { PLAYER_NAME = 160, PLAYER_POPULATIONS = 16, PLAYER_STATE = 15 };

typedef struct player_population {
  char name[64];
  int n, of; /* neurons shown, and all there are */
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
  float obs[HD_MAX_OBS], action[HD_MAX_ACT];
  double state[PLAYER_STATE]; /* the environment's, as far as a picture needs it */
  int n_state;
  double reward, sum;
  double value;             /* that the learner gives to obs; NAN: none */
  double td_error;          /* of the last step; NAN: not known */
  int64_t step;             /* decisions of this episode */
  bool has_ended, is_moved; /* by hand, since the last decision */
  bool learns;              /* what is told is what its session does while it learns */
  int shown_env;            /* whose decisions the network repeats: 0, or HD_DECISIONS */
};

/* What is recorded of a population, where its neurons have it. */
enum { PLAYER_QUANTITIES = 6 };
extern const char *const player_quantities[PLAYER_QUANTITIES];

/* A view of a population, "POPULATION.QUANTITY" and an end; false: there is none. */
bool player_find(const player *self, const char *population, const char *quantity, const char *end,
                 hd_view *out);

/* Numbers of a state of the environment; how many. */
int player_state(const player *self, const void *state, double number[PLAYER_STATE]);

/* Numbers of the state that can be moved by hand: at most PLAYER_STATE. */
int player_movable(const player *self);

/* The value that the learner gives to an observation; NAN: none. */
double player_value_of(const player *self, const float *obs);

/* By how much a step from a value `before` to self->value was better than that; NAN: not known. */
double player_td_error(const player *self, double before, double reward, bool is_terminal);

/* The environment at play has moved: its state, and what that is worth. */
void player_see(player *self);

/* States of a task that observes nothing but their number; 0: of others. */
int player_states(const player *self);

/* A setting of the session as text; "" if there is none. */
const char *player_setting(const player *self, const char *key);

#endif
