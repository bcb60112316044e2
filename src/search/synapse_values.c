#include "synapse_values.h"

#include <string.h>

#include "mathf.h"
#include "normal.h"

/* ---- a table: [n_states][HD_MOVES] ---- */

static int64_t synapse_values_table_size(const hd__values *values) {
  return (int64_t)values->n_states * HD_MOVES;
}

static void synapse_values_table_q(const hd__values *values, const float *theta,
                                   hd__synapse_obs obs, float q[HD_MOVES]) {
  (void)values;
  memcpy(q, theta + (size_t)obs.state * HD_MOVES, sizeof(float) * HD_MOVES);
}

static void synapse_values_table_learn(const hd__values *values, hd__synapse_obs obs, int move,
                                       float alpha, float error, float *theta) {
  (void)values;
  theta[(size_t)obs.state * HD_MOVES + (size_t)move] += alpha * error;
}

/* ---- linear: [HD_MOVES][n_phi] ---- */

static float synapse_values_inner(int n, const float *a, const float *b) {
  float sum = 0.0f;
  for (int i = 0; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

static int64_t synapse_values_linear_size(const hd__values *values) {
  return (int64_t)HD_MOVES * values->n_phi;
}

static void synapse_values_linear_q(const hd__values *values, const float *theta,
                                    hd__synapse_obs obs, float q[HD_MOVES]) {
  for (int a = 0; a < HD_MOVES; a++) {
    q[a] = synapse_values_inner(values->n_phi, theta + a * values->n_phi, obs.phi);
  }
}

/* Normalised by the size of the features, so that alpha means what it means for a table.
 * Source: Widrow & Hoff 1960. */
static void synapse_values_linear_learn(const hd__values *values, hd__synapse_obs obs, int move,
                                        float alpha, float error, float *theta) {
  const int n = values->n_phi;
  const float rate = alpha * error / synapse_values_inner(n, obs.phi, obs.phi);
  for (int i = 0; i < n; i++) {
    theta[move * n + i] += rate * obs.phi[i];
  }
}

/* ---- one hidden layer: [hidden][n_phi], then [HD_MOVES][hidden + 1] ---- */

enum { SPIKE_STEPS = 16 };

/* Activity of a hidden neuron, and its slope. The spiking one integrates a constant current for
 * SPIKE_STEPS steps and loses 1 at every spike, so it fires floor(16 u) times; its slope is that of
 * the staircase's hull. */
static float synapse_values_activity(hd__values_kind kind, float u, float *slope) {
  if (kind == HD_VALUES_NETWORK) {
    const float h = hd__tanhf(u);
    *slope = 1.0f - h * h;
    return h;
  }
  const float inside = hd__clampf(u, 0.0f, 1.0f);
  *slope = u > 0.0f && u < 1.0f ? 1.0f : 0.0f;
  return (float)(int)(inside * SPIKE_STEPS) / SPIKE_STEPS;
}

static void synapse_values_network_hidden(const hd__values *values, const float *theta,
                                          const float *phi, float *h, float *slope) {
  for (int j = 0; j < values->hidden; j++) {
    h[j] = synapse_values_activity(
        values->kind, synapse_values_inner(values->n_phi, theta + j * values->n_phi, phi),
        &slope[j]);
  }
  h[values->hidden] = 1.0f;
}

static int64_t synapse_values_network_size(const hd__values *values) {
  return (int64_t)values->hidden * values->n_phi + (int64_t)HD_MOVES * (values->hidden + 1);
}

static void synapse_values_network_start(const hd__values *values, hd__key key, float *theta) {
  const int n = values->hidden * values->n_phi;
  const float size = 1.0f / hd__sqrtf((float)values->n_phi);
  for (int i = 0; i < n; i++) {
    theta[i] = size * hd__normalf(key, (uint32_t)i);
  }
}

static void synapse_values_network_q(const hd__values *values, const float *theta,
                                     hd__synapse_obs obs, float q[HD_MOVES]) {
  float h[HD_VALUES_HIDDEN + 1], slope[HD_VALUES_HIDDEN];
  const float *out = theta + values->hidden * values->n_phi;
  synapse_values_network_hidden(values, theta, obs.phi, h, slope);
  for (int a = 0; a < HD_MOVES; a++) {
    q[a] = synapse_values_inner(values->hidden + 1, out + a * (values->hidden + 1), h);
  }
}

static void synapse_values_network_learn(const hd__values *values, hd__synapse_obs obs, int move,
                                         float alpha, float error, float *theta) {
  const int n = values->n_phi, hidden = values->hidden;
  float h[HD_VALUES_HIDDEN + 1], slope[HD_VALUES_HIDDEN];
  float *out = theta + hidden * n + move * (hidden + 1);
  synapse_values_network_hidden(values, theta, obs.phi, h, slope);
  const float rate = alpha * error / synapse_values_inner(hidden + 1, h, h);
  for (int j = 0; j < hidden; j++) {
    const float back = rate * out[j] * slope[j];
    for (int i = 0; i < n; i++) {
      theta[j * n + i] += back * obs.phi[i];
    }
  }
  for (int j = 0; j <= hidden; j++) {
    out[j] += rate * h[j];
  }
}

/* ---- by kind ---- */

static const struct kind {
  int64_t (*size)(const hd__values *values);
  void (*start)(const hd__values *values, hd__key key, float *theta); /* NULL: all zero */
  void (*q)(const hd__values *values, const float *theta, hd__synapse_obs obs, float q[HD_MOVES]);
  void (*learn)(const hd__values *values, hd__synapse_obs obs, int move, float alpha, float error,
                float *theta);
} kinds[] = {
    [HD_VALUES_TABLE] = {synapse_values_table_size, NULL, synapse_values_table_q,
                         synapse_values_table_learn},
    [HD_VALUES_LINEAR] = {synapse_values_linear_size, NULL, synapse_values_linear_q,
                          synapse_values_linear_learn},
    [HD_VALUES_NETWORK] = {synapse_values_network_size, synapse_values_network_start,
                           synapse_values_network_q, synapse_values_network_learn},
    [HD_VALUES_SPIKING] = {synapse_values_network_size, synapse_values_network_start,
                           synapse_values_network_q, synapse_values_network_learn},
};

int64_t hd__values_size(const hd__values *values) { return kinds[values->kind].size(values); }

void hd__values_start(const hd__values *values, hd__key key, float *theta) {
  memset(theta, 0, sizeof(float) * (size_t)hd__values_size(values));
  if (kinds[values->kind].start != NULL) {
    kinds[values->kind].start(values, key, theta);
  }
}

void hd__values_q(const hd__values *values, const float *theta, hd__synapse_obs obs,
                  float q[HD_MOVES]) {
  kinds[values->kind].q(values, theta, obs, q);
}

void hd__values_learn(const hd__values *values, hd__synapse_obs obs, int move, float alpha,
                      float error, float *theta) {
  kinds[values->kind].learn(values, obs, move, alpha, error, theta);
}
