/* Limits of this machine: what one core can multiply and add, and read and write by level. */
#include <stdlib.h>

#include "bench.h"
#include "bench_system.h"
#include "command.h"
#include "say.h"

enum { ROUNDS = 2048 };

static hd_status bench_machine_multiply_add(const hd_ctx *ctx, hd_limit_kind kind, double *done) {
  float sum;
  *done = hd_limit_multiply_add(ctx, kind, ROUNDS, &sum);
  gauge_use((double)sum);
  return HD_OK;
}

hd_status bench_peak_turn(void *ctx, double *multiply_adds) {
  return bench_machine_multiply_add(ctx, HD_LIMIT_FUSED, multiply_adds);
}

static hd_status bench_machine_separate_turn(void *ctx, double *done) {
  return bench_machine_multiply_add(ctx, HD_LIMIT_SEPARATE, done);
}

static int bench_machine_arithmetic(const bench *b) {
  static section s = {.group = "machine",
                      .key = "arithmetic",
                      .title = "f32 operations per second of one core, in registers",
                      .note =
                          "A multiply-add counts as two operations. Networks use separate ones, "
                          "so that results do not depend on the instruction set.",
                      .value = {"op/s", FIGURE_SHORT}};
  gauge g[] = {{.turn = bench_peak_turn, .work = b->ctx},
               {.turn = bench_machine_separate_turn, .work = b->ctx}};
  static const char *const name[] = {"multiply-add, fused", "multiply, then add"};
  const hd_status status = gauge_run(g, 2, b->seconds, b->repeats);
  if (status != HD_OK) {
    return say_failure("%s", hd_status_text(status));
  }
  for (int i = 0; i < 2; i++) {
    const spread r = g[i].rate;
    section_add(&s, "%s", name[i])->value =
        (spread){2 * r.median, 2 * r.low, 2 * r.high, 2 * r.best};
  }
  report_section(b->report, &s);
  return EXIT_OK;
}

typedef struct array {
  const hd_ctx *ctx;
  float *x;
  int64_t n;
} array;

static hd_status bench_machine_read_turn(void *work, double *bytes) {
  const array *a = work;
  gauge_use((double)hd_limit_read(a->ctx, a->n, a->x));
  *bytes = (double)(a->n * (int64_t)sizeof(float));
  return HD_OK;
}

static hd_status bench_machine_update_turn(void *work, double *bytes) {
  const array *a = work;
  hd_limit_update(a->ctx, a->n, a->x);
  *bytes = 2 * (double)(a->n * (int64_t)sizeof(float));
  return HD_OK;
}

enum { LEVELS = CACHE_LEVELS + 1 };

/* Half of a cache holds all of the array; of the last one, which other cores share, a quarter. What
 * lies in memory has four times the last one's size. */
static void bench_machine_sizes(const system_facts *facts, int64_t bytes[LEVELS]) {
  static const int64_t usual[CACHE_LEVELS] = {32 << 10, 1 << 20, 16 << 20};
  const int64_t least = 64 << 20, most = 256 << 20;
  for (int i = 0; i < CACHE_LEVELS; i++) {
    const int64_t size = facts->cache[i] > 0 ? facts->cache[i] : usual[i];
    bytes[i] = size / (i + 1 < CACHE_LEVELS ? 2 : 4) / 256 * 256;
  }
  const int64_t beyond = 16 * bytes[CACHE_LEVELS - 1];
  bytes[CACHE_LEVELS] = beyond < least ? least : beyond > most ? most : beyond;
}

static int64_t bench_machine_smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static int bench_machine_bandwidth(const bench *b) {
  static section s = {.group = "machine",
                      .key = "bandwidth",
                      .title = "bytes per second of one core, by where the array lies",
                      .note = "An update counts what is read and what is written.",
                      .value = {"bytes/s", FIGURE_SHORT},
                      .more = {{"array", FIGURE_BYTES}},
                      .n_more = 1};
  static const char *const level[LEVELS] = {"L1", "L2", "L3", "memory"};
  const system_facts facts = system_read();
  int64_t bytes[LEVELS];
  bench_machine_sizes(&facts, bytes);
  float *x = aligned_alloc(64, (size_t)bytes[CACHE_LEVELS]);
  if (x == NULL) {
    return say_failure("out of memory: %lld bytes to measure its bandwidth",
                       (long long)bytes[CACHE_LEVELS]);
  }
  for (int64_t i = 0; i < bytes[CACHE_LEVELS] / (int64_t)sizeof *x; i++) {
    x[i] = 1;
  }
  array a[LEVELS];
  gauge g[2 * LEVELS];
  for (int i = 0; i < LEVELS; i++) {
    const int64_t held = bench_machine_smaller(bytes[i], bytes[CACHE_LEVELS]);
    a[i] = (array){b->ctx, x, held / (int64_t)sizeof *x};
    g[i] = (gauge){.turn = bench_machine_read_turn, .work = &a[i]};
    g[LEVELS + i] = (gauge){.turn = bench_machine_update_turn, .work = &a[i]};
  }
  const hd_status status = gauge_run(g, 2 * LEVELS, b->seconds, b->repeats);
  for (int i = 0; i < 2 * LEVELS; i++) {
    row *r = section_add(&s, "%s %s", i < LEVELS ? "read" : "update", level[i % LEVELS]);
    r->value = g[i].rate;
    r->more[0] = (double)(a[i % LEVELS].n * (int64_t)sizeof *x);
  }
  free(x);
  if (status != HD_OK) {
    return say_failure("%s", hd_status_text(status));
  }
  report_section(b->report, &s);
  return EXIT_OK;
}

int bench_machine(const bench *b) {
  const int code = bench_machine_arithmetic(b);
  return code == EXIT_OK ? bench_machine_bandwidth(b) : code;
}
