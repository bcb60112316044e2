/* What learners of real-valued actions from replayed steps have in common: actions between -1 and
 * 1, noise that explores, a batch out of the replay, and twin critics that value the actions of the
 * batch.
 *
 * The actor sees the coded observation, critics see the normalised one. The replay keeps
 * observations as the environment showed them, so that a batch is normalised by what is known when
 * it is learned from. */
#ifndef HD_CONTINUOUS_H
#define HD_CONTINUOUS_H

#include "gradient_rl.h"
#include "noise.h"
#include "replay.h"
#include "twin_critic.h"

/* What draws of an update are for. */
typedef enum hd__update_use {
  HD_USE_BATCH,
  HD_USE_NEXT,
  HD_USE_PRESENT,
  HD_USE_SHUFFLE
} hd__update_use;

/* Models, in the order of deep->model: the actor, critics, their slow copies, and what an algorithm
 * adds. The stream of initial weights has room for HD_STACK_LAYERS layers and a readout each. */
enum { HD_ACTOR, HD_CRITIC, HD_TARGET = HD_CRITIC + 2, HD_TARGET_ACTOR = HD_TARGET + 2 };
_Static_assert((int)HD_TARGET_ACTOR < (int)HD_GRADIENT_RL_MODELS,
               "raise HD_GRADIENT_RL_MODELS: room for every network");

typedef struct hd__continuous {
  int n_act, rows;      /* components of an action; rows of a batch */
  int in;               /* floats of a row of input of the actor */
  float *middle, *half; /* [n_act] of an action's range */
  hd__twin twin;
  hd__noise noise;
  hd__replay replay;

  hd__replay_batch batch;    /* of rows; its actions lie between -1 and 1 */
  float *plain, *next_plain; /* [rows][n_obs] observations, normalised */
  float *x, *next_x;         /* [rows][in] and coded */
  float *e;                  /* [rows][n_act], padded: normal deviates */
  float *chosen;             /* [rows][n_act] actions */
  float *slope;              /* [rows][n_act] of q by the action */
} hd__continuous;

/* Describe the actor, of n_out outputs per component of an action, and the critics.
 * Errors  CONFLICT, RANGE. */
hd_status hd__continuous_compile(hd__gradient_rl *rl, hd__continuous *self, int n_out);
void hd__continuous_lay_out(hd__gradient_rl *rl, hd__continuous *self, hd__arena *arena);
/* First layer of a model in the stream of initial weights. */
static inline int hd__continuous_first(int model) { return model * (HD_STACK_LAYERS + 1); }
void hd__continuous_start(hd__gradient_rl *rl, hd__continuous *self);

/* Output of the actor for what the environments show, [B][out_pad]; NULL while experience is
 * gathered at random. */
const float *hd__continuous_output(hd__gradient_rl *rl, const hd__continuous *self,
                                   const float *obs);
/* The deviates that explore in environment b, [n_act]. */
const float *hd__continuous_noise(hd__gradient_rl *rl, hd__continuous *self, int b);
/* n_act components from between -1 and 1 to the environment's range. */
void hd__continuous_scale(const hd__continuous *self, float *action);

/* The greedy action: tanh of the first n_act outputs. deep->own begins with hd__continuous. */
void hd__continuous_choose(const hd__gradient_rl *rl, const float *out, float *action);

/* What the slow critics think of an observation and the greedy action there. */
float hd__continuous_value(hd__gradient_rl *rl, const float *obs);

/* An action whose components are each drawn by `draw`, given the row of output and a normal deviate
 * of this key. deep->own begins with hd__continuous. */
void hd__continuous_explore(const hd__gradient_rl *rl, const float *out, hd__key key,
                            float (*draw)(const hd__gradient_rl *rl, const float *out, int k,
                                          float e),
                            float *action);

/* Whether the loaded replay buffer is consistent. */
bool hd__continuous_is_consistent(const hd__gradient_rl *rl);

/* Keep what followed; the updates that are due are owed. deep->own begins with hd__continuous. */
hd_status hd__continuous_observe_transition(hd__gradient_rl *rl, const hd__transition *transition);
/* Choose a batch, and draw normal deviates [rows][n_act] for an update into own->e. */
void hd__continuous_draw_batch(hd__gradient_rl *rl, hd__continuous *self);
void hd__continuous_normals(hd__gradient_rl *rl, hd__continuous *self, hd__update_use use);

/* Rows of a block of the batch. */
static inline int hd__continuous_rows(const hd__continuous *self, int at) {
  return self->rows - at < HD_BATCH_BLOCK ? self->rows - at : HD_BATCH_BLOCK;
}
/* Share the blocks of the batch out: fn(deep, worker, block). */
void hd__continuous_each_block(hd__gradient_rl *rl, const hd__continuous *self, hd__task_fn fn);
/* Of the block at row `at`: make the batch ready; or targets from what the slow critics think of
 * the chosen next actions, less `cost` [rows] if that is not NULL: y = r + gamma^k (1 - terminated)
 * (q - cost). Then observations and actions are shown to the critics. */
void hd__continuous_prepare_block(hd__gradient_rl *rl, hd__continuous *self, int worker, int at);
void hd__continuous_target_block(hd__continuous *self, int worker, int at, const float *cost);

/* A step of the critics towards the targets.  Errors  NUMERIC: neither has moved. */
hd_status hd__continuous_update_critics(hd__gradient_rl *rl, hd__continuous *self);
/* A step of a model that sees the actor's input, of size alpha.  Errors  NUMERIC. */
hd_status hd__continuous_teach(hd__gradient_rl *rl, hd__continuous *self, hd__model *model,
                               hd__loss_fn loss, double alpha);

#endif
