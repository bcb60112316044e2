/* A running average that leaves rows alone has the bits of one that walks all rows at every update.
 */
#include <string.h>

#include "context_internal.h"
#include "lazy_average.h"
#include "schedule.h"
#include "test.h"

enum { ROWS = 12, WIDTH = 2 * HD_LANES, WEIGHTS = ROWS * WIDTH, UPDATES = 40000 };

static hd_ctx *ctx;
static float w[WEIGHTS] __attribute__((aligned(64))), a[WEIGHTS] __attribute__((aligned(64)));
static float wanted[WEIGHTS];
static uint32_t state;

/* Xorshift, as tests need no better. */
static uint32_t draw(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static float draw_weight(void) { return (float)draw() / 4294967296.0f - 0.5f; }

/* Rows differ in how often they are moved; the last never is, and a weight of it is -0. */
static bool is_moved(int row) { return row < ROWS - 1 && draw() % (1u << (2 * row)) == 0; }

static void walk_all(double keep, int64_t n) {
  const float rate = hd__average_rate(keep, n);
  for (int i = 0; i < WEIGHTS; i++) {
    wanted[i] += rate * (w[i] - wanted[i]);
  }
}

static void begin(hd__lazy_average *self, hd__arena *arena, double keep) {
  *self = (hd__lazy_average){.is_on = true,
                             .kernel = hd__kernel_for(ctx->isa),
                             .n_rows = ROWS,
                             .width = WIDTH,
                             .keep = keep,
                             .w = w,
                             .a = a};
  hd__lazy_average_lay_out(self, arena);
  CHECK(hd__arena_commit(ctx, arena) == HD_OK);
  hd__lazy_average_lay_out(self, arena);
  state = 12345;
  for (int i = 0; i < WEIGHTS; i++) {
    w[i] = a[i] = wanted[i] = draw_weight();
  }
  w[WEIGHTS - 1] = a[WEIGHTS - 1] = wanted[WEIGHTS - 1] = -0.0f;
  hd__lazy_average_begin(self, 0);
}

static void update(hd__lazy_average *self, int64_t n) {
  for (int row = 0; row < ROWS; row++) {
    if (is_moved(row)) {
      hd__lazy_average_touch(self, row);
      hd__lazy_average_touch(self, row);
      w[row * WIDTH + (int)(draw() % WIDTH)] += 0.01f * draw_weight();
    }
  }
  self->n = n;
  walk_all(self->keep, n);
}

static void check_keep(double keep) {
  hd__lazy_average self;
  hd__arena arena = {0};
  begin(&self, &arena, keep);
  int n_checks = 0, least = ROWS;
  for (int64_t n = 1; n <= UPDATES; n++) {
    update(&self, n);
    if (draw() % 2000 == 0 || n < 4) {
      hd__lazy_average_finish(&self);
      CHECK(memcmp(a, wanted, sizeof a) == 0);
      least = self.n_open < least ? self.n_open : least;
      n_checks++;
    }
  }
  CHECK(n_checks > 5);
  CHECK(least < ROWS); /* rows that stand still are closed */
  hd__arena_free(ctx, &arena);
}

static void rows_that_wait_have_the_same_bits(void) {
  check_keep(0.9);
  check_keep(0.999);
  check_keep(0.99999);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(rows_that_wait_have_the_same_bits);
  hd_ctx_destroy(ctx);
  return test_end();
}
