/* The picture of a trace for a terminal: a raster in braille, eight dots a character, and
 * potentials as bars; where there is no Unicode, a character for a substep and digits from 0 to 9.
 */
#include <math.h>
#include <string.h>

#include "traces.h"

enum { HEAD = 10 /* columns before a row */, WIDEST = 512 };

/* ---- what a cell holds ---- */

/* Did neuron i fire between two substeps? */
static bool trace_text_fired(const trace *self, const trace_part *part, int64_t i, int64_t from,
                             int64_t to) {
  for (int64_t k = from; i < part->n && k < to && k < self->rows; k++) {
    if (part->value[k * part->n + i] > 0) {
      return true;
    }
  }
  return false;
}

/* Substeps that share a dot, so that a row fits. */
static int64_t trace_text_share(const trace *self, int dots) {
  return (self->rows + dots - 1) / dots;
}

/* ---- raster ---- */

static void trace_text_braille(FILE *file, unsigned dots) {
  fprintf(file, "%c%c%c", 0xE2, (char)(0xA0 + (dots >> 6)), (char)(0x80 + (dots & 63)));
}

/* A character of four neurons by two moments. */
static unsigned trace_text_dots(const trace *self, const trace_part *part, int64_t neuron,
                                int64_t at, int64_t share) {
  static const unsigned bit[2][4] = {{1, 2, 4, 64}, {8, 16, 32, 128}};
  unsigned dots = 0;
  for (int x = 0; x < 2; x++) {
    for (int y = 0; y < 4; y++) {
      const int64_t from = (at + x) * share;
      dots |= trace_text_fired(self, part, neuron + y, from, from + share) ? bit[x][y] : 0;
    }
  }
  return dots;
}

/* Before a row: the neuron, or [source][target]. */
static void trace_text_head(FILE *file, const trace_part *part, int64_t i) {
  char text[TRACE_LABEL + 2];
  snprintf(text, sizeof text, strchr(part->label[i], '[') != NULL ? "[%s]" : "%s", part->label[i]);
  fprintf(file, "%*s  ", HEAD - 2, text);
}

static void trace_text_raster_braille(FILE *file, const trace *self, const trace_part *part,
                                      int columns) {
  const int64_t share = trace_text_share(self, 2 * columns);
  const int64_t dots = (self->rows + share - 1) / share;
  for (int64_t i = 0; i < part->n; i += 4) {
    trace_text_head(file, part, i);
    for (int64_t at = 0; at < dots; at += 2) {
      trace_text_braille(file, trace_text_dots(self, part, i, at, share));
    }
    fputc('\n', file);
  }
}

static void trace_text_raster_ascii(FILE *file, const trace *self, const trace_part *part,
                                    int columns) {
  const int64_t share = trace_text_share(self, columns);
  for (int64_t i = 0; i < part->n; i++) {
    trace_text_head(file, part, i);
    for (int64_t k = 0; k < self->rows; k += share) {
      fputc(trace_text_fired(self, part, i, k, k + share) ? '|' : '.', file);
    }
    fputc('\n', file);
  }
}

/* ---- potentials ---- */

static void trace_text_range(const trace *self, const trace_part *part, double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (int64_t k = 0; k < self->rows * part->n; k++) {
    const double value = (double)part->value[k];
    *low = value < *low ? value : *low;
    *high = value > *high ? value : *high;
  }
}

/* The greatest value of neuron i between two substeps. */
static double trace_text_peak(const trace *self, const trace_part *part, int i, int64_t from,
                              int64_t to) {
  double peak = -INFINITY;
  for (int64_t k = from; k < to && k < self->rows; k++) {
    const double value = (double)part->value[k * part->n + i];
    peak = value > peak ? value : peak;
  }
  return peak;
}

static void trace_text_curve(FILE *file, const trace *self, const trace_part *part, int i,
                             int columns, bool has_unicode) {
  static const char *const block[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const char *const digit[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  const int levels = has_unicode ? 8 : 10;
  const int64_t share = trace_text_share(self, columns);
  double low, high;
  trace_text_range(self, part, &low, &high);
  trace_text_head(file, part, i);
  for (int64_t k = 0; k < self->rows; k += share) {
    const double peak = trace_text_peak(self, part, i, k, k + share);
    const int level = high > low ? (int)((levels - 0.001) * (peak - low) / (high - low)) : 0;
    fputs((has_unicode ? block : digit)[level], file);
  }
  fputc('\n', file);
}

static void trace_text_panel(FILE *file, const trace *self, const trace_part *part, int columns,
                             bool has_unicode) {
  int column[TRACE_SHOWN];
  const int n = trace_shown(self, part, column);
  double low, high;
  trace_text_range(self, part, &low, &high);
  fprintf(file, "\n%s%s, from %.4g to %.4g\n", part->name, trace_shown_words(self, part), low,
          high);
  for (int i = 0; i < n; i++) {
    trace_text_curve(file, self, part, column[i], columns, has_unicode);
  }
}

/* ---- the whole ---- */

static void trace_text_raster(FILE *file, const trace *self, const trace_part *part, int columns,
                              bool has_unicode) {
  fputc('\n', file);
  trace_words(file, self, part);
  fputc('\n', file);
  (has_unicode ? trace_text_raster_braille : trace_text_raster_ascii)(file, self, part, columns);
}

void trace_text(FILE *file, const trace *self, int width, bool has_unicode) {
  const int64_t n = self->rows / self->substeps;
  const int widest = width < WIDEST ? width : WIDEST,
            columns = widest > HEAD + 20 ? widest - HEAD - 1 : 20;
  if (self->note[0] != '\0') {
    fprintf(file, "%s\n%s\n", self->title, self->note);
  } else if (self->title[0] != '\0') {
    fprintf(file, "%s\n", self->title);
  }
  fprintf(file, "decisions %lld to %lld of %d substep%s each, from left to right\n",
          (long long)self->first, (long long)(self->first + n - 1), self->substeps,
          self->substeps == 1 ? "" : "s");
  for (int p = 0; p < self->n_parts; p++) {
    if (trace_is(&self->part[p], "spike")) {
      trace_text_raster(file, self, &self->part[p], columns, has_unicode);
    } else {
      trace_text_panel(file, self, &self->part[p], columns, has_unicode);
    }
  }
}
