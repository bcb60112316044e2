/* The whole network as one agent: algorithms that learn by exact gradients of a loss.
 *
 * An algorithm is a file that defines hd__gradient_rl_NAME, and a row of HD_ALGORITHMS (choices.h).
 * A session shows it what the environments show, asks for actions, tells what followed, and the
 * algorithm learns when its time has come. */
#ifndef HD_GRADIENT_RL_H
#define HD_GRADIENT_RL_H

#include "coding.h"
#include "config.h"
#include "draw.h"
#include "learned_range.h"
#include "model.h"
#include "normaliser.h"
#include "return_scale.h"

enum { HD_GRADIENT_RL_MODELS = 8, HD_GRADIENT_RL_STATE = 5120 };

typedef struct hd__gradient_rl hd__gradient_rl;

/* A step of all B environments. */
typedef struct hd__transition {
  const float *obs;     /* [B][n_obs] acted on, as the environments showed it */
  const float *action;  /* [B][n_act] as the environments took it */
  const double *reward; /* [B] */
  const float *next;    /* [B][n_obs] what followed: of an ended episode, its last observation */
  const bool *terminated, *truncated; /* [B] */
} hd__transition;

typedef struct hd__gradient_rl_desc {
  const char *name, *doc, *source;
  bool takes_discrete, takes_real; /* actions */
  bool takes_several;              /* choices at once, one for each component of an action */
  /* From settings and environment describe the models.  Errors  CONFLICT, RANGE. */
  hd_status (*compile)(hd__gradient_rl *rl);
  void (*lay_out)(hd__gradient_rl *rl, hd__arena *arena);
  void (*start)(hd__gradient_rl *rl);
  /* Choose for the B environments while learning; all uses of hd__gradient_rl_key are free. */
  void (*act)(hd__gradient_rl *rl, const float *obs, float *action);
  /* What followed; learn, perhaps.  Errors  NUMERIC: a gradient is not finite. What would have
   * stepped with it has not moved: actor and critic of a minibatch, two critics of a batch; the
   * steps before stand. */
  hd_status (*observe_transition)(hd__gradient_rl *rl, const hd__transition *transition);
  /* NULL, or make one of the updates that observe_transition left in rl->owed.  Errors  as above.
   */
  hd_status (*update)(hd__gradient_rl *rl);
  /* Output of the acting network turned into the greedy action of a row, or into the one that
   * learning would choose by draws of this key. */
  void (*choose)(const hd__gradient_rl *rl, const float *out, float *action);
  void (*explore)(const hd__gradient_rl *rl, const float *out, hd__key key, float *action);
  /* The value of an observation, between two steps of learning. */
  float (*value)(hd__gradient_rl *rl, const float *obs);
  /* Whether what was loaded is consistent. NULL: anything could. */
  bool (*is_consistent)(const hd__gradient_rl *rl);
} hd__gradient_rl_desc;

#define HD_GRADIENT_RL_EXTERN(W, name, by) extern const hd__gradient_rl_desc hd__gradient_rl_##name;
HD_ALGORITHMS(HD_GRADIENT_RL_EXTERN, )
#undef HD_GRADIENT_RL_EXTERN

struct hd__gradient_rl {
  hd_ctx *ctx;
  const hd__gradient_rl_desc *desc;
  const hd_config *config;
  const hd__settings *settings;
  const hd_env_desc *env;
  const hd__kernel *kernel;
  hd__code code;
  hd__normaliser obs_norm;
  hd__learned_range range;
  hd__return_scale return_scale;
  uint64_t seed;
  int B, eval_rows;
  int n_actions;  /* discrete choices of each component of an action; 0: real-valued actions */
  int64_t *clock; /* [2] steps per environment taken, updates made; saved */
  int64_t owed;   /* updates that are due; none between calls of a session */
  bool may_owe;   /* they may wait for the next step of the environments, to be made beside it */
  void (*beside)(void *user); /* that step, while the last update is under way that is owed */
  void *beside_user;
  float factor; /* share of the step sizes that the schedule leaves now */
  hd__model
      model[HD_GRADIENT_RL_MODELS]; /* the first one acts: its tape has room for B and eval_rows */
  int n_models;
  hd__model average; /* running average of the first model, which is evaluated in its place, if
                        asked for */
  float *x;          /* [B or eval_rows][in] */
  float *seen;       /* [B or eval_rows][n_seen] what `x` was made of */
  bool *fresh;       /* [B] the next decision of an environment begins an episode */
  bool *eval_fresh;  /* [eval_rows] the same, of an evaluation's */
  float *carried, *eval_carried; /* [B or eval_rows][n_state] that is carried; or NULL */
  float *above, *eval_above; /* [B or eval_rows][n_above] what layers that are agents did last */
  hd__workers *workers;      /* that share batches out, or NULL */
  float *plain;              /* [1 + n_workers][n_obs] scratch of encoding, padded, */
  int32_t *line;             /* [1 + n_workers][n_active + 1] */
  _Alignas(16) unsigned char state[HD_GRADIENT_RL_STATE]; /* the algorithm's, of its own type */
};

