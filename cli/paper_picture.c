/* The picture of a paper's experiment: for every condition the mean over seeds as it went on. */
#include <math.h>

#include "paper.h"
#include "plot_lines.h"
#include "say.h"

static int paper_picture_count(const paper_result *self) {
  int n = 0;
  for (int i = 0; i < self->what->n_conditions; i++) {
    n += self->is_chosen[i];
  }
  return n;
}

static plot_frame paper_picture_frame(const paper_result *self) {
  plot_frame f = {
      .x = {.low = 0, .high = (double)self->length, .left = CURVES_LEFT, .right = CURVES_RIGHT},
      .y = {.low = INFINITY, .high = -INFINITY}};
  f.y.right = CURVES_TOP + CURVES_LEGEND * paper_picture_count(self);
  f.bottom = f.y.left = f.y.right + CURVES_TALL;
  for (int i = 0; i < self->what->n_conditions; i++) {
    for (int k = 0; self->is_chosen[i] && k < paper_points(self->length); k++) {
      svg_take(&f.y, paper_mean_point(self, i, k));
    }
  }
  svg_close(&f.x);
  f.x.low = 0;
  svg_close(&f.y);
  return f;
}

static void paper_picture_line(FILE *file, const paper_result *self, const plot_frame *f, int i) {
  const int n = paper_points(self->length);
  double x[PAPER_POINTS], y[PAPER_POINTS];
  for (int k = 0; k < n; k++) {
    x[k] = (k + 0.5) * (double)self->length / n;
    y[k] = paper_mean_point(self, i, k);
  }
  plot_line(file, f, n, x, y, i);
}

static void paper_picture_legend(FILE *file, const paper_result *self, int i, double y) {
  char text[SVG_CUT], figure[SAY_SIZE];
  snprintf(text, sizeof text, "%s: %d of %d succeeded, %s %s", self->what->condition[i].name,
           paper_succeeded(self, i), self->n_done[i], self->what->figure,
           say_figure(figure, self->figure[i].value));
  plot_key(file, CURVES_KEY, y - 4, i);
  svg_label(file, "small", "start", CURVES_KEY + 30, y, text);
}

void paper_picture(FILE *file, const void *result) {
  const paper_result *self = result;
  const plot_frame f = paper_picture_frame(self);
  double y = CURVES_TOP - 2;
  char text[SVG_CUT];
  svg_begin(file, CURVES_WIDTH, (int)f.bottom + CURVES_FOOT, self->what->doc, plot_style);
  svg_label(file, "title", "start", CURVES_KEY, 26, self->what->name);
  snprintf(text, sizeof text, "%s: the mean over %s", self->what->curve,
           say_seeds((char[SAY_SIZE]){0}, self->n_seeds));
  svg_label(file, "faint small", "start", CURVES_KEY, 44, text);
  svg_ticks(file, &f.x, f.y.right, f.bottom);
  svg_levels(file, &f.y, CURVES_LEFT, CURVES_RIGHT);
  svg_label(file, "faint small", "end", CURVES_RIGHT, f.bottom + 34, self->what->unit);
  for (int i = 0; i < self->what->n_conditions; i++) {
    if (self->is_chosen[i]) {
      paper_picture_line(file, self, &f, i);
      paper_picture_legend(file, self, i, y);
      y += CURVES_LEGEND;
    }
  }
  fputs("</svg>\n", file);
}
