#include "svg.h"

#include <math.h>
#include <stdbool.h>

#include "say.h"
#include "unicode.h"

enum { TICKS = 6 /* at most about so many */ };

double svg_place(const svg_axis *a, double value) {
  return a->left + (value - a->low) / (a->high - a->low) * (a->right - a->left);
}

void svg_take(svg_axis *a, double value) {
  if (isfinite(value)) {
    a->low = fmin(a->low, value);
    a->high = fmax(a->high, value);
  }
}

/* 1, 2 or 5 times a power of ten, so that `span` has at most TICKS of it. */
static double svg_nice(double span) {
  const double least = span / TICKS, power = pow(10, floor(log10(least)));
  const double times[] = {1, 2, 5, 10};
  int i = 0;
  while (i < 3 && times[i] * power < least) {
    i++;
  }
  return times[i] * power;
}

void svg_close(svg_axis *a) {
  if (!(a->low <= a->high)) {
    a->low = 0;
    a->high = 1;
  }
  const double room = a->high > a->low ? 0.03 * (a->high - a->low) : fmax(0.1, 0.1 * fabs(a->low));
  a->low -= room;
  a->high += room;
  a->step = svg_nice(a->high - a->low);
}

/* How a character is written; NULL: as it is. XML has no control characters. */
static const char *svg_escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return (unsigned char)c < 0x20 ? " " : NULL;
  }
}

void svg_text(FILE *file, const char *text) {
  while (*text != '\0') {
    const int n = unicode_length(text);
    const char *escaped = n == 0 ? UNICODE_REPLACEMENT : svg_escaped(*text);
    if (escaped != NULL) {
      fputs(escaped, file);
    } else {
      fwrite(text, 1, (size_t)n, file);
    }
    text += n > 0 ? n : 1;
  }
}

/* Bytes of the first characters of UTF-8 text. */
static size_t svg_bytes(const char *text, int characters) {
  size_t n = 0;
  for (int i = 0; text[n] != '\0'; n++) {
    i += ((unsigned char)text[n] & 0xC0) != 0x80;
    if (i > characters) {
      break;
    }
  }
  return n;
}

const char *svg_cut(char to[SVG_CUT], const char *text, int characters) {
  const size_t whole = svg_bytes(text, characters);
  const bool is_cut = text[whole] != '\0' || whole + 4 > SVG_CUT;
  const size_t n = is_cut ? svg_bytes(text, characters - 3) : whole;
  snprintf(to, SVG_CUT, "%.*s%s", (int)(n < SVG_CUT - 4 ? n : SVG_CUT - 4), text,
           is_cut ? "..." : "");
  return to;
}

static const char svg_style[] =
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px;"
    "fill:#1f2328}"
    ".name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}"
    ".page{fill:#fff}.faint{fill:#59636e}.small{font-size:12px}.title{font-size:15px;"
    "font-weight:600}.grid{stroke:#d8dee4}.goal{stroke:#59636e;stroke-dasharray:5 4}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.faint{fill:#9198a1}"
    ".grid{stroke:#30363d}.goal{stroke:#9198a1}}";

void svg_begin(FILE *file, int width, int height, const char *title, const char *style) {
  fprintf(file,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
          width, height, width, height);
  svg_text(file, title);
  fprintf(file,
          "</title>\n<style>%s%s</style>\n"
          "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n",
          svg_style, style, width, height);
}

void svg_segment(FILE *file, const char *kind, double x1, double y1, double x2, double y2) {
  fprintf(file, "<line class=\"%s\" x1=\"%.3f\" y1=\"%.3f\" x2=\"%.3f\" y2=\"%.3f\"/>\n", kind, x1,
          y1, x2, y2);
}

void svg_label(FILE *file, const char *kind, const char *anchor, double x, double y,
               const char *text) {
  fprintf(file, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">", kind, anchor, x, y);
  svg_text(file, text);
  fputs("</text>\n", file);
}

/* The number at a tick; no minus before a zero. */
static const char *svg_number(double value, char number[SAY_SIZE]) {
  snprintf(number, SAY_SIZE, "%.6g", value + 0.0);
  return number;
}

void svg_ticks(FILE *file, const svg_axis *a, double top, double bottom) {
  for (double k = ceil(a->low / a->step); k * a->step <= a->high; k++) {
    char number[SAY_SIZE];
    const double x = svg_place(a, k * a->step);
    svg_segment(file, "grid", x, top, x, bottom);
    svg_label(file, "faint small", "middle", x, bottom + 15, svg_number(k * a->step, number));
  }
}

void svg_levels(FILE *file, const svg_axis *a, double left, double right) {
  for (double k = ceil(a->low / a->step); k * a->step <= a->high; k++) {
    char number[SAY_SIZE];
    const double y = svg_place(a, k * a->step);
    svg_segment(file, "grid", left, y, right, y);
    svg_label(file, "faint small", "end", left - 8, y + 4, svg_number(k * a->step, number));
  }
}
