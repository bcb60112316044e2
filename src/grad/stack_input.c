#include "stack_input.h"

/* Narrower inputs gain nothing. */
enum { NARROWEST = 64 };

int hd__stack_input_words(const hd__stack *stack) {
  return stack->in_pad < NARROWEST ? 0 : (stack->in_pad + 63) / 64;
}

/* Turn rows into bits. False if they are better taken as numbers, which the first one mostly
 * tells. */
static bool stack_input_pack(const hd__run *run, const hd__input_rows *in) {
  const hd__kernel *kernel = run->stack->kernel;
  uint64_t *bits = run->tape->input;
  const int words = run->tape->input_words;
  if (in->n_pre < NARROWEST || kernel->pack(1, in->n_pre, in->x, in->x_stride, bits, words) < 0) {
    return false;
  }
  const int set = kernel->pack(in->rows, in->n_pre, in->x, in->x_stride, bits, words);
  return set >= 0 && hd__is_sparse(set, in->rows * in->n_pre, in->n);
}

void hd__stack_input_drive(const hd__run *run, const hd__input_rows *in, const float *W,
                           float *drive) {
  const hd__kernel *kernel = run->stack->kernel;
  if (stack_input_pack(run, in)) {
    kernel->rows_events(in->rows, in->n_pre, in->n, W, run->tape->input, run->tape->input_words,
                        drive);
  } else {
    kernel->rows_drive(in->rows, in->n_pre, in->n, W, in->x, in->x_stride, drive);
  }
}

void hd__stack_input_outer(const hd__run *run, const hd__input_rows *in, const float *g, float *G) {
  const hd__kernel *kernel = run->stack->kernel;
  const hd__tape *tape = run->tape;
  if (stack_input_pack(run, in)) {
    kernel->outer_events(in->rows, in->n_pre, in->n, tape->ones, tape->input, tape->input_words, g,
                         in->n, G);
  } else {
    kernel->outer_batch(in->rows, in->n_pre, in->n, tape->ones, in->x, in->x_stride, g, in->n, G);
  }
}
