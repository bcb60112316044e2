#include "report_chart.h"

#include <math.h>
#include <stdlib.h>

#include "json.h"
#include "svg.h"

enum { ALL_POINTS = 12000, FEWEST = 24 };

int report_points(int n) {
  const int each = ALL_POINTS / (n > 0 ? n : 1);
  return each < FEWEST ? FEWEST : each < RUN_POINTS ? each : RUN_POINTS;
}

/* ---- text ---- */

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

/* ---- numbers ---- */

/* Every k-th entry of an array whose entries lie `stride` bytes apart, the last one included. */
typedef struct report_column {
  const double *first;
  size_t stride;
  int n, every;
} report_column;

static double report_column_at(const report_column *self, int i) {
  return *(const double *)((const char *)self->first + (size_t)i * self->stride);
}

/* As many digits as can be seen. */
static void report_numbers(FILE *file, const report_column *self) {
  fputc('[', file);
  for (int first = (self->n - 1) % self->every, i = first; i < self->n; i += self->every) {
    const double value = report_column_at(self, i);
    fprintf(file, isfinite(value) ? "%s%.6g" : "%snull", i > first ? "," : "", value);
  }
  fputc(']', file);
}

static int report_every(const report_figures *self, int n) {
  return n > self->most ? (n + self->most - 1) / self->most : 1;
}

static bool report_has_band(const report_series *s) {
  for (int i = 0; i < s->n; i++) {
    if (s->y[i].low != s->y[i].value || s->y[i].high != s->y[i].value) {
      return true;
    }
  }
  return false;
}

static void report_axes(FILE *file, const report_figures *self, const report_series *s) {
  fputs(",\"x\":[", file);
  for (int a = 0; a < REPORT_AXES && self->axis[a] != NULL; a++) {
    const report_column x = {s->x[a], sizeof(double), s->n, report_every(self, s->n)};
    fputs(a > 0 ? "," : "", file);
    if (x.first != NULL) {
      report_numbers(file, &x);
    } else {
      fputs("null", file);
    }
  }
  fputc(']', file);
}

/* ---- figures ---- */

void report_figures_begin(FILE *file, const report_figures *self) {
  fprintf(file, "<script type=\"application/json\" id=\"%s\">{\"x\":[", self->id);
  for (int a = 0; a < REPORT_AXES && self->axis[a] != NULL; a++) {
    fprintf(file, "%s\"%s\"", a > 0 ? "," : "", self->axis[a]);
  }
  fprintf(file, "],\"shared\":%s,\"range\":%s,\"goal\":", self->is_shared ? "true" : "false",
          self->range);
  json_number(file, self->goal);
  fputs(",\"series\":[", file);
}

void report_series_write(FILE *file, const report_figures *self, const report_series *s,
                         bool is_first) {
  const int every = report_every(self, s->n);
  const report_column y = {&s->y[0].value, sizeof *s->y, s->n, every};
  const report_column low = {&s->y[0].low, sizeof *s->y, s->n, every};
  const report_column high = {&s->y[0].high, sizeof *s->y, s->n, every};
  fputs(is_first ? "{\"name\":" : ",\n{\"name\":", file);
  report_script_string(file, s->name);
  fputs(",\"y\":", file);
  report_numbers(file, &y);
  if (report_has_band(s)) {
    fputs(",\"low\":", file);
    report_numbers(file, &low);
    fputs(",\"high\":", file);
    report_numbers(file, &high);
  }
  if (is_first || !self->is_shared) {
    report_axes(file, self, s);
  }
  fputc('}', file);
}

void report_figures_end(FILE *file) { fputs("]}</script>\n", file); }

void report_chart(FILE *file, const report_figures *self, int axis, const char *words) {
  fprintf(file,
          "<div class=\"curves\" data-of=\"%s\" data-x=\"%d\"><div class=\"keys\"></div>"
          "<div class=\"chart\" role=\"img\" aria-label=\"",
          self->id, axis);
  svg_text(file, words);
  fputs("\"></div></div>\n", file);
}
