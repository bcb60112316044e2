/* One allocation laid out by a function that runs twice: first on an empty arena that only counts,
 * then on the real one, so that size and use cannot disagree. Fields given a name are also listed
 * as views: that list is what a checkpoint holds. */
#ifndef HD_ARENA_H
#define HD_ARENA_H

#include "context_internal.h"
#include "hedon/view.h"

/* Arenas keep two cache lines apart, since a processor may fetch lines in pairs: threads on
 * neighbouring arenas never write into a pair they share. */
enum { HD_ARENA_ALIGN = 64, HD_ARENA_APART = 128, HD_FIELD_NAME = 24 };

typedef struct hd__arena {
  unsigned char *base;  /* NULL while counting */
  unsigned char *block; /* as allocated */
  size_t used;
  size_t size;
  hd_view *view;               /* NULL while counting */
  char (*name)[HD_FIELD_NAME]; /* of the views */
  int n_views;
} hd__arena;

/* Zeroed, 64-byte aligned memory; NULL while counting. */
void *hd__arena_take(hd__arena *arena, size_t bytes);

/* As hd__arena_take, and list the array under a name; the second of a name becomes "name.2". */
void *hd__arena_field(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                      int64_t cols);

/* List an array that lies elsewhere; data is ignored while counting. */
void hd__arena_list(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                    int64_t cols, void *data);

#define HD_TAKE(arena, type, n) ((type *)hd__arena_take((arena), sizeof(type) * (size_t)(n)))

/* Turn a counted arena into a real one. On failure the arena stays empty. */
hd_status hd__arena_commit(hd_ctx *ctx, hd__arena *arena);

/* Zero a committed arena, ready to be laid out once more. */
void hd__arena_clear(hd__arena *arena);

/* Frees what was committed; the arena's views go with it. */
void hd__arena_free(hd_ctx *ctx, hd__arena *arena);

#endif
