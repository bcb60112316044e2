/* A report: runs on one page that needs nothing else, written as HTML. */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include <stdio.h>

#include "command.h"
#include "run_data.h"
#include "text_store.h"

/* Runs of one task, which are compared with each other. */
typedef struct report_task {
  const char *name;
  const run_data **run; /* [n] */
  run_summary *summary; /* [n] */
  run_curve *curve;     /* [n] */
  char **label;         /* [n] method and settings, and the folder where they are not alone */
  double optimum;       /* the best policy's return, exactly; NAN: not known */
  int n, number;        /* its place on the page, from 0 */
} report_task;

/* A setting; key NULL: no run on the page reads it. */
typedef struct report_meaning {
  const char *key, *help;
} report_meaning;

typedef struct report_page {
  hd_ctx *ctx;
  const arguments *args;
  const run_list *list;
  report_task *task; /* [n] */
  int n, n_settings;
  report_meaning *meaning; /* [n_settings] */
  const char **value;      /* [list->n][n_settings] of the runs; NULL: not read */
  text_store texts;
} report_page;

/* The first run on the page by the same method: others show where their settings differ. */
const run_data *report_first_of(const report_page *self, const run_data *run, int *task, int *i);

/* The caller frees *out; list outlives it.  Errors  NOMEM, as hd_scores_aggregate. */
hd_status report_page_make(hd_ctx *ctx, const arguments *args, const run_list *list,
                           report_page *out);
void report_page_free(report_page *self);
void report_page_write(FILE *file, const report_page *self);

/* ---- parts of the page ---- */

/* Curves, profile, table and probabilities of improvement of a task. */
void report_task_write(FILE *file, const report_page *page, const report_task *self);

/* One run: how it was made, its learners, what its network does; has_pictures: with pictures of the
 * network. */
void report_run_write(FILE *file, const report_page *page, const report_task *task, int i,
                      bool has_pictures);

/* Keep the settings of all runs on the page. False: out of memory. */
bool report_settings_take(report_page *page);
/* Settings of a run: all of the first by a method, of the others what differs. */
void report_settings_write(FILE *file, const report_page *page, const run_data *run);
/* What the settings of all runs mean. */
void report_settings_meaning(FILE *file, const report_page *page);
/* The command that makes a run again. */
void report_command_write(FILE *file, const report_page *page, const run_data *run);

/* An SVG inside a frame that scrolls on its own where the page is narrow. */
void report_frame_begin(FILE *file);
void report_frame_end(FILE *file);

/* The name by which the page links to a run. */
void report_run_anchor(FILE *file, const report_task *task, int i);

/* "412.3 (398.1 to 431.0)" */
void report_estimate(FILE *file, const hd_estimate *estimate);

extern const char report_style[], report_draw[];

#endif
