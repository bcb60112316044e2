/* Runs in folders. */
#define _GNU_SOURCE /* scandirat */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "run_data.h"
#include "say.h"

enum { DEPTH = 8 };

typedef struct run_walk {
  run_walk_fn fn, folder;
  void *user;
} run_walk;

typedef struct run_finder {
  hd_ctx *ctx;
  run_list *out;
} run_finder;

static bool run_find_add(run_list *self, const run_data *run) {
  if (self->n == self->capacity) {
    const int capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
    run_data *grown = realloc(self->run, sizeof *grown * (size_t)capacity);
    if (grown == NULL) {
      return false;
    }
    self->run = grown;
    self->capacity = capacity;
  }
  self->run[self->n++] = *run;
  return true;
}

/* A run_walk_fn. */
static int run_find_read(void *user, const char *dir, const struct stat *metrics) {
  (void)metrics;
  run_finder *self = user;
  hd_ctx *ctx = self->ctx;
  run_list *out = self->out;
  char why[RUN_WHY];
  run_data run;
  if (!run_read(ctx, dir, &run, why)) {
    fprintf(stderr, "hedon: %s is skipped: %s\n", dir, why);
    out->n_skipped++;
    return EXIT_OK;
  }
  run_say_torn(&run);
  if (!run_find_add(out, &run)) {
    run_free(&run);
    return say_failure("out of memory for the runs");
  }
  return EXIT_OK;
}

/* ---- walking ---- */

static int run_find_is_folder(const struct dirent *entry) {
  return entry->d_name[0] != '.' &&
         (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK);
}

static int run_find_by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int run_find_below(const run_walk *self, const char *dir, int at, int depth);

/* "A/B" into a buffer; false: it has no room. */
static bool run_find_join(char path[RUN_PATH], const char *a, const char *b) {
  const size_t n = strlen(a), m = strlen(b);
  if (n + m + 2 > RUN_PATH) {
    return false;
  }
  memcpy(path, a, n + 1);
  path[n] = '/';
  memcpy(path + n + 1, b, m + 1);
  return true;
}

static bool run_find_has(int at, const char *name, const char *file, struct stat *out) {
  char path[RUN_PATH];
  return run_find_join(path, name, file) && fstatat(at, path, out, 0) == 0;
}

/* A folder `name` in the folder that `at` has open: a run, or one to look into. Names are short and
 * files few that are asked for, since there may be ten thousand runs. */
static int run_find_in(const run_walk *self, const char *path, int at, const char *name,
                       int depth) {
  struct stat file;
  if (run_find_has(at, name, "metrics.jsonl", &file)) {
    return self->fn(self->user, path, &file);
  }
  if (run_find_has(at, name, "config.toml", &file)) {
    return self->fn(self->user, path, NULL);
  }
  return depth < DEPTH ? run_find_below(self, path, at, depth) : EXIT_OK;
}

static int run_find_each(const run_walk *self, const char *dir, int at, struct dirent **entry,
                         int n, int depth) {
  char path[RUN_PATH];
  int code = EXIT_OK;
  for (int i = 0; i < n && code == EXIT_OK; i++) {
    if (run_find_join(path, dir, entry[i]->d_name)) {
      code = run_find_in(self, path, at, entry[i]->d_name, depth + 1);
    }
  }
  return code;
}

/* The folders in the folder that `here` has open and whose path is `dir`. */
static int run_find_scan(int here, const char *dir, struct dirent ***entry) {
#ifdef __linux__
  (void)dir;
  return scandirat(here, ".", entry, run_find_is_folder, run_find_by_name);
#else
  (void)here;
  return scandir(dir, entry, run_find_is_folder, run_find_by_name);
#endif
}

static int run_find_told(const run_walk *self, const char *dir, int here) {
  struct stat file;
  return self->folder != NULL && fstat(here, &file) == 0 ? self->folder(self->user, dir, &file)
                                                         : EXIT_OK;
}

/* What is no folder has nothing below. */
static int run_find_below(const run_walk *self, const char *dir, int at, int depth) {
  const char *slash = strrchr(dir, '/');
  const int here =
      openat(at, depth > 0 && slash != NULL ? slash + 1 : dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct dirent **entry = NULL;
  const int told = here >= 0 ? run_find_told(self, dir, here) : EXIT_OK;
  const int n = here >= 0 && told == EXIT_OK ? run_find_scan(here, dir, &entry) : -1;
  const int code = n > 0 ? run_find_each(self, dir, here, entry, n, depth) : told;
  for (int i = 0; i < n; i++) {
    free(entry[i]);
  }
  free(entry);
  if (here >= 0) {
    close(here);
  }
  return code;
}

int run_walk_folder(const char *path, run_walk_fn fn, run_walk_fn folder, void *user) {
  const run_walk self = {fn, folder, user};
  struct stat file;
  return stat(path, &file) == 0 && S_ISDIR(file.st_mode)
             ? run_find_in(&self, path, AT_FDCWD, path, 0)
             : say_failure("%s is no folder", path);
}

/* A run_walk_fn that ends at the first run. */
static int run_find_first(void *user, const char *dir, const struct stat *metrics) {
  (void)metrics;
  snprintf(user, RUN_PATH, "%s", dir);
  return EXIT_RUN;
}

bool run_is_there(const char *dir) {
  struct stat file;
  return run_find_has(AT_FDCWD, dir, "config.toml", &file);
}

bool run_first_below(const char *dir, char path[RUN_PATH]) {
  struct stat file;
  path[0] = '\0';
  if (stat(dir, &file) == 0 && S_ISDIR(file.st_mode)) {
    run_walk_folder(dir, run_find_first, NULL, path);
  }
  return path[0] != '\0' && strcmp(path, dir) != 0;
}

int run_say_none(const char *dir, const char *what) {
  char first[RUN_PATH];
  struct stat file;
  if (stat(dir, &file) != 0 || !S_ISDIR(file.st_mode)) {
    return say_failure("%s is no folder", dir);
  }
  return run_first_below(dir, first)
             ? say_failure("%s holds no %s itself, but folders of runs; name one, such as %s", dir,
                           what, first)
             : say_failure("%s holds no %s", dir, what);
}

/* ---- reading ---- */

int run_find(hd_ctx *ctx, const char *const *path, int n, run_list *out) {
  *out = (run_list){.n = 0};
  run_finder self = {ctx, out};
  int code = EXIT_OK;
  for (int i = 0; i < n && code == EXIT_OK; i++) {
    const int before = out->n + out->n_skipped;
    code = run_walk_folder(path[i], run_find_read, NULL, &self);
    if (code == EXIT_OK && out->n + out->n_skipped == before) {
      fprintf(stderr, "hedon: %s holds no run\n", path[i]);
      out->n_skipped++;
    }
  }
  return code;
}

void run_list_free(run_list *self) {
  for (int i = 0; i < self->n; i++) {
    run_free(&self->run[i]);
  }
  free(self->run);
  *self = (run_list){.n = 0};
}
