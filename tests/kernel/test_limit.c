/* The limits do the work they say: a processor cannot be compared with loops that do less. */
#include "hedon/limit.h"

#include <stdlib.h>

#include "test.h"

static const char *const names[] = {"scalar", "v2", "v3", "v4"};
static const int lanes[] = {1, 4, 8, 16};

/* The context for one instruction set, or NULL if this processor lacks it. */
static hd_ctx *open_isa(const char *name) {
  hd_ctx *ctx = NULL;
  const hd_ctx_def def = hd_ctx_def_default();
  setenv("HEDON_ISA", name, 1);
  return hd_ctx_create(&def, &ctx) == HD_OK ? ctx : NULL;
}

/* Chain k starts at k + 1 and moves towards 1 by the factor 0.999: 12 chains make
 * 12 + 66 * 0.999^rounds. Rounding a thousand times costs less than 1e-3. */
static void chains_are_all_computed(void) {
  for (int i = 0; i < 4; i++) {
    hd_ctx *ctx = open_isa(names[i]);
    for (int kind = HD_LIMIT_FUSED; ctx != NULL && kind <= HD_LIMIT_SEPARATE; kind++) {
      float sum = 0;
      const double done = hd_limit_multiply_add(ctx, kind, 1000, &sum);
      CHECK_NEAR(sum, 12 + 66 * pow(0.999, 1000), 1e-3);
      CHECK_NEAR(done, 12.0 * 1000 * lanes[i], 0);
    }
    hd_ctx_destroy(ctx);
  }
}

/* Sums of small whole numbers are exact in any order. */
static void every_float_is_read_and_kept(void) {
  enum { N = 640 };
  static _Alignas(64) float x[N];
  for (int i = 0; i < 4; i++) {
    hd_ctx *ctx = open_isa(names[i]);
    if (ctx != NULL) {
      for (int k = 0; k < N; k++) {
        x[k] = (float)k;
      }
      CHECK_NEAR(hd_limit_read(ctx, N, x), N * (N - 1) / 2, 0);
      hd_limit_update(ctx, N, x);
      for (int k = 0; k < N; k++) {
        CHECK(x[k] == (float)k);
      }
    }
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(chains_are_all_computed);
  RUN(every_float_is_read_and_kept);
  return test_end();
}
