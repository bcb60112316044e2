/* What every kernel costs: nanoseconds a call for each instruction set this processor has, medians
 * of interleaved repeats, thread CPU time.
 *
 *   bench_kernels [SUBSTRING]    all, or those whose name has it */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"
#include "kernel.h"
#include "timing.h"

enum { B = 4, N = 64, X = 80, T = 4, SLICES = 32, PHI = 256, REPEATS = 15, SIZE = 1 << 16 };

/* Arrays every case may use; contents are uniform in (0,1) unless a case says otherwise. */
static _Alignas(64) float a[SIZE], b[SIZE], c[SIZE], d[SIZE], e[SIZE];
static hd__key keys[B];
static uint32_t step;

static void fill(float *x, uint32_t stream) {
  for (uint32_t i = 0; i < SIZE; i++) {
    x[i] = hd__uniform24(hd__key_make(1, stream, 0, 0), i);
  }
}

static void do_noise(const hd__kernel *k) { k->noise(T * N, keys[0], 2 * step++, c); }
static void do_spikes_one(const hd__kernel *k) {
  for (int r = 0; r < B; r++) {
    k->spikes_batch(1, N, T, keys + r, 2 * step++, a + r * N, NULL, c + r * N);
  }
}
static void do_spikes_batch(const hd__kernel *k) {
  k->spikes_batch(B, N, T, keys, 2 * step++, a, NULL, c);
}
static void do_spikes_kept(const hd__kernel *k) {
  k->spikes_batch(B, N, T, keys, 2 * step++, a, d, c);
}
static void do_sigmoid(const hd__kernel *k) {
  memcpy(c, a, sizeof(float) * PHI);
  k->sigmoid(PHI, c);
}
static void do_softmax(const hd__kernel *k) { k->softmax(B, 2, 16, 1.0f, a, c); }
static void do_log_softmax(const hd__kernel *k) { k->log_softmax(1, 2, 16, a, c, d); }
static void do_rows_drive(const hd__kernel *k) { k->rows_drive(B, 5, N, a, b, 16, c); }
static void do_cols_drive(const hd__kernel *k) {
  for (int r = 0; r < B; r++) {
    k->cols_drive(2, X, a, b + r * X, c + 2 * r);
  }
}
static void do_heads(const hd__kernel *k) { k->heads(B, 2, X, a, b, X, c, 2); }
static void do_dot(const hd__kernel *k) {
  for (int r = 0; r < B; r++) {
    c[r] = k->dot(PHI, a, b + r * PHI);
  }
}
static void do_rows_dot(const hd__kernel *k) { k->rows_dot(B, PHI, a, b, PHI, c); }
static void do_outer_one(const hd__kernel *k) {
  for (int s = 0; s < SLICES; s++) {
    k->outer_batch(1, 5, N, a + s, b + 16 * s, 16, d + N * s, N, c);
  }
}
static void do_outer_batch(const hd__kernel *k) { k->outer_batch(SLICES, 5, N, a, b, 16, d, N, c); }
static void do_outer_square(const hd__kernel *k) { k->outer_batch(SLICES, N, N, a, b, N, d, N, c); }
static void do_outer_large(const hd__kernel *k) {
  k->outer_batch(SLICES, 256, 256, a, b, 256, d, 256, e);
}
static void do_axpys(const hd__kernel *k) {
  for (int s = 0; s < SLICES; s++) {
    k->axpy(PHI, a[s], b + PHI * s, c);
  }
}
static void do_sum_scaled(const hd__kernel *k) { k->sum_scaled(SLICES, PHI, a, b, PHI, c); }
static void do_td_apart(const hd__kernel *k) {
  k->scale(1296, 0.5f, c);
  k->axpy(1296, 1.0f, a, c);
  k->axpy(1296, 1e-6f, c, d);
  e[0] = k->dot(1296, d, b);
}
static void do_td(const hd__kernel *k) { e[0] = k->td(1296, 0.5f, 1e-6f, a, b, c, d); }
static void do_fourier_3(const hd__kernel *k) { k->fourier(B, 3, 4, a, b, c, 256); }
static void do_fourier_5(const hd__kernel *k) { k->fourier(B, 5, 4, a, b, c, 1296); }
static void do_fourier_one(const hd__kernel *k) { k->fourier(1, 3, 4, a, b, c, 256); }
static void do_adam(const hd__kernel *k) {
  k->adam(1024, 1e-6f, 1.7f, 0.9f, 0.99f, 1e-5f, a, b, d, c);
}
static void do_rmsprop(const hd__kernel *k) {
  k->rmsprop(1024, 1e-6f, 1.7f, 0.99f, 1e-5f, a, d, c);
}

/* Synapses of SOURCES sources onto N targets: c, xbar and two arrays more. */
enum { SOURCES = 69 };

