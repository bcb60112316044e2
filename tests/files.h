/* Whole files for tests, without the library's help. */
#ifndef HD_TEST_FILES_H
#define HD_TEST_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A path in the tests' folder; overwritten by every fourth call. */
static inline const char *temp_path(const char *name) {
  static char path[4][512];
  static int next;
  char *at = path[next++ % 4];
  snprintf(at, sizeof path[0], "%s/%s", HD_TEST_TMP, name);
  return at;
}

static inline void put_file(const char *path, const void *data, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
    printf("  cannot write %s\n", path);
    exit(1);
  }
}

static inline void put_text(const char *path, const char *text) {
  put_file(path, text, strlen(text));
}

/* The caller frees it; ended by a zero. NULL if it cannot be read. */
static inline char *get_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return NULL;
  }
  char *data = NULL;
  size_t used = 0, n;
  do {
    data = realloc(data, used + 65536 + 1);
    n = fread(data + used, 1, 65536, file);
    used += n;
  } while (n > 0);
  fclose(file);
  data[used] = '\0';
  *size = used;
  return data;
}

static inline int has_file(const char *path) {
  struct stat info;
  return stat(path, &info) == 0;
}

static inline void remove_folder(const char *path) {
  char command[600];
  snprintf(command, sizeof command, "rm -rf '%s'", path);
  if (system(command) != 0) {
    printf("  cannot remove %s\n", path);
  }
}

#endif
