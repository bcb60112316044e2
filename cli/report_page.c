/* The page of a report. */
#include "report_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_charts.h"
#include "say.h"
#include "svg.h"

enum { PICTURED = 6 /* runs whose network is shown */ };

/* ---- making ---- */

static report_task *report_find_task(report_page *self, const char *name) {
  for (int t = 0; t < self->n; t++) {
    if (strcmp(self->task[t].name, name) == 0) {
      return &self->task[t];
    }
  }
  self->task[self->n] = (report_task){.name = name, .number = self->n};
  return &self->task[self->n++];
}

/* Memory for all runs, although a task has fewer. */
static bool report_task_allocate(report_task *task, int n) {
  if (task->run == NULL) {
    task->run = calloc((size_t)n, sizeof *task->run);
    task->summary = calloc((size_t)n, sizeof *task->summary);
    task->curve = calloc((size_t)n, sizeof *task->curve);
  }
  return task->run != NULL && task->summary != NULL && task->curve != NULL;
}

static hd_status report_page_add(report_page *self, const run_data *run) {
  report_task *task = report_find_task(self, hd_config_task(run->config));
  if (!report_task_allocate(task, self->list->n)) {
    return HD_NOMEM;
  }
  task->run[task->n] = run;
  HD_TRY(run_summarise(self->ctx, run, &task->summary[task->n]));
  HD_TRY(run_curve_of(self->ctx, run, RUN_OVER_STEPS, &task->curve[task->n]));
  task->n++;
  return HD_OK;
}

hd_status report_page_make(hd_ctx *ctx, const arguments *args, const run_list *list,
                           report_page *out) {
  *out = (report_page){.ctx = ctx, .args = args, .list = list};
  out->task = calloc((size_t)list->n + 1, sizeof *out->task);
  hd_status status = out->task != NULL ? HD_OK : HD_NOMEM;
  for (int i = 0; i < list->n && status == HD_OK; i++) {
    status = report_page_add(out, &list->run[i]);
  }
  if (status != HD_OK) {
    report_page_free(out);
  }
  return status;
}

void report_page_free(report_page *self) {
  for (int t = 0; t < self->n; t++) {
    free(self->task[t].run);
    free(self->task[t].summary);
    free(self->task[t].curve);
  }
  free(self->task);
  *self = (report_page){.n = 0};
}

/* ---- writing ---- */

void report_frame_begin(FILE *file) {
  fputs("<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"scrolls sideways\">",
        file);
}
void report_frame_end(FILE *file) { fputs("</div>\n", file); }

void report_run_anchor(FILE *file, const report_task *task, int i) {
  fprintf(file, "run-%d-%d", task->number, i);
}

void report_estimate(FILE *file, const hd_estimate *e) {
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE];
  if (isfinite(e->value)) {
    fprintf(file, "%s (%s to %s)", say_figure(a, e->value), say_figure(b, e->low),
            say_figure(c, e->high));
  } else {
    fputs("-", file);
  }
}

static int report_count_learners(const report_page *self) {
  int n = 0;
  for (int i = 0; i < self->list->n; i++) {
    n += self->list->run[i].n;
  }
  return n;
}

static void report_page_head(FILE *file, const report_page *self) {
  char seeds[SAY_SIZE];
  fprintf(file,
          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<title>Hedon: a report of %d run%s</title>\n<style>%s%s</style>\n</head>\n<body>\n",
          self->list->n, self->list->n == 1 ? "" : "s", report_charts_style, report_style);
  fprintf(file,
          "<h1>A report of %d run%s</h1>\n<p class=\"note\">%s on %d task%s, made by hedon %s. "
          "Returns are the mean of greedy episodes in the last evaluation; intervals are 95%%: "
          "Wilson's for shares, stratified bootstrap for the rest.</p>\n",
          self->list->n, self->list->n == 1 ? "" : "s",
          say_seeds(seeds, report_count_learners(self)), self->n, self->n == 1 ? "" : "s",
          hd_version());
  if (report_charts_script[0] == '\0') {
    fputs(
        "<p class=\"note\">This hedon was built without dygraphs (Debian: libjs-dygraphs), so the "
        "charts are still pictures.</p>\n",
        file);
  }
}

static void report_page_foot(FILE *file) {
  if (report_charts_script[0] != '\0') {
    fputs(
        "<p class=\"note\">Charts are drawn by dygraphs 2, MIT licence, copyright Dan Vanderkam "
        "and "
        "contributors: drag to zoom, double-click to zoom out.</p>\n<script>",
        file);
    fputs(report_charts_script, file);
    fputs("</script>\n", file);
  }
  fprintf(file, "<script>%s</script>\n</body>\n</html>\n", report_draw);
}

/* The first run of every task is pictured, then others as long as there is room. */
static bool report_is_pictured(const report_page *self, int i, int *left) {
  const int room = PICTURED / self->n > 1 ? PICTURED / self->n : 1;
  const bool is_pictured = i<room && * left> 0;
  *left -= is_pictured;
  return is_pictured;
}

static void report_page_runs(FILE *file, const report_page *self) {
  int left = PICTURED;
  fputs("<h2>Runs</h2>\n", file);
  for (int t = 0; t < self->n; t++) {
    for (int i = 0; i < self->task[t].n; i++) {
      report_run_write(file, self, &self->task[t], i, report_is_pictured(self, i, &left));
    }
  }
}

void report_page_write(FILE *file, const report_page *self) {
  report_page_head(file, self);
  for (int t = 0; t < self->n; t++) {
    report_task_write(file, self, &self->task[t]);
  }
  report_page_runs(file, self);
  report_page_foot(file);
}
