#include "arena.h"

#include <stdio.h>
#include <string.h>

static size_t arena_dtype_size(const char *dtype) {
  return (size_t)(strcmp(dtype, "U8") == 0 ? 1 : dtype[1] == '3' ? 4 : 8);
}

/* Long arrays are mostly powers of two long; a few lines between them keep arrays that are walked
 * together out of the same sets of the cache. */
enum { LONG_ARRAY = 1024, APART = 3 * HD_ARENA_ALIGN };

void *hd__arena_take(hd__arena *arena, size_t bytes) {
  const size_t rounded = (bytes + HD_ARENA_ALIGN - 1) / HD_ARENA_ALIGN * HD_ARENA_ALIGN +
                         (bytes >= LONG_ARRAY ? APART : 0);
  void *ptr = arena->base != NULL ? arena->base + arena->used : NULL;
  arena->used += rounded;
  HD_ASSERT(arena->base == NULL || arena->used <= arena->size);
  return ptr;
}

void hd__arena_list(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                    int64_t cols, void *data) {
  const int index = arena->n_views++;
  if (arena->view == NULL) {
    return;
  }
  int earlier = 0;
  const size_t length = strlen(name);
  for (int i = 0; i < index; i++) {
    const char *other = arena->name[i];
    earlier += strncmp(other, name, length) == 0 &&
               (other[length] == '\0' ||
                (other[length] == '.' && other[length + 1] >= '0' && other[length + 1] <= '9'));
  }
  const int n =
      snprintf(arena->name[index], HD_FIELD_NAME, earlier > 0 ? "%s.%d" : "%s", name, earlier + 1);
  HD_ASSERT(n < HD_FIELD_NAME); /* or else two views might have one name */
  (void)n;
  arena->view[index] = (hd_view){.name = arena->name[index],
                                 .dtype = dtype,
                                 .n_dims = 2,
                                 .shape = {rows, cols, 1, 1},
                                 .data = data,
                                 .stride = {cols, 1, 1, 1},
                                 .unit = "",
                                 .doc = ""};
}

void *hd__arena_field(hd__arena *arena, const char *name, const char *dtype, int64_t rows,
                      int64_t cols) {
  void *data = hd__arena_take(arena, arena_dtype_size(dtype) * (size_t)(rows * cols));
  hd__arena_list(arena, name, dtype, rows, cols, data);
  return data;
}

/* Bytes of the list of views and their names. */
static size_t arena_list_size(int n_views) {
  return (size_t)n_views * (sizeof(hd_view) + HD_FIELD_NAME) + 1;
}

/* Bytes of the block behind an arena, with room to align both its ends. */
static size_t arena_block_size(size_t used) {
  return (used + HD_ARENA_APART - 1) / HD_ARENA_APART * HD_ARENA_APART + HD_ARENA_APART;
}

hd_status hd__arena_commit(hd_ctx *ctx, hd__arena *arena) {
  const size_t size = arena_block_size(arena->used), list = arena_list_size(arena->n_views);
  unsigned char *block = hd__alloc(ctx, size);
  if (block == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", size);
  }
  hd_view *view = hd__alloc(ctx, list);
  if (view == NULL) {
    hd__free(ctx, block, size);
    return hd__fail(ctx, HD_NOMEM, "out of memory: %zu bytes were asked for", list);
  }
  memset(block, 0, size);
  *arena = (hd__arena){.block = block,
                       .base = block + (HD_ARENA_APART - (uintptr_t)block % HD_ARENA_APART),
                       .size = arena->used,
                       .view = view,
                       .name = (char(*)[HD_FIELD_NAME])(view + arena->n_views)};
  return HD_OK;
}

void hd__arena_clear(hd__arena *arena) {
  memset(arena->base, 0, arena->size);
  arena->used = 0;
  arena->n_views = 0;
}

void hd__arena_free(hd_ctx *ctx, hd__arena *arena) {
  if (arena->base != NULL) {
    hd__free(ctx, arena->view, arena_list_size(arena->n_views));
    hd__free(ctx, arena->block, arena_block_size(arena->size));
  }
  *arena = (hd__arena){0};
}
