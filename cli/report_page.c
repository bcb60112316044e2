/* The page of a report. */
#include "report_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimum.h"
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
  self->task[self->n] = (report_task){.name = name, .number = self->n, .optimum = (double)NAN};
  return &self->task[self->n++];
}

/* Memory for all runs, although a task has fewer. */
static bool report_task_allocate(report_task *task, int n) {
  if (task->run == NULL) {
    task->run = calloc((size_t)n, sizeof *task->run);
    task->summary = calloc((size_t)n, sizeof *task->summary);
    task->curve = calloc((size_t)n, sizeof *task->curve);
    task->label = calloc((size_t)n, sizeof *task->label);
  }
  return task->run != NULL && task->summary != NULL && task->curve != NULL && task->label != NULL;
}

static hd_status report_page_add(report_page *self, const run_data *run) {
  report_task *task = report_find_task(self, hd_config_task(run->config));
  if (!report_task_allocate(task, self->list->n)) {
    return HD_NOMEM;
  }
  if (task->n == 0) {
    task->optimum = optimum_of_run(self->ctx, run->config);
  }
  task->run[task->n] = run;
  HD_TRY(run_summarise(self->ctx, run, &task->summary[task->n]));
  HD_TRY(run_curve_of(self->ctx, run, RUN_OVER_STEPS, &task->curve[task->n]));
  task->n++;
  return HD_OK;
}

/* ---- labels ---- */

static bool report_label_is_alone(const report_task *self, int i) {
  for (int k = 0; k < self->n; k++) {
    if (k != i && strcmp(self->label[k], self->label[i]) == 0) {
      return false;
    }
  }
  return true;
}

/* What is the same of all runs of a task need not be said: "ppo hidden=8". */
static char *report_label_title(const report_task *self, int i) {
  char whole[RUN_PATH];
  run_title(self->run[i], whole, sizeof whole);
  return strdup(whole + strlen(self->name) + strlen(" with "));
}

static char *report_label_with_folder(const report_task *self, int i) {
  const size_t size = strlen(self->label[i]) + strlen(self->run[i]->path) + 4;
  char *text = malloc(size);
  if (text != NULL) {
    snprintf(text, size, "%s (%s)", self->label[i], self->run[i]->path);
  }
  return text;
}

/* Titles that are the same are told apart by their folders. */
static bool report_label_all(report_task *self) {
  bool *is_alone = calloc((size_t)self->n, sizeof *is_alone), is_whole = is_alone != NULL;
  for (int i = 0; i < self->n && is_whole; i++) {
    self->label[i] = report_label_title(self, i);
    is_whole = self->label[i] != NULL;
  }
  for (int i = 0; i < self->n && is_whole; i++) {
    is_alone[i] = report_label_is_alone(self, i);
  }
  for (int i = 0; i < self->n && is_whole; i++) {
    char *title = self->label[i];
    if (!is_alone[i]) {
      self->label[i] = report_label_with_folder(self, i);
      free(title);
    }
    is_whole = self->label[i] != NULL;
  }
  free(is_alone);
  return is_whole;
}

const run_data *report_first_of(const report_page *self, const run_data *run, int *task, int *i) {
  const char *method = hd_config_method(run->config);
  for (*task = 0; *task < self->n; ++*task) {
    const report_task *of = &self->task[*task];
    for (*i = 0; *i < of->n; ++*i) {
      if (strcmp(hd_config_method(of->run[*i]->config), method) == 0) {
        return of->run[*i];
      }
    }
  }
  return run;
}

hd_status report_page_make(hd_ctx *ctx, const arguments *args, const run_list *list,
                           report_page *out) {
  *out = (report_page){.ctx = ctx, .args = args, .list = list};
  out->task = calloc((size_t)list->n + 1, sizeof *out->task);
  hd_status status = out->task != NULL ? HD_OK : HD_NOMEM;
  for (int i = 0; i < list->n && status == HD_OK; i++) {
    status = report_page_add(out, &list->run[i]);
  }
  if (status == HD_OK && list->n > 0 && !report_settings_take(out)) {
    status = HD_NOMEM;
  }
  for (int t = 0; t < out->n && status == HD_OK; t++) {
    status = report_label_all(&out->task[t]) ? HD_OK : HD_NOMEM;
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
    for (int i = 0; i < self->task[t].n && self->task[t].label != NULL; i++) {
      free(self->task[t].label[i]);
    }
    free(self->task[t].label);
  }
  free(self->task);
  free(self->meaning);
  free(self->value);
  text_store_free(&self->texts);
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
  fprintf(
      file,
      "<h1>A report of %d run%s</h1>\n<p class=\"note\">%s on %d task%s, made by hedon %s. "
      "A return is the sum of an episode's rewards: here the mean over the last evaluation, in "
      "which "
      "nothing is tried out. Intervals are 95%%: Wilson's for shares, stratified bootstrap for the "
      "rest.</p>\n",
      self->list->n, self->list->n == 1 ? "" : "s", say_seeds(seeds, report_count_learners(self)),
      self->n, self->n == 1 ? "" : "s", hd_version());
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
  report_settings_meaning(file, self);
  report_page_foot(file);
}
