/* Every loop: the scalar table against plain sums in double, the other tables against the scalar
 * one to the bit. */
#include "isa.h"
#include "kernel.h"
#include "normal.h"
#include "relaxed.h"
#include "test.h"

enum { N = 80, N_PRE = 13, N_SLICES = 6, N_POST = 5, X_STRIDE = 32, ROWS = 40 };

/* One set of inputs, and everything the kernels write. */
typedef struct bench {
  _Alignas(64) float W[ROWS * N], x[N_SLICES * N], g[N_SLICES * N], p[N], noise[N], live[N];
  int32_t line[7];
  _Alignas(64) float drive[N_SLICES * N], lines[N], back[N], outer[N_PRE * N], cols[N_POST],
      cols_back[N];
  _Alignas(64) float y[N], scaled[N], drawn[N], noise_out[N + 16], normals[N], spikes[4 * N],
      mean[N];
  _Alignas(64) float values[N], relaxed[N], factor[N], masked[N], sigmoid[N], m[N], v[N], adam[N],
      r[N], rms[N];
  float dot;
} bench;

static float random_at(uint32_t array, uint32_t i) {
  return 2.0f * hd__uniform24(hd__key_make(3, HD_STREAM_INIT, array, 0), i) - 1.0f;
}

static void fill(float *x, int n, uint32_t array) {
  for (int i = 0; i < n; i++) {
    x[i] = random_at(array, (uint32_t)i);
  }
}

static void prepare(bench *k) {
  memset(k, 0, sizeof *k);
  fill(k->W, ROWS * N, 1);
  fill(k->x, N_SLICES * N, 2);
  fill(k->g, N_SLICES * N, 3);
  fill(k->p, N, 4);
  fill(k->noise, N, 5);
  fill(k->outer, N_PRE * N, 6);
  fill(k->cols_back, N, 7);
  fill(k->y, N, 8);
  fill(k->scaled, N, 9);
  fill(k->sigmoid, N, 10);
  fill(k->m, N, 11);
  fill(k->v, N, 12);
  fill(k->r, N, 13);
  fill(k->adam, N, 14);
  fill(k->rms, N, 15);
  for (int i = 0; i < N; i++) {
    k->p[i] = 0.5f + 0.5f * k->p[i];
    k->noise[i] = 0.5f + 0.5f * k->noise[i];
    k->live[i] = i % 7 == 3 ? 0.0f : 1.0f;
    k->v[i] *= k->v[i];
    k->r[i] *= k->r[i];
    k->sigmoid[i] *= 12.0f;
    k->x[i] = i % 3 == 0 ? 0.0f : k->x[i]; /* silence among the inputs */
  }
  for (int i = 0; i < 7; i++) {
    k->line[i] = (i * 11) % ROWS;
  }
}

static const float ALPHA = 0.01f, C2 = 1.7f, BETA1 = 0.9f, BETA2 = 0.99f, EPSILON = 1e-5f;
static const float TAU = 0.7f;

static hd__key noise_key(void) { return hd__key_make(9, HD_STREAM_SPIKE, 1, 2); }

static void run(const hd__kernel *kernel, bench *k) {
  prepare(k);
  kernel->rows_drive(N_SLICES, N_PRE, N, k->W, k->x, X_STRIDE, k->drive);
  kernel->rows_lines(7, N, k->line, k->W, k->lines);
  kernel->rows_back(N_PRE, N, k->W, k->g, k->back);
  float scale[N_SLICES];
  for (int s = 0; s < N_SLICES; s++) {
    scale[s] = 0.3f;
  }
  kernel->outer_batch(N_SLICES, N_PRE, N, scale, k->x, X_STRIDE, k->g, N, k->outer);
  kernel->cols_drive(N_POST, N, k->W, k->x, k->cols);
  kernel->cols_back(N_POST, N, k->W, k->g, k->cols_back);
  kernel->axpy(N, 0.7f, k->x, k->y);
  kernel->scale(N, -0.3f, k->scaled);
  kernel->draw(N, k->noise, k->p, k->drawn);
  kernel->noise(N + 16, noise_key(), 6, k->noise_out);
  kernel->normals(N, noise_key(), 7, k->normals);
  kernel->spikes_batch(1, N, 4, (hd__key[]){noise_key()}, 6, k->p, k->spikes, k->mean);
  kernel->spike_values(N, -1.0f, k->live, k->drawn, k->values);
  kernel->relaxed_values(N, -1.0f, TAU, k->live, k->p, k->noise, k->relaxed);
  kernel->relaxed_factor(N, 2.0f, TAU, k->x, k->p, k->noise, k->g, k->factor);
  kernel->masked(N, 2.0f, k->live, k->x, k->masked);
  kernel->sigmoid(N, k->sigmoid);
  kernel->adam(N, ALPHA, C2, BETA1, BETA2, EPSILON, k->x, k->m, k->v, k->adam);
  kernel->rmsprop(N, ALPHA, C2, BETA2, EPSILON, k->x, k->r, k->rms);
  k->dot = kernel->dot(N, k->x, k->g);
}

/* A sum of up to N + 1 products below 1 in single precision: each addition rounds by at most
 * 2^-24 of a partial sum, and partial sums stay below 30. */
static const double SUM = 81 * 30 * 6e-8;

