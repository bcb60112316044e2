/* Learning curves as SVG: the interquartile mean of greedy returns over the learners of a run, in a
 * band that is its 95 % bootstrap interval. */
#include "plot_curve.h"

#include <math.h>
#include <string.h>

#include "plot_lines.h"
#include "say.h"

const char *plot_over_name(run_over over) {
  static const char *const name[] = {[RUN_OVER_STEPS] = "steps",
                                     [RUN_OVER_EPISODES] = "episodes",
                                     [RUN_OVER_CPU] = "CPU seconds",
                                     [RUN_OVER_SYN_OPS] = "synaptic operations"};
  return name[over];
}

hd_status plot_curves_make(hd_ctx *ctx, const run_data *run, int n, run_over over,
                           plot_curves *out) {
  *out = (plot_curves){.over = over};
  for (int i = 0; i < n && i < PLOT_RUNS; i++, out->n++) {
    out->run[i] = &run[i];
    HD_TRY(run_curve_of(ctx, &run[i], over, &out->curve[i]));
    HD_TRY(run_summarise(ctx, &run[i], &out->summary[i]));
  }
  return HD_OK;
}

hd_status plot_profiles_make(hd_ctx *ctx, const run_data *run, int n, plot_curves *out) {
  const run_data *all[PLOT_RUNS];
  double tau[RUN_TAUS];
  *out = (plot_curves){.is_profile = true};
  for (int i = 0; i < n && i < PLOT_RUNS; i++, out->n++) {
    all[i] = out->run[i] = &run[i];
    HD_TRY(run_summarise(ctx, &run[i], &out->summary[i]));
  }
  if (!run_profile_places(all, out->n, tau)) {
    return HD_OK;
  }
  for (int i = 0; i < out->n; i++) {
    bool is_there;
    HD_TRY(run_profile_of(ctx, &run[i], tau, out->curve[i].y, &is_there));
    memcpy(out->curve[i].x, tau, sizeof tau);
    out->curve[i].n = is_there ? RUN_TAUS : 0;
  }
  return HD_OK;
}

double plot_curves_first(const plot_curves *self, int i) {
  return self->is_profile ? self->curve[i].x[0] : 0;
}

const char *plot_axis_name(const plot_curves *self) {
  return self->is_profile ? "return" : plot_over_name(self->over);
}

/* What a curve says beside its run's title. */
static void plot_figures(FILE *file, const plot_curves *self, int i) {
  const run_curve *curve = &self->curve[i];
  const run_summary *s = &self->summary[i];
  char a[SAY_SIZE], b[SAY_SIZE], c[SAY_SIZE], d[SAY_SIZE];
  if (curve->n == 0) {
    fputs(": not evaluated yet", file);
    return;
  }
  if (self->is_profile) {
    fprintf(file, ": return %s", say_figure(a, s->iqm.value));
  } else {
    fprintf(file, ": return %s after %s %s, %s after %s", say_figure(a, curve->y[0].value),
            say_short(b, curve->x[0]), plot_over_name(self->over),
            say_figure(c, curve->y[curve->n - 1].value), say_short(d, curve->x[curve->n - 1]));
  }
  if (isfinite(self->run[i]->threshold)) {
    fprintf(file, "; %d of %s solved", s->n_solved, say_seeds(a, self->run[i]->n));
  }
}

void plot_curves_words(FILE *file, const plot_curves *self, int i) {
  char title[RUN_PATH];
  fputs(run_title(self->run[i], title, sizeof title), file);
  plot_figures(file, self, i);
}

/* ---- what is drawn ---- */

static double plot_threshold(const plot_curves *self) {
  const double first = self->n > 0 ? self->run[0]->threshold : (double)NAN;
  for (int i = 1; i < self->n; i++) {
    if (self->run[i]->threshold != first) {
      return (double)NAN;
    }
  }
  return first;
}

static plot_frame plot_frame_of(const plot_curves *self) {
  plot_frame f = {.x = {.low = self->is_profile ? INFINITY : 0,
                        .high = -INFINITY,
                        .left = CURVES_LEFT,
                        .right = CURVES_RIGHT},
                  .y = {.low = INFINITY, .high = -INFINITY}};
  const double top = CURVES_TOP + CURVES_LEGEND * self->n;
  f.bottom = f.y.left = top + CURVES_TALL;
  f.y.right = top;
  svg_take(self->is_profile ? &f.x : &f.y, plot_threshold(self));
  for (int i = 0; i < self->n; i++) {
    for (int k = 0; k < self->curve[i].n; k++) {
      svg_take(&f.x, self->curve[i].x[k]);
      svg_take(&f.y, self->curve[i].y[k].low);
      svg_take(&f.y, self->curve[i].y[k].high);
    }
  }
  svg_close(&f.x);
  f.x.low = self->is_profile ? f.x.low : 0;
  svg_close(&f.y);
  return f;
}

