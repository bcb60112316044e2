/* The runs of a comparison, many at a time, shared with other processes by claims. */
#ifndef CLI_STUDY_ENGINE_H
#define CLI_STUDY_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "progress.h"
#include "study_store.h"

typedef enum run_state {
  RUN_WAITING,
  RUN_GOING,
  RUN_ELSEWHERE, /* another process has claimed it */
  RUN_OVER       /* done, failed, or of a cell that cannot run */
} run_state;

/* What is known of the runs of a cell, to hand out the longest first. */
typedef struct cell_load {
  double steps;   /* its budget; 0: none */
  double cpu_s;   /* of those that are over, */
  int n_measured; /* so many */
  int n_begun;    /* runs that wait no more, as far as this process knows */
  int next;       /* no run before this one waits */
} cell_load;

typedef struct engine {
  hd_ctx *ctx; /* used with the mutex held */
  comparison *plan;
  store *store;
  notes *log;
  pthread_mutex_t mutex; /* guards what follows, the results in the plan, and the store's locks */
  pthread_cond_t changed;
  unsigned char *state; /* [n] a run_state of each run, cell by cell */
  cell_load *load;      /* [n_cells] */
  float *fraction;      /* [n] how much of a run that is going is done */
  int n, n_cells, n_over, n_before, n_failed;
  int n_over_cells;         /* of which the files of the whole tell */
  int last;                 /* the run that was over last, or -1 */
  int n_workers, n_threads; /* at work; threads of each */
  int code;                 /* why all ends, or EXIT_OK */
  atomic_bool stop;
} engine;

/* Begin with what results.jsonl says. Returns an exit code. */
int engine_open(engine *self, hd_ctx *ctx, comparison *plan, store *kept, notes *log);
void engine_close(engine *self);

/* The next run to work at, claimed for this process; waits while others may leave some. -1: none.
 * Of each cell one run comes first; then those of the cells whose runs take longest, so that the
 * end does not wait for a long one that began last. */
int engine_next(engine *self);

/* A run is over: with a result, or with why it failed; is_kept: failed in a way that comes again.
 */
void engine_finish(engine *self, int run, const hd_result *result, const char *failure,
                   bool is_kept);
/* A run was stopped before its end. */
void engine_leave(engine *self, int run);
/* Take the results of other processes since the last look; with the mutex held. */
void engine_refresh(engine *self);
/* Wait until something changed, or so long; with the mutex held. */
void engine_wait(engine *self, int milliseconds);
/* End everything, after one sentence. */
void engine_end(engine *self, int code);

/* A worker: a pthread's function; user is an engine. */
void *engine_work(void *user);

/* The line that shows the whole; on a terminal it is drawn again. */
void engine_show(engine *self, progress *watch);

#endif
