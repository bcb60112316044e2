/* One allocation laid out by a function that runs twice: first on an empty arena that only counts,
 * then on the real one, so that size and use cannot disagree. Fields given a name are also listed
 * as views: that list is what a checkpoint holds. */
#ifndef HD_ARENA_H
#define HD_ARENA_H

#include "context_internal.h"
#include "hedon/session.h"

enum { HD_ARENA_ALIGN = 64 };

typedef struct hd__arena {
  unsigned char *base; /* NULL while counting */
  size_t used;
  size_t size;
  hd_view *view; /* NULL while counting */
  int n_views;
} hd__arena;

/* Zeroed, 64-byte aligned memory; NULL while counting. */
void *hd__arena_take(hd__arena *arena, size_t bytes);

/* As hd__arena_take, and list the array under a name. The name must outlive the arena. */
void *hd__arena_field(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                      int64_t cols);

#define HD_TAKE(arena, type, n) ((type *)hd__arena_take((arena), sizeof(type) * (size_t)(n)))

/* Turn a counted arena into a real one. On failure the arena stays empty. */
hd_status hd__arena_commit(hd_ctx *ctx, hd__arena *arena);
void hd__arena_free(hd_ctx *ctx, hd__arena *arena);

#endif