static void sums_are_those_of_double(void) {
  static bench k, before;
  prepare(&before);
  run(hd__kernel_for(HD_ISA_SCALAR), &k);
  double dot = 0;
  for (int j = 0; j < N; j++) {
    double lines = 0;
    for (int s = 0; s < N_SLICES; s++) {
      double drive = 0;
      for (int i = 0; i < N_PRE; i++) {
        drive += (double)k.x[s * X_STRIDE + i] * (double)k.W[i * N + j];
      }
      CHECK_NEAR((double)k.drive[s * N + j], drive, SUM);
    }
    for (int i = 0; i < 7; i++) {
      lines += (double)k.W[k.line[i] * N + j];
    }
    double back = (double)before.cols_back[j];
    for (int o = 0; o < N_POST; o++) {
      back += (double)k.W[o * N + j] * (double)k.g[o];
    }
    CHECK_NEAR((double)k.lines[j], lines, SUM);
    CHECK_NEAR((double)k.cols_back[j], back, SUM);
    dot += (double)k.x[j] * (double)k.g[j];
  }
  CHECK_NEAR((double)k.dot, dot, SUM);
  for (int i = 0; i < N_PRE; i++) {
    double back = 0;
    for (int j = 0; j < N; j++) {
      back += (double)k.W[i * N + j] * (double)k.g[j];
      double E = (double)before.outer[i * N + j];
      for (int s = 0; s < N_SLICES; s++) {
        E += 0.3 * (double)k.x[s * X_STRIDE + i] * (double)k.g[s * N + j];
      }
      CHECK_NEAR((double)k.outer[i * N + j], E, SUM);
    }
    CHECK_NEAR((double)k.back[i], back, SUM);
  }
  for (int o = 0; o < N_POST; o++) {
    double out = 0;
    for (int j = 0; j < N; j++) {
      out += (double)k.W[o * N + j] * (double)k.x[j];
    }
    CHECK_NEAR((double)k.cols[o], out, SUM);
  }
}

static void elements_are_those_of_double(void) {
  static bench k, before;
  prepare(&before);
  run(hd__kernel_for(HD_ISA_SCALAR), &k);
  for (int j = 0; j < N; j++) {
    const double x = (double)k.x[j];
    CHECK_NEAR((double)k.y[j], (double)before.y[j] + 0.7 * x, 2e-7);
    CHECK_NEAR((double)k.scaled[j], -0.3 * (double)before.scaled[j], 1e-7);
    CHECK(k.drawn[j] == (k.noise[j] < k.p[j] ? 1.0f : 0.0f));
    CHECK(k.values[j] == (k.live[j] > 0 ? 2 * k.drawn[j] - 1 : 0.0f));
    const float y = hd__relaxed(k.p[j], k.noise[j], TAU);
    CHECK(k.relaxed[j] == (k.live[j] > 0 ? 2 * y - 1 : 0.0f));
    CHECK(k.factor[j] == k.x[j] * 2 * (y * (1 - y) / TAU) * k.g[j]);
    CHECK(k.masked[j] == (k.live[j] > 0 ? 2 * k.x[j] : 0.0f));
    CHECK_NEAR((double)k.sigmoid[j], 1 / (1 + exp(-(double)before.sigmoid[j])), 2e-7);
    const double m = 0.9 * (double)before.m[j] + 0.1 * x;
    const double v = 0.99 * (double)before.v[j] + 0.01 * x * x;
    const double r = 0.99 * (double)before.r[j] + 0.01 * x * x;
    CHECK_NEAR((double)k.m[j], m, 2e-7);
    CHECK_NEAR((double)k.v[j], v, 2e-7);
    CHECK_NEAR((double)k.r[j], r, 2e-7);
    /* The step is m / sqrt(v): the relative errors of m and v, each about 1e-6, add up. */
    const double adam = 0.01 * m / (sqrt(v * 1.7) + 1e-5), rms = 0.01 * x / (sqrt(r * 1.7) + 1e-5);
    CHECK_NEAR((double)k.adam[j], (double)before.adam[j] + adam, 2e-7 + 1e-5 * fabs(adam));
    CHECK_NEAR((double)k.rms[j], (double)before.rms[j] + rms, 2e-7 + 1e-5 * fabs(rms));
  }
}

/* Drawn one by one, drawn as noise and compared, drawn fused: the same spikes. */
static void draws_are_a_function_of_their_index(void) {
  static bench k;
  run(hd__kernel_for(HD_ISA_SCALAR), &k);
  for (int i = 0; i < N + 16; i++) {
    CHECK(k.noise_out[i] == hd__uniform16(noise_key(), 6 + (uint32_t)i));
  }
  for (int i = 0; i < N; i++) {
    CHECK(k.normals[i] == hd__normalf(noise_key(), 7 + (uint32_t)i));
  }
  for (int j = 0; j < N; j++) {
    float count = 0;
    for (int t = 0; t < 4; t++) {
      const float fired = hd__uniform16(noise_key(), 6 + (uint32_t)(t * N + j)) < k.p[j];
      CHECK(k.spikes[t * N + j] == fired);
      count += fired;
    }
    CHECK(k.mean[j] == count / 4);
  }
}

static void instruction_sets_agree_to_the_bit(void) {
  static bench scalar, other;
  run(hd__kernel_for(HD_ISA_SCALAR), &scalar);
  for (int isa = HD_ISA_SCALAR + 1; isa < HD_ISA_COUNT; isa++) {
    if (hd__isa_choose(hd__isa_name(isa)) != isa) {
      printf("  %s skipped: this processor lacks it\n", hd__isa_name(isa));
      continue;
    }
    run(hd__kernel_for(isa), &other);
    CHECK(memcmp(&scalar, &other, sizeof scalar) == 0);
  }
}

int main(void) {
  RUN(sums_are_those_of_double);
  RUN(elements_are_those_of_double);
  RUN(draws_are_a_function_of_their_index);
  RUN(instruction_sets_agree_to_the_bit);
  return test_end();
}
