/* The picture of a comparison: a panel a task, a row a method; the seeds as dots, under them the
 * interquartile mean and its interval. Every panel says in data-* attributes which return lies
 * where, so that a program can read the figures back. */
#include <math.h>
#include <string.h>

#include "compare.h"
#include "say.h"

enum {
  WIDTH = 820,
  TOP = 58,  /* above the first panel */
  HEAD = 34, /* of a panel, above its rows */
  ROW = 32,  /* a method */
  FOOT = 44, /* of a panel, below its rows */
  MARGIN = 20,
  FIGURES = 132, /* columns at the right */
  LETTER = 7,    /* width, at least */
  TICKS = 6      /* at most about so many */
};

/* Where returns lie: [low, high] on [left, right]. */
typedef struct axis {
  double low, high, step;
  double left, right;
} axis;

static double compare_picture_place(const axis *a, double value) {
  return a->left + (value - a->low) / (a->high - a->low) * (a->right - a->left);
}

static void compare_picture_take(axis *a, double value) {
  if (isfinite(value)) {
    a->low = fmin(a->low, value);
    a->high = fmax(a->high, value);
  }
}

/* 1, 2 or 5 times a power of ten, so that `span` has at most TICKS of it. */
static double compare_picture_nice(double span) {
  const double least = span / TICKS, power = pow(10, floor(log10(least)));
  const double times[] = {1, 2, 5, 10};
  int i = 0;
  while (i < 3 && times[i] * power < least) {
    i++;
  }
  return times[i] * power;
}

static axis compare_picture_axis_of(const cell *c, int n, double left, double right) {
  axis a = {.low = INFINITY, .high = -INFINITY, .left = left, .right = right};
  for (int i = 0; i < n; i++) {
    if (c[i].state == CELL_DONE) {
      compare_picture_take(&a, c[i].threshold);
      compare_picture_take(&a, c[i].summary.iqm_low);
      compare_picture_take(&a, c[i].summary.iqm_high);
    }
    for (int k = 0; c[i].state == CELL_DONE && k < c[i].summary.n; k++) {
      compare_picture_take(&a, c[i].result[k].final_return);
    }
  }
  if (!(a.low <= a.high)) {
    a.low = 0;
    a.high = 1;
  }
  const double room = a.high > a.low ? 0.03 * (a.high - a.low) : fmax(0.1, 0.1 * fabs(a.low));
  a.low -= room;
  a.high += room;
  a.step = compare_picture_nice(a.high - a.low);
  return a;
}

/* ---- what is drawn ---- */

static const char style[] =
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px;"
    "fill:#1f2328}"
    ".page{fill:#fff}.faint{fill:#59636e}.small{font-size:12px}.title{font-size:15px;"
    "font-weight:600}.grid{stroke:#d8dee4}.goal{stroke:#59636e;stroke-dasharray:5 4}"
    ".yes{fill:#0072b2;stroke:#0072b2;fill-opacity:.55}"
    ".no{fill:none;stroke:#b25000}"
    ".mean{stroke:#1f2328;stroke-width:3}.interval{stroke:#1f2328;stroke-width:1.5}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.faint{fill:#9198a1}"
    ".grid{stroke:#30363d}.goal{stroke:#9198a1}.yes{fill:#56b4e9;stroke:#56b4e9}"
    ".no{stroke:#e69f00}.mean,.interval{stroke:#e6edf3}}";

static void compare_picture_segment(FILE *file, const char *kind, double x1, double y1, double x2,
                                    double y2) {
  fprintf(file, "<line class=\"%s\" x1=\"%.3f\" y1=\"%.3f\" x2=\"%.3f\" y2=\"%.3f\"/>\n", kind, x1,
          y1, x2, y2);
}

static void compare_picture_label(FILE *file, const char *kind, const char *anchor, double x,
                                  double y, const char *text) {
  fprintf(file, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", kind,
          anchor, x, y, text);
}

static void compare_picture_dot(FILE *file, double x, double y, const hd_result *r) {
  char number[SAY_SIZE];
  fprintf(file,
          "<circle class=\"%s\" cx=\"%.3f\" cy=\"%.3f\" r=\"3\" data-seed=\"%llu\"><title>seed "
          "%llu: %s</title></circle>\n",
          r->solved ? "yes" : "no", x, y, (unsigned long long)r->seed, (unsigned long long)r->seed,
          say_figure(number, r->final_return));
}

/* Dots one above the other would hide each other: heights by the golden ratio, which spreads any
 * number of them. */
static double compare_picture_height(int i) {
  const double golden = 0.6180339887498949;
  return fmod((i + 1) * golden, 1) - 0.5;
}

static void compare_picture_figures(FILE *file, const axis *a, double y, const cell *c) {
  enum { BAND = 14 };
  char number[SAY_SIZE], solved[SAY_SIZE];
  const hd_summary *s = &c->summary;
  for (int k = 0; k < s->n; k++) {
    if (isfinite(c->result[k].final_return)) {
      compare_picture_dot(file, compare_picture_place(a, c->result[k].final_return),
                          y - 5 + BAND * compare_picture_height(k), &c->result[k]);
    }
  }
  if (isfinite(s->return_iqm)) {
    const double x = compare_picture_place(a, s->return_iqm);
    compare_picture_segment(file, "interval", compare_picture_place(a, s->iqm_low), y + 9,
                            compare_picture_place(a, s->iqm_high), y + 9);
    compare_picture_segment(file, "mean", x, y + 5, x, y + 13);
  }
  snprintf(solved, sizeof solved, "%d/%d", s->n_solved, s->n);
  compare_picture_label(file, "", "end", WIDTH - MARGIN - 58, y + 4,
                        say_figure(number, s->return_iqm));
  compare_picture_label(file, "", "end", WIDTH - MARGIN, y + 4, solved);
}

