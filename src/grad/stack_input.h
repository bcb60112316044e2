/* What layers see of the input, by its set bits alone where it is wide, all zeros and ones, and
 * mostly zeros. The results are those of the dense loops, to the bit. */
#ifndef HD_STACK_INPUT_H
#define HD_STACK_INPUT_H

#include "stack_internal.h"

/* A number of consecutive rows of the input, of which sources 0 to n_pre - 1 are seen by n
 * targets. */
typedef struct hd__input_rows {
  const float *x;
  int x_stride, rows, n_pre, n;
} hd__input_rows;

/* Words of 64 bits that a row of the input takes; 0: the input is too narrow to gain by them. */
int hd__stack_input_words(const hd__stack *stack);

/* drive [rows][n] = W' x, W [n_pre][n] */
void hd__stack_input_drive(const hd__run *run, const hd__input_rows *in, const float *W,
                           float *drive);

/* G [n_pre][n] += sum over rows of x (x) g, g [rows][n] */
void hd__stack_input_outer(const hd__run *run, const hd__input_rows *in, const float *g, float *G);

#endif
