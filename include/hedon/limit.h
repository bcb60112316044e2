/* What the processor can do at most with the instruction set of a context: loops of one kind of
 * work and nothing else. The caller repeats and times them; what a network reaches is then a share.
 */
#ifndef HEDON_LIMIT_H
#define HEDON_LIMIT_H

#include "context.h"

/* How a multiply-add is done. */
typedef enum hd_limit_kind {
  HD_LIMIT_FUSED,   /* one instruction, where the instruction set has it */
  HD_LIMIT_SEPARATE /* a product, then a sum: what networks use, so that no result depends on the
                       instruction set */
} hd_limit_kind;

/* Multiply and add in registers, independent chains side by side. Returns the number of
 * multiply-adds done in so many rounds.
 *
 *   sum  written; using it keeps a compiler from leaving the work out */
HD_API double hd_limit_multiply_add(const hd_ctx *ctx, hd_limit_kind kind, int64_t rounds,
                                    float *sum);

/* Read n floats and return their sum: x 64-byte aligned, n a multiple of 64. */
HD_API float hd_limit_read(const hd_ctx *ctx, int64_t n, const float *x);

/* Read and write n floats, each multiplied by one: x 64-byte aligned, n a multiple of 16 and less
 * than 2^31. */
HD_API void hd_limit_update(const hd_ctx *ctx, int64_t n, float *x);

#endif
