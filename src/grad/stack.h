/* A stack of layers that is differentiated exactly: dense weights, cells (src/neuron/cell.h), and a
 * linear readout, over the substeps of a decision or of several whose state is carried on.
 *
 *   hd__stack     shape: where each part lies in the flat array of weights
 *   hd__prepared  a set of weights made ready: normalisation folded in, transposes, coefficients
 *   hd__tape      what forward keeps for backward, for so many rows
 *
 * Layers may be agents: each sees the input beside what is below it, and what the layer above did
 * in the decision before, is read by itself, and learns by its own outputs alone. What the layers
 * above did is a part of the input (hd__stack_above). Not for stacks that have a timed input, are
 * normalised, delayed or grouped, or whose highest membrane is read.
 *
 * Arrays are [row][decision][substep][lane], lane fastest, padded to HD_LANES; rows never meet.
 * Sums over rows, decisions and substeps run in that order, so a gradient does not depend on how
 * rows are cut into tapes. The plain form of all this is tests/grad/plain_stack.h. */
#ifndef HD_STACK_H
#define HD_STACK_H

#include "arena.h"
#include "kernel.h"
#include "random.h"

enum { HD_STACK_LAYERS = 6, HD_STACK_DELAY = 64 }; /* layers, and substeps of delay, at most */

typedef enum hd__stack_readout {
  HD_STACK_MEAN,          /* of the top layer's output over a decision */
  HD_STACK_MEMBRANE_LAST, /* a leaky unit that never fires: its potential at the end, */
  HD_STACK_MEMBRANE_MEAN, /* its mean, */
  HD_STACK_MEMBRANE_MAX   /* or its highest */
} hd__stack_readout;

typedef struct hd__stack_def {
  int n_in;
  bool has_timed_input; /* another input at every substep; else it stays during a decision */
  int n_layers, width[HD_STACK_LAYERS];
  int max_delay; /* substeps by which spikes may come late to the next layer (delay.h); 0: none */
  int n_out;
  int T;              /* substeps per decision */
  hd__cell cell;      /* of all layers */
  float alpha, beta;  /* what current and potential keep of themselves, at first */
  float gain;         /* gamma = gain (1 - beta) if the cell is tied, else gamma = gain */
  float theta, rho;   /* at first */
  float slope;        /* of the surrogate at first; cell.slope is what it is now */
  bool is_recurrent;  /* layers see their own last spikes */
  bool is_normalised; /* drives by running statistics */
  bool learns_tau, learns_threshold;
  bool is_carried; /* state goes on from decision to decision */
  bool is_grouped; /* output k reads the k-th part of the top layer only */
  bool has_agents; /* every layer is read and sees the input, */
  bool sees_above; /* and what the layer above did in the decision before; */
  bool is_local;   /* no gradient goes from a layer to the one below */
  hd__stack_readout readout;
  float membrane_tau;       /* substeps, of the leaky readout */
  bool is_uniform;          /* initial weights: uniform, else normal, */
  bool is_orthogonal;       /* and then orthonormal (orthogonal.h) */
  float init, init_readout; /* half width or deviation, over root of fan-in; or gain */
} hd__stack_def;

/* What a layer sees beside what is below: numbers from, from + 1, ... of the input, n of them. */
typedef struct hd__stack_side {
  int from, n;
  size_t W; /* [n][n_pad] */
} hd__stack_side;

/* A layer that is read: its number, or -1 for the input. */
typedef struct hd__stack_head {
  int layer, n_pad;
  size_t W; /* [n_out][n_pad] */
} hd__stack_head;

/* Offsets into the weights. */
typedef struct hd__stack_layer {
  int n_pre, n, n_pad, pre_pad;
  bool sees_spikes;       /* its input is 0 or 1, and comes as bits */
  bool is_steady;         /* its drive stays during a decision */
  size_t W, bias;         /* [n_pre][n_pad], [n_pad] */
  size_t V;               /* [n][n_pad] from its own last spikes */
  hd__stack_side side[2]; /* of an agent: the input, the layer above */
  int n_sides;
  size_t gain, shift;             /* [n_pad] normalisation */
  size_t alpha, beta, theta, rho; /* [n_pad]; alpha, beta and rho as logits */
  int max_delay;                  /* of its spikes to the next layer */
  size_t delay;                   /* [n_pad] share of that, as logits */
  size_t mean, variance;          /* [n_pad] in the statistics */
  int state; /* in the carried state: potential, current, adaptation, substeps left of the
                refractory period, own last spikes, [n_pad] each if the cell has it, */
  int past;  /* and spikes on their way to the next layer, [max_delay][n_pad], oldest first */
} hd__stack_layer;

