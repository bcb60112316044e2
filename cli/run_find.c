/* Runs in folders. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "run_data.h"
#include "say.h"

enum { DEPTH = 8 };

typedef struct run_walk {
  run_walk_fn fn;
  void *user;
} run_walk;

typedef struct run_finder {
  hd_ctx *ctx;
  run_list *out;
} run_finder;

static bool run_find_has(const char *dir, const char *name) {
  char path[RUN_PATH + 32];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return access(path, F_OK) == 0;
}

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
static int run_find_read(void *user, const char *dir) {
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
  if (!run_find_add(out, &run)) {
    run_free(&run);
    return say_failure("out of memory for the runs");
  }
  return EXIT_OK;
}

/* ---- walking ---- */

static int run_find_is_name(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static int run_find_in(const run_walk *self, const char *dir, int depth);

static int run_find_below(const run_walk *self, const char *dir, int depth) {
  struct dirent **entry;
  const int n = scandir(dir, &entry, run_find_is_name, alphasort);
  int code = EXIT_OK;
  for (int i = 0; i < n; i++) {
    char path[RUN_PATH];
    struct stat file;
    const int length = snprintf(path, sizeof path, "%s/%s", dir, entry[i]->d_name);
    if (code == EXIT_OK && length < (int)sizeof path && stat(path, &file) == 0 &&
        S_ISDIR(file.st_mode)) {
      code = run_find_in(self, path, depth + 1);
    }
    free(entry[i]);
  }
  if (n >= 0) {
    free(entry);
  }
  return code;
}

static int run_find_in(const run_walk *self, const char *dir, int depth) {
  if (run_find_has(dir, "config.toml") || run_find_has(dir, "metrics.jsonl")) {
    return self->fn(self->user, dir);
  }
  return depth < DEPTH ? run_find_below(self, dir, depth) : EXIT_OK;
}

int run_walk_folder(const char *path, run_walk_fn fn, void *user) {
  const run_walk self = {fn, user};
  struct stat file;
  return stat(path, &file) == 0 && S_ISDIR(file.st_mode) ? run_find_in(&self, path, 0)
                                                         : say_failure("%s is no folder", path);
}

/* ---- reading ---- */

int run_find(hd_ctx *ctx, const char *const *path, int n, run_list *out) {
  *out = (run_list){.n = 0};
  run_finder self = {ctx, out};
  int code = EXIT_OK;
  for (int i = 0; i < n && code == EXIT_OK; i++) {
    const int before = out->n + out->n_skipped;
    code = run_walk_folder(path[i], run_find_read, &self);
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
