/* A compiled network: an input coding, layers of spiking neurons, and a readout.
 *
 * It decides for a batch of observations at once, a row each; rows never meet, so that a decision
 * is the same whatever rows lie beside it. Arrays of a layer are [T][rows][n_pad]: a substep of the
 * whole batch lies together, which is one call of a kernel.
 *
 * One decision runs T substeps. Within a substep a spike reaches the next layer at once; with K
 * taps a synapse also sees the K-1 substeps before, so layer l is silent until its first whole
 * window, at substep (l+1)(K-1), its onset. Neurons start every decision from rest.
 *
 * Layers come in blocks: `nets` independent networks, times one per action if blocks are private.
 * All blocks see the same input; after that a block sees itself only.
 *
 * Where synapses release (net/release.c), what they learn is the logit of their probability to pass
 * a spike on, and how strong they are was drawn once and stays.
 *
 * Weights of all projections lie in one flat array, so that traces, gradients and optimiser moments
 * are arrays of the same shape. */
#ifndef HD_NET_H
#define HD_NET_H

#include "arena.h"
#include "boolean.h"
#include "coding.h"
#include "draw.h"
#include "hedon/rule.h"
#include "graph.h"
#include "kernel.h"
#include "membrane.h"
#include "plastic.h"

enum { HD_MAX_HIDDEN = 6, HD_MAX_PARTS = HD_MAX_HIDDEN + 1 };

typedef enum hd__readout {
  HD_READ_SOFTMAX,       /* Gibbs choice on a linear readout of mean spike values */
  HD_READ_COUNT,         /* most output spikes */
  HD_READ_VOTE,          /* every network votes for its most active output */
  HD_READ_FIRST,         /* first output to spike */
  HD_READ_MEMBRANE_LAST, /* Gibbs choice on a leaky membrane: its last value, */
  HD_READ_MEMBRANE_MEAN, /* its mean over the decision, */
  HD_READ_MEMBRANE_MAX   /* its maximum */
} hd__readout;

typedef enum hd__settle_mode {
  HD_SETTLE_NONE,
  HD_SETTLE_GIBBS,
  HD_SETTLE_MEAN_FIELD
} hd__settle_mode;

typedef enum hd__feedback {
  HD_FEEDBACK_SYMMETRIC, /* by the weights that lead up, */
  HD_FEEDBACK_RANDOM,    /* by fixed ones, */
  HD_FEEDBACK_LEARNED    /* or by ones that learn from the neurons' noise */
} hd__feedback;

typedef struct hd__net_def {
  hd__code code; /* measured */
  const hd__neuron_desc *neuron;
  float neuron_param[HD_NEURON_PARAMS_MAX];
  float dt_ms;
  int substeps, taps, self_taps;
  int n_basis;       /* raised cosines over the taps; 0: a weight per tap */
  bool releases;     /* synapses of spiking layers draw whether they pass a spike on */
  bool is_recurrent; /* hidden neurons see their layer's spikes of the substep before */
  bool is_carried;   /* state goes on from decision to decision of an episode */
  int delay;         /* substeps by which spikes reach the next layer late */
  float facilitation, facilitation_tau; /* rise of a logit by a spike; ms */
  hd__short_term short_term; /* of all projections but the readout's */
  int n_hidden;
  int hidden[HD_MAX_HIDDEN]; /* neurons per block */
  int nets;
  bool is_modular; /* a private block per action */
  bool has_bias;
  bool drive_last; /* published defect: only the last source drives */
  hd__readout readout;
  int n_actions;      /* of all choices together */
  int n_choices;      /* made at once, each among n_actions / n_choices; 0 counts as 1 */
  int action_neurons; /* per action */
  float membrane_tau; /* substeps */
  float temperature;
  const hd_rule_desc *rule;
  float rule_param[HD_RULE_PARAMS_MAX];
  float perturbation; /* deviation of the noise on drives, if the rule asks for it */
  hd__settle_mode settle; /* how hidden spikes are replaced before they are learned from */
  int settle_rounds;
  bool settle_votes; /* action neurons are summed out, given the action */
  hd__feedback feedback; /* of the mean field */
  int batch;          /* most rows decided at once */
  bool is_boolean;    /* weights may be there or not: see hd__net_pack */
} hd__net_def;

