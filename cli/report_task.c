/* Runs of one task beside each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "plot_curve.h"
#include "report_charts.h"
#include "report_page.h"
#include "say.h"
#include "svg.h"

enum { LABEL = 2 * RUN_PATH + 4, TAUS = 41, MATRIX = 10 /* runs that are compared pair by pair */ };

/* ---- figures for dygraphs ---- */

typedef struct report_series {
  const char *name;
  int n;
  const double *x;
  const hd_estimate *y;
} report_series;

/* In a script of HTML the end of a script may not stand, nor what begins a comment. */
static void report_script_string(FILE *file, const char *text) {
  char *json = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&json, &size);
  if (memory == NULL) {
    fputs("\"\"", file);
    return;
  }
  json_string(memory, text);
  fclose(memory);
  for (const char *c = json; *c != '\0'; c++) {
    fputs(*c == '<' ? "\\u003c" : (char[]){*c, '\0'}, file);
  }
  free(json);
}

static void report_numbers(FILE *file, const char *key, const double *x, int n, size_t stride) {
  fprintf(file, ",\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    const double value = *(const double *)((const char *)x + (size_t)i * stride);
    fprintf(file, isfinite(value) ? "%s%.6g" : "%snull", i > 0 ? "," : "", value);
  }
  fputs("]", file);
}

static void report_series_write(FILE *file, const report_series *s) {
  fputs("{\"name\":", file);
  report_script_string(file, s->name);
  report_numbers(file, "x", s->x, s->n, sizeof *s->x);
  report_numbers(file, "y", &s->y[0].value, s->n, sizeof *s->y);
  report_numbers(file, "low", &s->y[0].low, s->n, sizeof *s->y);
  report_numbers(file, "high", &s->y[0].high, s->n, sizeof *s->y);
  fputs("}", file);
}

/* A chart; `words` say what it shows, `goal` is a dashed line or NAN. */
static void report_chart_begin(FILE *file, const char *words, const char *x, double goal,
                               const char *range) {
  fputs(
      "<div class=\"curves\"><div class=\"keys\"></div><div class=\"chart\" role=\"img\" "
      "aria-label=\"",
      file);
  svg_text(file, words);
  fprintf(file,
          "\"></div><script "
          "type=\"application/json\">{\"x\":\"%s\",\"range\":%s,\"points\":false,\"goal\":",
          x, range);
  json_number(file, goal);
  fputs(",\"series\":[", file);
}

static void report_chart_end(FILE *file) { fputs("]}</script></div>\n", file); }

/* ---- learning curves ---- */

static void report_title_of(const report_task *self, int i, char title[RUN_PATH]) {
  char whole[RUN_PATH];
  run_title(self->run[i], whole, sizeof whole);
  snprintf(title, RUN_PATH, "%s", whole + strlen(self->name) + strlen(" with "));
}

/* Titles that are the same are told apart by their folders. */
static void report_label(const report_task *self, int i, char label[LABEL]) {
  char other[RUN_PATH], title[RUN_PATH];
  bool is_alone = true;
  report_title_of(self, i, title);
  for (int k = 0; k < self->n && is_alone; k++) {
    report_title_of(self, k, other);
    is_alone = k == i || strcmp(title, other) != 0;
  }
  if (is_alone) {
    snprintf(label, LABEL, "%s", title);
  } else {
    snprintf(label, LABEL, "%s (%s)", title, self->run[i]->path);
  }
}

static void report_still_curves(FILE *file, const report_page *page, const report_task *self) {
  static plot_curves curves;
  curves = (plot_curves){.over = RUN_OVER_STEPS};
  (void)page;
  for (int i = 0; i < self->n && i < PLOT_RUNS; i++, curves.n++) {
    curves.run[i] = self->run[i];
    curves.curve[i] = self->curve[i];
    curves.summary[i] = self->summary[i];
  }
  report_frame_begin(file);
  plot_curves_picture(file, &curves);
  report_frame_end(file);
  if (self->n > PLOT_RUNS) {
    fprintf(file, "<p class=\"note\">The first %d of %d runs.</p>\n", PLOT_RUNS, self->n);
  }
}

/* A run's curve over something; runs of which that is not known have none. */
static bool report_curve_over(const report_task *self, int i, run_over over, double x[RUN_POINTS]) {
  run_curve_over(self->run[i], &self->curve[i], over, x);
  bool is_known = self->curve[i].n > 0;
  for (int p = 0; p < self->curve[i].n; p++) {
    is_known &= (bool)isfinite(x[p]);
  }
  return is_known;
}

