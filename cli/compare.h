/* A comparison: every method on every task, the same seeds for all. A pair of task and method is a
 * cell, and a cell is a study. */
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
  CELL_CONFLICT, /* the method cannot run the task */
  CELL_FAILED
} cell_state;

enum { MESSAGE_SIZE = 512, COMPARE_PATH = 1024 };

typedef struct cell {
  int number; /* in the order of the plan, from 1 */
  hd_config *config;
  const char *label; /* the method, and settings of its own */
  double threshold;  /* return that counts as solved; NAN: none */
  cell_state state;
  char message[MESSAGE_SIZE]; /* why there are no figures */
  hd_summary summary;
  hd_result *result; /* [n_seeds], once done */
  int place;         /* in its task, 1 is best; equals share one; 0: no figures */
} cell;

typedef struct comparison {
  const experiment *named; /* or NULL */
  const arguments *args;
  int n_tasks, n_methods, n_seeds;
  int folder; /* of --out, open and locked; -1: none */
  char *task_words, *method_words; /* what task and label point into */
  const char **task;               /* [n_tasks] */
  const char **label;              /* [n_methods] */
  cell *cell; /* [n_tasks][n_methods]; each task's best first, once there are figures */
} comparison;

/* What the command line asks for. Returns an exit code, and has spoken if it is not EXIT_OK. */
int compare_plan(hd_ctx *ctx, const arguments *args, comparison *out);
void compare_free(comparison *self);

/* Claim the folder of --out: it is new, or holds this very comparison, which then goes on. Returns an
 * exit code, and has spoken if it is not EXIT_OK. */
int compare_claim(comparison *self);
void compare_release(const comparison *self);
/* The run folder of a cell; NULL without --out. */
const char *compare_cell_folder(const comparison *self, const cell *c, char path[COMPARE_PATH]);
bool compare_cell_has_begun(const char *folder);

/* Run every cell, keeping what there is after each of them. */
int compare_run(hd_ctx *ctx, notes *log, comparison *self);

/* Write what was asked for into files: --picture, and --out with all three forms. */
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

static inline const cell *compare_task(const comparison *self, int task) {
  return self->cell + (size_t)task * self->n_methods;
}

#endif