static void see_synapses(hd_synapses *s, hd__filter *f) {
  *s = (hd_synapses){.n_pre = SOURCES,
                     .n_post = N,
                     .stride = N,
                     .x = a,
                     .b = b,
                     .keep = 0.5f,
                     .share = 0.1f,
                     .e = e,
                     .lane = d + SIZE / 2};
  *f = (hd__filter){d, d + N, d + 2 * N, c};
}

static void do_filter(const hd__kernel *k) {
  hd_synapses s;
  hd__filter f;
  see_synapses(&s, &f);
  k->synapses->filter(&s, &f, 0.5f, e);
}

static void do_tire(const hd__kernel *k) {
  hd_synapses s;
  hd__filter f;
  see_synapses(&s, &f);
  k->synapses->tire(&s, &f, c + SIZE / 2, e);
}

static const struct {
  const char *name, *what;
  void (*run)(const hd__kernel *kernel);
} cases[] = {
    {"noise", "256 draws", do_noise},
    {"spikes_batch, one", "4 x 64 neurons, 4 substeps, one row a call", do_spikes_one},
    {"spikes_batch", "the same, all rows", do_spikes_batch},
    {"spikes_batch, kept", "the same, spikes written", do_spikes_kept},
    {"sigmoid", "256 (and a copy)", do_sigmoid},
    {"softmax", "4 x 2", do_softmax},
    {"log_softmax", "1 x 2", do_log_softmax},
    {"rows_drive", "4 slices, 5 x 64", do_rows_drive},
    {"cols_drive", "4 x 2 sums of 80, one row a call", do_cols_drive},
    {"heads", "the same, all rows", do_heads},
    {"dot", "4 sums of 256, one a call", do_dot},
    {"rows_dot", "the same, all rows", do_rows_dot},
    {"outer_batch, one", "32 slices, 5 x 64, one a call", do_outer_one},
    {"outer_batch", "the same, all slices", do_outer_batch},
    {"outer_batch, 64", "32 slices, 64 x 64", do_outer_square},
    {"outer_batch, 256", "32 slices, 256 x 256", do_outer_large},
    {"axpy", "32 slices of 256, one a call", do_axpys},
    {"sum_scaled", "the same, all slices", do_sum_scaled},
    {"scale, axpy, axpy, dot", "1296: TD(lambda) in four passes", do_td_apart},
    {"td", "the same in one", do_td},
    {"fourier", "256 features of 4 observations", do_fourier_3},
    {"fourier, one", "256 features of 1 observation", do_fourier_one},
    {"fourier, 1296", "1296 features of 4 observations", do_fourier_5},
    {"adam", "1024", do_adam},
    {"rmsprop", "1024", do_rmsprop},
    {"filter", "69 x 64 synapses, an eligibility of each", do_filter},
    {"tire", "the same of neurons that tire", do_tire},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static double ns_per_call(int i, const hd__kernel *kernel, int calls) {
  const double start = now_ns();
  for (int n = 0; n < calls; n++) {
    cases[i].run(kernel);
  }
  return (now_ns() - start) / calls;
}

/* Medians of the repeats of one case, all instruction sets taking turns. */
static void measure(int i) {
  static double ns[HD_ISA_COUNT][REPEATS];
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
      if (hd__isa_choose(hd__isa_name(isa)) == isa) {
        const hd__kernel *kernel = hd__kernel_for(isa);
        const double once = ns_per_call(i, kernel, 20);
        ns[isa][repeat] = ns_per_call(i, kernel, 20 + (int)(3e5 / once));
      }
    }
  }
  printf("| %s | %s |", cases[i].name, cases[i].what);
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    if (hd__isa_choose(hd__isa_name(isa)) == isa) {
      qsort(ns[isa], REPEATS, sizeof(double), is_less);
      printf(" %.1f |", ns[isa][REPEATS / 2]);
    }
  }
  printf("\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  fill(a, 1);
  fill(b, 2);
  fill(c, 3);
  fill(d, 4);
  fill(e, 5);
  for (int r = 0; r < B; r++) {
    keys[r] = hd__key_make(1, HD_STREAM_SPIKE, (uint64_t)r, 0);
  }
  printf("| kernel | work of a call |");
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    if (hd__isa_choose(hd__isa_name(isa)) == isa) {
      printf(" %s |", hd__isa_name(isa));
    }
  }
  printf("\n|---|---|");
  for (int isa = 0; isa < HD_ISA_COUNT; isa++) {
    printf("%s", hd__isa_choose(hd__isa_name(isa)) == isa ? "--:|" : "");
  }
  printf("\n");
  for (int i = 0; i < CASES; i++) {
    if (argc < 2 || strstr(cases[i].name, argv[1]) != NULL) {
      measure(i);
    }
  }
  return 0;
}
