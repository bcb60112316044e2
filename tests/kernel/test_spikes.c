/* Spikes drawn for a batch are those that comparing single draws gives, whatever the sizes. */
#include "kernels.h"
#include "neuron_models.h"

enum { B_MAX = 5, N_MAX = 112, T_MAX = 9 };

static _Alignas(64) float p[B_MAX * N_MAX], b[T_MAX * B_MAX * N_MAX], mean[B_MAX * N_MAX];

static float naive(hd__key key, uint32_t first, int n, int t, int i, float level) {
  return hd__uniform16(key, first + (uint32_t)(t * n + i)) < level ? 1.0f : 0.0f;
}

/* Probabilities with both ends, and the neighbours of draws, where a rounded bound would show. */
static void probabilities(int count, uint32_t round) {
  fill(p, count, round);
  for (int i = 0; i < count; i++) {
    const float draw = ((float)any(round, (uint32_t)i, 0, 65535) + 0.5f) / 65536.0f;
    const float cases[] = {0.5f + 0.5f * p[i],
                           0.0f,
                           1.0f,
                           draw,
                           nextafterf(draw, 0.0f),
                           nextafterf(draw, 1.0f),
                           nextafterf(1.0f, 0.0f),
                           65535.5f / 65536.0f,
                           1e-30f};
    p[i] = cases[any(round, (uint32_t)(i + count), 0, 8)];
  }
}

static void batches_are_single_draws(const hd__kernel *kernel) {
  for (uint32_t round = 0; round < 60; round++) {
    const int B = any(1, round, 1, B_MAX), n = HD_LANES * any(2, round, 1, N_MAX / HD_LANES);
    const int T = any(3, round, 1, T_MAX);
    const uint32_t first = 2 * (uint32_t)any(4, round, 0, 1000000);
    hd__key key[B_MAX];
    for (int r = 0; r < B; r++) {
      key[r] = hd__key_make(5, HD_STREAM_SPIKE, (uint64_t)r, round);
    }
    probabilities(B * n, round);
    kernel->spikes_batch(B, n, T, key, first, p, round % 3 > 0 ? b : NULL,
                         round % 3 < 2 ? mean : NULL);
    for (int r = 0; r < B; r++) {
      for (int i = 0; i < n; i++) {
        float count = 0;
        for (int t = 0; t < T; t++) {
          const float fired = naive(key[r], first, n, t, i, p[r * n + i]);
          count += fired;
          CHECK(round % 3 == 0 || b[(t * B + r) * n + i] == fired);
        }
        CHECK(round % 3 == 2 || mean[r * n + i] == (1.0f / (float)T) * count);
      }
    }
  }
}

static void a_batch_is_a_draw_each(void) { each_isa(batches_are_single_draws); }

/* Every probability that a bound can tell from its neighbours, with every draw that could tell. */
static void bounds_are_exact(const hd__kernel *kernel) {
  const hd__key key = hd__key_make(6, HD_STREAM_SPIKE, 0, 0);
  for (uint32_t first = 0; first < 65536; first += 64) {
    for (uint32_t i = 0; i < 64; i++) {
      const float draw = hd__uniform16(key, first + i);
      p[i] = i % 2 ? draw : nextafterf(draw, 1.0f);
    }
    kernel->spikes_batch(1, 64, 1, &key, first, p, b, NULL);
    for (uint32_t i = 0; i < 64; i++) {
      CHECK(b[i] == (i % 2 ? 0.0f : 1.0f));
    }
  }
}

static void a_bound_is_exact(void) { each_isa(bounds_are_exact); }

/* Agents in one pass are the step, the draws and the score, also where neurons fire always. */
static void agents_are_their_parts(const hd__kernel *kernel) {
  static _Alignas(64) float drive[B_MAX * N_MAX], noise[N_MAX], live[N_MAX], gain[B_MAX * N_MAX];
  static _Alignas(64) float y[B_MAX * N_MAX], g[B_MAX * N_MAX], total[N_MAX], one_y[N_MAX];
  static _Alignas(64) float one_p[N_MAX], one_g[N_MAX], one_total[N_MAX], gate[N_MAX];
  const struct bernoulli_derived derived = {.beta = 1.5f};
  for (int i = 0; i < N_MAX; i++) {
    gate[i] = 1.0f;
  }
  for (uint32_t round = 0; round < 60; round++) {
    const int B = any(1, round, 1, B_MAX), n = HD_LANES * any(2, round, 1, N_MAX / HD_LANES);
    const int T = any(3, round, 1, T_MAX);
    const float T_of = (float)T, silence = round % 2 ? -1.0f : 0.0f;
    hd__key key[B_MAX];
    fill(drive, B * n, round);
    for (int r = 0; r < B; r++) {
      key[r] = hd__key_make(5, HD_STREAM_SPIKE, (uint64_t)r, round);
    }
    for (int i = 0; i < B * n; i++) {
      drive[i] *= 20.0f;
    }
    for (int i = 0; i < n; i++) {
      live[i] = i < n - 3 ? 1.0f : 0.0f;
      total[i] = one_total[i] = 0.0f;
    }
    kernel->agents[0](&derived, &(hd__agents){.B = B,
                                              .n = n,
                                              .T = T,
                                              .key = key,
                                              .first = 64,
                                              .silence = silence,
                                              .drive = drive,
                                              .live = live,
                                              .p = p,
                                              .y = y,
                                              .g = g,
                                              .total = total});
    for (int r = 0; r < B; r++) {
      const size_t row = (size_t)(r * n);
      kernel->neuron[0](&derived, n, drive + row, noise, live, NULL, b, one_p, gain);
      kernel->spikes_batch(1, n, T, key + r, 64, one_p, NULL, mean);
      kernel->spike_values(n, silence, live, mean, one_y);
      kernel->score(n, T_of, live, gate, mean, one_p, gain, one_g);
      kernel->axpy(n, T_of, mean, one_total);
      CHECK(memcmp(p + row, one_p, sizeof(float) * (size_t)n) == 0);
      CHECK(memcmp(y + row, one_y, sizeof(float) * (size_t)n) == 0);
      CHECK(memcmp(g + row, one_g, sizeof(float) * (size_t)n) == 0);
    }
    CHECK(memcmp(total, one_total, sizeof(float) * (size_t)n) == 0);
  }
}

static void agents_add_up(void) { each_isa(agents_are_their_parts); }

int main(void) {
  RUN(a_batch_is_a_draw_each);
  RUN(a_bound_is_exact);
  RUN(agents_add_up);
  return test_end();
}
