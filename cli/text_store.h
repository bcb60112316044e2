/* Many short texts that are freed together. */
#ifndef CLI_TEXT_STORE_H
#define CLI_TEXT_STORE_H

#include <stddef.h>

typedef struct text_store {
  struct text_block *last; /* NULL: empty */
} text_store;

/* Room for so many bytes, without alignment; NULL: out of memory. */
char *text_store_take(text_store *self, size_t size);

/* A copy of `length` bytes, ended by a zero; NULL: out of memory. */
const char *text_store_keep(text_store *self, const char *text, size_t length);

void text_store_free(text_store *self);

#endif