/* How one part of the network is wired to what comes before it.
 *
 * Features are what a target sees in one substep: every source at every tap (or basis function),
 * then the bias. By rows: W [n_x][n_pad], every target sees the same features. By columns:
 * W [n_block][n_post][x_stride], each block sees its own features. */
typedef struct hd__wiring {
  bool is_rows;
  bool is_sparse;    /* features are a list of lines */
  bool is_constant;  /* the same features at every substep */
  bool is_releasing; /* by rows, weights are logits of release */
  bool brings_e;     /* by rows, and every synapse brings its eligibility: features are not kept */
  bool is_binary;    /* by rows, and features are spikes, 0 or 1: they are kept as bits as well */
  int n_block;
  int n_source; /* sources per block */
  int n_own;    /* after those, own neurons a substep before */
  int n_x;      /* features per block, bias included */
  int x_stride; /* features per block, padded */
  int n_post;   /* targets per block */
  int n_slices; /* substeps that have features of their own: 1 if constant */
  int n_kept;   /* slices of features and factors that are learned from: n_slices, or the rounds in
                   which the layer below is redrawn */
  int words;    /* of 64 features, of a row */
  size_t at;    /* offset in the flat weights */
  size_t n_weights;
} hd__wiring;

/* A layer of spiking neurons and what it did during the decisions at hand. */
typedef struct hd__layer {
  char name[24];
  hd__wiring in;
  int n_block, per_block, block_stride;
  int n, n_pad; /* neurons, and lanes */
  int onset;
  uint32_t noise_at;   /* first draw of the layer */
  uint32_t release_at; /* and of its synapses */
  int busy_for;        /* batches for which its input is not even asked whether it has few spikes */
  bool is_free;        /* memoryless: what it did before does not matter to a substep */
  bool is_steady;      /* free under a constant drive: p and gain never change */
  bool is_fused;       /* free, and nobody looks at the noise: spikes come in one go */
  bool is_once;        /* fused and steady, and the rule is asked once, with the mean spike */
  bool is_mean;        /* once, and only the mean spike is ever read */
  bool is_cells;       /* membranes whose drives of all substeps come first: they run in one go */
  bool is_agents; /* mean, and the rule is the plain score: decisions and factors in one pass */
  size_t self_at, self_n;                 /* weights on own spikes, [self_taps][n_pad] */
  float *live;                            /* [T][batch][n_pad] 1, or 0 in padding lanes */
  float *y, *b, *p, *noise, *gain, *back; /* [T][rows][n_pad] */
  float *state;                           /* [n_state][rows][n_pad] */
  float *drive;                           /* [T][rows][n_pad], or one substep if constant */
  float *gate;                            /* [batch][n_pad] 1 unless the rule asks for gates */
  float *mean;          /* [rows][n_pad] share of substeps with a spike, if fused */
  float *later;         /* [rows][n_pad] scratch: worth of the potential, */
  float *later_current; /* of the synaptic current, and */
  float *later_tired;   /* of the adaptation; NULL where there is none */
  float *spikes;        /* [n_pad] counted since hd__net_count_reset */
  float *alpha, *beta, *gamma, *theta, *rho; /* [n_pad] of cells; padding never reaches theta */
  uint64_t *bits;        /* [T][rows][words] spikes of cells, where nobody learns from them */
  int words;             /* of 64 of them */
  bool is_packed;        /* its weights are at hand as bits, */
  hd__boolean packed;    /* these, */
  uint8_t *plus, *minus; /* which lie here; NULL if they never do */
  float *strength;       /* [n_x][n_pad] of synapses that release */
  float *c;              /* [rows][x_stride] how far past spikes raised their logits */
} hd__layer;

/* The layers as populations and projections (general.c), for what layers alone cannot do:
 * recurrence by ordinary synapses, delays, state that is carried on, rules with state. Weights lie
 * where the layers have them. */