/* With words before them, where there are any. */
static void report_curves_over(FILE *file, const report_task *self, run_over over,
                               const char *before) {
  char label[LABEL], words[LABEL];
  double x[RUN_POINTS];
  int n = 0;
  for (int i = 0; i < self->n; i++) {
    if (!report_curve_over(self, i, over, x)) {
      continue;
    }
    if (n++ == 0) {
      fputs(before, file);
      snprintf(words, sizeof words,
               "Learning curves: greedy return over %s; the table below has the figures",
               plot_over_name(over));
      report_chart_begin(file, words, plot_over_name(over), self->run[0]->threshold, "null");
    }
    report_label(self, i, label);
    const report_series series = {label, self->curve[i].n, x, self->curve[i].y};
    fputs(n > 1 ? "," : "", file);
    report_series_write(file, &series);
  }
  if (n > 0) {
    report_chart_end(file);
  }
}

static void report_curves(FILE *file, const report_page *page, const report_task *self) {
  if (report_charts_script[0] == '\0') {
    report_still_curves(file, page, self);
    return;
  }
  report_curves_over(file, self, RUN_OVER_STEPS, "");
  report_curves_over(file, self, RUN_OVER_EPISODES,
                     "<h3>Over episodes, CPU seconds and synaptic operations</h3>\n");
  report_curves_over(file, self, RUN_OVER_CPU, "");
  report_curves_over(file, self, RUN_OVER_SYN_OPS, "");
  fputs("<noscript>", file);
  report_still_curves(file, page, self);
  fputs("</noscript>\n", file);
}

/* ---- scores ---- */

/* The final returns of a run's learners; the caller frees them. n = 0: none yet. */
static hd_scores report_scores(const run_data *run) {
  double *value = malloc(sizeof *value * (size_t)run->n);
  int n = 0;
  for (int i = 0; value != NULL && i < run->n; i++) {
    if (isfinite(run->learner[i].result.final_return)) {
      value[n++] = run->learner[i].result.final_return;
    }
  }
  return (hd_scores){value, n};
}

static bool report_range(const report_task *self, double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (int i = 0; i < self->n; i++) {
    for (int k = 0; k < self->run[i]->n; k++) {
      const double value = self->run[i]->learner[k].result.final_return;
      *low = isfinite(value) ? fmin(*low, value) : *low;
      *high = isfinite(value) ? fmax(*high, value) : *high;
    }
  }
  return *high > *low;
}

/* One run's performance profile as a series. */
static void report_profile_of(FILE *file, const report_page *page, const report_task *self, int i,
                              const double *tau, const char *between) {
  char label[LABEL];
  hd_estimate share[TAUS];
  const hd_scores scores = report_scores(self->run[i]);
  if (scores.n > 0 && hd_scores_profile(page->ctx, &scores, 1, tau, TAUS,
                                        self->run[i]->learner[0].result.seed, share) == HD_OK) {
    report_label(self, i, label);
    const report_series series = {label, TAUS, tau, share};
    fputs(between, file);
    report_series_write(file, &series);
  }
  free((void *)scores.value);
}

static void report_profile(FILE *file, const report_page *page, const report_task *self) {
  double low, high, tau[TAUS];
  if (report_charts_script[0] == '\0' || !report_range(self, &low, &high)) {
    return;
  }
  for (int k = 0; k < TAUS; k++) {
    tau[k] = low + (high - low) * k / (TAUS - 1);
  }
  fputs("<h3>Performance profile: share of seeds whose final return is above a value</h3>\n", file);
  report_chart_begin(file, "Performance profiles: the share of seeds above each return", "return",
                     (double)NAN, "[-0.02,1.02]");
  for (int i = 0; i < self->n; i++) {
    report_profile_of(file, page, self, i, tau, i > 0 ? "," : "");
  }
  report_chart_end(file);
}

/* ---- probability of improvement ---- */

static void report_pair(FILE *file, const report_page *page, const hd_scores *x, const hd_scores *y,
                        uint64_t seed) {
  hd_estimate e;
  char text[SAY_SIZE + 16] = "-";
  if (x->n > 0 && y->n > 0 && hd_scores_improvement(page->ctx, x, y, 1, seed, &e) == HD_OK) {
    snprintf(text, sizeof text, "%.2f (%.2f to %.2f)", e.value, e.low, e.high);
  }
  fprintf(file, "<td>%s</td>", text);
}

