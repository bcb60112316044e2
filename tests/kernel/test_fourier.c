/* Fourier features against cosines in double, and every instruction set against the scalar one. */
#include "kernels.h"

enum { ROWS = 3, STRIDE = HD_FOURIER_MAX };

static _Alignas(64) float x[ROWS * STRIDE], scalar[ROWS * STRIDE], root[STRIDE], unit[ROWS * 12];

static const struct {
  int order, dims;
} sizes[] = {{1, 1}, {3, 1}, {17, 1}, {4095, 1}, {1, 2}, {5, 2}, {63, 2}, {2, 3},  {5, 3}, {15, 3},
             {1, 4}, {3, 4}, {5, 4},  {7, 4},    {4, 5}, {3, 6}, {2, 7},  {1, 12}, {0, 3}};

/* Features number 0 .. n of row r, and how far off the worst is. */
static double worst(int r, int order, int dims, int n) {
  double max = 0;
  for (int k = 0; k < n; k++) {
    double turns = 0;
    for (int d = dims - 1, rest = k; d >= 0; d--, rest /= order + 1) {
      turns += (double)(rest % (order + 1)) * (double)unit[r * dims + d];
    }
    const double want = (double)root[k] * cos(3.14159265358979323846 * turns);
    max = fmax(max, fabs((double)x[r * STRIDE + k] - want));
  }
  return max;
}

static void check(const hd__kernel *kernel) {
  double max = 0;
  for (uint32_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
    const int order = sizes[size].order, dims = sizes[size].dims;
    for (uint32_t round = 0; round < 8; round++) {
      const int B = any(1, round, 1, ROWS);
      int n = 1;
      for (int d = 0; d < dims; d++) {
        n *= order + 1;
      }
      fill(unit, ROWS * 12, round);
      fill(root, STRIDE, 100 + round);
      for (int i = 0; i < ROWS * 12; i++) {
        unit[i] = round == 0 ? (float)(i % 2) : 0.5f + 0.5f * unit[i]; /* 0 and 1 as well */
      }
      for (int k = 0; k < STRIDE && round % 2; k++) {
        root[k] = 1.0f;
      }
      fill(x, ROWS * STRIDE, 7);
      fill(scalar, ROWS * STRIDE, 7);
      kernel->fourier(B, order, dims, unit, round % 2 ? NULL : root, x, STRIDE);
      hd__kernel_for(HD_ISA_SCALAR)
          ->fourier(B, order, dims, unit, round % 2 ? NULL : root, scalar, STRIDE);
      CHECK(memcmp(x, scalar, sizeof x) == 0);
      for (int r = 0; r < B; r++) {
        max = fmax(max, worst(r, order, dims, n));
        CHECK(x[r * STRIDE] == root[0]);
        for (int k = n; k < HD_PAD(n); k++) {
          CHECK(x[r * STRIDE + k] == 0.0f);
        }
      }
      fill(scalar, ROWS * STRIDE, 7); /* nothing else is written */
      for (int r = 0; r < ROWS; r++) {
        const int end = r < B ? HD_PAD(n) : 0;
        CHECK(memcmp(x + r * STRIDE + end, scalar + r * STRIDE + end,
                     sizeof(float) * (size_t)(STRIDE - end)) == 0);
      }
    }
  }
  printf("  error %.2g\n", max);
  CHECK(max < 1e-6);
}

static void features_are_cosines(void) { each_isa(check); }

int main(void) {
  RUN(features_are_cosines);
  return test_end();
}
