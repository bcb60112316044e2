#include "categorical.h"

int hd__categorical_sample(int n, const float *p, float u) {
  float sum = 0.0f;
  for (int k = 0; k < n - 1; k++) {
    sum += p[k];
    if (u < sum) {
      return k;
    }
  }
  return n - 1;
}

int hd__categorical_best(int n, const float *x) {
  int best = 0;
  for (int k = 1; k < n; k++) {
    best = x[k] > x[best] ? k : best;
  }
  return best;
}

void hd__categorical_gradient(int n, const float *log_p, const float *p, int choice, float weight,
                              float share, float *g) {
  float entropy = 0.0f;
  for (int k = 0; k < n; k++) {
    entropy -= p[k] * log_p[k];
  }
  for (int k = 0; k < n; k++) {
    g[k] = weight * (p[k] - (k == choice ? 1.0f : 0.0f)) + share * p[k] * (log_p[k] + entropy);
  }
}
