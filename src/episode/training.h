/* The environments that a learner learns in, stepped together, and what has been counted in them:
 * steps, episodes and their returns. Nothing here knows how actions are chosen. */
#ifndef HD_TRAINING_H
#define HD_TRAINING_H

#include "arena.h"
#include "envs.h"

/* Returns that are kept; episodes that the mean return covers. */
enum { HD_RETURNS = 1024, HD_RECENT = 100 };

/* Running counts, saved as they are. */
typedef struct hd__counters {
  int64_t steps; /* decisions per environment */
  int64_t episodes;
  int64_t updates;
  int64_t is_broken; /* a number was not finite: no further step is taken */
  double recent;     /* mean return of the last HD_RECENT episodes */
  double cpu_s;
} hd__counters;

enum { HD_COUNTERS = sizeof(hd__counters) / sizeof(int64_t) };

/* Rewards times reward_scale up to this size are learned from: sums of a few hundred of them are
 * still numbers in single precision. */
#define HD_REWARD_MAX 1e35

typedef struct hd__training {
  hd_ctx *ctx;
  const hd_env_desc *env;
  const hd__kernel *kernel;
  hd_rng_kind rng;
  uint64_t seed;
  int B;
  double reward_scale;  /* that the learner multiplies rewards by */
  hd__workers *workers; /* that share steps of environments with bodies, or NULL */
  hd__bodies bodies;    /* [B] of the environments, if they have any */

  hd_envs *envs;
  hd__counters *counters;
  double *episode_return;        /* [B] of the episodes under way */
  double *episode_discount_lost; /* [B] share that rewards have lost to the discount by now */
  double *returns;               /* [HD_RETURNS] ring of the last episodes' */
  float *obs;                    /* [B][n_obs] */
  float *action;                 /* [B][n_act] */
  double *reward;                /* [B] */
  bool *terminated, *truncated;  /* [B] */
} hd__training;

/* ctx, env, kernel, rng, seed, B, reward_scale and workers are given; what env needs besides memory
 * is opened. Training that was never opened may be closed, too, if it is all zero.  Errors  NOMEM,
 * and those of the environment's open. */
hd_status hd__training_open(hd__training *training);
void hd__training_close(hd__training *training);
void hd__training_lay_out(hd__training *training, hd__arena *arena);
/* Begin an episode in every environment. */
void hd__training_start(hd__training *training);

/* Are the present observations finite?  Errors  NUMERIC, naming the environment. */
hd_status hd__training_check_obs(const hd__training *training);
/* Step every environment by its action.  Errors  NUMERIC: a reward or an observation is not
 * finite, or a reward is larger than HD_REWARD_MAX. */
hd_status hd__training_step(hd__training *training);
/* The same of a step that the environments have made. */
hd_status hd__training_take_step(hd__training *training);
/* Add the rewards of the step just made to the returns; episodes that ended are counted. Returns
 * whether any did. */
bool hd__training_count_episodes(hd__training *training);
/* Begin the next episode wherever one has ended.  Errors  NUMERIC. */
hd_status hd__training_reset_ended(hd__training *training);

/* Count an episode of this return. */
void hd__training_add_return(hd__training *training, double value);
/* Returns of the last episodes, oldest first, at most `capacity`; how many they are. */
int hd__training_returns(const hd__training *training, double *returns, int capacity);

/* Steps taken, all environments counted. */
static inline int64_t hd__training_steps(const hd__training *training) {
  return training->counters->steps * training->B;
}

/* Has the step just made ended an episode of environment b, either way? */
static inline bool hd__training_has_ended(const hd__training *training, int b) {
  return training->terminated[b] || training->truncated[b];
}

#endif
