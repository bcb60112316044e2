#include "arena.h"

#include <string.h>

static size_t dtype_size(const char *dtype) {
  return (size_t)(strcmp(dtype, "U8") == 0 ? 1 : dtype[1] == '3' ? 4 : 8);
}

void *hd__arena_take(hd__arena *arena, size_t bytes) {
  const size_t rounded = (bytes + HD_ARENA_ALIGN - 1) / HD_ARENA_ALIGN * HD_ARENA_ALIGN;
  void *ptr = arena->base != NULL ? arena->base + arena->used : NULL;
  arena->used += rounded;
  HD_ASSERT(arena->base == NULL || arena->used <= arena->size);
  return ptr;
}

void *hd__arena_field(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                      int64_t cols) {
  void *data = hd__arena_take(arena, dtype_size(dtype) * (size_t)(rows * cols));
  if (arena->view != NULL) {
    arena->view[arena->n_views] = (hd_view){
        .name = name, .dtype = dtype, .n_dims = 2, .shape = {rows, cols, 1, 1}, .data = data};
  }
  arena->n_views++;
  return data;
}

hd_status hd__arena_commit(hd_ctx *ctx, hd__arena *arena) {
  const size_t views = (size_t)arena->n_views * sizeof(hd_view);
  const size_t size = arena->used + HD_ARENA_ALIGN;
  unsigned char *block = hd__alloc(ctx, size);
  if (block == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", size);
  }
  hd_view *view = hd__alloc(ctx, views + 1);
  if (view == NULL) {
    hd__free(ctx, block, size);
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", views);
  }
  memset(block, 0, size);
  *arena = (hd__arena){.base = block, .size = size, .view = view};
  return HD_OK;
}

void hd__arena_free(hd_ctx *ctx, hd__arena *arena) {
  if (arena->base != NULL) {
    hd__free(ctx, arena->view, (size_t)arena->n_views * sizeof(hd_view) + 1);
    hd__free(ctx, arena->base, arena->size);
  }
  *arena = (hd__arena){0};
}
