#include "notes.h"

#include <stdio.h>

/* FNV-1a, 64 bits. */
static uint64_t notes_hash_of(const char *text) {
  uint64_t hash = 14695981039346656037u;
  for (; *text != '\0'; text++) {
    hash = (hash ^ (unsigned char)*text) * 1099511628211u;
  }
  return hash;
}

void notes_add(void *user, const char *message) {
  notes *self = user;
  const uint64_t hash = notes_hash_of(message);
  for (int i = 0; i < self->n; i++) {
    if (self->shown[i] == hash) {
      return;
    }
  }
  if (self->n == NOTES_MAX) {
    return;
  }
  self->shown[self->n++] = hash;
  fprintf(stderr, "%snote: %s\n", self->over_line ? "\r\x1b[K" : "", message);
}
