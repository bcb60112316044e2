/* The picture of a comparison: a panel a task, a row a method; the seeds as dots, under them the
 * interquartile mean and its interval. Every panel says in data-* attributes which return lies
 * where, so that a program can read the figures back. */
#include <math.h>

#include "compare.h"
#include "say.h"
#include "svg.h"
#include "unicode.h"

enum {
  TOP = 58,  /* above the first panel */
  HEAD = 34, /* of a panel, above its rows */
  ROW = 32,  /* a method */
  FOOT = 44, /* of a panel, below its rows */
  MARGIN = 20,
  FIGURES = 132, /* columns at the right */
  PLOT = 330,    /* width of what the returns lie on, at least */
  NARROWEST = 820,
  LETTER = 8 /* room for a character of a method's name, which are all equally wide */
};

/* Where the axis begins, and how wide the picture is: the longest name has room. */
typedef struct frame {
  double left;
  int width;
} frame;

static frame compare_picture_frame(const comparison *self) {
  int longest = 0;
  for (int i = 0; i < self->n_labels; i++) {
    const int length = unicode_count(cell_label(self, &self->cell[i]));
    longest = length > longest ? length : longest;
  }
  const int left = MARGIN + 12 + LETTER * (longest + 1);
  const int wanted = left + PLOT + FIGURES + MARGIN;
  return (frame){.left = left, .width = wanted > NARROWEST ? wanted : NARROWEST};
}

static svg_axis compare_picture_axis_of(cell *const *row, int n, double left, double right) {
  svg_axis a = {.low = INFINITY, .high = -INFINITY, .left = left, .right = right};
  for (int i = 0; i < n; i++) {
    const cell *c = row[i];
    if (c->state == CELL_DONE) {
      svg_take(&a, c->threshold);
      svg_take(&a, c->summary.iqm_low);
      svg_take(&a, c->summary.iqm_high);
    }
    for (int k = 0; c->state == CELL_DONE && k < c->summary.n; k++) {
      svg_take(&a, c->result[k].final_return);
    }
  }
  svg_close(&a);
  return a;
}

/* ---- what is drawn ---- */

static const char style[] =
    ".yes{fill:#0072b2;stroke:#0072b2;fill-opacity:.55}"
    ".no{fill:none;stroke:#b25000}.open{fill:none;stroke:#57606a}"
    ".mean{stroke:#1f2328;stroke-width:3}.interval{stroke:#1f2328;stroke-width:1.5}"
    "@media(prefers-color-scheme:dark){.yes{fill:#56b4e9;stroke:#56b4e9}.no{stroke:#e69f00}"
    ".open{stroke:#8b949e}"
    ".mean,.interval{stroke:#e6edf3}}";

static void compare_picture_dot(FILE *file, double x, double y, const hd_result *r,
                                double threshold) {
  char number[SAY_SIZE];
  fprintf(file,
          "<circle class=\"%s\" cx=\"%.3f\" cy=\"%.3f\" r=\"3\" data-seed=\"%llu\"><title>seed "
          "%llu: %s</title></circle>\n",
          r->solved          ? "yes"
          : isnan(threshold) ? "open"
                             : "no",
          x, y, (unsigned long long)r->seed, (unsigned long long)r->seed,
          say_figure(number, r->final_return));
}

/* Dots one above the other would hide each other: heights by the golden ratio, which spreads any
 * number of them. */
static double compare_picture_height(int i) {
  const double golden = 0.6180339887498949;
  return fmod((i + 1) * golden, 1) - 0.5;
}

static void compare_picture_figures(FILE *file, const svg_axis *a, double y, const cell *c) {
  enum { BAND = 14 };
  char number[SAY_SIZE], solved[SAY_SIZE];
  const hd_summary *s = &c->summary;
  for (int k = 0; k < s->n; k++) {
    if (isfinite(c->result[k].final_return)) {
      compare_picture_dot(file, svg_place(a, c->result[k].final_return),
                          y - 5 + BAND * compare_picture_height(k), &c->result[k], c->threshold);
    }
  }
  if (isfinite(s->return_iqm)) {
    const double x = svg_place(a, s->return_iqm);
    svg_segment(file, "interval", svg_place(a, s->iqm_low), y + 9, svg_place(a, s->iqm_high),
                y + 9);
    svg_segment(file, "mean", x, y + 5, x, y + 13);
  }
  snprintf(solved, sizeof solved, isnan(c->threshold) ? "-" : "%d/%d", s->n_solved, s->n);
  svg_label(file, "", "end", a->right + FIGURES - 58, y + 4, say_figure(number, s->return_iqm));
  svg_label(file, "", "end", a->right + FIGURES, y + 4, solved);
}

