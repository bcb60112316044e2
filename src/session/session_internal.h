/* A learner whole: environments, network, critic, learner, and the experience at hand. Everything
 * that changes lies in one arena and is listed there, which is what a checkpoint holds. */
#ifndef HD_SESSION_INTERNAL_H
#define HD_SESSION_INTERNAL_H

#include "arena.h"
#include "config.h"
#include "parallel_search.h"
#include "evaluators.h"
#include "critic.h"
#include "gradient_rl.h"
#include "envs.h"
#include "evaluation.h"
#include "weight_map.h"
#include "hedon/session.h"
#include "rule_update.h"
#include "net.h"
#include "net_actor.h"
#include "synapse_features.h"

enum { HD_RETURNS = 1024, HD_RECENT = 100 };

/* Running figures, saved as they are. */
typedef struct hd__counters {
  int64_t steps; /* decisions per environment */
  int64_t episodes;
  int64_t updates;
  int64_t is_broken; /* a number went wrong: no further step is taken */
  double recent;     /* mean return of the last 100 episodes */
  double cpu_s;
} hd__counters;

enum { HD_COUNTERS = sizeof(hd__counters) / sizeof(int64_t) };

struct hd_session {
  hd_ctx *ctx;
  hd_config *config;
  const hd__settings *settings;
  const hd_env_desc *env;
  uint64_t seed;
  int B, n; /* environments; steps per rollout, 1 on-line */
  hd__arena arena;
  const hd__kernel *kernel;

  hd_envs *envs;
  hd__bodies bodies; /* [B] of the environments, if they have any */
  hd__net net;
  hd__net_actor actor; /* of evaluations */
  hd__critic critic;
  hd__rule_update learner;
  hd__counters *counters;
  float *average;         /* [n_weights] running average of the actor's weights, or NULL */
  double *episode_return; /* [B] of the episodes under way */
  double *episode_discount_lost;  /* [B] what a reward has lost by now, if returns are discounted */
  double *returns;        /* [HD_RETURNS] ring of the last episodes' */

  /* a search over the weights, in place of a rule and a critic */
  bool is_searching;
  hd__search search;
  hd__weight_map weight_map;
  hd__synapse_features synapse_features;
  float *policy; /* [n_policy] that synapses begin with, or NULL */
  int64_t n_policy;
  float *candidate;      /* [search.n_pad] weights of the member under evaluation, */
  float *candidate_weights;   /* [n_weights] and as the network reads them */
  hd__parallel_search *parallel;     /* who evaluates members ahead, or NULL */
  float *learn;       /* [eval_rows] the rewards that teach synapses, */
  bool *counts;       /* [eval_rows] in rows that are not idle */
  double *likelihood; /* [eval_rows] of right answers in the episodes under way, */
  double *graded;     /* and of episodes that have ended, or NULL */

  /* an algorithm that learns by gradients, in place of both */
  bool is_gradient_rl;
  hd__gradient_rl gradient_rl;
  float *before, *next; /* [B][n_obs] what was acted on, and what followed */
  double *gradient_reward;  /* [B] that teaches */

  /* the moment */
  float *obs;                   /* [B][n_obs] */
  float *action;                /* [B][n_act] */
  double *reward;               /* [B] */
  bool *terminated, *truncated; /* [B] */
  float *levels;                /* [n_actions] of a real-valued action */

  /* a rollout, or a single step */
  hd__decision *decision; /* [n] batches of B */
  float *carried;         /* [B][hd__net_carried] state that goes on to the next decision, or NULL */
  bool *continued;        /* [B] there is such a state: the episode has had a decision */
  hd__random_base *random;         /* [B] */
  hd__key *key;           /* [B] of a critic that draws */
  hd__phi phi;            /* [n + 1][B] features of s, and of what follows the last: a ring */
  int phi_at;             /* slot of the ring where the experience begins */
  float *present;         /* [B] V(s) of the present, under the weights as they are */
  float *learn_reward, *value, *next_value, *advantage; /* [n][B] */
  bool *ended;                                          /* [n][B] */

