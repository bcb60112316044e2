/* The picture of a trace: for each population a raster of its spikes, then a row for each of a few
 * neurons and quantities, with the threshold where there is one. Time runs to the right. */
#include <math.h>
#include <string.h>

#include "svg.h"
#include "traces.h"

enum {
  WIDTH = 820,
  LEFT = 120,
  RIGHT = 800,
  TOP = 64,
  NOTE = 18,   /* more where there are settings to tell */
  HEAD = 26,   /* of a panel */
  FOOT = 30,   /* below it, with the numbers of decisions */
  ROW = 52,    /* a neuron's potential */
  GAP = 10,    /* between rows */
  RASTER = 220 /* height, at most */
};

static const char style[] =
    ".spike{stroke:#0072b2;fill:none}.line{stroke:#0072b2;fill:none;stroke-width:1.4}"
    ".threshold{stroke:#b25000;fill:none;stroke-dasharray:5 "
    "3}.mark{stroke:#1f2328;stroke-width:1.4;fill:none}"
    "@media(prefers-color-scheme:dark){.spike,.line{stroke:#56b4e9}.threshold{stroke:#e69f00}"
    ".mark{stroke:#e6edf3}}";

/* ---- time ---- */

static svg_axis trace_picture_time(const trace *self) {
  svg_axis a = {.low = 0, .high = (double)self->rows, .left = LEFT, .right = RIGHT};
  return a;
}

static double trace_picture_x(const trace *self, double substep) {
  const svg_axis a = trace_picture_time(self);
  return svg_place(&a, substep);
}

/* Every how many decisions a line is drawn, so that at most 25 are. */
static int64_t trace_picture_every(const trace *self) {
  const int64_t n = self->rows / self->substeps;
  int64_t every = 1;
  for (int i = 0; n / every > 25; i++) {
    every = i % 3 == 1 ? every / 2 * 5 : every * 2; /* 1, 2, 5, 10, 20, 50 ... */
  }
  return every;
}

static void trace_picture_decisions(FILE *file, const trace *self, double top, double bottom) {
  const int64_t n = self->rows / self->substeps, every = trace_picture_every(self);
  for (int64_t d = 0; d <= n; d += every) {
    const double x = trace_picture_x(self, (double)(d * self->substeps));
    char number[24];
    svg_segment(file, "grid", x, top, x, bottom);
    if (d < n) {
      snprintf(number, sizeof number, "%lld", (long long)(self->first + d));
      const double middle = trace_picture_x(self, ((double)d + 0.5) * self->substeps);
      svg_label(file, "faint small", "middle", every == 1 ? middle : x, bottom + 15, number);
    }
  }
}

/* ---- raster ---- */

static double trace_picture_each(const trace_part *part) {
  return fmax(2, fmin(12, (double)RASTER / part->n));
}

static double trace_picture_raster_height(const trace_part *part) {
  return HEAD + trace_picture_each(part) * part->n + FOOT;
}

static void trace_picture_spikes(FILE *file, const trace *self, const trace_part *part,
                                 double top) {
  const double each = trace_picture_each(part);
  const double wide = fmax(1, fmin(4, 0.7 * (RIGHT - LEFT) / (double)self->rows));
  fprintf(file, "<path class=\"spike\" stroke-width=\"%.2f\" d=\"", wide);
  for (int i = 0; i < part->n; i++) {
    for (int64_t k = 0; k < self->rows; k++) {
      if (part->value[k * part->n + i] > 0) {
        fprintf(file, "M%.1f %.1fv%.1f", trace_picture_x(self, (double)k + 0.5),
                top + each * i + 0.1 * each, 0.8 * each);
      }
    }
  }
  fputs("\"/>\n", file);
}

/* Numbers of neurons beside the raster, some 12 pixels apart at least. */
static void trace_picture_numbers(FILE *file, const trace_part *part, double top) {
  const double each = trace_picture_each(part);
  const int every = (int)ceil(13 / each);
  for (int i = 0; i < part->n; i += every) {
    svg_label(file, "faint small", "end", LEFT - 8, top + each * (i + 0.5) + 4, part->label[i]);
  }
}

static double trace_picture_raster(FILE *file, const trace *self, const trace_part *part,
                                   double top) {
  char population[TRACE_NAME], title[TRACE_NAME + 32];
  const double first = top + HEAD, last = first + trace_picture_each(part) * part->n;
  trace_population(part, population);
  snprintf(title, sizeof title, "%s: spikes of each neuron", population);
  svg_label(file, "title", "start", LEFT, top + 16, title);
  trace_picture_decisions(file, self, first, last);
  trace_picture_numbers(file, part, first);
  trace_picture_spikes(file, self, part, first);
  return top + trace_picture_raster_height(part);
}

/* ---- rows ---- */

static int trace_picture_rows(const trace_part *part) {
  return part->n < TRACE_SHOWN ? part->n : TRACE_SHOWN;
}

/* What is drawn over a row of potentials alone. */
static const trace_part *trace_picture_beside(const trace *self, const trace_part *part,
                                              const char *quantity) {
  return trace_is(part, "v") ? trace_beside(self, part, quantity) : NULL;
}

static void trace_picture_curve(FILE *file, const char *kind, const trace *self,
                                const trace_part *part, int i, const svg_axis *y) {
  fprintf(file, "<path class=\"%s\" d=\"", kind);
  for (int64_t k = 0; k < self->rows; k++) {
    fprintf(file, "%c%.1f %.1f", k == 0 ? 'M' : 'L', trace_picture_x(self, (double)k + 0.5),
            svg_place(y, part->value[k * part->n + i]));
  }
  fputs("\"/>\n", file);
}

