/* Weights of a projection as coloured squares. */
#ifndef CLI_WEIGHTS_PICTURE_H
#define CLI_WEIGHTS_PICTURE_H

#include "traces.h"

/* Sources and targets of a part of weights. */
typedef struct weights_shape {
  int n_pre, n_post;
} weights_shape;
weights_shape weights_shape_of(const trace_part *part);

/* One column of pictures side by side: the weights in the first row of each trace, the sources
 * downwards, the targets to the right, all in one scale. Titles say which is which. */
void weights_picture(FILE *file, const trace *const *of, const char *const *title, int n);

/* The same in text of so many columns, one below the other, in ninths of the strongest weight. */
void weights_text(FILE *file, const trace *const *of, const char *const *title, int n, int width);

#endif
