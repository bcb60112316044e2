/* The folder of a comparison: claimed for one plan, shared by any number of processes.
 *
 *   plan.txt            what is compared, every setting of every cell
 *   study.toml          a study's file
 *   results.jsonl       a line for each run that is over, appended once the run is saved
 *   claims              empty; a process that has a run under way holds a lock on the run's byte
 *   cells/N.seeds/SEED  the run folder of a run that is under way or waits for the others of its
 * cell cells/N             the run folder of all runs of cell N once they are over, in the plan's
 * order KIND.json, KIND.md, KIND.svg   the outcome so far; KIND is compare or study
 *
 * Whoever finds another plan there changes nothing. Locks are POSIX's record locks, which end with
 * their process and which network file systems share; they hold between processes, so threads of
 * one process take turns by a mutex of their own. */
#ifndef CLI_STUDY_STORE_H
#define CLI_STUDY_STORE_H

#include <sys/types.h>

#include "compare.h"

typedef struct store {
  const char *dir; /* NULL: nothing is kept, and every claim is granted */
  int claims, results;
  off_t read_to; /* of results.jsonl */
  int n_runs, n_cells;
} store;

void store_close(store *self);

/* Claims of runs, of joining a cell, of writing what there is of the whole. False: another process
 * holds it. */
bool store_claim_run(const store *self, int run);
void store_release_run(const store *self, int run);
bool store_claim_cell(const store *self, int number);
void store_release_cell(const store *self, int number);
/* Has another process claimed one of n runs from `first` on? */
bool store_is_claimed(const store *self, int first, int n);
/* Wait until nobody else writes the files of the whole. */
void store_claim_files(const store *self);
void store_release_files(const store *self);

/* Call `fn` with every line of results.jsonl that was not read yet. False: it cannot be read. */
typedef void (*store_fn)(void *user, int run, const hd_result *result, const char *failure);
bool store_read(store *self, store_fn fn, void *user);
/* Append a line. False: it cannot be written. */
bool store_append(store *self, int run, const hd_result *result, const char *failure);

/* The run folder of a run; false: it was never begun. */
bool store_run_folder(const store *self, const comparison *plan, int run, char path[COMPARE_PATH]);

/* Was a run of a cell that is not over ever begun, by whichever process? */
bool store_has_begun(const store *self, const cell *c);

/* Put the runs of a cell that is over together into one run folder. Does nothing where that was
 * done before. Returns an exit code. */
int store_join(const store *self, const comparison *plan, const cell *c);

#endif
