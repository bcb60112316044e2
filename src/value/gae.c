#include "gae.h"

void hd__gae(int n, int B, float gamma, float lambda, const float *reward, const float *value,
             const float *next_value, const bool *ended, float *advantage) {
  for (int b = 0; b < B; b++) {
    float later = 0.0f;
    for (int t = n - 1; t >= 0; t--) {
      const int k = t * B + b;
      const float delta = reward[k] + gamma * next_value[k] - value[k];
      later = delta + gamma * lambda * (ended[k] ? 0.0f : later);
      advantage[k] = later;
    }
  }
}
