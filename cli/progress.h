/* What is seen while a study runs: a line that is drawn again on a terminal, plain lines now and
 * then elsewhere. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "hedon/hedon.h"
#include "notes.h"
#include "spark.h"
#include "terminal.h"

typedef struct progress {
  terminal term;
  notes *log;
  bool is_quiet;
  double began, drawn;                   /* seconds of the wall clock */
  int64_t steps_before;                  /* taken before this process: a resumed run */
  int64_t budget_steps, budget_episodes; /* per learner; 0: none */
  spark returns;
  int interrupted; /* the signal that asked to stop, or 0 */
} progress;

/* Begin to watch; from here on SIGINT and SIGTERM ask the study to stop. */
void progress_begin(progress *self, hd_study *study, notes *log, bool is_quiet);

/* An hd_study_fn; user is a progress. */
bool progress_tick(void *user, hd_study *study);

/* Leave the last line standing and give the signals back. */
void progress_end(progress *self, hd_study *study);

#endif
