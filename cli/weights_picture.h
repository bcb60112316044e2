/* Weights of a projection as coloured squares. */
#ifndef CLI_WEIGHTS_PICTURE_H
#define CLI_WEIGHTS_PICTURE_H

#include "traces.h"

/* One column of pictures side by side: the weights in the first row of each trace, the sources
 * downwards, the targets to the right, all in one scale. Titles say which is which. */
void weights_picture(FILE *file, const trace *const *of, const char *const *title, int n);

#endif
