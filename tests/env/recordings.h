/* Recordings of Gymnasium's environments, HD_TEST_DATA/FOLDER/NAME.bin: eight letters, then numbers
 * as the recording script describes them. */
#ifndef HD_RECORDINGS_H
#define HD_RECORDINGS_H

#include <stdlib.h>

#include "test.h"

static inline void take(FILE *file, void *to, size_t size) {
  if (fread(to, 1, size, file) != size) {
    printf("  a recording is too short\n");
    exit(1);
  }
}

/* Open one that begins with these letters. */
static inline FILE *open_recorded(const char *folder, const char *name, const char *letters) {
  char path[512], found[8];
  snprintf(path, sizeof path, "%s/%s/%s.bin", HD_TEST_DATA, folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    printf("  cannot open %s\n", path);
    exit(1);
  }
  take(file, found, sizeof found);
  CHECK(memcmp(found, letters, sizeof found) == 0);
  return file;
}

#endif
