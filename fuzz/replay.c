/* Runs a fuzz target without a fuzzer: on every file of a folder, and on a few hundred variants of
 * each, the same every time.
 *
 *   fuzz_config FOLDER [VARIANTS] */
#include <dirent.h>
#include <stdlib.h>

#include "fuzz.h"

static uint32_t draw(uint32_t *state, uint32_t n) {
  *state = *state * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)*state * n >> 32);
}

/* Cut, change, repeat or drop some bytes; returns the new size. `data` has room for twice. */
static size_t vary(uint8_t *data, size_t size, uint32_t *state) {
  for (uint32_t k = 1 + draw(state, 4); k > 0 && size > 0; k--) {
    const size_t at = draw(state, (uint32_t)size), n = 1 + draw(state, 16);
    switch (draw(state, 5)) {
      case 0:
        size = at;
        break;
      case 1:
        data[at] ^= (uint8_t)(1u << draw(state, 8));
        break;
      case 2:
        data[at] = (uint8_t) "0123456789-\"\\[]{}=,#\n\0"[draw(state, 22)];
        break;
      case 3: /* drop */
        if (at + n < size) {
          memmove(data + at, data + at + n, size - at - n);
          size -= n;
        }
        break;
      default: /* repeat */
        if (at + n < size) {
          memmove(data + at + n, data + at, size - at);
          size += n;
        }
    }
  }
  return size;
}

static size_t replay(const char *path, int variants) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return 0;
  }
  enum { LARGEST = 1 << 20 };
  uint8_t *data = malloc(LARGEST), *varied = malloc(2 * LARGEST);
  FUZZ_CHECK(data != NULL && varied != NULL);
  const size_t size = fread(data, 1, LARGEST, file);
  fclose(file);
  LLVMFuzzerTestOneInput(data, size);
  uint32_t state = hd__crc32(0, data, size);
  for (int i = 0; i < variants; i++) {
    memcpy(varied, data, size);
    const size_t n = vary(varied, size, &state);
    uint8_t *exact = malloc(n + 1); /* so that a sanitizer sees a read beyond the end */
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, varied, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
  }
  free(data);
  free(varied);
  return 1 + (size_t)variants;
}

int main(int argc, char **argv) {
  const int variants = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
  DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
  if (folder == NULL) {
    printf("usage: %s FOLDER [VARIANTS]\n", argv[0]);
    return 2;
  }
  size_t n = 0;
  const struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    char path[1024];
    const int length = snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
    if (entry->d_name[0] != '.' && length < (int)sizeof path) {
      n += replay(path, variants);
    }
  }
  closedir(folder);
  printf("%zu inputs, each run twice\n", n);
  return n == 0;
}
