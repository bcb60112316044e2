/* Advantages of mean 0 and deviation 1. */
#ifndef HD_ADVANTAGE_H
#define HD_ADVANTAGE_H

#include <math.h>

/* The mean of n advantages, and what to multiply them by after it is subtracted: one over their
 * deviation, or over `floor` where that is larger. */
static inline void hd__advantage_scale(int n, const float *advantage, double floor, float *mean,
                                       float *scale) {
  double sum = 0.0, squares = 0.0;
  for (int k = 0; k < n; k++) {
    sum += (double)advantage[k];
    squares += (double)advantage[k] * (double)advantage[k];
  }
  const double m = sum / n, variance = squares / n - m * m;
  const double deviation = sqrt(variance > 0.0 ? variance : 0.0);
  *mean = (float)m;
  *scale = (float)(1.0 / (deviation > floor ? deviation : floor));
}

#endif
