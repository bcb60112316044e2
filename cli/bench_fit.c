#include "bench_fit.h"

#include <math.h>
#include <stddef.h>

typedef struct straight {
  double a, b, r2;
} straight;

/* y = a + b x with weights w, or 1 each if w is NULL. */
static straight bench_fit_least_squares(int n, const double *x, const double *y, const double *w) {
  double sum = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
  for (int i = 0; i < n; i++) {
    const double weight = w != NULL ? w[i] : 1;
    sum += weight;
    sx += weight * x[i];
    sy += weight * y[i];
  }
  const double mx = sx / sum, my = sy / sum;
  for (int i = 0; i < n; i++) {
    const double weight = w != NULL ? w[i] : 1, dx = x[i] - mx, dy = y[i] - my;
    sxx += weight * dx * dx;
    sxy += weight * dx * dy;
    syy += weight * dy * dy;
  }
  const double b = sxx > 0 ? sxy / sxx : NAN;
  return (straight){.a = my - b * mx, .b = b, .r2 = n > 2 && syy > 0 ? b * sxy / syy : NAN};
}

fit fit_points(int n, const double *size, const double *cost) {
  enum { MOST = 64 };
  double weight[MOST], log_size[MOST], log_cost[MOST];
  n = n < MOST ? n : MOST;
  for (int i = 0; i < n; i++) {
    weight[i] = 1 / (cost[i] * cost[i]);
    log_size[i] = log(size[i]);
    log_cost[i] = log(cost[i]);
  }
  const straight line = bench_fit_least_squares(n, size, cost, weight);
  const straight power = bench_fit_least_squares(n, log_size, log_cost, NULL);
  return (fit){
      .a = line.a, .b = line.b, .r2 = line.r2, .exponent = power.b, .exponent_r2 = power.r2};
}
