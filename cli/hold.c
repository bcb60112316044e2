#include "hold.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH = 4096, AHEAD_S = 60 };

static const char *hold_path(const char *dir, const char *name, char path[PATH]) {
  snprintf(path, PATH, "%.4000s/%s", dir, name);
  return path;
}

static bool hold_write(const char *dir, const char *name, const char *sentence) {
  char path[PATH];
  FILE *file = fopen(hold_path(dir, name, path), "w");
  if (file == NULL) {
    return false;
  }
  fprintf(file, "%s\n", sentence);
  return fclose(file) == 0;
}

static void hold_remove(const char *dir, const char *name) {
  char path[PATH];
  unlink(hold_path(dir, name, path));
}

/* A file of the time to come is one of before the clock was set back, unless another machine's
 * clock is a little ahead. */
bool hold_is_asked(const char *dir) {
  char path[PATH];
  struct stat file;
  if (stat(hold_path(dir, "hold", path), &file) != 0) {
    return false;
  }
  const time_t age = time(NULL) - file.st_mtime;
  return age < HOLD_S && age > -AHEAD_S;
}

void hold_mark(const char *dir, bool waits) {
  if (waits) {
    hold_write(dir, "held", "This run waits, since the file hold asks it to.");
  } else {
    hold_remove(dir, "held");
  }
}

bool hold_ask(const char *dir) {
  return hold_write(dir, "hold", "hedon watch asks this run to wait.");
}

void hold_end(const char *dir) { hold_remove(dir, "hold"); }

bool hold_is_marked(const char *dir) {
  char path[PATH];
  return access(hold_path(dir, "held", path), F_OK) == 0;
}
