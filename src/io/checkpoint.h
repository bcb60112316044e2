/* Checkpoints: one file in the layout of safetensors, so that the Python package of that name
 * reads it.
 *
 *   8 bytes   length of the header, little endian
 *   header    JSON: name -> dtype, shape, data_offsets; and under __metadata__ texts:
 *             header_crc32, data_crc32, format, hedon, task, method, ranges, seed, config
 *   data      the arrays, without gaps
 *
 * header_crc32 comes first, at a fixed place, and is the sum of the header with eight zeros in its
 * own place; data_crc32 is part of what it covers. */
#ifndef HD_CHECKPOINT_H
#define HD_CHECKPOINT_H

#include "file.h"
#include "hedon/session.h"

#define HD_CHECKPOINT_START "{\"__metadata__\":{\"header_crc32\":\""

enum {
  HD_CHECKPOINT_FORMAT = 2, /* changes with the meaning of what is saved */
  HD_CHECKPOINT_HEADER_MAX = 1 << 24
};

/* Arrays of a session's owner that travel in the same file, so that both are saved at the same
 * step. Their names begin with "study.", which no array of a session does. */
typedef struct hd__extra_views {
  const hd_view *view;
  int n;
} hd__extra_views;

/* Bytes of an array; 0 if its type is unknown or the number is beyond 2^62. */
uint64_t hd__view_bytes(const hd_view *view);

/* Allocates nothing, so that any thread may call it.  Errors  IO. */
hd_status hd__checkpoint_save(hd_ctx *ctx, hd_session *session, hd__extra_views extra,
                              const char *path);

/* Errors  as hd_session_load; FORMAT also if one of the extra arrays is missing. On failure the
 * extra arrays may be half read. */
hd_status hd__checkpoint_load(hd_ctx *ctx, const char *path, hd__extra_views extra,
                              hd_session **out);

#endif
