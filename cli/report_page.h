/* A report: runs on one page that needs nothing else, written as HTML. */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include <stdio.h>

#include "command.h"
#include "run_data.h"

/* Runs of one task, which are compared with each other. */
typedef struct report_task {
  const char *name;
  const run_data **run; /* [n] */
  run_summary *summary; /* [n] */
  run_curve *curve;     /* [n] */
  int n, number;        /* its place on the page, from 0 */
} report_task;

typedef struct report_page {
  hd_ctx *ctx;
  const arguments *args;
  const run_list *list;
  report_task *task; /* [n] */
  int n;
} report_page;

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

/* An SVG inside a frame that scrolls on its own where the page is narrow. */
void report_frame_begin(FILE *file);
void report_frame_end(FILE *file);

/* The name by which the page links to a run. */
void report_run_anchor(FILE *file, const report_task *task, int i);

/* "412.3 (398.1 to 431.0)" */
void report_estimate(FILE *file, const hd_estimate *estimate);

extern const char report_style[], report_draw[];

#endif
