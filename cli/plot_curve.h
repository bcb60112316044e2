/* Learning curves of runs as a picture. */
#ifndef CLI_PLOT_CURVE_H
#define CLI_PLOT_CURVE_H

#include <stdio.h>

#include "run_data.h"

enum { PLOT_RUNS = 8 /* as many as have a colour of their own */ };

typedef struct plot_curves {
  const run_data *run[PLOT_RUNS];
  run_curve curve[PLOT_RUNS];
  run_summary summary[PLOT_RUNS];
  int n;
  run_over over;
  bool is_profile; /* the share of learners above each return, in the place of curves */
} plot_curves;

/* The curves and figures of n runs, at most PLOT_RUNS. */
hd_status plot_curves_make(hd_ctx *ctx, const run_data *run, int n, run_over over,
                           plot_curves *out);

/* Their performance profiles. */
hd_status plot_profiles_make(hd_ctx *ctx, const run_data *run, int n, plot_curves *out);

/* As SVG; as text of so many columns. */
void plot_curves_picture(FILE *file, const plot_curves *self);
void plot_curves_text(FILE *file, const plot_curves *self, int width, bool has_unicode);

/* One run in a sentence without its full stop. */
void plot_curves_words(FILE *file, const plot_curves *self, int i);

/* Where the text of a curve begins: curves begin at 0. */
double plot_curves_first(const plot_curves *self, int i);
/* What the horizontal axis of a picture is. */
const char *plot_axis_name(const plot_curves *self);

/* What the horizontal axis is: "steps", "episodes", "CPU seconds". */
const char *plot_over_name(run_over over);

#endif
