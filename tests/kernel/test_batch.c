/* Loops over batches against plain loops, to the bit, on many sizes. */
#include "kernels.h"
#include "mathf.h"

enum { ROUNDS = 40, ROWS = 37, SLICES = 70, N = 208, STRIDE = N + 16 };

static _Alignas(64) float W[ROWS * STRIDE], x[SLICES * STRIDE], g[SLICES * STRIDE], scale[SLICES];
static _Alignas(64) float out[ROWS * STRIDE], want[ROWS * STRIDE], z[N], w[N];

static int lanes(uint32_t what, uint32_t round) {
  return HD_LANES * any(what, round, 1, N / HD_LANES);
}

static void prepare(uint32_t round) {
  fill(W, ROWS * STRIDE, 10 * round);
  fill(x, SLICES * STRIDE, 10 * round + 1);
  fill(g, SLICES * STRIDE, 10 * round + 2);
  fill(scale, SLICES, 10 * round + 3);
  fill(out, ROWS * STRIDE, 10 * round + 4);
  memcpy(want, out, sizeof want);
}

static void check_heads(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int B = any(1, round, 1, ROWS), A = any(2, round, 1, 7), n = lanes(3, round);
    prepare(round);
    kernel->heads(B, A, n, W, x, STRIDE, out, 9);
    for (int r = 0; r < B; r++) {
      for (int a = 0; a < A; a++) {
        want[9 * r + a] = sum_of_products(n, W + a * n, x + r * STRIDE);
        CHECK(kernel->dot(n, W + a * n, x + r * STRIDE) == want[9 * r + a]);
      }
    }
    CHECK(memcmp(out, want, sizeof out) == 0);
    kernel->rows_dot(B, n, W, x, STRIDE, out);
    for (int r = 0; r < B; r++) {
      CHECK(out[r] == sum_of_products(n, W, x + r * STRIDE));
    }
    CHECK(out[B] == want[B]);
  }
}

static void check_outer(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int S = any(1, round, 0, SLICES), n_pre = any(2, round, 1, ROWS), n = lanes(3, round);
    prepare(round);
    kernel->outer_batch(S, n_pre, n, scale, x, STRIDE, g, STRIDE, out);
    for (int i = 0; i < n_pre; i++) {
      for (int j = 0; j < n; j++) {
        for (int s = 0; s < S; s++) {
          want[i * n + j] += x[s * STRIDE + i] * (scale[s] * g[s * STRIDE + j]);
        }
      }
    }
    CHECK(memcmp(out, want, sizeof out) == 0);
    kernel->sum_scaled(S, n, scale, x, STRIDE, out);
    for (int j = 0; j < n; j++) {
      for (int s = 0; s < S; s++) {
        want[j] += scale[s] * x[s * STRIDE + j];
      }
    }
    CHECK(memcmp(out, want, sizeof out) == 0);
  }
}

static void check_td(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n = lanes(1, round);
    prepare(round);
    fill(z, N, 1);
    fill(w, N, 2);
    memcpy(out, z, sizeof z);
    kernel->trace(n, 0.3f, x, out);
    const float value = kernel->td(n, 0.3f, -0.2f, x, g, z, w);
    fill(want, N, 1);
    fill(want + STRIDE, N, 2);
    for (int i = 0; i < n; i++) {
      want[i] = 0.3f * want[i] + x[i];
      want[STRIDE + i] += -0.2f * want[i];
    }
    CHECK(memcmp(z, want, sizeof z) == 0);
    CHECK(memcmp(out, want, sizeof z) == 0);
    CHECK(memcmp(w, want + STRIDE, sizeof w) == 0);
    CHECK(value == sum_of_products(n, w, g));
  }
}

static void check_approach(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n = lanes(1, round);
    prepare(round);
    fill(z, N, 1);
    memcpy(want, z, sizeof z);
    kernel->approach(n, 0.3f, x, z);
    for (int i = 0; i < n; i++) {
      want[i] += 0.3f * (x[i] - want[i]);
    }
    CHECK(memcmp(z, want, sizeof z) == 0);
  }
}

static void check_approach_often(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n = lanes(1, round), steps = any(2, round, 0, 5);
    const float rate[] = {0.9f, 0.5f, 0.3f, 0.25f, 0.1f};
    prepare(round);
    fill(z, N, 1);
    memcpy(want, z, sizeof z);
    kernel->approach_often(n, steps, rate, x, z);
    for (int s = 0; s < steps; s++) {
      for (int i = 0; i < n; i++) {
        want[i] += rate[s] * (x[i] - want[i]);
      }
    }
    CHECK(memcmp(z, want, sizeof z) == 0);
  }
}

static void check_softmax(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int B = any(1, round, 1, ROWS), stride = HD_LANES * any(2, round, 1, 3);
    const int A = any(3, round, 1, stride);
    const float temperature = 0.1f * (float)any(4, round, 1, 30);
    prepare(round);
    memset(want, 0, sizeof(float) * (size_t)(B * stride));
    kernel->softmax(B, A, stride, temperature, x, out);
    for (int r = 0; r < B; r++) {
      float top = x[r * stride], sum = 0;
      for (int a = 1; a < A; a++) {
        top = fmaxf(top, x[r * stride + a]);
      }
      for (int a = 0; a < A; a++) {
        want[r * stride + a] = hd__expf((x[r * stride + a] - top) / temperature);
        sum += want[r * stride + a];
      }
      for (int a = 0; a < A; a++) {
        want[r * stride + a] /= sum;
      }
    }
    CHECK(memcmp(out, want, sizeof out) == 0);
  }
}

static void check_log_softmax(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int B = any(1, round, 1, ROWS), A = any(2, round, 1, round % 2 == 0 ? 4 : HD_LANES);
    const int stride = HD_LANES * any(3, round, 1, 3);
    static _Alignas(64) float p[ROWS * HD_LANES];
    prepare(round);
    kernel->log_softmax(B, A, stride, x, out, p);
    for (int r = 0; r < B; r++) {
      const float *logit = x + r * stride;
      float top = logit[0], whole = 0;
      for (int a = 1; a < A; a++) {
        top = fmaxf(top, logit[a]);
      }
      for (int a = 0; a < A; a++) {
        whole += hd__expf(logit[a] - top);
      }
      for (int a = 0; a < A; a++) {
        CHECK(out[r * A + a] == logit[a] - (top + hd__logf(whole)));
        CHECK(p[r * A + a] == hd__expf(out[r * A + a]));
      }
    }
  }
}

static void rows_share_their_weights(void) { each_isa(check_heads); }
static void outer_products_add_in_order(void) { each_isa(check_outer); }
static void td_is_three_loops(void) { each_isa(check_td); }
static void approaching_is_a_loop(void) { each_isa(check_approach); }
static void approaching_often_is_two_loops(void) { each_isa(check_approach_often); }
static void softmax_is_normalised(void) { each_isa(check_softmax); }
static void log_softmax_is_its_logarithm(void) { each_isa(check_log_softmax); }

int main(void) {
  RUN(rows_share_their_weights);
  RUN(outer_products_add_in_order);
  RUN(td_is_three_loops);
  RUN(approaching_is_a_loop);
  RUN(approaching_often_is_two_loops);
  RUN(softmax_is_normalised);
  RUN(log_softmax_is_its_logarithm);
  return test_end();
}