typedef struct hd__stack {
  hd__stack_def def;
  const hd__kernel *kernel;
  hd__stack_layer layer[HD_STACK_LAYERS];
  int in_pad, top_pad, out_pad; /* of a row: the input with n_above; outputs of all heads */
  int n_above;                  /* at the end of a row of the input: what layers 1, 2, ... did */
  hd__stack_head head[HD_STACK_LAYERS];
  int n_heads, head_pad; /* outputs of head h: from h head_pad on */
  size_t W, bias;        /* readout: that of the first head, [n_out][n_pad]; [out_pad] */
  size_t n_weights;      /* multiple of HD_LANES */
  size_t n_statistics;   /* floats of running means and variances */
  int n_state;           /* floats of carried state per row */
  float *weight;         /* [T] by which a weighted readout sums spikes, */
  float weight_sum;      /* and their sum, by which it multiplies its bias */
} hd__stack;

/* A set of weights ready for use. */
typedef struct hd__prepared_layer {
  const float *W, *bias, *V;                 /* as the cells see them */
  float *W_own, *bias_own;                   /* normalisation folded in */
  float *W_back_own, *V_back_own;            /* transposes, [n_pad][pre_pad] and [n_pad][n_pad] */
  float *alpha, *beta, *gamma, *theta, *rho; /* [n_pad] */
  float *scale;                              /* [n_pad] that normalisation multiplies by */
  float *share, *tent, *rise;                /* of delays: [n_pad], [max_delay + 1][n_pad] twice */
} hd__prepared_layer;

typedef struct hd__prepared {
  const float *weights;
  const float *statistics;
  hd__prepared_layer layer[HD_STACK_LAYERS];
} hd__prepared;

typedef struct hd__tape_layer {
  int words;            /* of a slice's bits */
  float *z;             /* [slices][n_pad] drives; [rows][decisions][n_pad] if they stay */
  float *y;             /* [slices][n_pad] output; NULL if bits and mean tell enough */
  uint64_t *bits;       /* [slices][words] of it, if the next layer sees them; or NULL */
  float *u, *c, *a, *r; /* [slices][n_pad] kept: as hd__cell_run */
  float *mean;          /* [rows][decisions][n_pad] weighted sum of it, if it is read */
  float *y_before;      /* [slices][n_pad] own spikes a substep ago, if recurrent */
  float *late;          /* [slices][n_pad] what the next layer sees of y, if that is late */
  float *past;    /* [rows][max_delay][n_pad] own spikes before the pass, if state is carried */
  float *v0, *c0; /* [decisions][rows][n_pad] state before each decision, if cells learn */
  float *v, *current, *adaptation, *refractory, *last; /* [rows][n_pad] running state */
} hd__tape_layer;

/* A slice is a substep of a decision of a row. */
typedef struct hd__tape {
  int rows, decisions; /* room */
  float *membrane;     /* [slices][out_pad] of a max readout */
  int32_t *peak;       /* [rows][decisions][out_pad] substep of the highest */
  float *gs, *gz;      /* [slices][widest] gradients by outputs and by drives */
  float *q;            /* [rows][decisions][n_pad] by a layer's mean */
  float *side;         /* [rows][decisions][widest] of an agent: a drive that stays, or by it */
  float *g_membrane;   /* [slices][out_pad] */
  float *gv, *gc, *ga, *g_last; /* [rows][widest] by the state */
  float *g_past;                /* [max_delay][widest] by a row's spikes on their way */
  float *ones;                  /* [slices] */
  float *share;                 /* [rows][decisions] weight_sum */
  float *none;                  /* [widest] zeros */
  uint64_t *input;              /* [slices][input_words] rows of a wide input as bits, or NULL */
  int input_words;
  hd__tape_layer layer[HD_STACK_LAYERS]; /* last: those that a stack lacks are not copied */
} hd__tape;

/* What backward sums. Those of cells go with substeps descending, those of weights ascending, so
 * who cuts decisions into several passes asks for one after the other. */