static void compare_picture_row(FILE *file, const axis *a, double y, const cell *c) {
  fprintf(file, "<g data-method=\"%s\">\n", c->label);
  compare_picture_label(file, "", "end", a->left - 12, y + 4, c->label);
  if (c->state == CELL_DONE) {
    compare_picture_figures(file, a, y, c);
  } else {
    compare_picture_label(
        file, "faint small", "start", a->left + 8, y + 4,
        c->state == CELL_CONFLICT ? "does not go with this task" : cell_state_name(c->state));
  }
  fputs("</g>\n", file);
}

static void compare_picture_ticks(FILE *file, const axis *a, double top, double bottom) {
  for (double k = ceil(a->low / a->step); k * a->step <= a->high; k++) {
    char number[SAY_SIZE];
    const double x = compare_picture_place(a, k * a->step);
    snprintf(number, sizeof number, "%.6g", k * a->step + 0.0); /* no minus before a zero */
    compare_picture_segment(file, "grid", x, top, x, bottom);
    compare_picture_label(file, "faint small", "middle", x, bottom + 15, number);
  }
}

static void compare_picture_panel(FILE *file, const comparison *self, int t, double left,
                                  double top) {
  const cell *c = compare_task(self, t);
  const int n = self->n_methods;
  const axis a = compare_picture_axis_of(c, n, left, WIDTH - MARGIN - FIGURES);
  const double first = top + HEAD, last = first + n * ROW;
  char text[SAY_SIZE];
  fprintf(file,
          "<g data-task=\"%s\" data-low=\"%.17g\" data-high=\"%.17g\" data-left=\"%.17g\" "
          "data-right=\"%.17g\">\n",
          hd_config_task(c->config), a.low, a.high, a.left, a.right);
  compare_picture_label(file, "title", "start", MARGIN, top + 16, hd_config_task(c->config));
  compare_picture_label(file, "faint small", "end", WIDTH - MARGIN - 58, top + 16, "IQM");
  compare_picture_label(file, "faint small", "end", WIDTH - MARGIN, top + 16, "solved");
  compare_picture_ticks(file, &a, first, last);
  if (isfinite(c->threshold)) {
    const double x = compare_picture_place(&a, c->threshold);
    snprintf(text, sizeof text, "solved at %g", c->threshold);
    compare_picture_segment(file, "goal", x, first, x, last);
    compare_picture_label(file, "faint small", x > (a.left + a.right) / 2 ? "end" : "start", x,
                          first - 6, text);
  }
  for (int i = 0; i < n; i++) {
    compare_picture_row(file, &a, first + (i + 0.5) * ROW, &c[i]);
  }
  fputs("</g>\n", file);
}

static void compare_picture_legend(FILE *file, const comparison *self, double y) {
  char text[2 * SAY_SIZE];
  char seeds[SAY_SIZE];
  snprintf(text, sizeof text, "final return of %s:", say_seeds(seeds, self->n_seeds));
  compare_picture_label(file, "faint small", "start", MARGIN, y, text);
  fprintf(file, "<circle class=\"yes\" cx=\"196\" cy=\"%.1f\" r=\"3\"/>", y - 4);
  compare_picture_label(file, "faint small", "start", 204, y, "solved at some time");
  fprintf(file, "<circle class=\"no\" cx=\"342\" cy=\"%.1f\" r=\"3\"/>", y - 4);
  compare_picture_label(file, "faint small", "start", 350, y, "never");
  compare_picture_segment(file, "interval", 404, y - 4, 436, y - 4);
  compare_picture_segment(file, "mean", 420, y - 8, 420, y);
  compare_picture_label(file, "faint small", "start", 444, y,
                        "interquartile mean (IQM) and its 95% bootstrap interval");
}

void compare_picture(FILE *file, const comparison *self) {
  int longest = 0;
  for (int i = 0; i < self->n_methods; i++) {
    const int length = (int)strlen(self->label[i]);
    longest = length > longest ? length : longest;
  }
  const int each = HEAD + self->n_methods * ROW + FOOT;
  const int tall = TOP + self->n_tasks * each;
  const double left = MARGIN + 12 + fmin(longest * (double)LETTER + 8, 0.45 * WIDTH);
  fprintf(file,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n<style>%s</style>\n"
          "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n",
          WIDTH, tall, WIDTH, tall, self->named != NULL ? self->named->doc : "A comparison", style,
          WIDTH, tall);
  compare_picture_label(file, "title", "start", MARGIN, 26,
                        self->named != NULL ? self->named->doc : "Methods compared");
  compare_picture_legend(file, self, 46);
  for (int t = 0; t < self->n_tasks; t++) {
    compare_picture_panel(file, self, t, left, TOP + t * each + 8);
  }
  fputs("</svg>\n", file);
}
