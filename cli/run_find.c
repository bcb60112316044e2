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

static int run_find_read(hd_ctx *ctx, const char *dir, run_list *out) {
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

static int run_find_is_name(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static int run_find_in(hd_ctx *ctx, const char *dir, int depth, run_list *out);

static int run_find_below(hd_ctx *ctx, const char *dir, int depth, run_list *out) {
  struct dirent **entry;
  const int n = scandir(dir, &entry, run_find_is_name, alphasort);
  int code = EXIT_OK;
  for (int i = 0; i < n; i++) {
    char path[RUN_PATH];
    struct stat file;
    const int length = snprintf(path, sizeof path, "%s/%s", dir, entry[i]->d_name);
    if (code == EXIT_OK && length < (int)sizeof path && stat(path, &file) == 0 &&
        S_ISDIR(file.st_mode)) {
      code = run_find_in(ctx, path, depth + 1, out);
    }
    free(entry[i]);
  }
  if (n >= 0) {
    free(entry);
  }
  return code;
}

static int run_find_in(hd_ctx *ctx, const char *dir, int depth, run_list *out) {
  if (run_find_has(dir, "config.toml") || run_find_has(dir, "metrics.jsonl")) {
    return run_find_read(ctx, dir, out);
  }
  return depth < DEPTH ? run_find_below(ctx, dir, depth, out) : EXIT_OK;
}

static int run_find_one(hd_ctx *ctx, const char *path, run_list *out) {
  struct stat file;
  const int before = out->n + out->n_skipped;
  if (stat(path, &file) != 0 || !S_ISDIR(file.st_mode)) {
    return say_failure("%s is no folder", path);
  }
  const int code = run_find_in(ctx, path, 0, out);
  if (code == EXIT_OK && out->n + out->n_skipped == before) {
    fprintf(stderr, "hedon: %s holds no run\n", path);
    out->n_skipped++;
  }
  return code;
}

int run_find(hd_ctx *ctx, const char *const *path, int n, run_list *out) {
  *out = (run_list){.n = 0};
  int code = EXIT_OK;
  for (int i = 0; i < n && code == EXIT_OK; i++) {
    code = run_find_one(ctx, path[i], out);
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