typedef enum hd__stack_sums {
  HD_STACK_ALL,
  HD_STACK_CELLS,  /* gradients by what cells have of their own: alpha, beta, theta, rho */
  HD_STACK_WEIGHTS /* by all else */
} hd__stack_sums;

/* Rows that go through together. */
typedef struct hd__pass {
  int rows, decisions; /* one decision, unless state is carried on */
  const float *x;      /* [rows][decisions][x_stride], or [..][T][x_stride] of a timed input */
  int x_stride;
  const bool *fresh;   /* [rows][decisions] state starts anew; NULL: everywhere, `state` aside */
  float *state;        /* [rows][n_state] read and written; NULL: none */
  float *const *total; /* [layer][n_pad] spikes are added; NULL: they are not counted */
  bool is_kept;        /* backward follows */
  float *g_state;      /* [rows][n_state] read: by the state after; written: by that before; NULL:
                          zeros, and not wanted. Only with `state` */
  hd__stack_sums sums;
  float *out; /* [rows][decisions][out_pad] written */
} hd__pass;

/* Fill in the offsets. def->width etc. were checked. */
void hd__stack_compile(hd__stack *stack, const hd__stack_def *def, const hd__kernel *kernel);
void hd__stack_lay_out(hd__stack *stack, hd__arena *arena);
/* Write initial weights [n_weights] and statistics [n_statistics]; layers count up from
 * `first` in the stream of initial weights. */
void hd__stack_start(const hd__stack *stack, uint64_t seed, int first, float *weights,
                     float *statistics);

/* Lanes [from, to) of the top layer that output k reads. */
void hd__stack_group(const hd__stack *stack, int k, int *from, int *to);

/* How far gradients go back: nowhere, to all weights, or to the input as well, for which the first
 * layer is transposed, too. */
typedef enum hd__stack_back {
  HD_STACK_BACK_NONE,
  HD_STACK_BACK_TO_WEIGHTS,
  HD_STACK_BACK_TO_INPUT
} hd__stack_back;

void hd__prepared_lay_out(const hd__stack *stack, hd__arena *arena, hd__stack_back back,
                          hd__prepared *prepared);
/* Make ready; again whenever weights or statistics have changed. */
void hd__stack_prepare(const hd__stack *stack, const float *weights, const float *statistics,
                       hd__prepared *prepared);

void hd__tape_lay_out(const hd__stack *stack, hd__arena *arena, int rows, int decisions,
                      bool has_back, hd__tape *tape);
/* A tape of single decisions from `row` on: what a pass keeps goes behind that of the rows before;
 * all else is that of `scratch`, which limits the rows of a pass. */
void hd__tape_from(const hd__stack *stack, const hd__tape *tape, int row, const hd__tape *scratch,
                   hd__tape *from);
/* Bytes of such a tape. */
size_t hd__tape_size(const hd__stack *stack, int rows, int decisions, bool has_back);

void hd__stack_forward(const hd__stack *stack, const hd__prepared *prepared, hd__tape *tape,
                       const hd__pass *pass);

/* What layers 1, 2, ... did in a pass of `rows` single decisions, just made, as the layers below
 * see it in the next: above [rows][n_above], the end of a row of the input. */
void hd__stack_above(const hd__stack *stack, const hd__tape *tape, int rows, float *above);

/* Take the drives of a pass of `rows` single decisions, just made, into running means and variances
 * [n_statistics]. They count once they are prepared. Not for recurrent layers. */
void hd__stack_update_statistics(const hd__stack *stack, const hd__prepared *prepared,
                                 const hd__tape *tape, int rows, float *statistics);

/* Gradients of a loss.
 *
 *   g_out  [rows][decisions][out_pad]  read, 0 in padding
 *   G      [n_weights]  added to; NULL: not wanted
 *   g_x    [rows][decisions][in_pad] written (summed over substeps), or NULL; not of agents */
void hd__stack_backward(const hd__stack *stack, const hd__prepared *prepared, hd__tape *tape,
                        const hd__pass *pass, const float *g_out, float *G, float *g_x);

/* Turn a sum of gradients by prepared weights into one by the weights themselves (normalisation,
 * logits), and clear what is not learned. */
void hd__stack_finish(const hd__stack *stack, const hd__prepared *prepared, float *G);

#endif
