/* The public network: a graph, its weights, and what is shown of them. */
#ifndef HD_NETWORK_INTERNAL_H
#define HD_NETWORK_INTERNAL_H

#include "graph.h"
#include "hedon/network.h"
#include "plastic.h"

enum {
  HD_NETWORK_PARTS = 4096,    /* most populations, and most projections */
  HD_NETWORK_NAME = 64,       /* bytes of a name that was given, its end included; */
  HD_NETWORK_LONG_NAME = 160, /* and of a name that is made of such names */
  HD_NETWORK_NEURONS = 1 << 24,
  HD_NETWORK_ROWS = 1 << 16,
  HD_NETWORK_DELAY = 1000000,
  HD_NETWORK_LANES = 1 << 30 /* most entries of an array [rows][n_pad] */
};

/* A view, and what the network must know of it. */
typedef struct hd__network_view {
  hd_view view;
  const char
      *of; /* [rows][...] a number for each "neuron" or "synapse", and may be recorded; or NULL */
  bool is_given; /* was asked for: if writable, it is checked before a step */
} hd__network_view;

/* The last substeps of chosen neurons. Each sample is written twice, `substeps` apart, so that the
 * last ones always lie one behind the other. */
typedef struct hd__recorder {
  hd__arena arena;
  const char *name;
  hd_view source;
  int64_t n, substeps, count; /* entries; kept at most; seen */
  int64_t *at;                /* [n] where each lies in the source */
  float *ring;                /* [2 substeps][n] */
} hd__recorder;

struct hd_network {
  hd_ctx *ctx;
  int rows;
  hd__arena parts; /* arrays of populations and projections, */
  hd__arena lists; /* names and lists of synapses, of a network from a definition, */
  hd__arena rules; /* rules of projections, */
  hd__arena arena; /* and all else */
  hd__population *population;
  hd__projection *projection;
  int32_t **pre; /* [n_projections][n_synapses] sources of synapses by list, else NULL */
  hd__graph graph;
  size_t n_weights;
  float *weights;
  int n_plastic;
  hd__plastic *plastic; /* [n_plastic] rules of the projections that learn */
  float *rate;          /* [n_plastic] their step sizes */
  hd__read_view *read;  /* [n_plastic] what a readout makes of a substep; zeros without one */
  size_t *plastic_at;   /* [n_plastic] where the state of each begins in that of a row */
  size_t n_trace;       /* floats of a row's */
  float *trace;         /* [rows][n_trace] */
  uint64_t *key_base;   /* [rows] */
  hd__key *key;         /* [rows] of a substep */
  int n_views;
  hd__network_view *view;
  int n_recorders, recorder_capacity;
  hd__recorder *recorder;
  int64_t substeps;
  bool has_e;    /* the learner that it shows has eligibilities */
  float *e;      /* [n_weights] of the learner's in the environment that is shown; NULL: has none */
  bool is_shown; /* it repeats what a session's own network does: who looks may not change it */
};

/* Make a network in three steps, with parts that the caller fills in between.
 *   begin    arrays of parts, all zero; the names they are given must outlive the network
 *   compile  sizes and order; then the caller, or hd__network_place, says where weights, biases and
 *            draws lie, and how many weights there are
 *   take     memory; neurons at rest, weights 0
 * After a failure the caller frees it.  Errors  those of hd__graph_compile, NOMEM. */
hd_status hd__network_begin(hd_ctx *ctx, int rows, int n_populations, int n_projections,
                            hd_network **out);
hd_status hd__network_compile(hd_network *network, float dt_ms);
hd_status hd__network_name_projections(hd_network *network); /* "SOURCE->TARGET" */
void hd__network_place(hd_network *network);
hd_status hd__network_take(hd_network *network);
/* hd_network_destroy, of a network that shows a session's own as well. */
void hd__network_free(hd_network *network);

/* One substep with draws t under these keys [rows], recorded; learns: rules follow it. */
void hd__network_advance(hd_network *network, const hd__key *key, uint32_t t, bool learns);

/* From a definition that was checked: parts, and the weights they begin with. */
hd_status hd__network_fill(hd_network *network, const hd_network_def *def);
void hd__network_start(hd_network *network, const hd_network_def *def);

/* Check everything that can be said of a definition part by part. */
hd_status hd__network_check(hd_ctx *ctx, const hd_network_def *def);

/* Index of a population by name, or -1. */
int hd__network_population(const hd_network_def *def, const char *name);

/* Name of projection k, written into `name` if it has none of its own. */
const char *hd__network_projection_name(const hd_network_def *def, int k,
                                        char name[HD_NETWORK_LONG_NAME]);

/* Parameters of a neuron model or of a learning rule. */
typedef struct hd__param_list {
  const char *kind, *model; /* "neuron", "lif" */
  const hd_param *row;
  int n;
  double dt_ms; /* of a substep */
} hd__param_list;

/* Read "name=value name=value ..." into values, which start from the defaults. `owner` opens the
 * sentence of a failure.  Errors  UNKNOWN, RANGE, USAGE, CONFLICT (a time constant of too many
 * substeps). */
hd_status hd__params_read(hd_ctx *ctx, const char *owner, const hd__param_list *list,
                          const char *text, float *value);

/* Number of synapses of projection k, which is kept by list. */
int64_t hd__connect_count(const hd_network_def *def, int k, int n_pre, int n_post);

/* Fill the list: start [n_pre + 1], pre and post [n_synapses]. */
void hd__connect_fill(const hd_network_def *def, int k, int n_pre, int n_post, int32_t *start,
                      int32_t *pre, int32_t *post);

/* Initial weights of projection k. */
void hd__connect_start(hd_network *network, const hd_network_def *def, int k);

/* Rules of projections, from a definition or as they are elsewhere, and the memory of what they
 * keep. */
hd_status hd__network_compile_rules(hd_network *network, const hd_network_def *def);
hd_status hd__network_copy_rules(hd_network *network, int n, const hd__plastic *plastic);
void hd__network_lay_out_rules(hd_network *network, hd__arena *arena);
void hd__network_step_rules(hd_network *network);
void hd__network_reset_rules(hd_network *network, int row);
/* What rule k keeps of a row. */
float *hd__network_rule_state(const hd_network *network, int k, int row);

/* List every view; runs on a counting arena first. */
void hd__network_lay_out_views(hd_network *network, hd__arena *arena);

/* Name of a view, recordings behind the others. */
const char *hd__network_view_name(const hd_network *network, int index);

/* Index of a view by name.  Errors  UNKNOWN. */
hd_status hd__network_find_view(const hd_network *network, const char *name, int *out);

/* Only a session changes a network that shows what it does.  Errors  USAGE. */
hd_status hd__network_check_own(const hd_network *network);

/* Every writable view that was asked for holds finite numbers.  Errors  NUMERIC. */
hd_status hd__network_check_views(hd_network *network);

/* Take a sample into every recording. */
void hd__network_sample(hd_network *network);
void hd__network_forget_samples(hd_network *network);
void hd__network_free_recorders(hd_network *network);
/* What recording `index` shows. */
hd_view hd__network_recording(const hd_network *network, int index);

#endif
