/* What chosen neurons did over chosen decisions: recorded from a learner by the public recordings
 * of hedon/network.h, written to files, read back for pictures. */
#ifndef CLI_TRACES_H
#define CLI_TRACES_H

#include <stdio.h>

#include "command.h"
#include "hedon/hedon.h"

enum { TRACE_NAME = 160, TRACE_LABEL = 24, TRACE_PARTS = 64 };

/* One quantity of one population, such as hidden.v, or of one projection, such as its weights. */
typedef struct trace_part {
  char name[TRACE_NAME];      /* "hidden.v" */
  int n;                      /* columns */
  char (*label)[TRACE_LABEL]; /* [n] the neuron, "3"; of synapses source and target, "0][3" */
  float *value;               /* [rows][n] */
} trace_part;

typedef struct trace {
  char title[TRACE_NAME]; /* "CartPole-v1 with ppo, seed 0"; "" of a file */
  char note[512];         /* settings that differ from the method's */
  int64_t first;          /* decision, counted from 0 where the trace was asked for */
  int substeps;           /* of a decision */
  int64_t rows;           /* substeps of all decisions */
  int n_parts;
  trace_part part[TRACE_PARTS];
} trace;

void trace_free(trace *self);

/* Add a part of n columns; its labels and values are zeros. NULL: out of memory, or too many. */
trace_part *trace_add(trace *self, const char *name, int n);

/* The part POPULATION.QUANTITY, or NULL. */
const trace_part *trace_find(const trace *self, const char *population, const char *quantity);

/* The population of a part, "hidden" of "hidden.v"; false of what belongs to a projection. */
bool trace_population(const trace_part *part, char name[TRACE_NAME]);

/* The quantity of a part or a view by its name: "v" of "hidden.v", "pre.c" of
 * "input->hidden.pre.c"; "" without one. */
const char *trace_quantity(const char *name);

/* Is a part this quantity of neurons? */
bool trace_is(const trace_part *part, const char *quantity);

/* ---- what is wanted ---- */

typedef struct trace_choice {
  const char *neurons, *what; /* as on the command line; NULL: the default */
  int64_t first, last;        /* decisions */
} trace_choice;

enum { TRACE_DECISIONS = 20 /* unless others are asked for */ };

/* From the command line; has spoken if it is not EXIT_OK. */
int trace_choose(const arguments *args, trace_choice *choice);

/* The columns that a choice has of a population of n neurons; how many is written to *n_chosen, and
 * which into chosen [n]. 0: none of this population. False, after one sentence: a neuron that there
 * is not. */
bool trace_neurons(const trace_choice *choice, const char *population, int n, int *chosen,
                   int *n_chosen);

/* Is a quantity asked for by name? */
bool trace_wants(const trace_choice *choice, const char *quantity);

/* Is one of the words that are asked for in no population? Then say so, and why. */
int trace_check_words(const trace_choice *choice, const hd_config *config, hd_network *network);

/* Is a view of the network one quantity of a projection that may be asked for? */
bool trace_is_of_projection(const char *view);

/* ---- recording ---- */

/* Where a learner comes from: a checkpoint, or a configuration and a seed, begun anew. */
typedef struct trace_source {
  const char *checkpoint; /* or NULL */
  const hd_config *config;
  uint64_t seed;
} trace_source;

/* Record; returns an exit code and has spoken if it is not EXIT_OK. The caller frees *out, which is
 * empty on failure. */
int trace_record(hd_ctx *ctx, const arguments *args, const trace_source *source,
                 const trace_choice *choice, trace *out);

/* The same, and a failure of the library is not said but returned; *code is what a sentence about
 * the choice said. */
hd_status trace_try(hd_ctx *ctx, const trace_source *source, const trace_choice *choice, trace *out,
                    int *code);

/* ---- files ---- */

/* Comma-separated: decision, substep, then a column for each neuron, "hidden.v[3]". */
void trace_write_csv(FILE *file, const trace *self);
int trace_read_csv(const char *path, trace *out);

/* NumPy: one structured array, a record for each substep; or a .npz of one array for each part. */
void trace_write_npy(FILE *file, const trace *self);
void trace_write_npz(FILE *file, const trace *self);

/* ---- pictures ---- */

/* How often a column of spikes fired. */
int64_t trace_count(const trace *self, const trace_part *part, int column);

/* The columns of a part that a picture shows, at most TRACE_SHOWN: of neurons whose spikes are
 * there as well those that fired most, in their order, else the first. How many is returned. */
enum { TRACE_SHOWN = 6 };
int trace_shown(const trace *self, const trace_part *part, int column[TRACE_SHOWN]);

/* "", "of the six that fired most" or "of the first six", with a blank before it. */
const char *trace_shown_words(const trace *self, const trace_part *part);

/* The part of the same population and neurons, such as the spikes beside potentials; NULL: none. */
const trace_part *trace_beside(const trace *self, const trace_part *part, const char *quantity);

/* A part of spikes in a sentence without its full stop. */
void trace_words(FILE *file, const trace *self, const trace_part *part);

/* Raster and potentials as SVG; as text of so many columns. */
void trace_picture(FILE *file, const trace *self);
void trace_text(FILE *file, const trace *self, int width, bool has_unicode);

/* Write to a file whose name's end says in which form, or a picture in text to standard output. */
int trace_write(const char *path, const trace *self);

/* Refuse a name whose end says no form that trace_write knows. */
int trace_check_out(const char *path);

/* The checkpoint of a seed in a run's folder; has_seed false: of the lowest seed. */
enum { TRACE_PATH = 4096 };
int trace_find_checkpoint(const char *dir, bool has_seed, uint64_t seed, char path[TRACE_PATH]);

#endif