typedef struct hd__general {
  hd__graph graph;
  hd__population population[HD_MAX_PARTS + 1]; /* the input, then the layers */
  hd__projection projection[2 * HD_MAX_PARTS];
  hd__plastic plastic[2 * HD_MAX_PARTS]; /* one per projection */
  size_t plastic_at[2 * HD_MAX_PARTS];   /* where its state begins in that of a row */
  bool learns;                           /* there is a rule, */
  bool moves_weights;                    /* which moves the weights itself, or within limits, */
  bool has_limits;                       /* and has some */
  size_t n_state;                        /* floats of a row: of the graph, then of the rules */
  float *state;                          /* [batch][n_state] of rows that do not bring their own */
  float **of_row;                        /* [batch] state of each row of the batch at hand */
} hd__general;

/* Settling (settle.c) of one row at a time. Part k >= 1 leads from hidden layer k - 1 to the next
 * layer or to the actions of a softmax; its lanes are targets, padded. */
typedef struct hd__settling {
  float *effect[HD_MAX_PARTS];   /* [n_source][lanes] by how much a spike raises a target's logit */
  float *base[HD_MAX_PARTS];     /* [lanes] logits without any spike */
  float *feedback[HD_MAX_PARTS]; /* [n_source][lanes] effects, or what stands for them */
  float *logit[HD_MAX_PARTS];    /* [lanes] */
  float *state[HD_MAX_PARTS]; /* [lanes] spikes of layer k or their probabilities; 1 for the action
                                 that was taken */
  float *p[HD_MAX_PARTS];     /* [lanes] the same as the layer below expects it */
  float *q, *other, *error;   /* [most lanes] scratch: probabilities, logits, what feeds back */
  float *fires;               /* [lanes of action neurons] scratch: their probabilities */
  float *chance;              /* [n_alternatives][votes, padded] of so many votes for an action */
  float *win, *below;         /* [votes, padded] of the action taken with so many; of fewer */
  float *way;                 /* [n_alternatives][votes, padded] of so many others that tie */
} hd__settling;

typedef struct hd__net {
  hd__net_def def;
  const hd__kernel *kernel;
  _Alignas(hd__membrane_derived) unsigned char derived[HD_NEURON_DERIVED_MAX * sizeof(float)];
  hd__memory memory; /* of the neurons */
  int n_layers;
  hd__layer layer[HD_MAX_PARTS];
  bool has_linear; /* the readout is linear and has weights of its own */
  hd__wiring linear;
  int n_parts; /* layers, and the linear readout */
  size_t n_weights;
  float *weights; /* [n_weights] */
  int rows;       /* of the batch at hand */
  /* scratch of one batch */
  hd__key *key;         /* [batch] */
  float *rates, *input; /* [rows][n_in], [T][rows][n_in] */
  float *code_state;
  int32_t *line;                 /* [n_active + 1] of one row, where lines are shown as spikes */
  float keep_c;                  /* share of the facilitation left a substep later */
  float *features;               /* [largest n_block * x_stride] */
  float *logit, *pi;             /* [rows][A_pad] */
  float *logit_alone, *pi_alone; /* [rows][n_choices][alternatives, padded], if several */
  float *share;                  /* [T] weight of a substep in a logit */
  bool is_read;                  /* the linear readout has its sum of spikes already */
  float
      *share_max; /* [rows][A][T] the same for a membrane's maximum; one row of T more is scratch */
  float *membrane;    /* [x_stride of the linear readout] features of one instant */
  float *back;        /* [rows][x_stride of the linear readout] */
  float *votes;       /* [A] */
  float *one;         /* [A] */
  int32_t *action_of; /* [n_pad of the output layer] for which action a neuron speaks */
  float *speaks;      /* [A][n_pad] the same as ones and zeros */
  float *basis;       /* [n_basis][taps] */
  double *counted;    /* [1] substeps counted, of all rows, by whoever shares the arrays; counts are
                         halved before a float would stop counting */
  bool is_own_rule;   /* the rule was registered, and what it writes is checked */
  bool is_broken;     /* it has written a number that is not finite */
  int n_alternatives; /* actions of which each choice takes one */
  bool is_general;
  hd__general general;   /* if so */
  hd__settling settling; /* if def.settle asks for it */
} hd__net;