static void trace_picture_take(svg_axis *y, const trace *self, const trace_part *part, int i) {
  for (int64_t k = 0; part != NULL && k < self->rows; k++) {
    svg_take(y, part->value[k * part->n + i]);
  }
}

/* Spikes as marks above the row. */
static void trace_picture_marks(FILE *file, const trace *self, const trace_part *spikes, int i,
                                double top) {
  fputs("<path class=\"mark\" d=\"", file);
  for (int64_t k = 0; k < self->rows; k++) {
    if (spikes->value[k * spikes->n + i] > 0) {
      fprintf(file, "M%.1f %.1fv5", trace_picture_x(self, (double)k + 0.5), top - 1.0);
    }
  }
  fputs("\"/>\n", file);
}

static void trace_picture_row(FILE *file, const trace *self, const trace_part *part, int i,
                              double top) {
  const trace_part *threshold = trace_picture_beside(self, part, "threshold");
  const trace_part *spikes = trace_picture_beside(self, part, "spike");
  svg_axis y = {.low = INFINITY, .high = -INFINITY, .left = top + ROW, .right = top + 5};
  char text[TRACE_LABEL + 32];
  trace_picture_take(&y, self, part, i);
  trace_picture_take(&y, self, threshold, i);
  svg_close(&y);
  snprintf(text, sizeof text, strstr(part->name, "->") != NULL ? "[%s]" : "neuron %s",
           part->label[i]);
  svg_label(file, "small", "end", LEFT - 8, top + ROW / 2 - 4, text);
  snprintf(text, sizeof text, "%.3g to %.3g", y.low, y.high);
  svg_label(file, "faint small", "end", LEFT - 8, top + ROW / 2 + 11, text);
  if (threshold != NULL) {
    trace_picture_curve(file, "threshold", self, threshold, i, &y);
  }
  trace_picture_curve(file, "line", self, part, i, &y);
  if (spikes != NULL) {
    trace_picture_marks(file, self, spikes, i, top);
  }
}

static double trace_picture_panel_height(const trace_part *part) {
  return HEAD + trace_picture_rows(part) * (ROW + GAP) + FOOT;
}

static double trace_picture_panel(FILE *file, const trace *self, const trace_part *part,
                                  double top) {
  char title[TRACE_NAME + 96];
  int column[TRACE_SHOWN];
  const int n = trace_shown(self, part, column);
  const bool has_threshold = trace_picture_beside(self, part, "threshold") != NULL;
  const bool has_spikes = trace_picture_beside(self, part, "spike") != NULL;
  snprintf(title, sizeof title, "%s%s%s%s", part->name, trace_shown_words(self, part),
           has_threshold ? ", dashed its threshold" : "", has_spikes ? ", marks: spikes" : "");
  svg_label(file, "title", "start", LEFT, top + 16, title);
  trace_picture_decisions(file, self, top + HEAD, top + HEAD + n * (ROW + GAP));
  for (int i = 0; i < n; i++) {
    trace_picture_row(file, self, part, column[i], top + HEAD + i * (ROW + GAP) + GAP / 2);
  }
  return top + trace_picture_panel_height(part);
}

/* ---- the whole ---- */

static bool trace_picture_is_threshold(const trace *self, const trace_part *part) {
  char population[TRACE_NAME];
  return trace_is(part, "threshold") && trace_population(part, population) &&
         trace_find(self, population, "v") != NULL;
}

static double trace_picture_height(const trace *self) {
  double height = TOP + (self->note[0] != '\0' ? NOTE : 0);
  for (int p = 0; p < self->n_parts; p++) {
    const trace_part *part = &self->part[p];
    height += trace_is(part, "spike")                  ? trace_picture_raster_height(part)
              : trace_picture_is_threshold(self, part) ? 0
                                                       : trace_picture_panel_height(part);
  }
  return height + 12;
}

static void trace_picture_describe(FILE *file, const trace *self) {
  fputs("<desc>", file);
  for (int p = 0; p < self->n_parts; p++) {
    if (trace_is(&self->part[p], "spike")) {
      trace_words(file, self, &self->part[p]);
      fputs(". ", file);
    }
  }
  fputs("</desc>\n", file);
}

void trace_picture(FILE *file, const trace *self) {
  char text[TRACE_NAME];
  const int64_t n = self->rows / self->substeps;
  char note[SVG_CUT];
  double top = TOP + (self->note[0] != '\0' ? NOTE : 0);
  svg_begin(file, WIDTH, (int)trace_picture_height(self),
            self->title[0] != '\0' ? self->title : "A trace", style);
  trace_picture_describe(file, self);
  svg_label(file, "title", "start", 20, 26, self->title[0] != '\0' ? self->title : "A trace");
  snprintf(text, sizeof text, "decisions %lld to %lld of %d substep%s each, from left to right",
           (long long)self->first, (long long)(self->first + n - 1), self->substeps,
           self->substeps == 1 ? "" : "s");
  svg_label(file, "faint small", "start", 20, 46, text);
  svg_label(file, "faint small", "start", 20, 64, svg_cut(note, self->note, 118));
  for (int p = 0; p < self->n_parts; p++) {
    const trace_part *part = &self->part[p];
    if (trace_is(part, "spike")) {
      top = trace_picture_raster(file, self, part, top);
    } else if (!trace_picture_is_threshold(self, part)) {
      top = trace_picture_panel(file, self, part, top);
    }
  }
  fputs("</svg>\n", file);
}
