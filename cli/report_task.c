/* Runs of one task beside each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimum.h"
#include "plot_curve.h"
#include "report_chart.h"
#include "report_charts.h"
#include "report_page.h"
#include "say.h"
#include "shell.h"
#include "svg.h"

enum { MATRIX = 10 /* runs that are compared pair by pair */, ID = 32 };

/* ---- learning curves ---- */

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

/* Places of a curve's points over everything that it can be drawn over. */
typedef struct report_places {
  double x[RUN_OVERS][RUN_POINTS];
} report_places;

/* False: that is not known of every point. */
static bool report_places_of(const report_task *self, int i, run_over over, double x[RUN_POINTS]) {
  run_curve_over(self->run[i], &self->curve[i], over, x);
  bool is_known = self->curve[i].n > 0;
  for (int p = 0; p < self->curve[i].n; p++) {
    is_known &= (bool)isfinite(x[p]);
  }
  return is_known;
}

/* Notes in `is_known` over what a run has a curve. */
static void report_curve_write(FILE *file, const report_task *self, const report_figures *figures,
                               int i, bool is_first, bool is_known[RUN_OVERS]) {
  report_places places;
  report_series series = {.name = self->label[i], .n = self->curve[i].n, .y = self->curve[i].y};
  for (int over = 0; over < RUN_OVERS; over++) {
    const bool has = report_places_of(self, i, (run_over)over, places.x[over]);
    series.x[over] = has ? places.x[over] : NULL;
    is_known[over] |= has;
  }
  report_series_write(file, figures, &series, is_first);
}

static void report_curves_over(FILE *file, const report_figures *figures, run_over over,
                               const char *before) {
  char words[160];
  snprintf(words, sizeof words,
           "Learning curves: greedy return over %s; the table below has the figures",
           plot_over_name(over));
  fputs(before, file);
  report_chart(file, figures, (int)over, words);
}

static void report_curve_figures(FILE *file, const report_task *self) {
  char id[ID];
  bool is_known[RUN_OVERS] = {false};
  int n = 0;
  snprintf(id, sizeof id, "curves-%d", self->number);
  report_figures figures = {
      .id = id, .goal = self->run[0]->threshold, .range = "null", .most = report_points(self->n)};
  for (int over = 0; over < RUN_OVERS; over++) {
    figures.axis[over] = plot_over_name((run_over)over);
  }
  report_figures_begin(file, &figures);
  for (int i = 0; i < self->n; i++) {
    if (self->curve[i].n > 0) {
      report_curve_write(file, self, &figures, i, n++ == 0, is_known);
    }
  }
  report_figures_end(file);
  for (int over = 0; over < RUN_OVERS; over++) {
    if (is_known[over]) {
      report_curves_over(file, &figures, (run_over)over,
                         over == RUN_OVER_EPISODES
                             ? "<h3>Over episodes, CPU seconds and synaptic operations</h3>\n"
                             : "");
    }
  }
}

/* How to have the charts as pictures by themselves. */
static void report_how_to_draw(FILE *file, const report_task *self) {
  char *text = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&text, &size);
  if (memory == NULL) {
    return;
  }
  for (int i = 0; i < self->n && i < PLOT_RUNS; i++) {
    fputc(' ', memory);
    shell_quote(memory, self->run[i]->path);
  }
  fclose(memory);
  fputs(
      "<details class=\"settings\"><summary>The charts as SVG</summary><pre class=\"how\">hedon "
      "plot",
      file);
  svg_text(file, text);
  fputs(" --out curves.svg\nhedon plot", file);
  svg_text(file, text);
  fputs(" --over episodes --out episodes.svg   # or cpu, syn_ops\nhedon plot profile", file);
  svg_text(file, text);
  fprintf(file, " --out profile.svg</pre>%s</details>\n",
          self->n > PLOT_RUNS ? "<p class=\"note\">A picture holds up to eight runs.</p>" : "");
  free(text);
}

static void report_curves(FILE *file, const report_page *page, const report_task *self) {
  if (report_charts_script[0] == '\0') {
    report_still_curves(file, page, self);
    return;
  }
  report_curve_figures(file, self);
  fputs("<noscript>", file);
  report_still_curves(file, page, self);
  fputs("</noscript>\n", file);
}

/* ---- profiles ---- */

/* One run's performance profile as a series; false: it has no returns yet. */
static bool report_profile_of(FILE *file, const report_page *page, const report_task *self,
                              const report_figures *figures, int i, const double *tau,
                              bool is_first) {
  hd_estimate share[RUN_TAUS];
  bool is_there;
  if (run_profile_of(page->ctx, self->run[i], tau, share, &is_there) != HD_OK || !is_there) {
    return false;
  }
  const report_series series = {.name = self->label[i], .n = RUN_TAUS, .y = share, .x = {tau}};
  report_series_write(file, figures, &series, is_first);
  return true;
}

