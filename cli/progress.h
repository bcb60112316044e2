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
  const char *title;
  double began, drawn;                   /* seconds of the wall clock */
  int64_t steps_before;                  /* taken before this process: a resumed run */
  int64_t steps_drawn;                   /* taken when the line was drawn last */
  int64_t budget_steps, budget_episodes; /* per learner; 0: none */
  bool is_open;                          /* no return counts as solved */
  spark returns;
  int interrupted; /* the signal that asked to stop, or 0 */
} progress;

/* From here on SIGINT and SIGTERM ask for an end. */
void progress_begin(progress *self, notes *log, bool is_quiet);

/* Watch a study. The title stands before its line; "" for none. */
void progress_watch(progress *self, hd_study *study, const char *title);

/* An hd_study_fn; user is a progress. */
bool progress_tick(void *user, hd_study *study);

/* Leave the last line standing and note whether a signal came. */
void progress_leave(progress *self, hd_study *study);

/* The signal that asked to stop since progress_begin, or 0. */
int progress_signal(void);

/* Is it time to draw again? */
bool progress_is_due(const progress *self);
/* Draw a line, over the one before where a terminal can, and leave it standing. */
void progress_line(progress *self, const char *text);
void progress_line_end(progress *self);

/* Give the signals back. */
void progress_end(progress *self);

#endif
