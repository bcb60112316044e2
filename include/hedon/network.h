/* Networks: populations of neurons joined by projections, which a program makes, steps and looks
 * into, with or without an environment.
 *
 * Time runs in substeps of dt_ms. Within a substep populations are stepped in the order of their
 * projections without delay, so that a spike passes through layers at once; a projection of delay d
 * shows its target at substep t what its source sent at substep t - d, and 0 before the first.
 * The drive of a neuron is the sum of its projections, then its bias, then its current. A
 * population sends 0 or 1 (-1 or 1 of neuron ising); neurons that do not spike send their value.
 *
 * Several rows run side by side: copies of all state that share the weights and never meet. What a
 * network does is a pure function of its definition, its seed, and what was written into its views:
 * the same bits on every instruction set.
 *
 * Threads: one call at a time per network, and per context. */
#ifndef HEDON_NETWORK_H
#define HEDON_NETWORK_H

#include "context.h"
#include "rule.h"
#include "view.h"

/* ---- definition ---- */

/* A population: n neurons of one model. Members left out (0) mean the defaults said here. */
typedef struct hd_population_def {
  const char *name;   /* unique, 1 to 63 bytes, without '.' */
  const char *neuron; /* a model of hd_neuron_at, such as "lif"; "input": its values are given
                         through the view NAME.value. NULL: "lif" */
  int n;              /* neurons, 1 to 16777216 */
  const char *params; /* "name=value name=value ...", as `hedon explain` lists them for the model;
                         NULL: the model's defaults */
  float bias;         /* of every neuron at first, in units of the drive */
} hd_population_def;

/* Which pairs of neurons a projection joins. */
typedef enum hd_connect {
  HD_CONNECT_ALL,        /* every source onto every target; stored densely */
  HD_CONNECT_ONE_TO_ONE, /* source i onto target i; both populations have the same size */
  HD_CONNECT_RANDOM,     /* each pair with a probability of its own, drawn by the seed */
  HD_CONNECT_LIST        /* as listed */
} hd_connect;

/* What weights are at first. */
typedef enum hd_initial {
  HD_INITIAL_CONSTANT, /* a */
  HD_INITIAL_UNIFORM,  /* between a and b */
  HD_INITIAL_NORMAL,   /* mean a, standard deviation b */
  HD_INITIAL_LIST      /* of HD_CONNECT_LIST: the weights listed */
} hd_initial;

/* One synapse of a list. */
typedef struct hd_synapse {
  int pre, post; /* source and target, from 0 */
  float weight;  /* read under HD_INITIAL_LIST only */
} hd_synapse;

/* A projection: synapses from one population to another, or to itself. */
typedef struct hd_projection_def {
  const char *source, *target; /* names of populations; the target is not an input */
  const char *name;            /* as of populations; NULL: "SOURCE->TARGET" */
  hd_connect connect;          /* which pairs */
  double probability;          /* of HD_CONNECT_RANDOM, 0 to 1 */
  const hd_synapse *synapse;   /* [n_synapses] of HD_CONNECT_LIST, ordered by source, then by
                                  target, each pair at most once */
  int64_t n_synapses;          /* at most 2147483647 */
  int delay;               /* substeps, 0 to 1000000. No loop of projections may have 0 in all */
  hd_initial initial;      /* what weights are at first, by a and b */
  float a, b;              /* finite, in units of the drive */
  const char *rule;        /* NULL: weights stay as they are. Else a learning rule, built in or
                              registered, that follows every substep of this projection; what it
                              needs must be there without a readout. Those built in learn whichever
                              pairs are joined, own ones with HD_RULE_SPARSE; a pair that is not
                              joined never is */
  const char *rule_params; /* "name=value name=value ..."; NULL: the rule's defaults */
  float rate;              /* of hd_network_signal: how far weights move by signal x eligibility */
  float stp_use;           /* short-term plasticity: the share U of what a synapse has at hand that
                              a first spike uses, 0 to 1; 0: a spike always brings the whole weight.
                              The sources send 0 or 1. See the views J.u and J.x */
  float stp_recovery_ms;   /* what was used is made good with this time constant, 0 or more; 0: by
                              the next substep */
  float stp_facilitation_ms; /* u falls back to 0 with this time constant; 0: by the next substep,
                                so that every spike uses the share U */
} hd_projection_def;

