/* A comparison: every method on every task, the same seeds for all. A pair of task and method is a
 * cell, a seed of a cell is a run. `hedon compare` says what is compared on its command line,
 * `hedon study` in a file. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include <stdio.h>

#include "command.h"
#include "experiments.h"
#include "hedon/hedon.h"
#include "notes.h"

typedef enum cell_state {
  CELL_WAITING,
  CELL_DONE,
  CELL_STOPPED,  /* by a signal, before its end */
  CELL_GOING,    /* some process is at it */
  CELL_CONFLICT, /* the method cannot run the task */
  CELL_FAILED,   /* every run of it */
  CELL_DROPPED   /* not among the best of the round before */
} cell_state;

enum { MESSAGE_SIZE = 512, COMPARE_PATH = 1024, COMPARE_CELLS = 10000, COMPARE_RUNS = 1000000 };

typedef struct cell {
  int number;      /* in the order of the plan, from 1 */
  int task, label; /* places in the plan */
  hd_config *config;
  double threshold; /* return that counts as solved; NAN: none */
  cell_state state;
  char message[MESSAGE_SIZE]; /* why there are no figures */
  hd_summary summary;
  hd_result *result; /* [n_seeds] of runs, as far as they are done */
  char **failure;    /* [n_seeds] why a run failed, or NULL */
  int n_over;        /* runs that are done or failed */
  bool is_open;      /* its runs may begin: those of a later round wait for the round before */
  int place;         /* in its task, 1 is best; equals share one; 0: no figures */
} cell;

/* A method, and settings of its own: "nes:search.sigma=0.2". */
typedef struct plan_label {
  char *text;
  char *name; /* as it is shown, with its round; NULL: as the text */
  int round;  /* of successive halving, from 0; the same text follows n_labels / n_rounds later */
} plan_label;

typedef struct plan_task {
  char *name;
  char *settings; /* "key=value ?key=value ...": with ?, where a method reads the key */
} plan_task;

typedef struct comparison {
  const char *kind; /* "compare" or "study": also the name of its files */
  const arguments *args;
  const char *out;            /* its folder; NULL: nothing is kept */
  const char *file;           /* a study's, copied there; NULL: none */
  char *title, *doc, *source; /* what it is called, what it is about, where it is from; or NULL */
  char *set;                  /* settings of every task, "key=value ..." */
  uint64_t seed;              /* of the first run of each cell */
  int n_tasks, n_labels, n_seeds;
  double cpu_s;      /* CPU seconds that one run may take; 0: no limit */
  int n_rounds;      /* of successive halving; 1: all run to the end */
  double keep;       /* the share of each round that goes on */
  plan_task *task;   /* [n_tasks] */
  plan_label *label; /* [n_labels] */
  cell *cell;        /* [n_tasks][n_labels] in the order of the plan */
  cell **ranked; /* [n_tasks][n_labels] the same, each task's best first, once there are figures */
} comparison;

/* What the command line of compare asks for. Returns an exit code, and has spoken if it is not
 * EXIT_OK. */
int compare_plan(hd_ctx *ctx, const arguments *args, comparison *out);
void compare_free(comparison *self);

/* Add a task or a label of so many bytes. Returns an exit code. */
int compare_add_task(comparison *self, const char *name, size_t length, const char *settings);
int compare_add_label(comparison *self, const char *text, size_t length);
/* Name the tasks in full, refuse what is named twice and what is too much, and make the cells. */
int compare_make_cells(hd_ctx *ctx, comparison *self);
/* Give each run that can begin an equal share of so many CPU seconds. */
void compare_share_cpu(comparison *self, double seconds);
/* The configuration of a task and a label. */
hd_status compare_configure(hd_ctx *ctx, const comparison *self, int task, int label,
                            hd_config **out);

/* Claim the folder: it is new, or holds this very comparison, which then goes on. Returns an exit
 * code, and has spoken if it is not EXIT_OK. */
struct store;
int compare_claim(comparison *self, struct store *kept);

/* Run every cell, keeping what there is after each of them. */
int compare_run(hd_ctx *ctx, notes *log, comparison *self, struct store *kept, bool is_shown);

/* Claim, run and print. Returns an exit code. */
int compare_carry_out(hd_ctx *ctx, notes *log, comparison *self);

/* Put each task's best first. */
void compare_rank(comparison *self);
/* Above 0 where a is the better one. */
int compare_order(const cell *a, const cell *b);

/* Write what was asked for into files: --picture, and the folder's with all three forms. */
int compare_keep(const comparison *self);

typedef void (*form_fn)(FILE *file, const comparison *self);

/* Write a form into a file: under another name first, so that whoever looks finds the last whole
 * one. Returns an exit code. */
int compare_write_form(const char *path, form_fn form, const comparison *self);

/* The forms. */
void compare_text(FILE *file, const comparison *self);
void compare_markdown(FILE *file, const comparison *self);
void compare_json(FILE *file, const comparison *self);
void compare_picture(FILE *file, const comparison *self);

/* The name of a state, as JSON has it. */
const char *cell_state_name(cell_state state);

static inline const char *cell_label(const comparison *self, const cell *c) {
  const plan_label *label = &self->label[c->label];
  return label->name != NULL ? label->name : label->text;
}

/* The cells of a task, best first. */
static inline cell *const *compare_task(const comparison *self, int task) {
  return self->ranked + (size_t)task * self->n_labels;
}

#endif
