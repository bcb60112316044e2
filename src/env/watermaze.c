/* The water maze: a rat is put into a round pool of milky water and looks for a platform that it
 * cannot see. It swims from one of four places at the wall; +1 on the platform, which ends the
 * trial. After a number of trials the platform may lie elsewhere.
 *
 * Lengths are in pool radii: a step is .1 long and points in one of eight directions, off by a
 * normal angle of .2 rad; at the wall the rat slides along. The platform's radius is .15, and its
 * centre .5 from the pool's.
 *
 * Task: Morris 1984; as a task of reinforcement learning Foster, Morris & Dayan 2000; Vasilaki et
 * al. 2009; Frémaux, Sprekeler & Gerstner 2013. The numbers are ours. */
#include <math.h>

#include "env_table.h"
#include "mathd.h"

static const double step_length = .1, turn_deviation = .2, platform_radius = .15;

typedef struct pool {
  int moves_after;    /* trials with the first platform; 0: it stays */
  double place[2][2]; /* centres of the platform */
} pool;

typedef struct watermaze {
  double x, y;
  int64_t trial; /* trials begun */
} watermaze;

static void watermaze_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  static const double start[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  watermaze *s = state;
  const uint32_t at = hd_random_below(random, 4);
  s->x = start[at][0];
  s->y = start[at][1];
  s->trial += 1;
}

static bool watermaze_is_found(const pool *p, const watermaze *s) {
  const double *place = p->place[p->moves_after > 0 && s->trial > p->moves_after];
  const double dx = s->x - place[0], dy = s->y - place[1];
  return dx * dx + dy * dy <= platform_radius * platform_radius;
}

static bool watermaze_step(const hd_env_desc *self, void *state, const float *action,
                           hd_random *random, double *reward) {
  watermaze *s = state;
  double sine, cosine;
  hd__sincos((double)action[0] * (0.25 * HD_PI) + turn_deviation * hd_random_normal(random), &sine,
             &cosine);
  s->x += step_length * cosine;
  s->y += step_length * sine;
  const double radius = sqrt(s->x * s->x + s->y * s->y);
  if (radius > 1) {
    s->x /= radius;
    s->y /= radius;
  }
  *reward = watermaze_is_found(self->data, s);
  return *reward > 0;
}

static void watermaze_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  const watermaze *s = state;
  obs[0] = (float)s->x;
  obs[1] = (float)s->y;
}

/* Evaluations count trials of their own: those of a platform that moves are of its second place. */
static const hd_env_desc second_place;

static bool watermaze_configure(const hd_env_desc *self, hd_env_desc *out,
                                const hd_env_value *value, void *memory, char why[HD_WHY_SIZE]) {
  (void)why;
  pool *p = memory;
  *p = *(const pool *)self->data;
  p->moves_after = (int)value[0].number;
  out->data = p;
  out->eval_env = p->moves_after > 0 ? &second_place : NULL;
  return true;
}

static const hd_env_option options[] = {
    {"moves_after", HD_ENV_WHOLE, "0", 0, 1e6,
     "The platform lies elsewhere after so many trials; 0 leaves it where it is."}};

static const hd_dim obs_dims[] = {{"x", "radius", 0, -1.0f, 1.0f}, {"y", "radius", 0, -1.0f, 1.0f}};
static const hd_dim act_dims[] = {{"direction, in eighths of a turn", "", 8, 0, 7}};

static const pool still = {.place = {{.4, .3}, {-.3, -.4}}};
static const pool moved = {.place = {{-.3, -.4}}};

/* Who swims straight to the platform needs 10.6 steps on average, which at a discount of .98 is
 * worth .827. */
#define WATERMAZE(name_, alias_, doc_, pool_)                                                    \
  .size = sizeof(hd_env_desc), .name = name_, .alias = alias_, .doc = doc_,                      \
  .source = "after Morris 1984; Fremaux, Sprekeler, Gerstner 2013", .obs = obs_dims, .n_obs = 2, \
  .act = act_dims, .n_act = 1, .max_steps = 200, .solved = .75, .low_score = .095,               \
  .high_score = .827, .discount = .98, .data = pool_, .state_size = sizeof(watermaze),           \
  .reset = watermaze_reset, .step = watermaze_step, .observe = watermaze_observe

static const hd_env_desc second_place = {
    WATERMAZE("WaterMazeMoved-v0", NULL, "the second place of the platform", &moved)};

const hd_env_desc hd__env_watermaze = {
    WATERMAZE("WaterMaze-v0", "watermaze", "find the hidden platform in a round pool", &still),
    .option = options, .n_options = 1, .configure = watermaze_configure};
