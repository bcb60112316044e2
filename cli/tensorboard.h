/* Event files of TensorBoard: scalars by step, as messages of protocol buffers in records with
 * CRC-32C sums.
 *
 * Source  tensorflow/core/lib/io/record_writer.h and util/event.proto of TensorFlow. */
#ifndef CLI_TENSORBOARD_H
#define CLI_TENSORBOARD_H

#include <stdint.h>
#include <stdio.h>

enum { TENSORBOARD_SCALARS = 16, TENSORBOARD_TAG = 64 };

/* Scalars of one step. */
typedef struct tensorboard_event {
  double seconds; /* on any clock */
  int64_t step;
  int n;
  char tag[TENSORBOARD_SCALARS][TENSORBOARD_TAG];
  float value[TENSORBOARD_SCALARS];
} tensorboard_event;

/* What a file begins with. */
void tensorboard_begin(FILE *file);
void tensorboard_write(FILE *file, const tensorboard_event *event);

/* CRC-32C.  Source  Castagnoli, Bräuer & Herrmann 1993; RFC 3720, appendix B.4. */
uint32_t tensorboard_sum(const void *data, size_t size);

#endif
