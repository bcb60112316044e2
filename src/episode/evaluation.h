/* Evaluation: whole episodes on random streams of their own, several side by side.
 *
 * An evaluation has environments and memory of its own and knows nothing of learning: who acts in
 * the episodes, and by which weights, is an argument. An episode depends on its number, the seed
 * and the actor alone, so any number of evaluations may share episodes out among them. */
#ifndef HD_EVALUATION_H
#define HD_EVALUATION_H

#include <stdatomic.h>

#include "arena.h"
#include "draw.h"
#include "envs.h"

/* Episodes that may be played in one go. */
enum { HD_PLAYED_TOGETHER = 256 };

typedef struct hd__evaluation hd__evaluation;

/* Memory in which a row's state lies from one decision to the next, in pieces. */
enum { HD_CARRIED_PIECES = 3 };
typedef struct hd__carried {
  float *at[HD_CARRIED_PIECES];
  int n[HD_CARRIED_PIECES]; /* numbers of a piece; 0: there is none */
} hd__carried;

/* Who acts in an evaluation. Rows are its environments. */
typedef struct hd__actor {
  void *self;
  uint64_t stream; /* number of the stream that an episode's draws come from */
  /* Decide in every row; row r's decision draws from draw[r], whose step counts from 0 in every
   * episode.
   *
   *   obs     [rows][n_obs]  read
   *   action  [rows][n_act]  written, as the environment takes it */
  void (*decide)(void *self, int rows, const float *obs, const hd__random_base *draw,
                 float *action);
  /* Is what was just decided built on finite numbers, or what did a part that a program registered
   * write?  Errors  NUMERIC. */
  hd_status (*check)(void *self, hd_ctx *ctx);
  /* The rest may be NULL. A row begins an episode; the decisions just made are known, and the
   * environments are as they were observed; every row has made a step; a row has ended the
   * episode of this index. */
  void (*begin)(void *self, int row);
  void (*decided)(void *self, int rows, hd__evaluation *evaluation);
  void (*stepped)(void *self, int rows, const hd__evaluation *evaluation);
  void (*end)(void *self, int row, int index);
  /* Where the row's state lies; NULL: decisions depend on what they see alone. */
  hd__carried (*carried)(void *self, int row);
} hd__actor;

/* The episode of a row. */
typedef struct hd__eval_row {
  int index;        /* among the episodes asked for, or -1: the row is idle */
  double sum, lost; /* its return so far, see hd__return_add */
  bool is_idle;     /* idle, and its environment is not stepped */
} hd__eval_row;

struct hd__evaluation {
  hd_ctx *ctx;
  const hd_env_desc *env;      /* that the learner learns in */
  const hd_env_desc *eval_env; /* that its policy is evaluated in: often the same */
  const hd__kernel *kernel;
  hd_rng_kind rng;
  uint64_t seed;
  int n_rows;
  hd__bodies bodies, eval_bodies; /* [n_rows] of env, and of eval_env if it is another one */

  const hd_env_desc *playing; /* env or eval_env */
  void *memory;               /* of the environments, */
  hd_envs *envs;              /* placed there */
  hd__eval_row *row;          /* [n_rows] */
  hd__random_base *draw;      /* [n_rows] */
  int n_decided;              /* rows of draw, from the first on, that hd__evaluation_decide made */
  uint64_t decided_seed;      /* of this seed */
  float *obs, *action;        /* [n_rows][n_obs], [n_rows][n_act] */
  double *reward;             /* [n_rows] */
  bool *terminated, *truncated; /* [n_rows] */
  int64_t steps;                /* of all episodes so far */
  bool has_noted_cut;           /* the log was told of an episode that had no end */
};

/* ctx, env, kernel, rng, seed and n_rows are given; what env needs besides memory is opened. Close
 * evaluations that were never opened, too, if they are all zero.  Errors  NOMEM, and those of the
 * environment's open. */
hd_status hd__evaluation_open(hd__evaluation *evaluation);
void hd__evaluation_close(hd__evaluation *evaluation);
void hd__evaluation_lay_out(hd__evaluation *evaluation, hd__arena *arena);

/* Episodes first, first + 1, ... of a seed's stream, n of them, at most HD_PLAYED_TOGETHER, which
 * any number of evaluations take from until all are played. */
typedef struct hd__episodes {
  int n;
  uint64_t first;
  double *returns; /* [n] written */
  atomic_int next; /* index of the first that nobody has begun */
} hd__episodes;

/* Play episodes of env or eval_env as long as there are any left, side by side in up to `rows`
 * rows. Errors  NUMERIC. */
hd_status hd__evaluation_take(hd__evaluation *evaluation, const hd_env_desc *env,
                              const hd__actor *actor, int rows, hd__episodes *episodes);

/* Play n episodes of env or eval_env, first, first + 1, ... of the seed's stream, at most
 * HD_PLAYED_TOGETHER.
 *
 *   returns  [n]  written
 *
 * Errors  NUMERIC. */
hd_status hd__evaluation_play(hd__evaluation *evaluation, const hd_env_desc *env,
                              const hd__actor *actor, int n, uint64_t first, double *returns);

/* Decide on n observations without any environment, each row drawing from `seed` at `step`.
 * Errors  NUMERIC. */
hd_status hd__evaluation_decide(hd__evaluation *evaluation, const hd__actor *actor, int n,
                                const float *obs, uint64_t seed, uint64_t step, float *action);

/* Numbers of the state that a row hands to its next decision. */
size_t hd__actor_state_size(const hd__actor *actor);
/* The same for rows of different episodes.
 *
 *   step   [n]  number of each row's decision in its episode; at 0 it begins anew
 *   state  [n][hd__actor_state_size] read where step > 0, and written
 *
 * Errors  as of hd__evaluation_decide. */
hd_status hd__evaluation_act(hd__evaluation *evaluation, const hd__actor *actor, int n,
                             const float *obs, uint64_t seed, const uint64_t *step, float *state,
                             float *action);

/* The environment that `env` is evaluated in. */
static inline const hd_env_desc *hd__eval_env_of(const hd_env_desc *env) {
  return env->eval_env != NULL ? env->eval_env : env;
}

#endif