/* Where substep t of the batch at hand begins in a layer's arrays. */
static inline size_t hd__at(const hd__net *net, const hd__layer *layer, int t) {
  return (size_t)t * (size_t)net->rows * (size_t)layer->n_pad;
}

/* Firing probabilities and gains of substep t; a steady layer keeps them once. */
static inline float *hd__layer_p(const hd__net *net, const hd__layer *layer, int t) {
  return layer->p + hd__at(net, layer, layer->is_steady ? layer->onset : t);
}

/* Are action neurons summed out? */
static inline bool hd__net_sums_votes(const hd__net *net) {
  return net->def.settle_votes && net->def.settle == HD_SETTLE_GIBBS && !net->has_linear;
}

/* Of neurons that are membranes. */
static inline const hd__membrane_derived *hd__net_membrane(const hd__net *net) {
  return (const void *)net->derived;
}

static inline bool hd__is_perturbed(const hd__net *net) {
  return (net->def.rule->needs & HD_RULE_PERTURBED) != 0;
}

static inline float *hd__layer_gain(const hd__net *net, const hd__layer *layer, int t) {
  return layer->gain + hd__at(net, layer, layer->is_steady ? layer->onset : t);
}

/* What one part of the network needs to remember of a batch in order to learn from it. */
typedef struct hd__part {
  float *x;       /* [n_kept][rows][n_block * x_stride] features; [rows][A][x_stride] of a
                     membrane's maximum */
  uint64_t *bits; /* [n_slices][rows][words] of a binary part: which features are 1 */
  bool has_few;   /* of those bits: they were packed, and are worth visiting one by one */
  int32_t *line;  /* [rows][n_active + 1] of a sparse part */
  float *g;       /* [n_kept][rows][targets padded] postsynaptic factors */
  float *y;       /* [T][rows][n_pad] own spikes, if they feed back */
  float *e;       /* [rows][n_weights] of a part whose synapses bring their eligibility, which keeps
                     neither x nor g */
} hd__part;

/* A batch of decisions. */
typedef struct hd__decision {
  int rows;
  hd__part part[HD_MAX_PARTS];
  int *action; /* [rows][n_choices] each below n_actions / n_choices */
} hd__decision;

/* Choice k of a row, counted among all actions. */
static inline int hd__net_chosen(const hd__net *net, const hd__decision *decision, int row, int k) {
  return k * net->n_alternatives + decision->action[row * net->def.n_choices + k];
}

/* log pi(action) of a row of the decision just made, by a readout that weighs. */
float hd__net_log_pi(const hd__net *net, const hd__decision *decision, int row);

/* Check the definition and fill everything but memory.  Errors  CONFLICT, RANGE. */
hd_status hd__net_compile(hd_ctx *ctx, const hd__net_def *def, hd__net *net);

/* Take the network's memory; runs on a counting arena first. */
void hd__net_lay_out(hd__net *net, hd__arena *arena);

/* Take the memory of n successive batches of `rows`, side by side part by part, so that they can be
 * learned from as one. The decisions are not written to while counting. */
void hd__net_lay_out_decisions(const hd__net *net, hd__arena *arena, int n, int rows,
                               hd__decision *decision);

/* Floats that a row carries from decision to decision; 0: none. */
size_t hd__net_carried(const hd__net *net);

/* Floats that one row of a batch keeps busy. */
size_t hd__net_row_size(const hd__net *net);

typedef struct hd__net_init {
  bool is_uniform;
  float scale, readout_scale;
} hd__net_init;

/* Constants and initial weights. */
void hd__net_start(hd__net *net, const hd__net_init *init, uint64_t seed);

typedef struct hd__policy {
  float epsilon;
  float tau;       /* of relaxed spikes */
  bool is_greedy;  /* most probable or most voted action, no exploration */
  bool is_bare;    /* nobody will ask for factors: what only they need is left out */
  bool is_relaxed; /* spikes travel as relaxed values */
} hd__policy;

/* Decide on a batch of observations and choose actions.
 *
 *   obs       [rows][n_obs]  read
 *   draw      [rows]         read
 *   decision  written; its rows are those of the batch, at most as many as it was laid out for */
