/* The whole network as one agent: algorithms that learn by exact gradients of a loss.
 *
 * An algorithm is a row of deep_table.h. A session shows it what the environments show, asks for
 * actions, tells what followed, and the algorithm learns when its time has come. */
#ifndef HD_DEEP_H
#define HD_DEEP_H

#include "coding.h"
#include "config.h"
#include "draw.h"
#include "model.h"
#include "normaliser.h"

enum { HD_DEEP_MODELS = 8, HD_DEEP_OWN = 4096 };

typedef struct hd__deep hd__deep;

/* A step of all B environments. */
typedef struct hd__moment {
  const float *obs;     /* [B][n_obs] acted on, as the environments showed it */
  const float *action;  /* [B][n_act] as the environments took it */
  const double *reward; /* [B] */
  const float *next;    /* [B][n_obs] what followed: of an ended episode, its last observation */
  const bool *terminated, *truncated; /* [B] */
} hd__moment;

typedef struct hd__deep_desc {
  const char *name, *doc, *source;
  bool takes_discrete, takes_real; /* actions */
  /* From settings and environment describe the models.  Errors  CONFLICT, RANGE. */
  hd_status (*compile)(hd__deep *deep);
  void (*lay_out)(hd__deep *deep, hd__arena *arena);
  void (*start)(hd__deep *deep);
  /* Choose for the B environments while learning; all uses of hd__deep_key are free. */
  void (*act)(hd__deep *deep, const float *obs, float *action);
  /* What followed; learn, perhaps.  Errors  NUMERIC: a gradient is not finite. What would have
   * stepped with it has not moved: actor and critic of a minibatch, two critics of a batch; the
   * steps before stand. */
  hd_status (*tell)(hd__deep *deep, const hd__moment *moment);
  /* Output of the acting network turned into the greedy action of a row. */
  void (*choose)(const hd__deep *deep, const float *out, float *action);
  /* Could what was loaded have come to be? NULL: anything could. */
  bool (*is_sound)(const hd__deep *deep);
} hd__deep_desc;

struct hd__deep {
  hd_ctx *ctx;
  const hd__deep_desc *desc;
  const hd_config *config;
  const hd__settings *settings;
  const hd_env_desc *env;
  const hd__kernel *kernel;
  hd__code code;
  hd__normaliser obs_norm, reward_norm;
  uint64_t seed;
  int B, eval_rows;
  int n_actions;                   /* discrete choices; 0: real-valued actions */
  int64_t *clock;                  /* [2] steps per environment taken, updates made; saved */
  float factor;                    /* share of the step sizes that the schedule leaves now */
  hd__model model[HD_DEEP_MODELS]; /* the first one acts: its tape has room for B and eval_rows */
  int n_models;
  hd__model average;         /* running average of the first, by which it is judged, if asked for */
  float *x;                  /* [B or eval_rows][in] */
  bool *fresh;               /* [B] the next decision of an environment begins an episode */
  bool *eval_fresh;          /* [eval_rows] the same, of an evaluation's */
  float *state, *eval_state; /* [B or eval_rows][n_state] that is carried; or NULL */
  hd__workers *workers;      /* that share batches out, or NULL */
  float *plain;              /* [n_workers][n_obs] scratch of encoding, */
  int32_t *line;             /* [n_workers][n_active + 1] */
  _Alignas(16) unsigned char own[HD_DEEP_OWN]; /* the algorithm's, of its own type */
};

/* The algorithm chosen by option `algorithm`. */
const hd__deep_desc *hd__deep_desc_of(int algorithm);

/* ctx, config, settings, env, kernel, code (measured), seed, B and eval_rows are given.
 * Errors  CONFLICT, RANGE. */
hd_status hd__deep_compile(hd__deep *deep);
void hd__deep_lay_out(hd__deep *deep, hd__arena *arena);
void hd__deep_start(hd__deep *deep);
/* Weights were loaded. Could what was loaded with them have come to be? */
bool hd__deep_restored(hd__deep *deep);
/* Greedy actions of up to eval_rows rows; an episode begins where a draw's step is 0. */
void hd__deep_decide(hd__deep *deep, int rows, const float *obs, const hd__draw *draw,
                     float *action);
/* The clock goes on, and with it what the algorithm learns.  Errors  NUMERIC. */
hd_status hd__deep_tell(hd__deep *deep, const hd__moment *moment);

/* The model by which decisions are judged. */
hd__model *hd__deep_judge(hd__deep *deep);
/* 64-bit hash of all weights. */
uint64_t hd__deep_hash(const hd__deep *deep);

/* ---- for algorithms ---- */

/* Another model, of which compile says what it is. */
hd__model *hd__deep_add_model(hd__deep *deep, const char *name, const hd__stack_def *def);
/* How batches of up to `units` single decisions are cut. */
hd__batch_def hd__deep_batch(const hd__deep *deep, hd__batch_use use, int units);
/* Does a decision of every model fit memory_limit?  Errors  RANGE. */
hd_status hd__deep_check_room(const hd__deep *deep);
/* Output [B][out_pad] of the acting network for the present observations, left in deep->x. */
const float *hd__deep_answer(hd__deep *deep, const float *obs);
/* Floats of a row of input; write rows of it: normalised, then coded. worker: who asks, of those
 * that share a batch out; 0 elsewhere. */
int hd__deep_in(const hd__deep *deep);
void hd__deep_encode(const hd__deep *deep, int worker, int rows, const float *obs, float *x);
/* The action that a choice stands for, and the choice that an action came from. */
float hd__deep_action(const hd__deep *deep, int choice);
int hd__deep_choice(const hd__deep *deep, float action);
/* Share of exploring actions now, from epsilon, epsilon_end and epsilon_steps. */
float hd__deep_epsilon(const hd__deep *deep);
/* Key of environment b's draws at the present step; `use` keeps several apart. */
enum { HD_DEEP_USES = 4 };
hd__key hd__deep_key(const hd__deep *deep, int b, uint64_t use);

#endif
