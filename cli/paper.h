/* Experiments that a paper describes to the last neuron, which no task and method are: programs of
 * the library, run for several seeds under each of their conditions. What the paper reports stands
 * beside what comes out here. */
#ifndef CLI_PAPER_H
#define CLI_PAPER_H

#include <stdatomic.h>
#include <stdio.h>

#include "command.h"
#include "hedon/hedon.h"
#include "notes.h"

enum { PAPER_POINTS = 100 /* of a curve */, PAPER_CONDITIONS = 8 /* as many as have a colour */ };

/* What became of one seed. */
typedef struct paper_outcome {
  uint64_t seed;
  const atomic_bool *stop; /* set: the seed is given up */
  bool is_done;
  bool has_succeeded;
  double figure;              /* NAN: there is none */
  double curve[PAPER_POINTS]; /* over the length, in paper_points equal parts */
  int in_part[PAPER_POINTS];  /* values that were averaged into each of them */
} paper_outcome;

typedef struct paper_condition {
  const char *name;     /* without a comma */
  const char *reported; /* by the paper; "-": nothing of the kind */
} paper_condition;

typedef struct paper {
  const char *name, *doc, *source;
  const char *differs; /* from the paper, in a sentence */
  const char *success; /* what counts as one: "the output ..." */
  const char *figure;  /* what the mean over seeds is of, such as "final weight" */
  const char *unit;    /* of the length: "epochs" */
  const char *curve;   /* what is drawn over the length */
  int64_t length;      /* unless --steps says another */
  int seeds;           /* unless --seeds says so */
  int n_conditions;
  const paper_condition *condition;
  hd_status (*run)(hd_ctx *ctx, int condition, uint64_t seed, int64_t length, paper_outcome *out);
} paper;

int paper_count(void);
const paper *paper_at(int index);
/* By name; NULL if there is none of that name. */
const paper *paper_find(const char *name);

/* Points of a curve over so long. */
static inline int paper_points(int64_t length) {
  return length < PAPER_POINTS ? (int)length : PAPER_POINTS;
}

/* Average a value at `at`, from 0 to length - 1, into the curve. STOPPED: give up. */
hd_status paper_take(paper_outcome *out, int64_t at, int64_t length, double value);

/* Run what the command line of compare asks for. Returns an exit code. */
int paper_carry_out(hd_ctx *ctx, notes *log, const arguments *args, const paper *what);

/* ---- what came out ---- */

typedef struct paper_result {
  const paper *what;
  const arguments *args;
  int64_t length;
  uint64_t seed;
  int n_seeds;
  bool is_chosen[PAPER_CONDITIONS];
  int stopped_by;                           /* the signal that asked to stop, or 0 */
  int n_done[PAPER_CONDITIONS];             /* seeds that have run to their end */
  paper_outcome *outcome[PAPER_CONDITIONS]; /* [n_seeds], those first */
  hd_estimate figure[PAPER_CONDITIONS];     /* mean over seeds; NAN: nobody has one */
} paper_result;

/* Run every seed of every chosen condition on threads, or as many as end before a signal. Returns an
 * exit code. */
int paper_run_seeds(notes *log, paper_result *self);

/* Mean of the figures that there are, with a bootstrap interval; NAN: there are none. */
hd_status paper_take_figure(hd_ctx *ctx, paper_result *self, int condition);
int paper_succeeded(const paper_result *self, int condition);
/* Mean over seeds of point k of the curve; NAN: nobody has it. */
double paper_mean_point(const paper_result *self, int condition, int k);

void paper_text(FILE *file, const void *result);
void paper_markdown(FILE *file, const void *result);
void paper_json(FILE *file, const void *result);
void paper_picture(FILE *file, const void *result);

#endif
