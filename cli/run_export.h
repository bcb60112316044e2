/* What other programs read of a run, beside its metrics.jsonl and made from it:
 *
 *   metrics.csv                                         a line for each evaluation
 *   tensorboard/seed-SEED/events.out.tfevents.0.hedon   event files, one for each learner
 *
 * They are written anew when a run goes on, so that they say what metrics.jsonl says. The time of
 * an event is the learner's CPU seconds. */
#ifndef CLI_RUN_EXPORT_H
#define CLI_RUN_EXPORT_H

#include <stdbool.h>

#include "command.h"

enum { EXPORT_PATH = 4096 };

typedef struct run_export {
  char dir[EXPORT_PATH];
  bool has_csv, has_tensorboard, has_head; /* the CSV's first line is written */
  long read_to;                            /* of metrics.jsonl */
  double looked;                           /* seconds of the wall clock, at the last look */
} run_export;

/* Refuse the flags where no folder is kept. Returns an exit code. */
int run_export_check(const arguments *args, const char *dir);

/* Begin anew beside dir/metrics.jsonl, as the flags say; dir may be NULL. */
void run_export_begin(run_export *self, const arguments *args, const char *dir);
/* Take the lines that are new; run_export_tick at most once a second. False: a file cannot be
 * written. */
bool run_export_follow(run_export *self);
void run_export_tick(run_export *self);

#endif
