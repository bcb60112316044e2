/* A learning curve for a terminal: a column for each moment, the interquartile mean as a dark block
 * and its interval in grey, or # and : where there is no Unicode. */
#include <math.h>
#include <string.h>

#include "plot_curve.h"
#include "say.h"

enum { ROWS = 12, HEAD = 10, WIDEST = 100 };

typedef struct plot_cell {
  double low, high; /* of returns in a row */
} plot_cell;

static void plot_text_range(const run_curve *curve, double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (int k = 0; k < curve->n; k++) {
    *low = fmin(*low, curve->y[k].low);
    *high = fmax(*high, curve->y[k].high);
  }
  if (!(*high > *low)) {
    *low -= 1;
    *high += 1;
  }
}

/* The last evaluation up to a moment. */
static const hd_estimate *plot_text_at(const run_curve *curve, double x) {
  int k = 0;
  while (k + 1 < curve->n && curve->x[k + 1] <= x) {
    k++;
  }
  return &curve->y[k];
}

static const char *plot_text_mark(const hd_estimate *y, const plot_cell *cell, bool has_unicode) {
  if (y->value > cell->low && y->value <= cell->high) {
    return has_unicode ? "█" : "#";
  }
  if (y->high > cell->low && y->low <= cell->high) {
    return has_unicode ? "░" : ":";
  }
  return " ";
}

static void plot_text_row(FILE *file, const run_curve *curve, const plot_cell *cell, int columns,
                          double first, bool has_unicode) {
  const double last = curve->x[curve->n - 1];
  for (int c = 0; c < columns; c++) {
    const double x = first + (last - first) * (c + 1) / columns;
    const hd_estimate *y = plot_text_at(curve, x);
    const bool has_begun = x >= curve->x[0];
    fputs(has_begun ? plot_text_mark(y, cell, has_unicode) : " ", file);
  }
  fputc('\n', file);
}

static void plot_text_curve(FILE *file, const plot_curves *self, int i, int columns,
                            bool has_unicode) {
  const run_curve *curve = &self->curve[i];
  const double first = plot_curves_first(self, i);
  char number[SAY_SIZE], begin[SAY_SIZE];
  double low, high;
  plot_text_range(curve, &low, &high);
  const double each = (high - low) / ROWS;
  for (int r = ROWS - 1; r >= 0; r--) {
    const plot_cell cell = {r == 0 ? low - each : low + r * each, low + (r + 1) * each};
    const bool is_end = r == ROWS - 1 || r == 0;
    fprintf(file, "%*s %s", HEAD - 2, is_end ? say_figure(number, r == 0 ? low : high) : "",
            has_unicode ? "│" : "|");
    plot_text_row(file, curve, &cell, columns, first, has_unicode);
  }
  fprintf(file, "%*s%*s %s\n", HEAD, first != 0 ? say_figure(begin, first) : "0", columns,
          say_short(number, curve->x[curve->n - 1]), plot_axis_name(self));
}

void plot_curves_text(FILE *file, const plot_curves *self, int width, bool has_unicode) {
  const int widest = width < WIDEST ? width : WIDEST;
  const int columns = widest > HEAD + 34 ? widest - HEAD - 14 : 20;
  for (int i = 0; i < self->n; i++) {
    fputs(i > 0 ? "\n" : "", file);
    plot_curves_words(file, self, i);
    fputc('\n', file);
    if (self->curve[i].n > 0) {
      plot_text_curve(file, self, i, columns, has_unicode);
    }
  }
}