/* A network: its populations and projections. */
typedef struct hd_network_def {
  size_t size;   /* sizeof(hd_network_def), filled by hd_network_def_default */
  double dt_ms;  /* length of a substep, 0.001 to 1000 ms; default 1 */
  uint64_t seed; /* of all that is drawn: connections, weights, spikes */
  int rows;      /* copies side by side, 1 to 65536; default 1 */
  const hd_population_def *population; /* [n_populations] */
  int n_populations;                   /* 1 to 4096 */
  const hd_projection_def *projection; /* [n_projections] */
  int n_projections;                   /* 0 to 4096 */
} hd_network_def;

/* No population, no projection, one row, substeps of 1 ms. */
HD_API hd_network_def hd_network_def_default(void);

/* ---- life ---- */

/* A network; opaque. */
typedef struct hd_network hd_network;

/* Build a network. The definition and all it points to are copied. The caller destroys the network
 * before ctx. Every failure is one sentence that names the population or projection:
 *
 * Errors  USAGE (def not from hd_network_def_default), RANGE (a size, delay, probability, parameter
 *         or weight outside what is allowed, or not finite), UNKNOWN (a population, neuron model or
 *         parameter; offers the nearest name), CONFLICT (sizes that do not agree, a name given
 *         twice, a loop without delay, a projection onto an input, a time constant of more than
 *         32,768 substeps), NOMEM. */
HD_API hd_status hd_network_create(hd_ctx *ctx, const hd_network_def *def, hd_network **out);
/* Free a network; NULL is allowed. Its views end with it. A network of hd_session_network is left
 * alone: its session frees it. */
HD_API void hd_network_destroy(hd_network *network);

/* Advance all rows. Allocates nothing.
 *
 * Views are plain memory, so what is written into them is checked here: before the first substep,
 * every writable view that was asked for by now, and the weights that rules changed, must hold
 * finite numbers. That reads them all: where it matters, take several substeps in a call.
 *
 * Errors  RANGE (n_substeps < 0), NUMERIC (names the view and the entry that is not finite; nothing
 *         was stepped), USAGE (a network of hd_session_network, which its session advances). */
HD_API hd_status hd_network_step(hd_network *network, int64_t n_substeps);

/* The global signal came (a reward, a TD error): rules that gather an eligibility over a decision
 * end it; then, for one projection with a rule after the other and row by row,
 *
 *   w += rate signal[row] e[row]                              (Frémaux & Gerstner 2016)
 *
 * or the weights move as the rule says. Allocates nothing.
 *
 *   signal  [rows]  read
 *
 * Errors  NUMERIC (a signal that is not finite, and nothing was changed; an eligibility that is
 *         not, and no weight was changed), USAGE (a network of hd_session_network). */
HD_API hd_status hd_network_signal(hd_network *network, const float *signal);

/* Substeps taken since the network was created or reset. */
HD_API int64_t hd_network_substeps(const hd_network *network);

/* Start anew: neurons at rest, nothing on its way, no eligibilities, no recordings, substeps
 * counted from 0, so that the same numbers are drawn as after creation. Weights, values and
 * currents stay. */
HD_API void hd_network_reset(hd_network *network);

/* One row starts anew while the others go on, as an episode begins: neurons at rest, nothing on its
 * way, no eligibility. Substeps go on being counted.  Errors  RANGE (there is no such row), USAGE
 * (a network of hd_session_network). */
HD_API hd_status hd_network_reset_row(hd_network *network, int row);

/* The state of one row outside the network: hd_network_state_size floats, state of neurons and of
 * rules, and what is on its way; not weights, values or currents. It may be restored into any row
 * of a network of the same definition.  Errors  RANGE (there is no such row), NUMERIC (a number
 * that is not finite; the row stays as it was). */
HD_API size_t hd_network_state_size(const hd_network *network);
/* Copy the state of a row out: state [hd_network_state_size] written.  Errors  RANGE. */
HD_API hd_status hd_network_save_row(const hd_network *network, int row, float *state);
/* Put a saved state into a row: state [hd_network_state_size] read.  Errors  RANGE, NUMERIC, and
 * USAGE (a network of hd_session_network). */
HD_API hd_status hd_network_restore_row(hd_network *network, int row, const float *state);

