#include "random.h"
#include "test.h"

static void uniforms_stay_inside_the_open_interval(void) {
  const hd__key key = hd__key_make(7, HD_STREAM_SPIKE, 0, 0);
  double sum16 = 0, sum24 = 0;
  for (uint32_t i = 0; i < 100000; i++) {
    const float u = hd__uniform16(key, i), v = hd__uniform24(key, i);
    CHECK(u > 0 && u < 1 && v > 0 && v < 1);
    sum16 += (double)u;
    sum24 += (double)v;
  }
  CHECK_NEAR(sum16 / 1e5, 0.5, 4 * 0.2887 / sqrt(1e5));
  CHECK_NEAR(sum24 / 1e5, 0.5, 4 * 0.2887 / sqrt(1e5));
}

/* All of them, through an index drawn as well. */
static void no_uniform_reaches_an_end(void) {
  int n_out = 0, n_fallen = 0;
  float last = 0;
  for (uint32_t k = 0; k < 1u << 24; k++) {
    const float u = hd__centred24(k << 8);
    n_out += !(u > 0 && u < 1) || (int)(u * 3.0f) > 2 || (int)(u * 18.0f) > 17;
    n_fallen += u < last;
    last = u;
  }
  CHECK(n_out == 0 && n_fallen == 0);
}

static void neighbours_do_not_correlate(void) {
  double sum = 0;
  const int n = 100000;
  for (int i = 0; i < n; i++) {
    const hd__key a = hd__key_make(1, HD_STREAM_SPIKE, 0, (uint64_t)i);
    const hd__key b = hd__key_make(1, HD_STREAM_SPIKE, 0, (uint64_t)i + 1);
    sum += ((double)hd__uniform24(a, 0) - 0.5) * ((double)hd__uniform24(b, 0) - 0.5);
  }
  CHECK_NEAR(sum / n * 12, 0, 4 / sqrt(n));
}

int main(void) {
  RUN(uniforms_stay_inside_the_open_interval);
  RUN(no_uniform_reaches_an_end);
  RUN(neighbours_do_not_correlate);
  return test_end();
}