  hd__evaluation evaluation;
  hd__workers *workers;       /* that share the learner's work, or NULL */
  hd__evaluators *evaluators; /* and its evaluations */
};

/* Make a session what hd_session_create would for another seed. Allocates nothing. */
hd_status hd__session_restart(hd_session *session, uint64_t seed);

/* hd_session_train without its clock: nothing in it asks the system for anything. */
hd_status hd__session_learn(hd_session *session, int64_t steps);

/* Processor seconds of the calling thread and of those that help the session. Only differences
 * mean anything. */
double hd__session_cpu_s(const hd_session *session);

/* hd_session_stats that goes on counting the layers' spikes. */
void hd__session_read_stats(const hd_session *session, hd_stats *out);

/* Spikes are counted anew. */
void hd__session_count_reset(hd_session *session);

hd__policy hd__session_policy(const hd_session *session, bool is_greedy);

/* Act in every environment: decide, step, and fill the [B] entries at `slot` of the experience.
 * Ended episodes are restarted.  Errors  NUMERIC. */
hd_status hd__session_step(hd_session *session, int slot);

/* The reward that teaches. */
float hd__session_learn_reward(const hd_session *session, double reward, bool terminated);

/* Check what environment b shows.  Errors  NUMERIC. */
hd_status hd__session_check_obs(hd_session *session, int b);

/* Before the first step, or after a load: features of the present and what it is worth under the
 * weights as they are.  Errors  NUMERIC. */
hd_status hd__session_value_present(hd_session *session);

/* What the environments show and gave is finite.  Errors  NUMERIC, naming what is not. */
hd_status hd__session_check_finite(hd_session *session);
/* Scores of the step just made: episodes that ended are counted.  Returns whether any did. */
bool hd__session_count_episodes(hd_session *session);

/* Features of the experience at a slot, B rows. */
hd__phi hd__session_phi(const hd_session *session, int slot);

/* Features of the present go to the first slot, where a checkpoint looks for them. */
void hd__session_keep_last_features(hd_session *session);

/* The weights have changed: count that, and let their running average follow. */
void hd__session_update_average(hd_session *session);

/* One update at every step; one update per rollout. */
hd_status hd__session_online(hd_session *session);
hd_status hd__session_rollout(hd_session *session);

/* One step of an algorithm that learns by gradients, in all environments.  Errors  NUMERIC. */
hd_status hd__session_gradient_step(hd_session *session);
/* Who acts greedily by what such an algorithm has learned. */
hd__actor hd__gradient_rl_actor(hd__gradient_rl *rl);
/* Share of the step sizes that the schedule leaves now. */
float hd__session_annealed(const hd_session *session);

/* One member of a generation: its weights, its episodes, its return.  Errors  NUMERIC. */
hd_status hd__session_search_step(hd_session *session);
/* Keep a copy of the teacher's policy for whenever the session is started anew. */
hd_status hd__session_set_policy(hd_session *session, const hd_session *teacher);
/* Evaluate a member of a search like the session's own: its episodes' returns, and the score that
 * the search is told.  Errors  NUMERIC. */
hd_status hd__session_evaluate_candidate(hd_session *session, const hd__search *search, int candidate,
                          double *returns, double *score);
/* Describe the search to itself, take its memory, begin at the network's weights. */
hd_status hd__session_search_compile(hd_session *session);
void hd__session_search_lay_out(hd_session *session, hd__arena *arena);
void hd__session_search_start(hd_session *session);

/* Who acts greedily by these weights. An algorithm that learns by gradients acts by its own. */
hd__actor hd__session_actor(hd_session *session, const float *weights);

/* Note the return of an episode that taught. */
void hd__session_add_return(hd_session *session, double value);

/* The weights by which the session is judged. */
float *hd__session_eval_weights(const hd_session *session);

/* Check what was loaded into the arrays. */
hd_status hd__session_check_loaded(hd_session *session);

#endif