static void report_profile(FILE *file, const report_page *page, const report_task *self) {
  double tau[RUN_TAUS];
  char id[ID];
  int n = 0;
  if (report_charts_script[0] == '\0' || !run_profile_places(self->run, self->n, tau)) {
    return;
  }
  snprintf(id, sizeof id, "profile-%d", self->number);
  const report_figures figures = {.id = id,
                                  .axis = {"return"},
                                  .goal = (double)NAN,
                                  .range = "[-0.02,1.02]",
                                  .is_shared = true,
                                  .most = RUN_TAUS};
  fputs("<h3>Performance profile: share of seeds whose final return is above a value</h3>\n", file);
  report_figures_begin(file, &figures);
  for (int i = 0; i < self->n; i++) {
    n += report_profile_of(file, page, self, &figures, i, tau, n == 0);
  }
  report_figures_end(file);
  report_chart(file, &figures, 0, "Performance profiles: the share of seeds above each return");
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
  fprintf(file, "<tr><td class=\"wide\">%d. ", i + 1);
  svg_text(file, self->label[i]);
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
    scores[i] = run_scores(self->run[i]);
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

/* What a perfect learner would reach: the exact optimum where it can be computed, else the return
 * that counts as solved; NAN: neither. */
static double report_goal(const report_task *self) {
  return isfinite(self->optimum) ? self->optimum : self->run[0]->threshold;
}

static void report_gap(FILE *file, const report_page *page, const report_task *task,
                       const run_data *run) {
  const hd_scores scores = run_scores(run);
  hd_estimate gap = {(double)NAN, 0, 0};
  if (isfinite(report_goal(task)) && scores.n > 0) {
    hd_scores_aggregate(page->ctx, HD_AGGREGATE_OPTIMALITY_GAP, report_goal(task), &scores, 1,
                        run->learner[0].result.seed, &gap);
  }
  report_estimate(file, &gap);
  free((void *)scores.value);
}

static void report_row(FILE *file, const report_page *page, const report_task *self, int i) {
  char a[SAY_SIZE], b[SAY_SIZE];
  const run_summary *s = &self->summary[i];
  const run_data *run = self->run[i];
  fputs("<tr><td class=\"wide\"><a href=\"#", file);
  report_run_anchor(file, self, i);
  fputs("\">", file);
  svg_text(file, self->label[i]);
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
  report_gap(file, page, self, run);
  fprintf(file, "</td><td>%s</td><td>%s</td></tr>\n",
          isfinite(s->steps_median) ? say_count(a, (int64_t)(s->steps_median + 0.5)) : "-",
          say_seconds(b, s->cpu_median));
}

static void report_table(FILE *file, const report_page *page, const report_task *self) {
  report_frame_begin(file);
  fprintf(file,
          "<table><tr><th>run</th><th>solved</th><th>return, interquartile mean</th>"
          "<th>mean</th><th>gap to the %s</th><th>steps to solve</th><th>CPU</th></tr>\n",
          isfinite(self->optimum) ? "optimum" : "threshold");
  for (int i = 0; i < self->n; i++) {
    report_row(file, page, self, i);
  }
  fputs("</table>", file);
  report_frame_end(file);
}

static void report_task_goals(FILE *file, const report_task *self) {
  if (isfinite(self->run[0]->threshold)) {
    fprintf(file, "Solved at a return of %g (dashed). ", self->run[0]->threshold);
  } else {
    fputs("No return counts as solved. ", file);
  }
  if (isfinite(self->optimum)) {
    fprintf(file,
            "The best policy's return is %.5g, exactly: by value iteration over the task's "
            "transitions. ",
            self->optimum);
  }
}

static void report_lead_run(FILE *file, const report_task *self, int i, const char *what) {
  const run_summary *s = &self->summary[i];
  fprintf(file, "%s: <b>", what);
  svg_text(file, self->label[i]);
  fputs("</b>, return ", file);
  report_estimate(file, &s->iqm);
  if (isfinite(self->run[i]->threshold)) {
    char seeds[SAY_SIZE];
    fprintf(file, ", %d of %s solved", s->n_solved, say_seeds(seeds, self->run[i]->n));
  }
}

/* The outcome in a line: which run ended highest, and which lowest. */
static void report_lead(FILE *file, const report_task *self) {
  int best = 0, worst = 0;
  for (int i = 1; i < self->n; i++) {
    best = self->summary[i].iqm.value > self->summary[best].iqm.value ? i : best;
    worst = self->summary[i].iqm.value < self->summary[worst].iqm.value ? i : worst;
  }
  if (best != worst) {
    fputs("<p>", file);
    report_lead_run(file, self, best, "Highest");
    fputs(". ", file);
    report_lead_run(file, self, worst, "Lowest");
    fputs(".</p>\n", file);
  }
}

void report_task_write(FILE *file, const report_page *page, const report_task *self) {
  fputs("<section><h2>", file);
  svg_text(file, self->name);
  fputs("</h2>\n", file);
  fputs("<p class=\"note\">", file);
  report_task_goals(file, self);
  fputs(
      "Curves are the interquartile mean over seeds in its interval; a seed that is done keeps its "
      "last return.</p>\n",
      file);
  report_lead(file, self);
  report_table(file, page, self);
  report_curves(file, page, self);
  report_profile(file, page, self);
  report_matrix(file, page, self);
  report_how_to_draw(file, self);
  fputs("</section>\n", file);
}
