/* Counting spikes over weights that are there or not, against the dense loops, to the bit. */
#include "boolean.h"
#include "kernels.h"

enum { ROUNDS = 80, SLICES = 5, PRE = 600, N = 320, WORDS = (PRE + 63) / 64 };
enum { BYTES = 16 * WORDS * N };

static _Alignas(64) float W[PRE * N], x[SLICES * PRE], drive[SLICES * N], wanted[SLICES * N];
static _Alignas(64) uint8_t plus[BYTES], minus[BYTES];
static uint64_t bits[SLICES * WORDS];

/* Weights of which `there` percent are there, half of them negative. */
static void fill_weights(int n, float size, int there, uint32_t round) {
  fill(W, n, 100 + round);
  for (int i = 0; i < n; i++) {
    const float distance = W[i] < 0.0f ? -W[i] : W[i];
    W[i] = distance >= 0.01f * (float)there ? 0.0f : W[i] < 0.0f ? -size : size;
  }
  W[0] = size;
}

static void fill_spikes(int percent, uint32_t round) {
  fill(x, SLICES * PRE, round);
  for (int i = 0; i < SLICES * PRE; i++) {
    x[i] = x[i] < 0.02f * (float)percent - 1.0f ? 1.0f : 0.0f;
  }
}

static void check_same(const hd__kernel *kernel, int n_pre, int n) {
  const int words = (n_pre + 63) / 64;
  hd__boolean packed;
  CHECK(hd__boolean_pack(n_pre, n, W, plus, minus, &packed));
  CHECK(kernel->pack(SLICES, n_pre, x, PRE, bits, words) >= 0);
  memset(drive, 0xFF, sizeof drive);
  kernel->bits_drive(SLICES, n, &packed, bits, words, drive);
  kernel->rows_drive(SLICES, n_pre, n, W, x, PRE, wanted);
  CHECK(memcmp(drive, wanted, sizeof(float) * (size_t)(SLICES * n)) == 0);
}

static void check_any(const hd__kernel *kernel) {
  static const float sizes[] = {1.0f, 0.25f, 0.7109375f, 3.0f};
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const int n_pre = any(1, round, 1, PRE), n = HD_LANES * any(2, round, 1, N / HD_LANES);
    fill_weights(n_pre * n, sizes[round % 4], any(3, round, 0, 100), round);
    fill_spikes(any(4, round, 0, 100), round);
    check_same(kernel, n_pre, n);
  }
}

/* All there, of one sign, and every source spikes: no count may run over. */
static void check_full(const hd__kernel *kernel) {
  for (int sign = -1; sign <= 1; sign += 2) {
    for (int i = 0; i < PRE * N; i++) {
      W[i] = (float)sign;
    }
    fill_spikes(100, 0);
    check_same(kernel, PRE, N);
    CHECK(drive[0] == (float)(sign * PRE));
  }
}

static void counts_are_dense_products(void) { each_isa(check_any); }
static void counts_do_not_run_over(void) { each_isa(check_full); }

static void other_weights_are_refused(void) {
  hd__boolean packed;
  fill_weights(20 * 16, 0.5f, 50, 0);
  CHECK(hd__boolean_pack(20, 16, W, plus, minus, &packed));
  W[319] = 0.25f; /* a second size */
  CHECK(!hd__boolean_pack(20, 16, W, plus, minus, &packed));
  fill_weights(20 * 16, 0.3f, 50, 0); /* 24 bits, 20 of which are not exact */
  CHECK(!hd__boolean_pack(20, 16, W, plus, minus, &packed));
  fill_weights(20 * 16, NAN, 50, 0);
  CHECK(!hd__boolean_pack(20, 16, W, plus, minus, &packed));
  memset(W, 0, sizeof W);
  CHECK(!hd__boolean_pack(20, 16, W, plus, minus, &packed));
}

int main(void) {
  RUN(counts_are_dense_products);
  RUN(counts_do_not_run_over);
  RUN(other_weights_are_refused);
  return test_end();
}
