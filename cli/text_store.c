#include "text_store.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16 };

typedef struct text_block {
  struct text_block *before;
  size_t used, size;
  char text[];
} text_block;

static text_block *text_store_grow(text_store *self, size_t size) {
  const size_t room = size > BLOCK ? size : BLOCK;
  text_block *made = malloc(sizeof *made + room);
  if (made != NULL) {
    *made = (text_block){.before = self->last, .size = room};
    self->last = made;
  }
  return made;
}

char *text_store_take(text_store *self, size_t size) {
  text_block *block = self->last;
  if (block == NULL || block->size - block->used < size) {
    block = text_store_grow(self, size);
  }
  if (block == NULL) {
    return NULL;
  }
  char *text = block->text + block->used;
  block->used += size;
  return text;
}

const char *text_store_keep(text_store *self, const char *text, size_t length) {
  char *kept = text_store_take(self, length + 1);
  if (kept != NULL) {
    memcpy(kept, text, length);
    kept[length] = '\0';
  }
  return kept;
}

void text_store_free(text_store *self) {
  while (self->last != NULL) {
    text_block *block = self->last;
    self->last = block->before;
    free(block);
  }
}
