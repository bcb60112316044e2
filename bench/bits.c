/* What reading weights as bits gains: nanoseconds of a substep of N inputs and N targets by dense
 * products, by events and by counting bits, on the same weights, of which half are there. Every
 * slice has a pattern of its own; medians of interleaved repeats, thread CPU time.
 *
 *   bench_bits [ISA] */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>

#include "boolean.h"
#include "isa.h"
#include "timing.h"

enum { N_MAX = 1024, PATTERNS = 1024, SLICES = 32, REPEATS = 9, WAYS = 4 };

static _Alignas(64) float W[N_MAX * N_MAX], x[PATTERNS * N_MAX], drive[SLICES * N_MAX];
static _Alignas(64) uint8_t plus[N_MAX * N_MAX / 4], minus[N_MAX * N_MAX / 4];
static uint64_t bits[PATTERNS * N_MAX / 64];
static hd__boolean packed;
static double ns[WAYS][REPEATS];

static void run(const hd__kernel *k, int way, int n) {
  const int words = n / 64;
  for (int s = 0; s < PATTERNS; s += SLICES) {
    uint64_t *set = bits + s * words;
    switch (way) {
      case 0:
        k->rows_drive(SLICES, n, n, W, x + s * n, n, drive);
        break;
      case 1:
        k->rows_events(SLICES, n, n, W, set, words, drive);
        break;
      case 2:
        k->bits_drive(SLICES, n, &packed, set, words, drive);
        break;
      default:
        k->pack(SLICES, n, x + s * n, n, set, words);
    }
  }
}

static void measure(const hd__kernel *kernel, int n, int percent) {
  const hd__key key = hd__key_make(1, HD_STREAM_SPIKE, (uint64_t)percent, (uint64_t)n);
  for (uint32_t i = 0; i < (uint32_t)(PATTERNS * n); i++) {
    x[i] = hd__uniform24(key, i) < 0.01f * (float)percent ? 1.0f : 0.0f;
  }
  kernel->pack(PATTERNS, n, x, n, bits, n / 64);
  hd__boolean_pack(n, n, W, plus, minus, &packed);
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    for (int way = 0; way < WAYS; way++) {
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
  const double bits_whole = ns[2][REPEATS / 2] + ns[3][REPEATS / 2];
  printf(" %.1f | %.1f | %.1f |\n", ns[0][REPEATS / 2] / ns[2][REPEATS / 2],
         ns[0][REPEATS / 2] / bits_whole, ns[1][REPEATS / 2] / ns[2][REPEATS / 2]);
}

int main(int argc, char **argv) {
  const int isa = hd__isa_choose(argc > 1 ? argv[1] : NULL);
  if (isa < 0) {
    fprintf(stderr, "bench_bits: no such instruction set here\n");
    return 2;
  }
  for (uint32_t i = 0; i < N_MAX * N_MAX; i++) {
    const uint32_t word = hd__word(hd__key_make(1, 1, 0, 0), i);
    W[i] = word >> 31 ? 0.0f : word >> 30 ? 1.0f : -1.0f;
  }
  printf(
      "%s\n\n| N | %% set | rows_drive | rows_events | bits_drive | pack | dense / bits | dense / "
      "(bits + pack) | events / bits |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
      hd__isa_name(isa));
  static const int sizes[] = {64, 128, 256, 512, 1024}, percents[] = {5, 20, 50, 90};
  for (int i = 0; i < 5; i++) {
    for (int k = 0; k < 4; k++) {
      measure(hd__kernel_for(isa), sizes[i], percents[k]);
    }
  }
  return 0;
}
