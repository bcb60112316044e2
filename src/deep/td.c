#include "td.h"

#include "mathf.h"

static float td_mean_advantage(const hd__td *td, const float *out) {
  float sum = 0.0f;
  for (int a = 0; a < td->n_actions; a++) {
    sum += out[a];
  }
  return sum / (float)td->n_actions;
}

float hd__td_value(const hd__td *td, const float *out, int action) {
  return td->is_dueling ? out[td->n_actions] + (out[action] - td_mean_advantage(td, out))
                        : out[action];
}

int hd__td_best(const hd__td *td, const float *out) {
  int best = 0;
  for (int a = 1; a < td->n_actions; a++) {
    best = out[a] > out[best] ? a : best;
  }
  return best;
}

void hd__td_targets(const hd__td *td, int n, const float *online_out, const float *target_out,
                    const float *reward, const float *discount, float *target) {
  for (int i = 0; i < n; i++) {
    const int best = hd__td_best(td, online_out + i * td->stride);
    target[i] = reward[i] + discount[i] * hd__td_value(td, target_out + i * td->stride, best);
  }
}

static void td_reverse(float *first, float *end) {
  for (; end - first > 1; first++) {
    const float last = *--end;
    *end = *first;
    *first = last;
  }
}

void hd__td_shuffle_targets(int n, float *target, hd__key key) {
  const int by = 1 + (int)(hd__uniform24(key, 0) * (float)(n - 1));
  td_reverse(target, target + by);
  td_reverse(target + by, target + n);
  td_reverse(target, target + n);
}

void hd__td_errors(const hd__td *td, int n, int all, const float *out, const float *action,
                   const float *target, const float *weight, float *error, float *g_out) {
  for (int i = 0; i < n; i++) {
    const int a = (int)action[i];
    float *g = g_out + i * td->stride;
    error[i] = hd__td_value(td, out + i * td->stride, a) - target[i];
    const float slope = td->huber > 0.0f ? hd__clampf(error[i], -td->huber, td->huber) : error[i];
    const float by_value = weight[i] * slope / (float)all;
    g[a] += by_value;
    for (int c = 0; td->is_dueling && c < td->n_actions; c++) {
      g[c] -= by_value / (float)td->n_actions;
    }
    if (td->is_dueling) {
      g[td->n_actions] += by_value;
    }
  }
}
