#include "make_folders.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096 };

static bool make_folder(const char *dir) { return mkdir(dir, 0777) == 0 || errno == EEXIST; }

bool make_folders(const char *dir) {
  for (const char *slash = strchr(dir, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    char above[PATH_SIZE];
    if (slash == dir) {
      continue;
    }
    if (slash - dir >= PATH_SIZE) {
      errno = ENAMETOOLONG;
      return false;
    }
    snprintf(above, sizeof above, "%.*s", (int)(slash - dir), dir);
    if (!make_folder(above)) {
      return false;
    }
  }
  return make_folder(dir);
}
