/* Bringing an index of runs up to date: what is new or has changed is read, what is gone is
 * removed. */
#ifdef HEDON_SQLITE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "command.h"
#include "runs_known.h"
#include "say.h"

enum { BATCH = 50 };

/* ---- what changed ---- */

static int64_t runs_index_config(const char *path) {
  char config[RUN_PATH + 16];
  struct stat file;
  snprintf(config, sizeof config, "%s/config.toml", path);
  return stat(config, &file) == 0 ? clock_modified(&file) : -1;
}

runs_found *runs_refresh_add(runs_refresh *self, const char *path) {
  if (self->n == self->capacity) {
    const int capacity = self->capacity == 0 ? 256 : 2 * self->capacity;
    runs_found *grown = realloc(self->found, sizeof *grown * (size_t)capacity);
    if (grown == NULL) {
      return NULL;
    }
    self->found = grown;
    self->capacity = capacity;
  }
  const char *run = path != NULL ? path + strlen(self->index->folder) + 1 : NULL;
  self->found[self->n] =
      (runs_found){.path = path, .run = run, .mtime = -1, .size = -1, .is_new = true};
  return path != NULL ? &self->found[self->n++] : NULL;
}

void runs_found_look(runs_found *self, const struct stat *metrics) {
  self->mtime = clock_modified(metrics);
  self->size = metrics->st_size;
}

/* A run_walk_fn. */
static int runs_index_find(void *user, const char *path, const struct stat *metrics) {
  runs_refresh *self = user;
  if (strlen(path) <= strlen(self->index->folder)) {
    return say_failure("%s is a run itself; an index belongs into the folder above", path);
  }
  const char *kept = text_store_keep(&self->out->texts, path, strlen(path));
  runs_found *found = runs_refresh_add(self, kept);
  if (found == NULL) {
    return say_failure("out of memory for the runs");
  }
  if (metrics != NULL) {
    runs_found_look(found, metrics);
  }
  found->config = self->is_thorough ? runs_index_config(path) : -1;
  return EXIT_OK;
}

static int runs_index_by_run(const void *a, const void *b) {
  return strcmp(((const runs_found *)a)->run, ((const runs_found *)b)->run);
}

