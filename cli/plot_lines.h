/* Curves in pictures: a frame, eight colours, lines and their keys. */
#ifndef CLI_PLOT_LINES_H
#define CLI_PLOT_LINES_H

#include "svg.h"

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