void hd__net_decide(hd__net *net, int rows, const float *obs, const hd__random_base *draw,
                    const hd__policy *policy, hd__decision *decision);

/* Turn what happened in the decisions just made into postsynaptic factors, by the rule. */
void hd__net_factors(hd__net *net, const hd__policy *policy, hd__decision *decision);

/* Fail if a registered rule or coding has written a number that is not finite since the network was
 * started.  Errors  NUMERIC. */
hd_status hd__net_check_decided(hd_ctx *ctx, const hd__net *net);

/* Read the weights at hand as bits wherever they are there or not and meet spikes; decisions are
 * the same, and sooner. Until hd__net_unpack, or another packing, they may not change. */
void hd__net_pack(hd__net *net);
void hd__net_unpack(hd__net *net);

/* Scales for the hidden layers (0 leaves them out) and for the part that chooses the action. */
typedef struct hd__weighing {
  float hidden, readout;
  int frozen; /* the hidden layer of this number, from 1, is left out as well; 0: none */
} hd__weighing;

/* E += sum over n batches, their rows and their substeps of scale x (x) g. E is shaped as the
 * weights.
 *
 *   decision  [n], laid out together
 *   scale     [n][rows] */
void hd__net_add(const hd__net *net, const hd__decision *decision, int n, const float *scale,
                 hd__weighing by, float *E);

/* The same of one row alone, with or without the sparse first part, whose lines and factors the
 * caller may handle. */
void hd__net_add_row(const hd__net *net, const hd__decision *decision, int row, bool is_whole,
                     hd__weighing by, float *E);
/* E <- decay E, and all of a row is added. */
void hd__net_trace_row(const hd__net *net, const hd__decision *decision, int row, float decay,
                       hd__weighing by, float *E);

/* The signal of the decision just made came: weights move by scale x (x) g, or as the rule moves
 * them itself.
 *
 *   scale  [rows] */
void hd__net_move(hd__net *net, const hd__decision *decision, const float *scale,
                  hd__weighing by);
/* The same by an eligibility E of one row that stands for that of its decision, within the limits
 * of a rule without on_signal. */
void hd__net_move_by(hd__net *net, int row, float scale, hd__weighing by, float *E);

/* The sparse first part, or NULL. */
const hd__wiring *hd__net_sparse(const hd__net *net);

/* Weights of hidden parts come first; those of the part that chooses the action begin here. */
size_t hd__net_readout_at(const hd__net *net);

void hd__net_count_reset(hd__net *net);
/* Halve counts that a float would soon not hold. */
void hd__net_limit_counts(hd__net *net);

/* Internal stages, one file each. */
void hd__net_start_readout(hd__net *net);
void hd__net_forward(hd__net *net, const float *obs, const hd__random_base *draw,
                     const hd__policy *policy, hd__decision *decision);
void hd__net_release(hd__net *net, hd__layer *layer, const float *below, int pad, int t,
                     hd__part *part);
/* Does a definition need populations and projections? */
bool hd__net_is_general(const hd__net_def *def);
hd_status hd__general_check(hd_ctx *ctx, const hd__net_def *def);
hd_status hd__general_compile(hd_ctx *ctx, hd__net *net, uint64_t seed);
void hd__general_lay_out(hd__net *net, hd__arena *arena);
void hd__general_run(hd__net *net, const hd__random_base *draw, const hd__policy *policy);
void hd__general_factors(hd__net *net, hd__decision *decision);
/* What the readout makes of projection k's targets at substep t; and, after general_factors, of what
 * a row decided. */
hd__read_view hd__general_read(const hd__net *net, int k, int t);
hd__read_view hd__general_read_decided(const hd__net *net, int k, int row,
                                       const hd__decision *decision);
/* The rule moves the weights into layer l by alpha and the signal of a row. E: its eligibilities of
 * all weights; NULL: those of its decision. */
void hd__general_move(hd__net *net, int l, float alpha, int row, float signal, float *E);
void hd__net_choose(hd__net *net, const hd__random_base *draw, const hd__policy *policy,
                    hd__decision *decision);

#endif
