/* T-maze: a cue at the start says in which arm the reward is, and a corridor lies between. Only who
 * remembers the cue gets more than 1.95 in the mean: at the junction everything looks alike.
 * Source: Bakker 2002, sec. 4: observations 011 or 110 at the start, 101 in the corridor, 010 at
 * the junction; 4 for the right arm, -0.1 for the wrong one and for walking into a wall. */
#include "env_table.h"

enum { NORTH, EAST, SOUTH, WEST };

typedef struct maze {
  int length; /* steps from the start to the junction */
} maze;

typedef struct tmaze {
  int32_t at;       /* steps from the start */
  int32_t is_south; /* the cue, and where the reward is */
} tmaze;

static void tmaze_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(tmaze *)state = (tmaze){.is_south = (int32_t)hd_random_below(random, 2)};
}

/* At the junction the arms lie north and south; everywhere else there are walls. */
static bool tmaze_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                       double *reward) {
  (void)random;
  const maze *m = self->data;
  tmaze *s = state;
  const int move = (int)action[0];
  const bool is_aside = move == NORTH || move == SOUTH;
  if (is_aside && s->at == m->length) {
    *reward = (move == SOUTH) == s->is_south ? 4 : -0.1;
    return true;
  }
  const int to = s->at + (move == EAST) - (move == WEST);
  const bool is_wall = is_aside || to < 0 || to > m->length;
  *reward = is_wall ? -0.1 : 0;
  s->at = is_wall ? s->at : to;
  return false;
}

static void tmaze_observe(const hd_env_desc *self, const void *state, float *obs) {
  const maze *m = self->data;
  const tmaze *s = state;
  const bool is_start = s->at == 0, is_junction = s->at == m->length;
  obs[0] = is_start ? (float)s->is_south : !is_junction;
  obs[1] = is_start || is_junction;
  obs[2] = is_start ? 1.0f - (float)s->is_south : !is_junction;
}

/* Episodes are cut where even a slow walk would have arrived. */
static int tmaze_limit(int length) { return 10 * length; }

static bool tmaze_configure(const hd_env_desc *self, hd_env_desc *out, const hd_env_value *value,
                            void *memory, char why[HD_WHY_SIZE]) {
  (void)self;
  (void)why;
  maze *m = memory;
  m->length = (int)value[0].number;
  out->data = m;
  out->max_steps = tmaze_limit(m->length);
  return true;
}

static const maze ten = {.length = 10};

static const hd_env_option options[] = {
    {"length", HD_ENV_WHOLE, "10", 1, 1000, "The corridor takes so many steps to walk through."}};

static const hd_dim obs[] = {
    {"wall or cue south", "", 0, 0, 1}, {"end", "", 0, 0, 1}, {"wall or cue north", "", 0, 0, 1}};
static const hd_dim act[] = {{"north, east, south, west", "", 4, 0, 3}};

const hd_env_desc hd__env_tmaze = {
    .size = sizeof(hd_env_desc),
    .name = "TMaze-v0",
    .alias = "tmaze",
    .doc = "remember a cue through a corridor, and turn where it said",
    .source = "Bakker 2002",
    .obs = obs,
    .n_obs = 3,
    .act = act,
    .n_act = 1,
    .max_steps = 100,
    .solved = 3.8,
    .low_score = -4.64,
    .high_score = 4,
    .state_size = sizeof(tmaze),
    .data = &ten,
    .reset = tmaze_reset,
    .step = tmaze_step,
    .observe = tmaze_observe,
    .option = options,
    .n_options = 1,
    .configure = tmaze_configure,
};
