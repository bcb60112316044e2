#include "categorical.h"

void hd__log_softmax(int n, const float *logit, float *log_p) {
  float top = logit[0], sum = 0.0f;
  for (int k = 1; k < n; k++) {
    top = hd__maxf(top, logit[k]);
  }
  for (int k = 0; k < n; k++) {
    sum += hd__expf(logit[k] - top);
  }
  const float whole = top + hd__logf(sum);
  for (int k = 0; k < n; k++) {
    log_p[k] = logit[k] - whole;
  }
}

int hd__categorical_draw(int n, const float *log_p, float u) {
  float sum = 0.0f;
  for (int k = 0; k < n - 1; k++) {
    sum += hd__expf(log_p[k]);
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

void hd__categorical_gradient(int n, const float *log_p, int choice, float weight, float share,
                              float *g) {
  float entropy = 0.0f;
  for (int k = 0; k < n; k++) {
    entropy -= hd__expf(log_p[k]) * log_p[k];
  }
  for (int k = 0; k < n; k++) {
    const float p = hd__expf(log_p[k]);
    g[k] = weight * (p - (k == choice ? 1.0f : 0.0f)) + share * p * (log_p[k] + entropy);
  }
}
