#include "hedon/limit.h"

#include "context_internal.h"
#include "isa.h"
#include "kernel.h"

double hd_limit_multiply_add(const hd_ctx *ctx, hd_limit_kind kind, int64_t rounds, float *sum) {
  /* Lanes of one operation, by instruction set. */
  static const int width[HD_ISA_COUNT] = {
      [HD_ISA_SCALAR] = 1, [HD_ISA_V2] = 4, [HD_ISA_V3] = 8, [HD_ISA_V4] = 16};
  const hd__kernel *kernel = hd__kernel_for(ctx->isa);
  *sum = kind == HD_LIMIT_FUSED ? kernel->limit_fused(rounds) : kernel->limit_separate(rounds);
  return (double)rounds * HD_LIMIT_CHAINS * width[ctx->isa];
}

float hd_limit_read(const hd_ctx *ctx, int64_t n, const float *x) {
  return hd__kernel_for(ctx->isa)->limit_read(n, x);
}

void hd_limit_update(const hd_ctx *ctx, int64_t n, float *x) {
  hd__kernel_for(ctx->isa)->scale((int)n, 1.0f, x);
}
