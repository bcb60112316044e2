/* Events against the dense loops, to the bit. */
#include "kernels.h"

enum { ROUNDS = 60, SLICES = 9, PRE = 200, N = 208, WORDS = 5 };

static _Alignas(64) float W[PRE * N], x[SLICES * PRE], g[SLICES * N], scale[SLICES];
static _Alignas(64) float drive[SLICES * N], want_drive[SLICES * N], E[PRE * N], want_E[PRE * N];
static uint64_t bits[SLICES * WORDS];

/* Zeros and ones, from none to all ones as rounds go by. */
static int fill_spikes(int n_pre, uint32_t round) {
  int set = 0;
  fill(x, SLICES * PRE, round);
  for (int i = 0; i < SLICES * PRE; i++) {
    x[i] = 0.5f + 0.5f * x[i] < (float)round / (ROUNDS - 1) ? 1.0f : 0.0f;
    set += i % PRE < n_pre && x[i] != 0.0f;
  }
  return set;
}

static void check(const hd__kernel *kernel) {
  fill(W, PRE * N, 1000);
  fill(g, SLICES * N, 1001);
  fill(scale, SLICES, 1002);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n_pre = any(1, round, 1, PRE), n = HD_LANES * any(2, round, 1, N / HD_LANES);
    const int words = (n_pre + 63) / 64 + (round % 2 ? WORDS - 4 : 0),
              set = fill_spikes(n_pre, round);
    memset(bits, 0xAA, sizeof bits);
    CHECK(kernel->pack(SLICES, n_pre, x, PRE, bits, words) == set);
    for (int s = 0; s < SLICES; s++) {
      for (int i = 0; i < 64 * words; i++) {
        const bool is_set = bits[s * words + i / 64] >> (i % 64) & 1;
        CHECK(is_set == (i < n_pre && x[s * PRE + i] != 0.0f));
      }
    }
    kernel->rows_events(SLICES, n_pre, n, W, bits, words, drive);
    kernel->rows_drive(SLICES, n_pre, n, W, x, PRE, want_drive);
    CHECK(memcmp(drive, want_drive, sizeof drive) == 0);
    fill(E, PRE * N, round);
    memcpy(want_E, E, sizeof E);
    kernel->outer_events(SLICES, n_pre, n, scale, bits, words, g, N, E);
    kernel->outer_batch(SLICES, n_pre, n, scale, x, PRE, g, N, want_E);
    CHECK(memcmp(E, want_E, sizeof E) == 0);
  }
}

static void check_odd(const hd__kernel *kernel) {
  for (int n = 1; n < 80; n++) {
    fill_spikes(PRE, ROUNDS / 2);
    x[PRE + n] = 0.5f; /* one behind the end does not count */
    CHECK(kernel->pack(2, n, x, PRE, bits, WORDS) >= 0);
    const float odd[] = {0.5f, -1.0f, NAN, 1e-40f};
    x[PRE + n - 1] = odd[n % 4];
    CHECK(kernel->pack(2, n, x, PRE, bits, WORDS) == -1);
    x[PRE + n - 1] = -0.0f; /* nothing, like 0 */
    CHECK(kernel->pack(2, n, x, PRE, bits, WORDS) >= 0);
  }
}

static void events_are_dense_products(void) { each_isa(check); }
static void other_numbers_than_one_are_noticed(void) { each_isa(check_odd); }

int main(void) {
  RUN(events_are_dense_products);
  RUN(other_numbers_than_one_are_noticed);
  return test_end();
}