/* The algorithm chosen by option `algorithm`. */
const hd__gradient_rl_desc *hd__gradient_rl_desc_of(int algorithm);

/* ctx, config, settings, env, kernel, code (measured), seed, B and eval_rows are given.
 * Errors  CONFLICT, RANGE. */
hd_status hd__gradient_rl_compile(hd__gradient_rl *rl);
void hd__gradient_rl_lay_out(hd__gradient_rl *rl, hd__arena *arena);
void hd__gradient_rl_start(hd__gradient_rl *rl);
/* Weights were loaded. Could what was loaded with them have come to be? */
bool hd__gradient_rl_check_loaded(hd__gradient_rl *rl);
/* Greedy actions of up to eval_rows rows; an episode begins where a draw's step is 0. */
void hd__gradient_rl_decide(hd__gradient_rl *rl, int rows, const float *obs,
                            const hd__random_base *draw, float *action);
/* The same, exploring, by the weights that learn. */
void hd__gradient_rl_explore(hd__gradient_rl *rl, int rows, const float *obs,
                             const hd__random_base *draw, float *action);
/* The clock goes on, and with it what the algorithm learns, unless it may owe that.  Errors
 * NUMERIC.
 */
hd_status hd__gradient_rl_observe_transition(hd__gradient_rl *rl, const hd__transition *transition);
/* Make the updates that are owed. `beside` acts and steps the environments: on another thread, if
 * there is one, as soon as no update moves the actor any more; NULL: nothing of the kind.
 * Errors  NUMERIC; whether the environments have stepped is then open. */
hd_status hd__gradient_rl_catch_up(hd__gradient_rl *rl, void (*beside)(void *user), void *user);

/* The model that is evaluated: the running average if there is one, else the acting model. */
hd__model *hd__gradient_rl_eval_model(hd__gradient_rl *rl);
/* 64-bit hash of all weights. */
uint64_t hd__gradient_rl_hash(const hd__gradient_rl *rl);

/* ---- for algorithms ---- */

/* Another model, of which compile says what it is. */
hd__model *hd__gradient_rl_add_model(hd__gradient_rl *rl, const char *name,
                                     const hd__stack_def *def);
/* How batches of up to `units` single decisions are cut. */
hd__batch_def hd__gradient_rl_batch(const hd__gradient_rl *rl, hd__batch_use use, int units);
/* Does a decision of every model fit memory_limit?  Errors  RANGE. */
hd_status hd__gradient_rl_check_room(const hd__gradient_rl *rl);
/* What the network sees, n_seen numbers of a row: the observation, and what layers that are agents
 * did in the decision before, n_above numbers, for those below (stack.h); `fresh` rows begin with
 * zeros, NULL: none does. */
int hd__gradient_rl_n_seen(const hd__gradient_rl *rl);
void hd__gradient_rl_see(const hd__gradient_rl *rl, int rows, const float *obs, const bool *fresh,
                         const float *above, float *seen);
/* Leave the present observations in rl->seen and rl->x; output [B][out_pad] of the acting network
 * for what lies there; both. */
void hd__gradient_rl_look(hd__gradient_rl *rl, const float *obs);
const float *hd__gradient_rl_answer(hd__gradient_rl *rl);
const float *hd__gradient_rl_forward(hd__gradient_rl *rl, const float *obs);
/* For updates: from here on the one under way leaves the actor as it is. */
void hd__gradient_rl_release_actor(hd__gradient_rl *rl);
/* Floats of a row of input; write rows of it: what was seen, normalised, then coded. who: 1 +
 * worker of those that share a batch out; 0 elsewhere. */
int hd__gradient_rl_n_in(const hd__gradient_rl *rl);
void hd__gradient_rl_encode(const hd__gradient_rl *rl, int who, int rows, const float *seen,
                            float *x);
/* The action that a choice for component k of the action stands for. */
float hd__gradient_rl_action(const hd__gradient_rl *rl, int k, int choice);
/* Share of exploring actions now, from epsilon, epsilon_end and epsilon_steps. */
float hd__gradient_rl_epsilon(const hd__gradient_rl *rl);
/* Key of environment b's draws at the present step; `use` keeps several apart. */
enum { HD_GRADIENT_RL_USES = 4 };
hd__key hd__gradient_rl_key(const hd__gradient_rl *rl, int b, uint64_t use);

#endif
