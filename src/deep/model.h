/* A network and what moves its weights: a stack, the gradient, and Adam. */
#ifndef HD_MODEL_H
#define HD_MODEL_H

#include "batch.h"
#include "config.h"
#include "workers.h"

typedef struct hd__model {
  const char *name; /* of its arrays in a checkpoint: NAME.weights, NAME.m, ... */
  hd__stack stack;
  float *weights;    /* [n_weights] */
  float *statistics; /* [n_statistics] of normalised drives, as they are used, */
  float *running;    /* [n_statistics] and as they are known by now */
  float *G, *m, *v;  /* [n_weights] gradient of the loss, moments; NULL: it does not learn */
  size_t frozen_from, frozen_to; /* weights that do not learn */
  double norm;                   /* of G, once it is finished */
  double *beta_power;            /* [2] beta1^t, beta2^t */
  float c1, c2;       /* of the step of Adam under way: step size, and by what v is multiplied */
  hd__prepared ready; /* of the weights as they are */
  hd__tape tape;      /* of acting, for `rows` rows; 0: it does not act */
  int rows;
  float *out;                     /* [rows][out_pad] */
  hd__batch batch;                /* of what it learns from, or answers by the batch */
  float *spikes[HD_STACK_LAYERS]; /* [n_pad] counted while acting, */
  double counted;                 /* in so many substeps */
} hd__model;

/* What a model is for: it only answers, it also learns, or its slope by the input is asked for as
 * well. */
typedef enum hd__model_use {
  HD_MODEL_INFERS = HD_STACK_BACK_NONE,
  HD_MODEL_LEARNS = HD_STACK_BACK_TO_WEIGHTS,
  HD_MODEL_LEARNS_AND_SLOPES = HD_STACK_BACK_TO_INPUT
} hd__model_use;

/* Fill what settings say about the actor's network (neuron, hidden, substeps, readout, surrogate,
 * ...); the caller adds n_in, n_out and what differs. A critic's has critic_hidden and
 * critic_neuron.  Errors  CONFLICT, RANGE: a network that has no gradient, and why. */
hd_status hd__model_actor_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def);
hd_status hd__model_critic_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def);
/* Of an actor whose layers may be agents: add what settings say about them.  Errors  CONFLICT. */
hd_status hd__model_agents_def(hd_ctx *ctx, const hd__settings *s, hd__stack_def *def);

void hd__model_compile(hd__model *model, const char *name, const hd__stack_def *def,
                       const hd__kernel *kernel);
/* Freeze hidden layers as settings say (learn_hidden, freeze_layer). */
void hd__model_freeze(hd__model *model, const hd__settings *s);
/* Memory: named arrays are saved. rows: that act together. batch: what it learns from or answers,
 * or NULL. */
void hd__model_lay_out(hd__model *model, hd__arena *arena, hd__model_use use, int rows,
                       const hd__batch_def *batch);
/* Initial weights, drawn as layers first, first + 1, ... of the stream. */
void hd__model_start(hd__model *model, uint64_t seed, int first);
/* Weights were changed by hand, or loaded. */
void hd__model_prepare(hd__model *model);
/* to = from: weights and statistics; or to += rate (from - to). */
void hd__model_copy(hd__model *to, const hd__model *from);
void hd__model_polyak_update(hd__model *to, const hd__model *from, float rate);

/* Outputs of up to model->rows rows of fresh decisions, x [rows][in_pad]. Returns model->out. */
const float *hd__model_forward(hd__model *model, int rows, const float *x);
/* The same while acting: spikes are counted, and state [rows][n_state] is carried on (NULL: none),
 * from zeros where fresh [rows] says so (NULL: everywhere). */
const float *hd__model_act(hd__model *model, int rows, const float *x, const bool *fresh,
                           float *state);
/* What it just did while acting goes into the running statistics of its drives, if it has any. */
void hd__model_update_statistics(hd__model *model, int rows);
void hd__model_count_reset(hd__model *model);

/* Outputs of up to HD_BATCH_BLOCK rows of fresh decisions, by one of the workers that share a
 * batch. Returns [rows][out_pad] of that worker. */
const float *hd__model_answer_block(hd__model *model, int worker, int rows, const float *x);
/* The same, and the gradient of the first output by the input: g_x [rows][in_pad] is written. Of a
 * model that learns. */
const float *hd__model_slope_block(hd__model *model, int worker, int rows, const float *x,
                                   float *g_x);

/* One step of Adam of each of n models, of size alpha [n], down the gradients G by prepared
 * weights, which are clipped as settings say. Workers may be NULL.
 * Errors  NUMERIC: a gradient is not finite; no model has moved. */
hd_status hd__models_step(hd_ctx *ctx, hd__workers *workers, int n, hd__model *const *model,
                          const hd__settings *s, const float *alpha);

/* One of several moves to another by a share of the distance. */
typedef struct hd__model_pair {
  hd__model *to;
  const hd__model *from;
} hd__model_pair;
void hd__models_follow(hd__workers *workers, int n, const hd__model_pair *pair, float rate);

#endif