static void plot_band(FILE *file, const plot_frame *f, const run_curve *curve, int colour) {
  fprintf(file, "<path class=\"band c%d\" d=\"", colour);
  for (int k = 0; k < curve->n; k++) {
    fprintf(file, "%c%.1f %.1f", k == 0 ? 'M' : 'L', svg_place(&f->x, curve->x[k]),
            svg_place(&f->y, curve->y[k].high));
  }
  for (int k = curve->n - 1; k >= 0; k--) {
    fprintf(file, "L%.1f %.1f", svg_place(&f->x, curve->x[k]), svg_place(&f->y, curve->y[k].low));
  }
  fputs("Z\"/>\n", file);
}

static void plot_mean(FILE *file, const plot_frame *f, const run_curve *curve, int colour) {
  double y[RUN_POINTS];
  for (int k = 0; k < curve->n; k++) {
    y[k] = curve->y[k].value;
  }
  plot_line(file, f, curve->n, curve->x, y, colour);
}

static void plot_legend(FILE *file, const plot_curves *self, int i) {
  const double y = CURVES_TOP + CURVES_LEGEND * i - 2;
  char title[RUN_PATH], cut[SVG_CUT];
  plot_key(file, CURVES_KEY, y - 4, i);
  fprintf(file, "<text class=\"small\" x=\"%d\" y=\"%.1f\">", CURVES_KEY + 30, y);
  svg_text(file, svg_cut(cut, run_title(self->run[i], title, sizeof title), 53));
  plot_figures(file, self, i);
  fputs("</text>\n", file);
}

static void plot_frame_draw(FILE *file, const plot_curves *self, const plot_frame *f) {
  const double threshold = plot_threshold(self);
  char text[2 * SAY_SIZE];
  svg_ticks(file, &f->x, f->y.right, f->bottom);
  svg_levels(file, &f->y, CURVES_LEFT, CURVES_RIGHT);
  svg_label(file, "faint small", "end", CURVES_RIGHT, f->bottom + 34, plot_axis_name(self));
  if (isfinite(threshold)) {
    const double at = svg_place(self->is_profile ? &f->x : &f->y, threshold);
    snprintf(text, sizeof text, "solved at %g", threshold);
    if (self->is_profile) {
      svg_segment(file, "goal", at, f->y.right, at, f->bottom);
      svg_label(file, "faint small", "end", at - 5, f->y.right + 12, text);
    } else {
      svg_segment(file, "goal", CURVES_LEFT, at, CURVES_RIGHT, at);
      svg_label(file, "faint small", "end", CURVES_RIGHT - 4, at - 5, text);
    }
  }
}

static void plot_describe(FILE *file, const plot_curves *self) {
  char title[RUN_PATH];
  fputs("<desc>", file);
  for (int i = 0; i < self->n; i++) {
    svg_text(file, run_title(self->run[i], title, sizeof title));
    plot_figures(file, self, i);
    fputs(". ", file);
  }
  fputs("</desc>\n", file);
}

void plot_curves_picture(FILE *file, const plot_curves *self) {
  const plot_frame f = plot_frame_of(self);
  svg_begin(file, CURVES_WIDTH, (int)(f.bottom + CURVES_FOOT), "Learning curves", plot_style);
  plot_describe(file, self);
  svg_label(file, "title", "start", 20, 26,
            self->is_profile
                ? "Share of seeds whose final return is above a value, and its 95% interval"
                : "Greedy return: interquartile mean and its 95% interval over seeds");
  for (int i = 0; i < self->n; i++) {
    plot_legend(file, self, i);
  }
  plot_frame_draw(file, self, &f);
  for (int i = 0; i < self->n; i++) {
    plot_band(file, &f, &self->curve[i], i);
  }
  for (int i = 0; i < self->n; i++) {
    plot_mean(file, &f, &self->curve[i], i);
  }
  fputs("</svg>\n", file);
}