static void compare_picture_row(FILE *file, const comparison *self, const svg_axis *a, double y,
                                const cell *c) {
  fputs("<g data-method=\"", file);
  svg_text(file, cell_label(self, c));
  fputs("\">\n", file);
  svg_label(file, "name", "end", a->left - 12, y + 4, cell_label(self, c));
  if (c->state == CELL_DONE) {
    compare_picture_figures(file, a, y, c);
  } else {
    svg_label(file, "faint small", "start", a->left + 8, y + 4,
              c->state == CELL_CONFLICT ? "does not go with this task" : cell_state_name(c->state));
  }
  fputs("</g>\n", file);
}

static void compare_picture_panel(FILE *file, const comparison *self, int t, const frame *f,
                                  double top) {
  cell *const *c = compare_task(self, t);
  const int n = self->n_labels;
  const svg_axis a = compare_picture_axis_of(c, n, f->left, f->width - MARGIN - FIGURES);
  const double first = top + HEAD, last = first + n * ROW;
  char text[SAY_SIZE];
  fputs("<g data-task=\"", file);
  svg_text(file, self->task[t].name);
  fprintf(file,
          "\" data-low=\"%.17g\" data-high=\"%.17g\" data-left=\"%.17g\" data-right=\"%.17g\">\n",
          a.low, a.high, a.left, a.right);
  svg_label(file, "title", "start", MARGIN, top + 16, self->task[t].name);
  svg_label(file, "faint small", "end", a.right + FIGURES - 58, top + 16, "IQM");
  svg_label(file, "faint small", "end", a.right + FIGURES, top + 16, "solved");
  svg_ticks(file, &a, first, last);
  if (isfinite(c[0]->threshold)) {
    const double x = svg_place(&a, c[0]->threshold);
    snprintf(text, sizeof text, "solved at %g", c[0]->threshold);
    svg_segment(file, "goal", x, first, x, last);
    svg_label(file, "faint small", x > (a.left + a.right) / 2 ? "end" : "start", x, first - 6,
              text);
  }
  for (int i = 0; i < n; i++) {
    compare_picture_row(file, self, &a, first + (i + 0.5) * ROW, c[i]);
  }
  fputs("</g>\n", file);
}

static void compare_picture_legend(FILE *file, const comparison *self, double y) {
  char text[2 * SAY_SIZE];
  char seeds[SAY_SIZE];
  snprintf(text, sizeof text, "final return of %s:", say_seeds(seeds, self->n_seeds));
  svg_label(file, "faint small", "start", MARGIN, y, text);
  fprintf(file, "<circle class=\"yes\" cx=\"196\" cy=\"%.1f\" r=\"3\"/>", y - 4);
  svg_label(file, "faint small", "start", 204, y, "solved at some time");
  fprintf(file, "<circle class=\"no\" cx=\"342\" cy=\"%.1f\" r=\"3\"/>", y - 4);
  svg_label(file, "faint small", "start", 350, y, "never");
  svg_segment(file, "interval", 404, y - 4, 436, y - 4);
  svg_segment(file, "mean", 420, y - 8, 420, y);
  svg_label(file, "faint small", "start", 444, y,
            "interquartile mean (IQM) and its 95% bootstrap interval");
}

void compare_picture(FILE *file, const comparison *self) {
  const frame f = compare_picture_frame(self);
  const int each = HEAD + self->n_labels * ROW + FOOT;
  const int tall = TOP + self->n_tasks * each;
  const char *title = self->doc != NULL ? self->doc : "Methods compared";
  svg_begin(file, f.width, tall, self->doc != NULL ? title : "A comparison", style);
  svg_label(file, "title", "start", MARGIN, 26, title);
  compare_picture_legend(file, self, 46);
  for (int t = 0; t < self->n_tasks; t++) {
    compare_picture_panel(file, self, t, &f, TOP + t * each + 8);
  }
  fputs("</svg>\n", file);
}
