/* Drives are normalised by what passes have shown: whatever the inputs, they come to have mean 0
 * and variance 1. */
#include "grads.h"
#include "normal.h"

enum { N_IN = 5, ROWS = 8, PASSES = 4000 };

/* Inputs far from 0 and of different widths. */
static void draw_input(rig *g, uint64_t pass) {
  const hd__key key = hd__key_make(7, HD_STREAM_FEATURE, 0, pass);
  for (int r = 0; r < ROWS; r++) {
    for (int i = 0; i < N_IN; i++) {
      const float deviate = hd__normalf(key, (uint32_t)(r * N_IN + i));
      g->x[r * g->stack.in_pad + i] = 3.0f * (float)i + (0.5f + (float)i) * deviate;
    }
  }
}

static void drives_come_to_mean_0_and_variance_1(void) {
  const hd__stack_def def = {.n_in = N_IN,
                             .n_layers = 1,
                             .width = {11},
                             .n_out = 1,
                             .T = 2,
                             .cell = {.surrogate = HD_SURROGATE_ATAN, .slope = 1.0f},
                             .beta = 0.5f,
                             .gain = 1.0f,
                             .theta = 1.0f,
                             .is_normalised = true,
                             .init = 1.0f,
                             .init_readout = 1.0f};
  rig g;
  rig_open(&g, &def, hd__kernel_for(HD_ISA_SCALAR), ROWS, 1);
  hd__stack_start(&g.stack, 3, 0, g.weights, g.statistics);
  const hd__stack_layer *layer = &g.stack.layer[0];
  const hd__pass pass = {
      .rows = ROWS, .decisions = 1, .x = g.x, .x_stride = g.stack.in_pad, .out = g.out};
  double sum[11] = {0}, squares[11] = {0};
  int n = 0;
  for (int k = 0; k < PASSES; k++) {
    draw_input(&g, (uint64_t)k);
    hd__stack_prepare(&g.stack, g.weights, g.statistics, &g.prepared);
    hd__stack_forward(&g.stack, &g.prepared, &g.tape, &pass);
    hd__stack_update_statistics(&g.stack, &g.prepared, &g.tape, ROWS, g.statistics);
    for (int r = 0; k >= PASSES / 2 && r < ROWS; r++) {
      n += 1;
      for (int j = 0; j < layer->n; j++) {
        const double z =
            (double)(g.tape.layer[0].z[r * layer->n_pad + j] + g.prepared.layer[0].bias[j]);
        sum[j] += z;
        squares[j] += z * z;
      }
    }
  }
  for (int j = 0; j < layer->n; j++) {
    const double mean = sum[j] / n, variance = squares[j] / n - mean * mean;
    CHECK_NEAR(mean, 0, 3 / sqrt(n)); /* three standard errors */
    CHECK_NEAR(variance, 1, 3 * sqrt(2.0 / n));
  }
  rig_close(&g);
}

/* Products of the rows, or of the columns where those are fewer, are gain^2 or 0. */
static void check_orthonormal(const float *w, int rows, int n, int pad, double gain) {
  const bool by_row = rows < n;
  const int count = by_row ? rows : n, length = by_row ? n : rows;
  for (int u = 0; u < count; u++) {
    for (int v = 0; v <= u; v++) {
      double dot = 0;
      for (int k = 0; k < length; k++) {
        dot += by_row ? (double)w[u * pad + k] * (double)w[v * pad + k]
                      : (double)w[k * pad + u] * (double)w[k * pad + v];
      }
      CHECK_NEAR(dot, u == v ? gain * gain : 0, 1e-6 * gain * gain);
    }
  }
}

static void orthogonal_weights_are_orthonormal(void) {
  const hd__stack_def def = {.n_in = 5,
                             .n_layers = 2,
                             .width = {19, 7},
                             .n_out = 3,
                             .T = 2,
                             .cell = {.surrogate = HD_SURROGATE_ATAN, .slope = 1.0f},
                             .beta = 0.5f,
                             .gain = 1.0f,
                             .theta = 1.0f,
                             .is_recurrent = true,
                             .is_orthogonal = true,
                             .init = 1.5f,
                             .init_readout = 0.25f};
  rig g;
  rig_open(&g, &def, hd__kernel_for(HD_ISA_SCALAR), 1, 1);
  hd__stack_start(&g.stack, 3, 0, g.weights, g.statistics);
  for (int l = 0; l < 2; l++) {
    const hd__stack_layer *layer = &g.stack.layer[l];
    check_orthonormal(g.weights + layer->W, layer->n_pre, layer->n, layer->n_pad, 1.5);
    check_orthonormal(g.weights + layer->V, layer->n, layer->n, layer->n_pad, 1.5);
  }
  check_orthonormal(g.weights + g.stack.W, 3, 7, g.stack.top_pad, 0.25);
  rig_close(&g);
}

int main(void) {
  RUN(drives_come_to_mean_0_and_variance_1);
  RUN(orthogonal_weights_are_orthonormal);
  return test_end();
}
