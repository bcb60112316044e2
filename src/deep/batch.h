/* How the batches of a model are cut, and the memory they go through.
 *
 * A unit is one decision, or the decisions of a sequence whose state is carried. Units are taken in
 * blocks, always of HD_BATCH_BLOCK decisions or of one sequence: gradients of a block are summed in
 * order of its rows, and sums of blocks are added in order of the blocks (gradient_job.h). So
 * blocks may be shared out among threads without changing a bit.
 *
 * A block goes forwards and backwards in pieces that stay in the cache. A sequence whose tape does
 * not fit the memory limit goes in segments. Forwards only the state before each segment is kept;
 * then each is made again, twice: from the last to the first, which hands the gradient by the state
 * back to where each segment ends, and from the first to the last, which sums gradients by weights
 * in the order of the whole. That takes up to twice the time. Neither pieces nor segments change a
 * bit of any result. Source of segments: Chen, Xu, Zhang & Guestrin 2016 (sublinear memory by
 * recomputation). */
#ifndef HD_BATCH_H
#define HD_BATCH_H

#include "stack.h"

/* Decisions of a block; bytes of what goes together: about half a second-level cache. */
enum { HD_BATCH_BLOCK = 32, HD_BATCH_PIECE = 1 << 19 };

/* What one worker writes while it does a piece. */
typedef struct hd__batch_scratch {
  hd__tape tape;
  float *x;       /* [rows][decisions][in_pad], */
  bool *fresh;    /* [rows][decisions] of units that go whole */
  float *state;   /* [rows][n_state], or NULL */
  float *out;     /* [block][decisions][out_pad] */
  float *g;       /* [rows][decisions][out_pad] gradient by it */
  int32_t *index; /* [rows][decisions] */
  float *before;  /* [segments][n_state] the state before each segment, */
  float *by;      /* [segments + 1][n_state] and the gradient by it, and by that after the last */
} hd__batch_scratch;

typedef struct hd__batch {
  int decisions;              /* of a unit */
  int block;                  /* units of a block */
  int rows;                   /* units of a piece, at most a block; 1 if it goes in segments */
  int segments;               /* of a unit; 1: it goes whole */
  int segment;                /* decisions of one, but of the last, which may be shorter */
  hd__batch_scratch *scratch; /* [n_workers] */
  int n_sums;                 /* blocks whose sums are kept until they are added */
  float *sum;                 /* [n_sums][n_weights] */
} hd__batch;

/* What batches of a model are for: outputs only, or gradients as well. */
typedef enum hd__batch_use { HD_BATCH_ANSWERS, HD_BATCH_LEARNS } hd__batch_use;

typedef struct hd__batch_def {
  hd__batch_use use;
  int units;     /* of the largest batch */
  int decisions; /* of a unit */
  size_t room;   /* bytes that a tape may take, from memory_limit */
  int n_workers; /* that share batches out */
} hd__batch_def;

/* room: bytes, from memory_limit.  Errors  RANGE: a unit does not fit, however it is cut. */
hd_status hd__batch_check(hd_ctx *ctx, const hd__stack *stack, int decisions, size_t room);
void hd__batch_lay_out(hd__batch *batch, hd__arena *arena, const hd__stack *stack,
                       const hd__batch_def *def);

/* Blocks of n units. */
static inline int hd__batch_blocks(const hd__batch *batch, int n) {
  return (n + batch->block - 1) / batch->block;
}

#endif
