/* Runs as rows of a table: what can be asked for of each, by name. */
#ifndef CLI_RUNS_TABLE_H
#define CLI_RUNS_TABLE_H

#include <stdio.h>

#include "run_data.h"
#include "text_store.h"

/* The columns that every run has. Values are texts; "" is a number that there is none of. */
#define RUNS_COLUMNS(C)                                               \
  C(run, true, "the folder")                                          \
  C(task, true, "the task")                                           \
  C(method, true, "the method")                                       \
  C(changes, true, "settings that differ from the method's own")      \
  C(seed, false, "of the first learner")                              \
  C(seeds, false, "learners")                                         \
  C(done, false, "learners that are done")                            \
  C(solved, false, "learners that solved the task")                   \
  C(relapsed, false, "solved it and lost it again")                   \
  C(return, false, "interquartile mean of the last returns")          \
  C(return_low, false, "lower end of its 95% interval")               \
  C(return_high, false, "upper end")                                  \
  C(return_mean, false, "mean of the last returns")                   \
  C(steps_to_solve, false, "median over the learners that solved it") \
  C(trained, false, "environment steps of all learners")              \
  C(cpu, false, "seconds of learning, the median over learners")      \
  C(spikes, false, "spikes of a decision at the last evaluation")     \
  C(syn_ops, false, "synaptic operations of a decision then")         \
  C(solved_at, false, "the return that counts as solved")

enum {
#define RUNS_NUMBER(name, is_text, doc) RUNS_##name,
  RUNS_COLUMNS(RUNS_NUMBER)
#undef RUNS_NUMBER
      RUNS_WIDTH
};

typedef struct runs_column {
  const char *name;
  bool is_text;
  const char *doc;
} runs_column;

extern const runs_column runs_columns[RUNS_WIDTH];

enum { RUNS_SETTINGS = 40 /* that an expression may ask for, at most */ };

typedef struct runs_row {
  const char *value[RUNS_WIDTH]; /* NULL: still in the index */
  const hd_config *config;       /* NULL: the row comes from an index */
  int64_t id;                    /* in the index */
  int at;                        /* its place in what the table keeps for all rows */
} runs_row;

typedef struct runs_table {
  runs_row *row; /* [n]; a choice leaves some out and an order moves them */
  int n, capacity;
  int n_made;                         /* rows before any choice */
  double *number[RUNS_WIDTH];         /* [n_made] columns read from the index; NULL: not asked for,
                                         NAN: none */
  char *setting[RUNS_SETTINGS];       /* names that were asked for so far */
  const char **chosen[RUNS_SETTINGS]; /* [n_made] their values; NULL: this run has no such */
  int n_settings;
  text_store texts;
  struct runs_index *index; /* where settings come from; NULL: from the rows' configurations */
} runs_table;

/* Add a row without values, or one of copies. NULL: out of memory. */
runs_row *runs_table_grow(runs_table *self);
runs_row *runs_table_add(runs_table *self, const char *const value[RUNS_WIDTH]);
void runs_table_free(runs_table *self);

/* A run's values; room for the texts is the caller's. */
typedef struct runs_values {
  char text[RUNS_WIDTH][RUN_PATH];
  const char *value[RUNS_WIDTH];
} runs_values;
hd_status runs_values_of(hd_ctx *ctx, const run_data *run, runs_values *out);

/* Take the values that are still in the index of all rows. False: they cannot be read. */
bool runs_table_load(runs_table *self);

/* Where a name is kept, once it was asked for. */
typedef struct runs_place {
  int column, setting; /* one of them is -1 */
} runs_place;

/* Ask for a name, of a column or of a setting. Says so if no row has it, and offers the nearest. */
int runs_ask(runs_table *self, const char *from, const char *name, runs_place *out);

/* What a row has there: a number where `is_number`, else a text; "" is none. False: this run has no
 * such setting. */
typedef struct runs_item {
  bool is_number;
  double number;
  const char *text;
} runs_item;
bool runs_item_of(const runs_table *self, const runs_row *row, runs_place place, runs_item *out);

/* A text as it is compared: as a number if it is one. */
runs_item runs_item_from(const char *text);

/* Which of two comes first: numbers by size, others by letters, none last. */
int runs_compare(const runs_item *a, const runs_item *b);
bool runs_is_none(const runs_item *item);

/* Keep the rows of which an expression holds: NAME OP VALUE, joined by `and` and `or`, `and` first;
 * OP is one of = != < <= > >= and ~ (holds the text). */
int runs_where(runs_table *self, const char *expression);

/* By a name; "-NAME": the greatest first. */
int runs_sort(runs_table *self, const char *key);

#endif
