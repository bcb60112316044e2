/* Curves in pictures: a frame, eight colours, lines and their keys. */
#ifndef CLI_PLOT_LINES_H
#define CLI_PLOT_LINES_H

#include "svg.h"

/* Where a picture of curves has its parts, in pixels: the whole, the frame, a key and its row. */
enum {
  CURVES_WIDTH = 820,
  CURVES_LEFT = 70,
  CURVES_KEY = 20,
  CURVES_RIGHT = 796,
  CURVES_TOP = 62,
  CURVES_TALL = 300,
  CURVES_LEGEND = 20,
  CURVES_FOOT = 46
};

typedef struct plot_frame {
  svg_axis x, y;
  double bottom;
} plot_frame;

/* Rules of style of a picture with curves. */
extern const char plot_style[];

/* A line through n points, or a dot where there is one point only. Points of which a coordinate is
 * not finite are passed over. */
void plot_line(FILE *file, const plot_frame *f, int n, const double x[], const double y[],
               int colour);

/* The key of a line in a legend, from x to the right. */
void plot_key(FILE *file, int x, double y, int colour);

#endif
