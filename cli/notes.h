/* Diagnoses of the library (a silent layer, say), each shown once on standard error. */
#ifndef CLI_NOTES_H
#define CLI_NOTES_H

#include <stdbool.h>
#include <stdint.h>

enum { NOTES_MAX = 32 };

typedef struct notes {
  uint64_t shown[NOTES_MAX]; /* hashes of what was said */
  int n;
  bool over_line; /* a live line is on the screen and has to give way */
} notes;

/* The context's log hook; user is a notes. */
void notes_add(void *user, const char *message);

#endif
