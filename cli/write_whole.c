#include "write_whole.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "say.h"

enum { PATH_SIZE = 4096 };

int write_whole(const char *path, write_fn write, const void *what) {
  char draft[PATH_SIZE];
  if (snprintf(draft, sizeof draft, "%s.part", path) >= (int)sizeof draft) {
    return say_failure("the name of %s is too long", path);
  }
  struct stat there; /* a device or a pipe would be replaced by a file of its name */
  if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
    return say_failure("%s is there and is not a regular file", path);
  }
  FILE *file = fopen(draft, "wb");
  bool is_whole = file != NULL;
  if (file != NULL) {
    write(file, what);
    is_whole = !ferror(file);
    is_whole &= fclose(file) == 0;
  }
  if (!is_whole || rename(draft, path) != 0) {
    const int code = say_failure("%s cannot be written: %s", path, strerror(errno));
    remove(draft);
    return code;
  }
  return EXIT_OK;
}
