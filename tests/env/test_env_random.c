#include <stdlib.h>

#include "env_random.h"
#include "test.h"

static size_t take(FILE *file, void *to, size_t size) { return fread(to, 1, size, file); }

/* Doubles and bounded integers of numpy, interleaved, recorded by tools/record_gymnasium.py. */
static void gymnasium_stream_is_numpys(void) {
  FILE *file = fopen(HD_TEST_DATA "/gymnasium/numpy.bin", "rb");
  CHECK(file != NULL);
  if (file == NULL) {
    return;
  }
  int32_t n_seeds = 0;
  take(file, &n_seeds, sizeof n_seeds);
  CHECK(n_seeds >= 9);
  int wrong = 0, draws = 0;
  for (int i = 0; i < n_seeds; i++) {
    uint64_t seed;
    int32_t n_draws;
    take(file, &seed, sizeof seed);
    take(file, &n_draws, sizeof n_draws);
    hd_random random;
    hd__random_start(&random, HD_RNG_GYMNASIUM, seed, 0);
    for (int j = 0; j < n_draws; j++, draws++) {
      uint32_t n;
      double want = -1;
      take(file, &n, sizeof n);
      CHECK(take(file, &want, sizeof want) == sizeof want);
      const double got = n == 0 ? hd_random_uniform(&random) : hd_random_below(&random, n);
      wrong += got != want;
    }
  }
  fclose(file);
  CHECK(draws == 3600);
  CHECK(wrong == 0);
}

/* Every fiftieth normal deviate of numpy, and each of the tail. Almost all are products and thus
 * exact; the tail and what is accepted late go through the platform's libm. */
static void gymnasium_normals_are_numpys(void) {
  FILE *file = fopen(HD_TEST_DATA "/gymnasium/normal.bin", "rb");
  CHECK(file != NULL);
  if (file == NULL) {
    return;
  }
  int32_t n_seeds = 0, tails = 0, wrong = 0;
  take(file, &n_seeds, sizeof n_seeds);
  CHECK(n_seeds == 5);
  for (int i = 0; i < n_seeds; i++) {
    uint64_t seed;
    int32_t n, at = 0;
    take(file, &seed, sizeof seed);
    take(file, &n, sizeof n);
    hd_random random;
    hd__random_start(&random, HD_RNG_GYMNASIUM, seed, 0);
    for (int j = 0; j < n; j++) {
      int32_t index = 0;
      double want = 0, got = 0;
      take(file, &index, sizeof index);
      CHECK(take(file, &want, sizeof want) == sizeof want);
      for (; at <= index; at++) {
        got = hd_random_normal(&random);
      }
      wrong += !(fabs(got - want) <= 1e-15 * fabs(want));
      tails += fabs(want) > 3.66;
    }
  }
  fclose(file);
  CHECK(wrong == 0);
  CHECK(tails >= 10);
}

/* Mean, variance and fourth moment of 100,000 draws, each within 4.5 standard errors. */
static void native_normals_are_normal(void) {
  enum { N = 100000 };
  hd_random random;
  hd__random_start(&random, HD_RNG_NATIVE, 3, 0);
  double mean = 0, square = 0, fourth = 0;
  for (int i = 0; i < N; i++) {
    const double x = hd_random_normal(&random);
    mean += x / N;
    square += x * x / N;
    fourth += x * x * x * x / N;
  }
  CHECK(random.drawn == N);
  CHECK_NEAR(mean, 0, 4.5 * sqrt(1. / N));
  CHECK_NEAR(square, 1, 4.5 * sqrt(2. / N));
  CHECK_NEAR(fourth, 3, 4.5 * sqrt(96. / N));
}

/* numpy.random.Generator(PCG64(SeedSequence(seed, spawn_key=(child,)))).random() */
static void further_environments_are_children_as_numpy_spawns_them(void) {
  static const struct {
    uint64_t seed, child;
    double first, second;
  } recorded[] = {
      {5, 3, 0x1.70bd7d4071dd2p-1, 0x1.63ab0be1abd0dp-1},
      {0, 1, 0x1.5ab98be352f88p-1, 0x1.f1a30952d2850p-3},
      {UINT64_MAX, 4095, 0x1.98eb1ab060c90p-3, 0x1.7609e483cfe0ep-2},
  };
  for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
    hd_random random;
    hd__random_start(&random, HD_RNG_GYMNASIUM, recorded[i].seed, recorded[i].child);
    CHECK(hd_random_uniform(&random) == recorded[i].first);
    CHECK(hd_random_uniform(&random) == recorded[i].second);
  }
}

static int by_value(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Streams of neighbouring seeds, and of seeds at both ends, share none of their first words: 54
 * bits of 64 x 8 x 8 words meet by chance once in a billion. */
static void streams_of_different_seeds_do_not_meet(void) {
  enum { SEEDS = 64, ENVS = 8, WORDS = 8, N = SEEDS * ENVS * WORDS };
  static uint64_t word[N];
  for (int kind = HD_RNG_NATIVE; kind <= HD_RNG_GYMNASIUM; kind++) {
    int n = 0;
    for (int i = 0; i < SEEDS * ENVS; i++) {
      const uint64_t s = (uint64_t)(i / ENVS), seed = s < SEEDS / 2 ? s : UINT64_MAX - (SEEDS - s);
      hd_random random;
      hd__random_start(&random, (hd_rng_kind)kind, seed, (uint64_t)(i % ENVS));
      for (int k = 0; k < WORDS; k++) {
        word[n++] = (uint64_t)(hd_random_uniform(&random) * 0x1p53);
      }
    }
    qsort(word, N, sizeof *word, by_value);
    for (int i = 1; i < N; i++) {
      CHECK(word[i - 1] != word[i]);
    }
  }
}

static void native_draws_are_a_function_of_their_position(void) {
  hd_random a, b;
  hd__random_start(&a, HD_RNG_NATIVE, 5, 3);
  const uint64_t far = (1u << 20) + 7;
  a.drawn = far;
  const hd__key key = hd__key_make(5, HD_STREAM_ENV, 3, 1);
  CHECK(hd_random_uniform(&a) == hd__uniform53(key, 7));
  CHECK(a.drawn == far + 1);
  hd__random_start(&b, HD_RNG_NATIVE, 5, 4);
  b.drawn = far;
  CHECK(hd_random_uniform(&b) != hd__uniform53(key, 7));
}

/* Chi-square over 13 cells of 130,000 draws; 12 degrees of freedom exceed 32.9 once in a thousand
 * seeds. */
static void below_is_even(void) {
  for (int kind = HD_RNG_NATIVE; kind <= HD_RNG_GYMNASIUM; kind++) {
    hd_random random;
    hd__random_start(&random, (hd_rng_kind)kind, 11, 0);
    int count[13] = {0};
    for (int i = 0; i < 130000; i++) {
      count[hd_random_below(&random, 13)]++;
    }
    double chi = 0;
    for (int i = 0; i < 13; i++) {
      chi += (count[i] - 1e4) * (count[i] - 1e4) / 1e4;
    }
    CHECK(chi < 32.9);
    CHECK(hd_random_below(&random, 1) == 0);
  }
}

int main(void) {
  RUN(gymnasium_stream_is_numpys);
  RUN(gymnasium_normals_are_numpys);
  RUN(native_normals_are_normal);
  RUN(further_environments_are_children_as_numpy_spawns_them);
  RUN(streams_of_different_seeds_do_not_meet);
  RUN(native_draws_are_a_function_of_their_position);
  RUN(below_is_even);
  return test_end();
}
