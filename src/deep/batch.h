/* Learning from many units, a unit one decision, or the decisions of a sequence whose state is
 * carried: they go forwards and backwards in pieces that stay in the cache. A sequence whose tape
 * does not fit the memory limit goes in segments. Forwards only the state before each segment is
 * kept; then each is made again, twice: from the last to the first, which hands the gradient by
 * the state back to where each segment ends, and from the first to the last, which sums gradients
 * by weights in the order of the whole. That takes up to twice the time. Neither pieces nor
 * segments change a bit of any result. Source of segments: Chen, Xu, Zhang & Guestrin 2016
 * (sublinear memory by recomputation). */
#ifndef HD_BATCH_H
#define HD_BATCH_H

#include "model.h"

/* Bytes of what goes together: about half a second-level cache. */
enum { HD_BATCH_PIECE = 1 << 19 };

typedef struct hd__batch {
  int decisions; /* of a unit */
  int rows;      /* units of a piece; 1 if it goes in segments */
  int segments;  /* of a unit; 1: it goes whole */
  int segment;   /* decisions of one, but of the last, which may be shorter */
  hd__tape tape;
  float *x;       /* [rows][decisions][in_pad], */
  bool *fresh;    /* [rows][decisions] of units that go whole */
  float *state;   /* [rows][n_state], or NULL */
  float *out, *g; /* [rows][decisions][out_pad] */
  int32_t *index; /* [rows][decisions] */
  float *before;  /* [segments][n_state] the state before each segment, */
  float *by;      /* [segments + 1][n_state] and the gradient by it, and by that after the last */
} hd__batch;

/* Where units lie. */
typedef struct hd__batch_source {
  const float *x;     /* [unit][decisions][in_pad] */
  const bool *fresh;  /* [unit][decisions], or NULL: every decision begins with no state */
  const float *state; /* [unit][n_state] before the first decision; or NULL */
} hd__batch_source;

/* The loss of n decisions: their outputs [n][out_pad] in, the gradients by them [n][out_pad] out,
 * which are zeros at first; `index` [n] counts decisions of all units: unit * decisions + decision.
 */
typedef void (*hd__loss_fn)(void *user, int n, const int32_t *index, int out_pad, const float *out,
                            float *g);

/* room: bytes, from memory_limit.  Errors  RANGE: a unit does not fit, however it is cut. */
hd_status hd__batch_check(hd_ctx *ctx, const hd__stack *stack, int decisions, size_t room);
void hd__batch_lay_out(hd__batch *batch, hd__arena *arena, const hd__stack *stack, int units,
                       int decisions, size_t room);
/* Add the gradients of the units named in list [n] to model->G. */
void hd__batch_learn(hd__batch *batch, hd__model *model, const hd__batch_source *source, int n,
                     const int32_t *list, hd__loss_fn loss, void *user);

#endif
