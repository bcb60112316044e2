/* Where written bytes go: into a file, into the sink's own buffer, or nowhere, only counted.
 * Writing the same thing twice, first to count and then for good, lets a file's head state its own
 * size and checksum without any memory. */
#ifndef HD_SINK_H
#define HD_SINK_H

#include "hedon/base.h"

enum {
  HD_SINK_BUFFER = 4096,
  HD_SINK_NOWHERE = -1, /* in place of a file descriptor: count and sum only */
  HD_SINK_MEMORY = -2   /* keep fewer than HD_SINK_BUFFER bytes; more are an error */
};

typedef struct hd__sink {
  int fd;
  int error;       /* errno of the first failure; later writes do nothing */
  bool is_quoting; /* write as the inside of a JSON string */
  uint64_t size;   /* bytes so far */
  uint32_t crc;    /* of those bytes, where they only go to be counted */
  size_t n_buffered;
  unsigned char buffer[HD_SINK_BUFFER];
} hd__sink;

/* Set the fields; the buffer is left as it is. */
void hd__sink_init(hd__sink *sink, int fd);

void hd__sink_write(hd__sink *sink, const void *data, size_t size);
void hd__sink_text(hd__sink *sink, const char *text);
/* At most 255 characters. */
void hd__sink_print(hd__sink *sink, const char *format, ...) HD_PRINTF(2, 3);
/* A JSON string with its quotes, where bytes that are no UTF-8 become U+FFFD; and a JSON number
 * that reads back as the same: null if it is not finite. */
void hd__sink_json_text(hd__sink *sink, const char *text);
void hd__sink_json_number(hd__sink *sink, double number);

void hd__sink_flush(hd__sink *sink);
/* What is written from now on replaces the beginning of the file. */
void hd__sink_rewind(hd__sink *sink);

#endif
