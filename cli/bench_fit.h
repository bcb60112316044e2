/* How a cost grows with a size: two fits by least squares. */
#ifndef CLI_BENCH_FIT_H
#define CLI_BENCH_FIT_H

typedef struct fit {
  double a, b;                  /* cost = a + b size, relative errors weighing the same */
  double r2;                    /* of that line, weighted likewise */
  double exponent, exponent_r2; /* log cost = const + exponent log size */
} fit;

/* n points of positive size and cost; all is NAN if the sizes are one and the same, and shares
 * explained are NAN for two points, through which every line goes. */
fit fit_points(int n, const double *size, const double *cost);

#endif