static void report_matrix_row(FILE *file, const report_page *page, const report_task *self,
                              const hd_scores *scores, int i) {
  char label[LABEL];
  report_label(self, i, label);
  fprintf(file, "<tr><td class=\"wide\">%d. ", i + 1);
  svg_text(file, label);
  fputs("</td>", file);
  for (int k = 0; k < self->n; k++) {
    if (k == i) {
      fputs("<td></td>", file);
    } else {
      report_pair(file, page, &scores[i], &scores[k], self->run[i]->learner[0].result.seed);
    }
  }
  fputs("</tr>\n", file);
}

static void report_matrix(FILE *file, const report_page *page, const report_task *self) {
  hd_scores scores[MATRIX];
  if (self->n < 2 || self->n > MATRIX) {
    return;
  }
  for (int i = 0; i < self->n; i++) {
    scores[i] = report_scores(self->run[i]);
  }
  fputs(
      "<h3>Probability that a seed of the row ends with a higher return than one of the "
      "column</h3>\n"
      "<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"scrolls "
      "sideways\"><table><tr><th></th>",
      file);
  for (int i = 0; i < self->n; i++) {
    fprintf(file, "<th>%d</th>", i + 1);
  }
  fputs("</tr>\n", file);
  for (int i = 0; i < self->n; i++) {
    report_matrix_row(file, page, self, scores, i);
  }
  fputs("</table></div>\n", file);
  for (int i = 0; i < self->n; i++) {
    free((void *)scores[i].value);
  }
}

/* ---- table ---- */

static void report_gap(FILE *file, const report_page *page, const run_data *run) {
  const hd_scores scores = report_scores(run);
  hd_estimate gap = {(double)NAN, 0, 0};
  if (isfinite(run->threshold) && scores.n > 0) {
    hd_scores_aggregate(page->ctx, HD_AGGREGATE_OPTIMALITY_GAP, run->threshold, &scores, 1,
                        run->learner[0].result.seed, &gap);
  }
  report_estimate(file, &gap);
  free((void *)scores.value);
}

static void report_row(FILE *file, const report_page *page, const report_task *self, int i) {
  char label[LABEL], a[SAY_SIZE], b[SAY_SIZE];
  const run_summary *s = &self->summary[i];
  const run_data *run = self->run[i];
  report_label(self, i, label);
  fputs("<tr><td class=\"wide\"><a href=\"#", file);
  report_run_anchor(file, self, i);
  fputs("\">", file);
  svg_text(file, label);
  fputs("</a></td>", file);
  if (isfinite(run->threshold)) {
    fprintf(file, "<td>%d of %d (%.0f%% to %.0f%%)</td>", s->n_solved, run->n, 100 * s->solved.low,
            100 * s->solved.high);
  } else {
    fprintf(file, "<td>- of %d</td>", run->n);
  }
  fputs("<td>", file);
  report_estimate(file, &s->iqm);
  fprintf(file, "</td><td>%s</td><td>", say_figure(a, s->mean));
  report_gap(file, page, run);
  fprintf(file, "</td><td>%s</td><td>%s</td></tr>\n",
          isfinite(s->steps_median) ? say_count(a, (int64_t)(s->steps_median + 0.5)) : "-",
          say_seconds(b, s->cpu_median));
}

static void report_table(FILE *file, const report_page *page, const report_task *self) {
  fputs(
      "<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"scrolls "
      "sideways\"><table><tr><th>run</th><th>solved</th><th>return, "
      "interquartile mean</th>"
      "<th>mean</th><th>gap to the threshold</th><th>steps to solve</th><th>CPU</th></tr>\n",
      file);
  for (int i = 0; i < self->n; i++) {
    report_row(file, page, self, i);
  }
  fputs("</table></div>\n", file);
}

void report_task_write(FILE *file, const report_page *page, const report_task *self) {
  fputs("<section><h2>", file);
  svg_text(file, self->name);
  fputs("</h2>\n", file);
  if (isfinite(self->run[0]->threshold)) {
    fprintf(file, "<p class=\"note\">Solved at a return of %g (dashed). ", self->run[0]->threshold);
  } else {
    fputs("<p class=\"note\">No return counts as solved. ", file);
  }
  fputs(
      "Curves are the interquartile mean over seeds in its interval; a seed that is done keeps its "
      "last return.</p>\n",
      file);
  report_curves(file, page, self);
  report_table(file, page, self);
  report_profile(file, page, self);
  report_matrix(file, page, self);
  fputs("</section>\n", file);
}
