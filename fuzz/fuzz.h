/* What the fuzz targets share. A target runs each input twice and compares all it can see; it
 * traps when the two differ, when something leaks, or when a promise is broken. */
#ifndef HD_FUZZ_H
#define HD_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "crc32.h"
#include "fault.h"
#include "hedon/hedon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition) ((condition) ? (void)0 : __builtin_trap())

/* What one run of an input showed. */
struct seen {
  int status;
  uint32_t sentence; /* checksum of the error */
  uint64_t result;
};

/* A file that is gone when closed, and a path that opens it meanwhile. */
struct scratch_file {
  FILE *file;
  char path[32];
};

static inline struct scratch_file scratch_file(const void *data, size_t size) {
  struct scratch_file scratch = {.file = tmpfile()};
  FUZZ_CHECK(scratch.file != NULL && fwrite(data, 1, size, scratch.file) == size);
  FUZZ_CHECK(fflush(scratch.file) == 0);
  snprintf(scratch.path, sizeof scratch.path, "/dev/fd/%d", fileno(scratch.file));
  return scratch;
}

/* Run `once` on an input in a context of its own that grants at most 64 MiB. */
static inline struct seen fuzz_run(struct seen (*once)(hd_ctx *ctx, const char *path,
                                                       const uint8_t *data, size_t size),
                                   const struct scratch_file *file, const uint8_t *data,
                                   size_t size) {
  struct fault fault = {.limit = (size_t)64 << 20};
  hd_ctx *ctx;
  FUZZ_CHECK(fault_ctx(&fault, &ctx) == HD_OK);
  struct seen seen = once(ctx, file->path, data, size);
  const char *sentence = hd_ctx_error(ctx);
  FUZZ_CHECK(seen.status == HD_OK || (sentence[0] != '\0' && strlen(sentence) < 512));
  seen.sentence = hd__crc32(0, sentence, strlen(sentence));
  hd_ctx_destroy(ctx);
  FUZZ_CHECK(fault.n_live == 0 && fault.live == 0 && fault.n_wrong == 0);
  return seen;
}

static inline void fuzz_twice(struct seen (*once)(hd_ctx *ctx, const char *path,
                                                  const uint8_t *data, size_t size),
                              const uint8_t *data, size_t size) {
  const struct scratch_file file = scratch_file(data, size);
  const struct seen first = fuzz_run(once, &file, data, size);
  const struct seen second = fuzz_run(once, &file, data, size);
  fclose(file.file);
  FUZZ_CHECK(first.status == second.status && first.sentence == second.sentence &&
             first.result == second.result);
}

#endif
