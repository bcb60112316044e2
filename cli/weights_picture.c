#include "weights_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "svg.h"

enum { WIDTH = 820, LEFT = 20, TOP = 62, HEAD = 26, GAP = 40, SIDE = 26, TALL = 320, LEVELS = 20 };

/* Negative weights orange, positive ones blue, as strong as they are large. */
static const char style[] =
    ".plus{fill:#0072b2}.minus{fill:#b25000}.edge{fill:none;stroke:#d8dee4}"
    "@media(prefers-color-scheme:dark){.plus{fill:#56b4e9}.minus{fill:#e69f00}.edge{stroke:#30363d}"
    "}";

/* Labels are SOURCE][TARGET, the targets of a source one after the other. */
weights_shape weights_shape_of(const trace_part *part) {
  weights_shape s = {.n_post = 0};
  while (s.n_post < part->n && atoi(part->label[s.n_post]) == atoi(part->label[0])) {
    s.n_post++;
  }
  s.n_pre = part->n / s.n_post;
  return s;
}

static double weights_largest(const trace *const *of, int n, int p) {
  double largest = 0;
  for (int t = 0; t < n; t++) {
    for (int i = 0; i < of[t]->part[p].n; i++) {
      const double size = fabs((double)of[t]->part[p].value[i]);
      largest = size > largest ? size : largest;
    }
  }
  return largest > 0 ? largest : 1;
}

static double weights_side(const weights_shape *s, int n) {
  const double wide = (WIDTH - 2.0 * LEFT - (n - 1) * GAP) / n;
  return fmin(SIDE, fmin(wide / s->n_post, (double)TALL / s->n_pre));
}

/* How strong a weight is drawn: 0 to LEVELS, below zero where the weight is. */
static int weights_level(double weight, double largest) {
  return (int)lround(LEVELS * weight / largest);
}

/* Squares of one strength are one path, which takes a fifth of the room. */
static void weights_draw_level(FILE *file, const trace_part *part, const weights_shape *s,
                               double largest, double left, double top, double side, int level) {
  bool has_begun = false;
  for (int i = 0; i < part->n; i++) {
    if (weights_level(part->value[i], largest) == level) {
      if (!has_begun) {
        fprintf(file, "<path class=\"%s\" opacity=\"%.2f\" d=\"", level > 0 ? "plus" : "minus",
                fabs((double)level) / LEVELS);
        has_begun = true;
      }
      fprintf(file, "M%.1f %.1fh%.2fv%.2fh%.2fz", left + side * (i % s->n_post),
              top + side * (i / s->n_post), side, side, -side);
    }
  }
  fputs(has_begun ? "\"/>\n" : "", file);
}

static void weights_draw(FILE *file, const trace_part *part, const weights_shape *s, double largest,
                         double left, double top, double side) {
  fprintf(file, "<rect class=\"edge\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
          left, top, side * s->n_post, side * s->n_pre);
  for (int level = -LEVELS; level <= LEVELS; level++) {
    if (level != 0) {
      weights_draw_level(file, part, s, largest, left, top, side, level);
    }
  }
}

static double weights_panel(FILE *file, const trace *const *of, const char *const *title, int n,
                            int p, double top) {
  const weights_shape s = weights_shape_of(&of[0]->part[p]);
  const double side = weights_side(&s, n), largest = weights_largest(of, n, p);
  for (int t = 0; t < n; t++) {
    const double left = LEFT + t * ((WIDTH - 2.0 * LEFT - (n - 1) * GAP) / n + GAP);
    char text[2 * TRACE_NAME];
    snprintf(text, sizeof text, "%s %s, strongest %.3g", of[t]->part[p].name, title[t],
             weights_largest(&of[t], 1, p));
    svg_label(file, "small", "start", left, top + 14, text);
    weights_draw(file, &of[t]->part[p], &s, largest, left, top + HEAD, side);
  }
  return top + HEAD + side * s.n_pre + GAP / 2;
}

static double weights_height(const trace *const *of, int n) {
  double height = TOP;
  for (int p = 0; p < of[0]->n_parts; p++) {
    const weights_shape s = weights_shape_of(&of[0]->part[p]);
    height += HEAD + weights_side(&s, n) * s.n_pre + GAP / 2;
  }
  return height;
}

void weights_picture(FILE *file, const trace *const *of, const char *const *title, int n) {
  double top = TOP;
  svg_begin(file, WIDTH, (int)weights_height(of, n), "Weights", style);
  svg_label(file, "title", "start", LEFT, 26, "Weights: sources downwards, targets to the right");
  svg_label(file, "faint small", "start", LEFT, 46,
            "blue above zero, orange below; a pair has one scale");
  for (int p = 0; p < of[0]->n_parts; p++) {
    top = weights_panel(file, of, title, n, p, top);
  }
  fputs("</svg>\n", file);
}

/* ---- in text ---- */

/* A sign and a digit: tenths of the strongest weight. */
static void weights_text_cell(FILE *file, double weight, double largest) {
  const int tenths = (int)(9 * fabs(weight) / largest + 0.5);
  if (tenths == 0) {
    fputs(" .", file);
  } else {
    fprintf(file, "%c%d", weight > 0 ? '+' : '-', tenths);
  }
}

static void weights_text_panel(FILE *file, const trace_part *part, double largest, int width) {
  const weights_shape s = weights_shape_of(part);
  const int n = 2 * s.n_post + 8 > width ? (width - 8) / 2 : s.n_post;
  for (int pre = 0; pre < s.n_pre; pre++) {
    fprintf(file, "%6s  ", "");
    for (int post = 0; post < n; post++) {
      weights_text_cell(file, part->value[pre * s.n_post + post], largest);
    }
    fputc('\n', file);
  }
  if (n < s.n_post) {
    fprintf(file, "        the first %d of %d targets\n", n, s.n_post);
  }
}

void weights_text(FILE *file, const trace *const *of, const char *const *title, int n, int width) {
  for (int p = 0; p < of[0]->n_parts; p++) {
    const double largest = weights_largest(of, n, p);
    for (int t = 0; t < n; t++) {
      fprintf(file, "%s %s: sources downwards, targets to the right, 9 is %.3g\n",
              of[t]->part[p].name, title[t], largest);
      weights_text_panel(file, &of[t]->part[p], largest, width);
    }
  }
}
