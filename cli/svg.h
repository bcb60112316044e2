/* Pictures as SVG: lines, text and axes, readable on light and on dark pages. */
#ifndef CLI_SVG_H
#define CLI_SVG_H

#include <stdio.h>

/* Where values lie: [low, high] on [left, right], which may run downwards. */
typedef struct svg_axis {
  double low, high, step; /* ticks at multiples of step */
  double left, right;
} svg_axis;

double svg_place(const svg_axis *a, double value);

/* Widen an axis, which begins at low = INFINITY and high = -INFINITY, to a value; one that is not
 * finite is passed over. */
void svg_take(svg_axis *a, double value);

/* Leave some room beyond all values taken, and choose the ticks. */
void svg_close(svg_axis *a);

/* Text as it stands in an element or in quotes: what has a meaning in XML is written by its name,
 * and bytes that are no UTF-8 as U+FFFD. */
void svg_text(FILE *file, const char *text);

/* The head of a picture: size in pixels, a title for who cannot see it, and rules of style of its
 * own after those of all pictures. The caller ends it with "</svg>". */
void svg_begin(FILE *file, int width, int height, const char *title, const char *style);

/* Text of at most so many characters: what is longer ends in three dots. */
enum { SVG_CUT = 512 };
const char *svg_cut(char to[SVG_CUT], const char *text, int characters);

void svg_segment(FILE *file, const char *kind, double x1, double y1, double x2, double y2);
/* Text that begins (anchor "start"), is centred ("middle") or ends ("end") at x. */
void svg_label(FILE *file, const char *kind, const char *anchor, double x, double y,
               const char *text);

/* Ticks of a horizontal axis: lines from top to bottom, numbers below. */
void svg_ticks(FILE *file, const svg_axis *a, double top, double bottom);

/* Ticks of a vertical axis: lines from left to right, numbers before them. */
void svg_levels(FILE *file, const svg_axis *a, double left, double right);

#endif
