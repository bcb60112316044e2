/* Charts of a report, which dygraphs draws: figures are written once, and every chart that shows
 * them says over what. */
#ifndef CLI_REPORT_CHART_H
#define CLI_REPORT_CHART_H

#include <stdio.h>

#include "run_data.h"

enum { REPORT_AXES = RUN_OVERS };

/* One line of a chart and its band. */
typedef struct report_series {
  const char *name;
  int n;                /* points */
  const hd_estimate *y; /* [n] */
  const double
      *x[REPORT_AXES]; /* [n] of each axis of the figures; NULL: not known, and not drawn */
} report_series;

/* What several charts draw. */
typedef struct report_figures {
  const char *id;                /* unique on the page */
  const char *axis[REPORT_AXES]; /* names; NULL behind the last */
  double goal;                   /* a dashed line; NAN: none */
  const char *range;             /* of the returns, as JSON */
  bool is_shared;                /* all series lie where the first one does */
  int most;                      /* points of a series; of more every k-th is written */
} report_figures;

/* Points of each of n series: as many as a screen shows, fewer where there are many series. */
int report_points(int n);

/* Figures: begin, series with is_first at the first, end. */
void report_figures_begin(FILE *file, const report_figures *self);
void report_series_write(FILE *file, const report_figures *self, const report_series *series,
                         bool is_first);
void report_figures_end(FILE *file);

/* A chart of such figures over one of their axes; `words` say what it shows. */
void report_chart(FILE *file, const report_figures *self, int axis, const char *words);

#endif
