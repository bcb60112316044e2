#ifdef HEDON_SQLITE
#define _GNU_SOURCE /* O_PATH */
#include "runs_known.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clocks.h"
#include "command.h"

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

/* ---- folders ---- */

/* Is it long enough ago that whatever changes the folder from now on changes its mtime? Clocks of
 * file systems are coarse. */
static bool runs_known_is_past(int64_t mtime) {
  const int64_t seconds = 2;
  return mtime / 1000000000 + seconds < (int64_t)time(NULL);
}

static bool runs_known_grow(runs_folders *self) {
  if (self->n < self->capacity) {
    return true;
  }
  const int capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
  char **folder = realloc(self->folder, sizeof *folder * (size_t)capacity);
  self->folder = folder != NULL ? folder : self->folder;
  int64_t *mtime = folder != NULL ? realloc(self->mtime, sizeof *mtime * (size_t)capacity) : NULL;
  self->mtime = mtime != NULL ? mtime : self->mtime;
  self->capacity = mtime != NULL ? capacity : self->capacity;
  return mtime != NULL;
}

int runs_known_folder(void *user, const char *path, const struct stat *file) {
  const runs_refresh *refresh = user;
  runs_folders *self = refresh->folders;
  const size_t length = strlen(refresh->index->folder);
  const char *below = strlen(path) > length ? path + length + 1 : ".";
  char *folder = runs_known_grow(self) ? strdup(below) : NULL;
  if (folder != NULL) {
    self->folder[self->n] = folder;
    self->mtime[self->n++] = clock_modified(file);
  }
  self->is_partial =
      self->is_partial || folder == NULL || !runs_known_is_past(clock_modified(file));
  return EXIT_OK;
}

void runs_known_free(runs_folders *self) {
  for (int i = 0; i < self->n; i++) {
    free(self->folder[i]);
  }
  free(self->folder);
  free(self->mtime);
}

static bool runs_known_insert(struct runs_index *self, const runs_folders *folders) {
  sqlite3_stmt *statement =
      runs_index_prepare(self, "INSERT INTO folders(folder, mtime) VALUES(?, ?)");
  bool is_done = statement != NULL;
  for (int i = 0; i < folders->n && is_done; i++) {
    sqlite3_reset(statement);
    is_done = sqlite3_bind_text(statement, 1, folders->folder[i], -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_int64(statement, 2, folders->mtime[i]) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_DONE;
  }
  sqlite3_finalize(statement);
  return is_done;
}

void runs_known_keep(struct runs_index *self, const runs_folders *folders) {
  if (folders->is_partial || self->is_network) {
    return;
  }
  sqlite3_busy_timeout(self->db, 0);
  if (runs_index_do(self, "BEGIN IMMEDIATE")) {
    const bool is_done =
        runs_index_do(self, "DELETE FROM folders") && runs_known_insert(self, folders);
    runs_index_do(self, is_done ? "COMMIT" : "ROLLBACK");
  }
  sqlite3_busy_timeout(self->db, RUNS_BUSY_MS);
}

/* Are all folders of the index as they were? */
static bool runs_known_folders(const runs_refresh *self, int root) {
  sqlite3_stmt *statement = runs_index_prepare(self->index, "SELECT folder, mtime FROM folders");
  struct stat file;
  int n = 0;
  bool is_same = statement != NULL;
  while (is_same && sqlite3_step(statement) == SQLITE_ROW) {
    const char *folder = (const char *)sqlite3_column_text(statement, 0);
    is_same = folder != NULL && fstatat(root, folder, &file, 0) == 0 &&
              clock_modified(&file) == sqlite3_column_int64(statement, 1);
    n++;
  }
  sqlite3_finalize(statement);
  return is_same && n > 0;
}

/* ---- runs ---- */

/* The folder above the runs that are asked for, open: most have the same one. */
typedef struct runs_above {
  int root, at;
  char folder[RUN_PATH];
  size_t length;
} runs_above;

static bool runs_above_open(runs_above *self, const char *folder, size_t length) {
  if (self->at >= 0 && length == self->length && memcmp(folder, self->folder, length) == 0) {
    return true;
  }
  if (self->at >= 0) {
    close(self->at);
  }
  self->length = length;
  memcpy(self->folder, folder, length);
  self->folder[length] = '\0';
  self->at = openat(self->root, length > 0 ? self->folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  return self->at >= 0;
}

static bool runs_above_has(const runs_above *self, const char *name, size_t length,
                           const char *file, struct stat *out) {
  char path[RUN_PATH + 16];
  memcpy(path, name, length);
  strcpy(path + length, file);
  return fstatat(self->at, path, out, 0) == 0;
}

/* A run of the index, `path` of so many characters below its folder. False: it is gone, or memory
 * is. */
static bool runs_known_run(runs_refresh *self, runs_above *above, const char *run, size_t length,
                           bool has_metrics) {
  struct stat file;
  const char *slash = strrchr(run, '/');
  const size_t before = slash != NULL ? (size_t)(slash - run) : 0;
  const char *name = slash != NULL ? slash + 1 : run;
  const size_t n = length - (size_t)(name - run);
  if (length >= RUN_PATH || !runs_above_open(above, run, before)) {
    return false;
  }
  const bool is_there = runs_above_has(above, name, n, "/metrics.jsonl", &file);
  if (!is_there && (has_metrics || !runs_above_has(above, name, n, "/config.toml", &file))) {
    return false;
  }
  runs_found *found = runs_refresh_add(self, runs_index_path(self->out, run, length));
  if (found != NULL && is_there) {
    runs_found_look(found, &file);
  }
  return found != NULL;
}

static bool runs_known_runs(runs_refresh *self, runs_above *above) {
  sqlite3_stmt *known =
      runs_index_prepare(self->index, "SELECT run, mtime, size, id FROM runs ORDER BY run");
  bool is_same = known != NULL;
  while (is_same && sqlite3_step(known) == SQLITE_ROW) {
    const char *run = (const char *)sqlite3_column_text(known, 0);
    const int64_t mtime = sqlite3_column_int64(known, 1), size = sqlite3_column_int64(known, 2);
    is_same = run != NULL &&
              runs_known_run(self, above, run, (size_t)sqlite3_column_bytes(known, 0), size >= 0);
    if (is_same) {
      runs_found *found = &self->found[self->n - 1];
      found->id = sqlite3_column_int64(known, 3);
      found->is_new = found->mtime != mtime || found->size != size;
    }
  }
  sqlite3_finalize(known);
  return is_same;
}

bool runs_known_fill(runs_refresh *self) {
  if (self->index->is_network) {
    return false; /* what others did there may be seen late */
  }
  runs_above above = {.at = -1};
  above.root = open(self->index->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_same =
      above.root >= 0 && runs_known_folders(self, above.root) && runs_known_runs(self, &above);
  if (above.at >= 0) {
    close(above.at);
  }
  if (above.root >= 0) {
    close(above.root);
  }
  self->n = is_same ? self->n : 0;
  return is_same;
}
#else
typedef int runs_known_is_empty; /* a file of C is not */
#endif
