/* Runs that `hedon watch` follows: read again when their metrics.jsonl has grown. */
#ifndef CLI_WATCH_RUNS_H
#define CLI_WATCH_RUNS_H

#include <stdbool.h>
#include <stdio.h>

#include "run_data.h"

enum { WATCH_RUNS_MOST = 64 }; /* shown, those that changed last */

typedef struct watch_run {
  char path[RUN_PATH];
  int64_t size, changed_ns; /* of metrics.jsonl when it was read last */
  bool is_read;             /* data and curve are filled */
  bool is_there;            /* its folder was found at the last look */
  bool is_asked;            /* to wait (hold.h), */
  bool waits;               /* and it does */
  run_data data;
  run_curve curve;
  run_summary summary;
} watch_run;

typedef struct watch_runs {
  hd_ctx *ctx;
  const char *folder; /* a run, or a folder of runs at any depth */
  watch_run *run[WATCH_RUNS_MOST];
  int n;
} watch_runs;

/* Look at the folder again; true if anything is new. */
bool watch_runs_refresh(watch_runs *self);
void watch_runs_free(watch_runs *self);

/* The checkpoint that was written last of a run, or, with run < 0, of all; false: there is none.
 * *changed_ns says when. */
bool watch_runs_checkpoint(const watch_runs *self, int run, char path[RUN_PATH + 64],
                           int64_t *changed_ns);

/* Ask a run of the list to wait, or no longer. */
void watch_runs_hold(watch_runs *self, int run, bool waits);
/* Ask again, as every second or two: what is not asked again is over. */
void watch_runs_renew(const watch_runs *self);

/* {"folder":"runs","runs":[{"id":0,"path":..,"title":..,"task":..,"learners":30,"done":12,"solved":10,
 * "return":487.2,"goal":475,"steps":410000,"hold":"none","asked" or
 * "held","points":[[steps,iqm,low,high],..]},..]} */
void watch_runs_tell(FILE *file, const watch_runs *self);

#endif