/* ---- views ----
 *
 * Names of views are made of the names of populations and projections, P and J:
 *
 *   P.spike    [rows][n]        1 where the neuron fired in the last substep, else 0
 *   P.p        [rows][n]        probability with which it fired; of neurons that do not spike,
 *                               their value
 *   P.gain     [rows][n]        d logit p / d drive of neurons that draw their spikes; else the
 *                               surrogate derivative of the spike (of the value) by the drive
 *   P.drive    [rows][n]        what came in during the last substep
 *   P.current  [rows][n]        external drive, kept until written again; 0 at first; writable
 *   P.bias     [n]              writable
 *   P.STATE    [rows][n]        one view for each state variable of the model, such as P.v, the
 *                               membrane potential; writable
 *   P.value    [rows][n]        of an input: what it sends, kept until written again; 0 at first;
 *                               writable. An input has no other view
 *   J.weight   [n_pre][n_post]  of HD_CONNECT_ALL; of the others [n_synapses], ordered by source,
 *                               then by target; writable
 *   J.pre      [n_synapses]     source of each synapse; not of HD_CONNECT_ALL
 *   J.post     [n_synapses]     its target; likewise
 *   J.u        [rows][n_pre]   of a projection with short-term plasticity: share u of what a
 *                              synapse of the source has at hand that its last spike used; writable
 *   J.x        [rows][n_pre]   likewise: share x of the synapse's resources at hand; writable. A
 *                              spike does u += U (1 - u), then brings u x times the weight, then
 *                              x -= u x; in between u decays to 0 and x recovers to 1, so that a
 *                              first spike brings U times the weight (Tsodyks & Markram 1997;
 *                              Tsodyks, Pawelzik & Markram 1998). Rules see u x where it arrives
 *   J.e        [rows][n_pre][n_post]  of a projection with a rule, as all below: eligibility; of
 *                               HD_CONNECT_ALL, of the others [rows][n_synapses]; writable
 *   J.pre.NAME      [rows][n_pre]     one view for each array that the rule keeps of its sources,
 *                               of hd_rule_desc.pre; writable
 *   J.post.NAME     [rows][n_post]    of its targets; writable
 *   J.synapse.NAME  [rows][n_pre][n_post]  of its synapses, or [rows][n_synapses]; writable
 *
 * and of hd_network_record:
 *
 *   NAME       [substeps][n]    what was recorded, the oldest substep first
 *
 * The dtype is F32, and I32 of J.pre and J.post. Data stay where they are for the life of the
 * network, recordings aside: those are valid until the next substep. */

/* The number of views; hd_network_record adds one. */
HD_API int hd_network_view_count(const hd_network *network);
/* One of them; index from 0 to hd_network_view_count - 1. */
HD_API hd_view hd_network_view_at(hd_network *network, int index);
/* By name.  Errors  UNKNOWN (offers the nearest name). */
HD_API hd_status hd_network_view(hd_network *network, const char *name, hd_view *out);

/* Copy a view out, or into it, in the order of its shape without gaps; `n` is the number of entries
 * and must be that of the view. Only views of F32.
 * Errors  UNKNOWN, CONFLICT (n does not agree), and of writing USAGE (the view is not writable),
 *         NUMERIC (names the entry; nothing was written). */
HD_API hd_status hd_network_read(hd_network *network, const char *name, float *values, int64_t n);
/* The same the other way: values [n] are read. */
HD_API hd_status hd_network_write(hd_network *network, const char *name, const float *values,
                                  int64_t n);

/* ---- recording ---- */

/* What is to be recorded. */
typedef struct hd_record_def {
  size_t size;       /* sizeof(hd_record_def), filled by hd_record_def_default */
  const char *view;  /* of neurons, such as "hidden.v", or what a rule keeps, such as "J.e" */
  const char *name;  /* of the view that shows the recording; NULL: "VIEW.record" */
  int row;           /* default 0 */
  const int *neuron; /* [n_neurons] which, of a view [rows][n_pre][n_post] the synapses, counted
                        source by source; NULL: all of them */
  int n_neurons;     /* entries of neuron; 0 where it is NULL */
  int64_t substeps;  /* how many of the last ones are kept, at least 1; default 1000 */
} hd_record_def;

/* All neurons of row 0, the last 1000 substeps; the view is to be named. */
HD_API hd_record_def hd_record_def_default(void);

/* Record chosen neurons or synapses after every substep from now on, into memory for the last def->substeps. It
 * is shown as one more view of the network; the network frees it.
 * Errors  USAGE (def not from hd_record_def_default), UNKNOWN (the view), CONFLICT (a view that is
 *         neither of neurons nor what a rule keeps, a name given twice), RANGE, NOMEM. */
HD_API hd_status hd_network_record(hd_network *network, const hd_record_def *def);

#endif