static bool runs_index_remove(struct runs_index *self, const char *run) {
  static const char *const sql[] = {
      "DELETE FROM settings WHERE run = (SELECT id FROM runs WHERE run = ?)",
      "DELETE FROM runs WHERE run = ?"};
  bool is_done = true;
  for (int i = 0; i < 2 && is_done; i++) {
    sqlite3_stmt *statement = runs_index_prepare(self, sql[i]);
    is_done = statement != NULL &&
              sqlite3_bind_text(statement, 1, run, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
  }
  return is_done;
}

/* Go along both lists in the order of their names: what is known and unchanged is not new; what is
 * gone is noted in `gone`, which the caller frees. */
static bool runs_index_compare(runs_refresh *self, char ***gone, int *n_gone) {
  sqlite3_stmt *known =
      runs_index_prepare(self->index, "SELECT run, mtime, size, config, id FROM runs ORDER BY run");
  int i = 0;
  *gone = NULL;
  *n_gone = 0;
  while (known != NULL && sqlite3_step(known) == SQLITE_ROW) {
    const char *run = (const char *)sqlite3_column_text(known, 0);
    int order = 1;
    while (i < self->n && (order = strcmp(self->found[i].run, run)) < 0) {
      i++;
    }
    if (i < self->n && order == 0) {
      self->found[i].id = sqlite3_column_int64(known, 4);
      self->found[i].is_new =
          self->found[i].mtime != sqlite3_column_int64(known, 1) ||
          self->found[i].size != sqlite3_column_int64(known, 2) ||
          (self->is_thorough && self->found[i].config != sqlite3_column_int64(known, 3));
    } else {
      char **grown = realloc(*gone, sizeof *grown * (size_t)(*n_gone + 1));
      if (grown != NULL) {
        *gone = grown;
        (*gone)[(*n_gone)++] = strdup(run);
      }
    }
  }
  sqlite3_finalize(known);
  return known != NULL;
}

/* ---- writing ---- */

static bool runs_index_bind(sqlite3_stmt *statement, int at, int column, const char *value) {
  const bool is_none = value[0] == '\0' && !runs_columns[column].is_text;
  return (is_none ? sqlite3_bind_null(statement, at)
                  : sqlite3_bind_text(statement, at, value, -1, SQLITE_TRANSIENT)) == SQLITE_OK;
}

static bool runs_index_insert_row(struct runs_index *self, const runs_found *found,
                                  const runs_values *values) {
  char sql[RUNS_SQL] = "INSERT INTO runs(mtime, size, config";
  runs_index_names(sql, false);
  strcat(sql, ") VALUES(?, ?, ?");
  for (int c = 0; c < RUNS_WIDTH; c++) {
    strcat(sql, ",?");
  }
  strcat(sql, ")");
  sqlite3_stmt *statement = runs_index_prepare(self, sql);
  bool is_done =
      statement != NULL && sqlite3_bind_int64(statement, 1, found->mtime) == SQLITE_OK &&
      sqlite3_bind_int64(statement, 2, found->size) == SQLITE_OK &&
      sqlite3_bind_int64(statement, 3, runs_index_config(values->value[RUNS_run])) == SQLITE_OK;
  for (int c = 0; c < RUNS_WIDTH && is_done; c++) {
    is_done = runs_index_bind(statement, c + 4, c, c == RUNS_run ? found->run : values->value[c]);
  }
  is_done = is_done && sqlite3_step(statement) == SQLITE_DONE;
  sqlite3_finalize(statement);
  return is_done;
}

/* The statement that inserts a setting of a run, and whether all went well. */
typedef struct runs_inserter {
  sqlite3_stmt *statement;
  bool is_done;
} runs_inserter;

/* An hd_option_fn. */
static void runs_index_insert_setting(void *user, const hd_option *option) {
  runs_inserter *self = user;
  if (self->is_done) {
    sqlite3_bind_text(self->statement, 2, option->key, -1, SQLITE_STATIC);
    sqlite3_bind_text(self->statement, 3, option->value, -1, SQLITE_STATIC);
    self->is_done = sqlite3_step(self->statement) == SQLITE_DONE;
    sqlite3_reset(self->statement);
  }
}

static bool runs_index_insert_settings(struct runs_index *self, const hd_config *config) {
  runs_inserter inserter = {
      .statement = runs_index_prepare(
          self, "INSERT OR REPLACE INTO settings(run, key, value) VALUES(?, ?, ?)")};
  inserter.is_done =
      inserter.statement != NULL &&
      sqlite3_bind_int64(inserter.statement, 1, sqlite3_last_insert_rowid(self->db)) == SQLITE_OK;
  hd_config_each(config, runs_index_insert_setting, &inserter);
  sqlite3_finalize(inserter.statement);
  return inserter.is_done;
}

/* Runs that were read, before they are written: reading takes longer, and holds nobody up. */
typedef struct runs_batch {
  int n;
  const runs_found *found[BATCH];
  bool is_run[BATCH]; /* the others are removed from the index */
  run_data run[BATCH];
  runs_values values[BATCH];
} runs_batch;

/* Has another process read it meanwhile? */
static bool runs_index_has(const runs_refresh *self, const runs_found *found) {
  sqlite3_stmt *known = runs_index_prepare(
      self->index, "SELECT config FROM runs WHERE run = ? AND mtime = ? AND size = ?");
  const bool is_there =
      known != NULL && sqlite3_bind_text(known, 1, found->run, -1, SQLITE_STATIC) == SQLITE_OK &&
      sqlite3_bind_int64(known, 2, found->mtime) == SQLITE_OK &&
      sqlite3_bind_int64(known, 3, found->size) == SQLITE_OK && sqlite3_step(known) == SQLITE_ROW &&
      (!self->is_thorough || sqlite3_column_int64(known, 0) == found->config);
  sqlite3_finalize(known);
  return is_there;
}

/* A folder that is no run is named. False: out of memory. */
static bool runs_index_read(runs_refresh *self, runs_batch *batch, const runs_found *found) {
  char path[2 * RUN_PATH], why[RUN_WHY];
  const int k = batch->n;
  snprintf(path, sizeof path, "%s/%s", self->index->folder, found->run);
  batch->found[k] = found;
  batch->is_run[k] = run_read(self->ctx, path, &batch->run[k], why);
  batch->n++;
  if (!batch->is_run[k]) {
    fprintf(stderr, "hedon: %s is skipped: %s\n", path, why);
    self->n_skipped++;
    return true;
  }
  self->n_read++;
  run_say_torn(&batch->run[k]);
  return runs_values_of(self->ctx, &batch->run[k], &batch->values[k]) == HD_OK;
}

/* The next new runs, behind `first` and those that were seen, round the end of the list. */
static bool runs_index_read_some(runs_refresh *self, runs_batch *batch, int first, int *n_seen) {
  bool is_done = true;
  batch->n = 0;
  for (; *n_seen < self->n && batch->n < BATCH && is_done; (*n_seen)++) {
    const runs_found *found = &self->found[(first + *n_seen) % self->n];
    if (found->is_new && !runs_index_has(self, found)) {
      is_done = runs_index_read(self, batch, found);
    }
  }
  return is_done;
}

static bool runs_index_write_batch(runs_refresh *self, const runs_batch *batch) {
  bool is_done = runs_index_do(self->index, "BEGIN IMMEDIATE");
  for (int k = 0; k < batch->n && is_done; k++) {
    is_done = runs_index_remove(self->index, batch->found[k]->run) &&
              (!batch->is_run[k] ||
               (runs_index_insert_row(self->index, batch->found[k], &batch->values[k]) &&
                runs_index_insert_settings(self->index, batch->run[k].config)));
  }
  return is_done && runs_index_do(self->index, "COMMIT");
}

static void runs_batch_clear(runs_batch *batch) {
  for (int k = 0; k < batch->n; k++) {
    if (batch->is_run[k]) {
      run_free(&batch->run[k]);
    }
  }
}

/* Processes that do so at once begin at different places, and so share the work. */
static bool runs_index_write_new(runs_refresh *self, runs_batch *batch) {
  const int first = (int)((unsigned)getpid() * 2654435761u % (unsigned)(self->n > 0 ? self->n : 1));
  bool is_done = true;
  for (int n_seen = 0; n_seen < self->n && is_done;) {
    is_done = runs_index_read_some(self, batch, first, &n_seen) &&
              (batch->n == 0 || runs_index_write_batch(self, batch));
    runs_batch_clear(batch);
  }
  return is_done;
}

static bool runs_index_write(runs_refresh *self, char *const *gone, int n_gone) {
  bool is_done = runs_index_do(self->index, "BEGIN IMMEDIATE");
  for (int i = 0; i < n_gone && is_done; i++) {
    is_done = runs_index_remove(self->index, gone[i]);
  }
  is_done = is_done && runs_index_do(self->index, "COMMIT");
  runs_batch *batch = is_done ? calloc(1, sizeof *batch) : NULL;
  is_done = batch != NULL && runs_index_write_new(self, batch);
  free(batch);
  return is_done;
}

/* By the names of the runs; seldom are they in another order: "a-b" comes before "a/b". */
static void runs_index_sort(runs_refresh *self) {
  for (int i = 1; i < self->n; i++) {
    if (strcmp(self->found[i - 1].run, self->found[i].run) > 0) {
      qsort(self->found, (size_t)self->n, sizeof *self->found, runs_index_by_run);
      return;
    }
  }
}

/* Nothing has changed: the walk has found all that the index would say. */
static bool runs_index_fill(const runs_refresh *self) {
  for (int i = 0; i < self->n; i++) {
    runs_row *row = runs_table_grow(self->out);
    if (row == NULL) {
      return false;
    }
    row->value[RUNS_run] = self->found[i].path;
    row->id = self->found[i].id;
  }
  return true;
}

/* Write what is new or gone, and fill the table. */
static bool runs_index_update(runs_refresh *self, char *const *gone, int n_gone) {
  int n_new = 0;
  for (int i = 0; i < self->n; i++) {
    n_new += self->found[i].is_new;
  }
  return n_gone + n_new > 0
             ? runs_index_write(self, gone, n_gone) && runs_index_load(self->index, self->out)
             : runs_index_fill(self);
}

/* Look into all folders. */
static int runs_index_walk(runs_refresh *self) {
  char **gone;
  int n_gone;
  runs_folders folders = {.n = 0};
  self->folders = &folders;
  int code = run_walk_folder(self->index->folder, runs_index_find, runs_known_folder, self);
  if (code == EXIT_OK) {
    runs_index_sort(self);
    const bool is_done =
        runs_index_compare(self, &gone, &n_gone) && runs_index_update(self, gone, n_gone);
    code = is_done ? EXIT_OK : runs_index_fail(self->index);
    for (int i = 0; i < n_gone; i++) {
      free(gone[i]);
    }
    free(gone);
  }
  if (code == EXIT_OK && self->n_skipped == 0) {
    runs_known_keep(self->index, &folders);
  }
  runs_known_free(&folders);
  return code;
}

int runs_index_refresh(hd_ctx *ctx, struct runs_index *index, bool is_thorough, runs_table *out,
                       int *n_read) {
  runs_refresh self = {.ctx = ctx, .index = index, .out = out, .is_thorough = is_thorough};
  int code = EXIT_OK;
  if (!is_thorough && runs_known_fill(&self)) {
    code = runs_index_update(&self, NULL, 0) ? EXIT_OK : runs_index_fail(index);
  } else {
    code = runs_index_walk(&self);
  }
  free(self.found);
  *n_read = self.n_read;
  return code;
}

#else
typedef int runs_refresh_is_empty; /* a file of C is not */
#endif
