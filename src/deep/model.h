/* A network and what moves its weights: a stack, the gradient, and Adam. */
#ifndef HD_MODEL_H
#define HD_MODEL_H

#include "config.h"
#include "stack.h"

typedef struct hd__model {
  const char *name; /* of its arrays in a checkpoint: NAME.weights, NAME.m, ... */
  hd__stack stack;
  float *weights;     /* [n_weights] */
  float *statistics;  /* [n_statistics] of normalised drives, as they are used, */
  float *running;     /* [n_statistics] and as they are known by now */
  float *G, *m, *v;   /* [n_weights] gradient of the loss, moments; NULL: it does not learn */
  double norm;        /* of G, once it is finished */
  double *beta_power; /* [2] beta1^t, beta2^t */
  hd__prepared ready; /* of the weights as they are */
  hd__tape tape;      /* of `rows` rows */
  int rows;           /* that go through together */
  float *out;         /* [rows][decisions][out_pad] */
  float *spikes[HD_STACK_LAYERS]; /* [n_pad] counted while acting, */
  double counted;                 /* in so many substeps */
} hd__model;

/* What a model is for: it only answers, or it also learns. */
typedef enum hd__model_use { HD_MODEL_ANSWERS, HD_MODEL_LEARNS } hd__model_use;

/* Fill what settings say about the actor's network (neuron, hidden, substeps, readout, surrogate,
 * ...); the caller adds n_in, n_out and what differs. A critic's has critic_hidden and
 * critic_neuron.  Errors  CONFLICT, RANGE: a network that has no gradient, and why. */
hd_status hd__model_actor_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def);
hd_status hd__model_critic_def(hd_ctx *ctx, const hd_config *config, hd__stack_def *def);

void hd__model_compile(hd__model *model, const char *name, const hd__stack_def *def,
                       const hd__kernel *kernel);
/* Memory: named arrays are saved. rows, decisions: room of the tape. */
void hd__model_lay_out(hd__model *model, hd__arena *arena, hd__model_use use, int rows,
                       int decisions);
/* Initial weights, drawn as layers first, first + 1, ... of the stream. */
void hd__model_start(hd__model *model, uint64_t seed, int first);
/* Weights were changed by hand, or loaded. */
void hd__model_ready(hd__model *model);
/* to = from: weights and statistics; or to += rate (from - to). */
void hd__model_copy(hd__model *to, const hd__model *from);
void hd__model_follow(hd__model *to, const hd__model *from, float rate);

/* Outputs of up to model->rows rows of fresh decisions, x [rows][in_pad]; is_kept: backward
 * follows. Returns model->out. */
const float *hd__model_answer(hd__model *model, int rows, const float *x, bool is_kept);
/* The same while acting: spikes are counted, and state [rows][n_state] is carried on (NULL: none),
 * from zeros where fresh [rows] says so (NULL: everywhere). */
const float *hd__model_act(hd__model *model, int rows, const float *x, const bool *fresh,
                           float *state);
/* What it just did while acting goes into the running statistics of its drives, if it has any. */
void hd__model_note(hd__model *model, int rows);
void hd__model_count_reset(hd__model *model);
/* Gradients of a loss by those outputs are added to G; g_x as hd__stack_backward. */
void hd__model_blame(hd__model *model, int rows, const float *x, const float *g_out, bool wants_G,
                     float *g_x);
void hd__model_clear(hd__model *model); /* G = 0 */
/* All gradients are in G: by the weights themselves now, and measured. Models that learn together
 * are all finished before any of them steps.  Errors  NUMERIC if the gradient is not finite. */
hd_status hd__model_finish(hd_ctx *ctx, hd__model *model);
/* Clip the finished gradient, one step of Adam of size alpha, make ready. */
void hd__model_step(hd__model *model, const hd__settings *s, float alpha);
/* Both, of a model that learns alone. */
hd_status hd__model_descend(hd_ctx *ctx, hd__model *model, const hd__settings *s, float alpha);

#endif
