#include "cosine_basis.h"
#include "test.h"

static const double pi = 3.14159265358979323846;

static void functions_are_the_published_formula(void) {
  enum { K = 40, NB = 5 };
  float basis[NB * K];
  hd__cosine_basis(NB, K, basis);
  const double spacing = log(K) / (NB - 1);
  for (int j = 0; j < NB; j++) {
    double value[K], sum = 0;
    for (int t = 0; t < K; t++) {
      const double phase = (log(t + 1) - j * spacing) * pi / (2 * spacing);
      value[t] = 0.5 * (1 + cos(fmin(fmax(phase, -pi), pi)));
      sum += value[t];
    }
    for (int t = 0; t < K; t++) {
      CHECK_NEAR(basis[j * K + t], value[t] / sum, 1e-6);
    }
  }
}

static void peaks_move_from_the_first_tap_to_the_last(void) {
  enum { K = 16, NB = 4 };
  float basis[NB * K];
  hd__cosine_basis(NB, K, basis);
  int last_peak = -1;
  for (int j = 0; j < NB; j++) {
    double sum = 0;
    int peak = 0;
    for (int t = 0; t < K; t++) {
      const float value = basis[j * K + t];
      CHECK(value >= 0);
      sum += (double)value;
      peak = value > basis[j * K + peak] ? t : peak;
    }
    CHECK_NEAR(sum, 1, 1e-6);
    CHECK(peak > last_peak);
    last_peak = peak;
  }
  CHECK(last_peak == K - 1 && basis[0] > basis[1]);
}

static void small_bases_are_legal(void) {
  float one[1], falling[4], full[9];
  hd__cosine_basis(1, 1, one);
  CHECK_NEAR(one[0], 1, 1e-7);
  hd__cosine_basis(1, 4, falling);
  for (int t = 1; t < 4; t++) {
    CHECK(falling[t] < falling[t - 1] && falling[t] > 0);
  }
  /* As many functions as taps still span all kernels: the matrix is regular. */
  hd__cosine_basis(3, 3, full);
  const double a = full[0], b = full[1], c = full[2], d = full[3], e = full[4], f = full[5],
               g = full[6], h = full[7], i = full[8];
  CHECK(fabs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) > 1e-2);
}

int main(void) {
  RUN(functions_are_the_published_formula);
  RUN(peaks_move_from_the_first_tap_to_the_last);
  RUN(small_bases_are_legal);
  return test_end();
}
