/* What a fallible function returns. Numbers are pinned and never reused. */
#ifndef HEDON_STATUS_H
#define HEDON_STATUS_H

#include "base.h"

/* Every status: X(name, number, sentence). */
#define HD_STATUS_LIST(X)                                                 \
  X(OK, 0, "no error")                                                    \
  X(NOMEM, 1, "out of memory")                                            \
  X(RANGE, 2, "value outside its allowed range")                          \
  X(UNKNOWN, 3, "unknown name")                                           \
  X(CONFLICT, 4, "settings that contradict each other")                   \
  X(IO, 5, "file could not be read or written")                           \
  X(FORMAT, 6, "file is truncated, corrupted or not of this kind")        \
  X(MISMATCH, 7, "file belongs to another version or another network")    \
  X(NUMERIC, 8, "a number that is not finite")                            \
  X(USAGE, 9, "function called with arguments that make no sense")        \
  X(MISSING, 10, "a plug-in is missing, or is not the one that was used") \
  X(STOPPED, 11, "stopped before it was done")

/* HD_OK, or why a call failed; hd_ctx_error names the culprit. */
typedef enum hd_status {
#define HD_STATUS_ENUM(name, value, text) HD_##name = value,
  HD_STATUS_LIST(HD_STATUS_ENUM)
#undef HD_STATUS_ENUM
} hd_status;

/* The sentence of HD_STATUS_LIST for a status; "unknown status" for any other number. The text
 * lives as long as the program; any thread may ask. */
HD_API const char *hd_status_text(hd_status status);

/* Forward a failure to the caller. */
#define HD_TRY(call)                  \
  do {                                \
    hd_status hd_try_status = (call); \
    if (hd_try_status != HD_OK) {     \
      return hd_try_status;           \
    }                                 \
  } while (0)

#endif
