/* Where touching only the rows of set bits pays: nanoseconds a slice of N inputs and N targets,
 * dense and by events, for the best instruction set here or the one named. Every slice has a
 * pattern of its own, four thousand of them, since a repeated one teaches the branch predictor;
 * medians of interleaved repeats, thread CPU time.
 *
 *   bench_events [ISA] */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>

#include "isa.h"
#include "kernel.h"
#include "timing.h"

enum { N_MAX = 512, PATTERNS = 4096, SLICES = 32, REPEATS = 9, WAYS = 5 };

static _Alignas(64) float W[N_MAX * N_MAX], x[PATTERNS * N_MAX], g[PATTERNS * N_MAX];
static _Alignas(64) float scale[PATTERNS], drive[SLICES * N_MAX];
static uint64_t bits[PATTERNS * N_MAX / 64];
static double ns[WAYS][REPEATS];

static void run(const hd__kernel *k, int way, int n) {
  const int words = n / 64;
  for (int s = 0; s < PATTERNS; s += SLICES) {
    const float *inputs = x + s * n, *factors = g + s * n;
    uint64_t *set = bits + s * words;
    switch (way) {
      case 0:
        k->rows_drive(SLICES, n, n, W, inputs, n, drive);
        break;
      case 1:
        k->rows_events(SLICES, n, n, W, set, words, drive);
        break;
      case 2:
        k->outer_batch(SLICES, n, n, scale + s, inputs, n, factors, n, W);
        break;
      case 3:
        k->outer_events(SLICES, n, n, scale + s, set, words, factors, n, W);
        break;
      default:
        k->pack(SLICES, n, inputs, n, set, words);
    }
  }
}

static void measure(const hd__kernel *kernel, int n, int percent) {
  const hd__key key = hd__key_make(1, HD_STREAM_SPIKE, (uint64_t)percent, (uint64_t)n);
  for (uint32_t i = 0; i < (uint32_t)(PATTERNS * n); i++) {
    x[i] = hd__uniform24(key, i) < 0.01f * (float)percent ? 1.0f : 0.0f;
  }
  kernel->pack(PATTERNS, n, x, n, bits, n / 64);
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    for (int way = 0; way < WAYS; way++) {
      run(kernel, way, n);
      const double start = now_ns();
      run(kernel, way, n);
      ns[way][repeat] = (now_ns() - start) / PATTERNS;
    }
  }
  printf("| %d | %d |", n, percent);
  for (int way = 0; way < WAYS; way++) {
    qsort(ns[way], REPEATS, sizeof(double), is_less);
    printf(" %.0f |", ns[way][REPEATS / 2]);
  }
  printf(" %.1f | %.1f |\n", ns[0][REPEATS / 2] / ns[1][REPEATS / 2],
         ns[2][REPEATS / 2] / ns[3][REPEATS / 2]);
}

int main(int argc, char **argv) {
  const int isa = hd__isa_choose(argc > 1 ? argv[1] : NULL);
  if (isa < 0) {
    fprintf(stderr, "bench_events: no such instruction set here\n");
    return 2;
  }
  for (int i = 0; i < N_MAX * N_MAX; i++) {
    W[i] = g[i] = hd__uniform24(hd__key_make(1, 1, 0, 0), (uint32_t)i);
  }
  for (int i = 0; i < PATTERNS; i++) {
    scale[i] = 1e-6f;
  }
  printf(
      "%s\n\n| N | %% set | rows_drive | rows_events | outer_batch | outer_events | pack | drive, "
      "gain | outer, gain |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
      hd__isa_name(isa));
  static const int sizes[] = {64, 128, 256, 512}, percents[] = {2, 5, 10, 20, 50, 90};
  for (int i = 0; i < 4; i++) {
    for (int k = 0; k < 6; k++) {
      measure(hd__kernel_for(isa), sizes[i], percents[k]);
    }
  }
  return 0;
}
