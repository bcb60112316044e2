/* Populations of neurons joined by projections, advanced substep by substep for several rows side
 * by side: the general network. A row is one copy of all state; rows share the weights and never
 * meet.
 *
 * A substep visits populations in the order of their projections without delay. For each:
 *   drive = sums of its projections, in the order of their definition, + bias + current;
 *   noise is drawn if the neurons draw; the neurons step; what they send is kept for the delays.
 * Where synapses have short-term plasticity (short_term.h), what arrives is scaled by it.
 * A projection of delay d shows its target at substep t what its source sent at substep t - d, and
 * 0 before the row's first substep. d = 0 is the same substep, as from layer to layer.
 *
 * Arrays are [rows][n_pad], lane fastest; padding lanes never fire. The caller owns the arrays of
 * populations and projections, fills their upper members, and holds the weights of all projections
 * in one flat array. The plain form of all this is tests/network/plain_graph.h. */
#ifndef HD_GRAPH_H
#define HD_GRAPH_H

#include "arena.h"
#include "kernel.h"
#include "neuron.h"
#include "random.h"
#include "short_term.h"

typedef struct hd__population {
  /* given */
  const char *name;
  const hd__neuron_desc *neuron; /* NULL: an input, which sends the values it is given */
  const hd__cell *cell;          /* NULL, or how the neurons step instead: as cells, which */
  hd__cell_lanes lanes; /* have parameters of their own, [n_pad] each, read at every substep */
  int n;                /* neurons */
  float param[HD_NEURON_PARAMS_MAX]; /* of the neuron */
  bool has_bias;
  size_t bias_at;   /* [n_pad] in the weights */
  bool has_current; /* an external drive is added */
  uint32_t
      noise_at; /* draw of lane j at substep t of hd__graph_run: noise_at + t n_pad + j; even */
  /* compiled */
  int n_pad;      /* lanes */
  int slots;      /* longest delay of its projections + 1: substeps for which y is kept */
  int first_into; /* its first projection, the others by next_into; -1: none */
  int kth;        /* of the order: population[k].kth is stepped as the k-th */
  hd__memory memory;
  /* memory */
  void *derived;  /* of the neuron's parameters */
  float *live;    /* [rows][n_pad] 1, or 0 in padding lanes */
  float *given;   /* [rows][n_pad] values of an input, kept until others are written; else NULL */
  float *current; /* [rows][n_pad] external drive, likewise; NULL without has_current */
  float *y;       /* [slots][rows][n_pad] what was sent: hd__graph_sent */
  float *drive;   /* [rows][n_pad] of this substep */
  float *noise;   /* [rows][n_pad] draws in (0,1); NULL if the neurons draw none */
  float *b, *p, *gain; /* [rows][n_pad] as hd__fire */
  float *state;        /* [n_state][rows][n_pad] */
  float *start;        /* [n_state] state of a neuron at the start */
} hd__population;

/* Where the weight of synapse (source i, target j) lies, from projection.at on. */
typedef enum hd__storage {
  HD_BY_SOURCE, /* i stride + j, stride = n_pad of the target */
  HD_BY_TARGET, /* j stride + i, stride = HD_PAD(n_pre) */
  HD_BY_LIST    /* k, for synapses start[i] <= k < start[i + 1] of source i onto post[k] */
} hd__storage;

typedef struct hd__projection {
  /* given */
  const char *name;
  int source, target; /* populations */
  int delay;          /* substeps */
  hd__short_term short_term;
  hd__storage storage;
  bool has_one; /* behind the sources one more, whose value is 1: a bias; not by list */
  size_t at;    /* of its weights in the flat array; a multiple of HD_LANES */
  const int32_t *start, *post; /* by list: [n of the source + 1], and targets in rising order */
  /* compiled */
  int n_pre;        /* sources, that of value 1 included */
  int stride;       /* 1 by list */
  size_t n_weights; /* padding included */
  int next_into;    /* the next projection into its target; -1: none */
  hd__short_term_state release; /* of short-term plasticity */
} hd__projection;

typedef struct hd__graph {
  const hd__kernel *kernel;
  float dt_ms; /* of a substep */
  int n_populations, n_projections;
  hd__population *population;
  hd__projection *projection;
  int capacity;   /* most rows */
  int rows;       /* at hand */
  int64_t t;      /* substeps since hd__graph_start */
  float *sum;     /* [rows][widest n_pad] scratch: sum of one projection */
  float *source;  /* [rows][widest stride] scratch: sources and the value 1 */
  uint64_t *bits; /* [rows][widest stride / 64, rounded up] scratch: sources that are 0 or 1 */
} hd__graph;

/* What a substep is run with. */
typedef struct hd__graph_run {
  const float *weights; /* the flat array */
  const hd__key *key;   /* [rows] of the draws */
  uint32_t t;           /* counts substeps under these keys */
} hd__graph_run;

/* Check the parts and fill their compiled members. The arrays stay the caller's and must outlive
 * the graph.  Errors  RANGE, CONFLICT, UNKNOWN. */
hd_status hd__graph_compile(hd_ctx *ctx, hd__graph *graph, float dt_ms, int capacity,
                            int n_populations, hd__population *population, int n_projections,
                            hd__projection *projection);

/* Take the memory; runs on a counting arena first. */
void hd__graph_lay_out(hd__graph *graph, hd__arena *arena);

/* Write constants, and start with so many rows, each as hd__graph_reset leaves it. */
void hd__graph_start(hd__graph *graph, int rows);

/* One row starts anew: neurons at rest, nothing on its way. Given values and currents stay. */
void hd__graph_reset(hd__graph *graph, int row);

/* One substep of all rows. */
void hd__graph_step(hd__graph *graph, const hd__graph_run *run);

/* What a population sent `ago` substeps before the last one, [rows][n_pad]; ago < slots. */
static inline float *hd__graph_sent(const hd__graph *graph, const hd__population *population,
                                    int ago) {
  const int64_t last = graph->t - 1 + population->slots;
  const size_t slot = (size_t)((last - ago) % population->slots);
  return population->y + slot * (size_t)graph->rows * (size_t)population->n_pad;
}

/* What arrived at the target of a projection in the last substep, [rows][n_pad of the source]. */
const float *hd__graph_arrived(const hd__graph *graph, const hd__projection *projection);

/* Floats of the state of one row: of neurons, and what is on its way. */
size_t hd__graph_state_size(const hd__graph *graph);
/* Copy the state of one row out and in, in a form that depends neither on the number of rows nor on
 * when it was taken. */
void hd__graph_save(const hd__graph *graph, int row, float *state);
void hd__graph_restore(hd__graph *graph, int row, const float *state);

#endif
