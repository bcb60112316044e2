/* Whole files: read at once, or replaced at once. */
#ifndef HD_FILE_H
#define HD_FILE_H

#include "context_internal.h"
#include "sink.h"

enum { HD_PATH_SIZE = 1024 };

/* Errors  IO: an empty name, which a sentence about the file could not tell. */
hd_status hd__path_check(hd_ctx *ctx, const char *path);

/* Read a file or a pipe of at most `limit` bytes into memory of *size + 1 bytes, ended by a zero.
 * Errors  IO, FORMAT (too large), NOMEM. */
hd_status hd__file_read(hd_ctx *ctx, const char *path, size_t limit, char **data, size_t *size);

/* Read `size` bytes at an offset; false if there are fewer. */
bool hd__file_read_at(int fd, uint64_t offset, void *data, size_t size);

/* A file replaced as a whole: written under a temporary name beside it, flushed to the disk, then
 * renamed. Until hd__replace_end succeeds the old file stays as it was. */
typedef struct hd__replace {
  char path[HD_PATH_SIZE];
  char temporary[HD_PATH_SIZE];
  hd__sink sink;
} hd__replace;

hd_status hd__replace_begin(hd_ctx *ctx, const char *path, hd__replace *replace);
/* Always ends the replacement; the temporary file is gone afterwards.  Errors  IO. */
hd_status hd__replace_end(hd_ctx *ctx, hd__replace *replace);

#endif
