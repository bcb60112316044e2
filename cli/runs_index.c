#include "runs_index.h"

#include "command.h"
#include "say.h"

#ifdef HEDON_SQLITE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runs_index_file.h"

enum { VERSION = 1, BUSY_MS = 20000 };

/* ---- SQL ---- */

int runs_index_fail(const struct runs_index *self) {
  return say_failure("the index %s: %s", self->path, sqlite3_errmsg(self->db));
}

bool runs_index_do(struct runs_index *self, const char *sql) {
  return sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

sqlite3_stmt *runs_index_prepare(struct runs_index *self, const char *sql) {
  sqlite3_stmt *statement = NULL;
  return sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

void runs_index_names(char sql[RUNS_SQL], bool has_types) {
  for (int c = 0; c < RUNS_WIDTH; c++) {
    char part[128];
    snprintf(part, sizeof part, ", \"%s\"%s%s", runs_columns[c].name,
             !has_types                ? ""
             : runs_columns[c].is_text ? " TEXT"
                                       : " REAL",
             has_types && c == RUNS_run ? " NOT NULL UNIQUE" : "");
    strcat(sql, part);
  }
}

/* ---- the file ---- */

static int runs_index_version(struct runs_index *self) {
  sqlite3_stmt *statement = runs_index_prepare(self, "PRAGMA user_version");
  const int version = statement != NULL && sqlite3_step(statement) == SQLITE_ROW
                          ? sqlite3_column_int(statement, 0)
                          : -1;
  sqlite3_finalize(statement);
  return version;
}

/* Whoever comes first makes the tables. */
static bool runs_index_create(struct runs_index *self) {
  char sql[RUNS_SQL] =
      "CREATE TABLE IF NOT EXISTS runs(id INTEGER PRIMARY KEY, stamp TEXT NOT NULL";
  runs_index_names(sql, true);
  strcat(sql,
         "); CREATE TABLE IF NOT EXISTS settings(run INTEGER NOT NULL, key TEXT NOT NULL, "
         "value TEXT NOT NULL, PRIMARY KEY(key, run)) WITHOUT ROWID; "
         "CREATE INDEX IF NOT EXISTS settings_of_run ON settings(run); PRAGMA user_version = 1");
  return runs_index_do(self, "PRAGMA journal_mode = WAL") &&
         runs_index_do(self, "BEGIN IMMEDIATE") && runs_index_do(self, sql) &&
         runs_index_do(self, "COMMIT");
}

static int runs_index_begin(struct runs_index *self) {
  if (sqlite3_open(self->path, &self->db) != SQLITE_OK) {
    return runs_index_fail(self);
  }
  sqlite3_busy_timeout(self->db, BUSY_MS);
  const int version = runs_index_version(self);
  if (version == 0 && !runs_index_create(self)) {
    return runs_index_fail(self);
  }
  return version == 0 || version == VERSION
             ? EXIT_OK
             : say_failure(
                   "%s is no index of this version of hedon; remove it, and hedon runs reindex %s "
                   "makes it anew",
                   self->path, self->folder);
}

bool runs_index_is_there(const char *folder) {
  char path[RUN_PATH + 16];
  snprintf(path, sizeof path, "%s/runs.sqlite", folder);
  return access(path, F_OK) == 0;
}

void runs_index_close(struct runs_index *self) {
  if (self != NULL) {
    sqlite3_close(self->db);
    free(self);
  }
}

/* ---- reading ---- */

static bool runs_index_load_row(struct runs_index *self, sqlite3_stmt *statement, runs_table *out) {
  static char text[RUNS_WIDTH][2 * RUN_PATH];
  const char *value[RUNS_WIDTH];
  for (int c = 0; c < RUNS_WIDTH; c++) {
    value[c] = text[c];
    text[c][0] = '\0';
    if (runs_columns[c].is_text) {
      const char *found = (const char *)sqlite3_column_text(statement, c + 1);
      snprintf(text[c], sizeof text[c], "%s%s%s", c == RUNS_run ? self->folder : "",
               c == RUNS_run ? "/" : "", found != NULL ? found : "");
    } else if (sqlite3_column_type(statement, c + 1) != SQLITE_NULL) {
      snprintf(text[c], sizeof text[c], "%.17g", sqlite3_column_double(statement, c + 1));
    }
  }
  runs_row *row = runs_table_add(out, value);
  if (row != NULL) {
    row->id = sqlite3_column_int64(statement, 0);
  }
  return row != NULL;
}

static int runs_index_load(struct runs_index *self, runs_table *out) {
  char sql[RUNS_SQL] = "SELECT id";
  runs_index_names(sql, false);
  strcat(sql, " FROM runs ORDER BY run");
  sqlite3_stmt *statement = runs_index_prepare(self, sql);
  bool is_done = statement != NULL;
  while (is_done && sqlite3_step(statement) == SQLITE_ROW) {
    is_done = runs_index_load_row(self, statement, out);
  }
  sqlite3_finalize(statement);
  return is_done ? EXIT_OK : runs_index_fail(self);
}

int runs_index_open(hd_ctx *ctx, const char *folder, runs_table *out, int *n_read) {
  struct runs_index *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return say_failure("out of memory");
  }
  snprintf(self->folder, sizeof self->folder, "%s", folder);
  snprintf(self->path, sizeof self->path, "%s/runs.sqlite", folder);
  out->index = self;
  int code = runs_index_begin(self);
  code = code == EXIT_OK ? runs_index_refresh(ctx, self, n_read) : code;
  return code == EXIT_OK ? runs_index_load(self, out) : code;
}

static int runs_index_by_id(const void *a, const void *b) {
  const int64_t x = (*(runs_row *const *)a)->id, y = (*(runs_row *const *)b)->id;
  return (x > y) - (x < y);
}

bool runs_index_setting(runs_table *table, int setting) {
  runs_row **row = calloc((size_t)table->n + 1, sizeof *row);
  sqlite3_stmt *statement = runs_index_prepare(
      table->index, "SELECT run, value FROM settings WHERE key = ? ORDER BY run");
  int n = 0, i = 0;
  for (int k = 0; row != NULL && k < table->n; k++) {
    row[k] = &table->row[k];
  }
  if (row != NULL) {
    qsort(row, (size_t)table->n, sizeof *row, runs_index_by_id);
  }
  sqlite3_bind_text(statement, 1, table->setting[setting], -1, SQLITE_STATIC);
  while (row != NULL && statement != NULL && sqlite3_step(statement) == SQLITE_ROW) {
    const int64_t id = sqlite3_column_int64(statement, 0);
    while (i < table->n && row[i]->id < id) {
      i++;
    }
    if (i < table->n && row[i]->id == id) {
      row[i]->setting[setting] = strdup((const char *)sqlite3_column_text(statement, 1));
    }
    n++;
  }
  sqlite3_finalize(statement);
  free(row);
  return n > 0;
}

#else

bool runs_index_is_there(const char *folder) {
  (void)folder;
  return false;
}

int runs_index_open(hd_ctx *ctx, const char *folder, runs_table *out, int *n_read) {
  (void)ctx, (void)out, (void)n_read;
  return say_failure(
      "built without SQLite (Debian: libsqlite3-dev), so %s gets no index; hedon runs reads "
      "the folders themselves",
      folder);
}

bool runs_index_setting(runs_table *table, int setting) {
  (void)table, (void)setting;
  return false;
}

void runs_index_close(struct runs_index *self) { (void)self; }

#endif
