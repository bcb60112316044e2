#include "runs_index.h"

#include "command.h"
#include "say.h"

#ifdef HEDON_SQLITE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runs_index_file.h"

enum { VERSION = 2, BUSY_MS = 20000, LOOK_MS = 50, NUMBER = 32 };

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

/* Whoever comes first makes the tables, and drops those of an older version. */
static bool runs_index_create(struct runs_index *self) {
  char sql[RUNS_SQL] =
      "DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS settings; "
      "CREATE TABLE runs(id INTEGER PRIMARY KEY, mtime INTEGER NOT NULL, size INTEGER NOT NULL, "
      "config INTEGER NOT NULL";
  runs_index_names(sql, true);
  strcat(sql,
         "); CREATE INDEX runs_found ON runs(run, mtime, size, config); "
         "CREATE TABLE settings(run INTEGER NOT NULL, key TEXT NOT NULL, "
         "value TEXT NOT NULL, PRIMARY KEY(key, run)) WITHOUT ROWID; "
         "CREATE INDEX settings_of_run ON settings(run); PRAGMA user_version = 2");
  if (!runs_index_do(self, "PRAGMA journal_mode = WAL") ||
      !runs_index_do(self, "BEGIN IMMEDIATE")) {
    return false;
  }
  const bool is_mine = runs_index_version(self) < VERSION;
  return (!is_mine || runs_index_do(self, sql)) && runs_index_do(self, "COMMIT");
}

/* Changing a file to write-ahead logging does not wait for others as transactions do. */
static bool runs_index_create_some_time(struct runs_index *self) {
  bool is_done = false;
  for (int waited = 0; !is_done && waited < BUSY_MS; waited += LOOK_MS) {
    is_done = runs_index_create(self);
    if (!is_done && sqlite3_errcode(self->db) != SQLITE_BUSY) {
      return false;
    }
    if (!is_done) {
      sqlite3_sleep(LOOK_MS);
    }
  }
  return is_done;
}

static int runs_index_begin(struct runs_index *self) {
  if (sqlite3_open(self->path, &self->db) != SQLITE_OK) {
    return runs_index_fail(self);
  }
  sqlite3_busy_timeout(self->db, BUSY_MS);
  const int version = runs_index_version(self);
  if (version > VERSION || version < 0) {
    return say_failure(
        "%s is no index of this version of hedon; remove it, and hedon runs reindex %s "
        "makes it anew",
        self->path, self->folder);
  }
  return version == VERSION || runs_index_create_some_time(self) ? EXIT_OK : runs_index_fail(self);
}

bool runs_index_is_there(const char *folder) {
  char path[RUN_PATH + 16];
  snprintf(path, sizeof path, "%s/runs.sqlite", folder);
  return access(path, F_OK) == 0;
}

void runs_index_close(struct runs_index *self) {
  if (self != NULL) {
    sqlite3_finalize(self->row);
    sqlite3_close(self->db);
    free(self);
  }
}

/* ---- reading ---- */

/* A column's value as the table keeps it; the caller frees it. Most numbers are whole. */
static char *runs_index_text(const struct runs_index *self, sqlite3_stmt *statement, int at,
                             int column) {
  char text[NUMBER] = "";
  if (runs_columns[column].is_text) {
    const char *found = (const char *)sqlite3_column_text(statement, at);
    const size_t size = strlen(self->folder) + (found != NULL ? strlen(found) : 0) + 2;
    char *made = malloc(size);
    if (made != NULL) {
      snprintf(made, size, "%s%s%s", column == RUNS_run ? self->folder : "",
               column == RUNS_run ? "/" : "", found != NULL ? found : "");
    }
    return made;
  }
  if (sqlite3_column_type(statement, at) != SQLITE_NULL) {
    const double value = sqlite3_column_double(statement, at);
    const bool is_whole = value > -1e15 && value < 1e15 && value == (double)(int64_t)value;
    snprintf(text, sizeof text, is_whole ? "%.0f" : "%.17g", value);
  }
  return strdup(text);
}

static bool runs_index_load(struct runs_index *self, runs_table *out) {
  sqlite3_stmt *statement = runs_index_prepare(self, "SELECT run, id FROM runs ORDER BY run");
  bool is_done = statement != NULL;
  while (is_done && sqlite3_step(statement) == SQLITE_ROW) {
    runs_row *row = runs_table_grow(out);
    is_done = row != NULL;
    if (is_done) {
      row->value[RUNS_run] = runs_index_text(self, statement, 0, RUNS_run);
      row->id = sqlite3_column_int64(statement, 1);
    }
  }
  sqlite3_finalize(statement);
  return is_done;
}

int runs_index_open(hd_ctx *ctx, const char *folder, bool is_thorough, runs_table *out,
                    int *n_read) {
  struct runs_index *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return say_failure("out of memory");
  }
  snprintf(self->folder, sizeof self->folder, "%s", folder);
  snprintf(self->path, sizeof self->path, "%s/runs.sqlite", folder);
  out->index = self;
  int code = runs_index_begin(self);
  code = code == EXIT_OK ? runs_index_refresh(ctx, self, is_thorough, n_read) : code;
  return code != EXIT_OK || runs_index_load(self, out) ? code : runs_index_fail(self);
}

static int runs_index_by_id(const void *a, const void *b) {
  const int64_t x = (*(runs_row *const *)a)->id, y = (*(runs_row *const *)b)->id;
  return (x > y) - (x < y);
}

/* The table's rows in the order of their ids; the caller frees them. */
static runs_row **runs_index_order(runs_table *table) {
  runs_row **row = calloc((size_t)table->n + 1, sizeof *row);
  for (int k = 0; row != NULL && k < table->n; k++) {
    row[k] = &table->row[k];
  }
  if (row != NULL) {
    qsort(row, (size_t)table->n, sizeof *row, runs_index_by_id);
  }
  return row;
}

/* Put the second column of a query, whose first is an id in rising order, into rows: a setting
 * where column is negative. Returns how many values there were; finalizes the statement. */
static int runs_index_spread(runs_table *table, sqlite3_stmt *statement, int column, int setting) {
  runs_row **row = runs_index_order(table);
  int n = 0, i = 0;
  while (row != NULL && statement != NULL && sqlite3_step(statement) == SQLITE_ROW) {
    const int64_t id = sqlite3_column_int64(statement, 0);
    while (i < table->n && row[i]->id < id) {
      i++;
    }
    if (i < table->n && row[i]->id == id && column >= 0) {
      row[i]->value[column] = runs_index_text(table->index, statement, 1, column);
    } else if (i < table->n && row[i]->id == id) {
      runs_row_set(row[i], setting, (const char *)sqlite3_column_text(statement, 1));
    }
    n++;
  }
  sqlite3_finalize(statement);
  free(row);
  return n;
}

bool runs_index_setting(runs_table *table, int setting) {
  sqlite3_stmt *statement = runs_index_prepare(
      table->index, "SELECT run, value FROM settings WHERE key = ? ORDER BY run");
  sqlite3_bind_text(statement, 1, table->setting[setting], -1, SQLITE_STATIC);
  return runs_index_spread(table, statement, -1, setting) > 0;
}

bool runs_index_column(runs_table *table, int column) {
  char sql[RUNS_SQL];
  snprintf(sql, sizeof sql, "SELECT id, \"%s\" FROM runs ORDER BY id", runs_columns[column].name);
  return runs_index_spread(table, runs_index_prepare(table->index, sql), column, 0) >= table->n;
}

bool runs_index_row(runs_table *table, runs_row *row) {
  struct runs_index *self = table->index;
  if (self->row == NULL) {
    char sql[RUNS_SQL] = "SELECT id";
    runs_index_names(sql, false);
    strcat(sql, " FROM runs WHERE id = ?");
    self->row = runs_index_prepare(self, sql);
  }
  sqlite3_reset(self->row);
  if (sqlite3_bind_int64(self->row, 1, row->id) != SQLITE_OK ||
      sqlite3_step(self->row) != SQLITE_ROW) {
    return false;
  }
  for (int c = 0; c < RUNS_WIDTH; c++) {
    if (row->value[c] == NULL) {
      row->value[c] = runs_index_text(self, self->row, c + 1, c);
    }
  }
  return true;
}

#else

bool runs_index_is_there(const char *folder) {
  (void)folder;
  return false;
}

int runs_index_open(hd_ctx *ctx, const char *folder, bool is_thorough, runs_table *out,
                    int *n_read) {
  (void)ctx, (void)is_thorough, (void)out, (void)n_read;
  return say_failure(
      "built without SQLite (Debian: libsqlite3-dev), so %s gets no index; hedon runs reads "
      "the folders themselves",
      folder);
}

bool runs_index_setting(runs_table *table, int setting) {
  (void)table, (void)setting;
  return false;
}

bool runs_index_column(runs_table *table, int column) {
  (void)table, (void)column;
  return false;
}

bool runs_index_row(runs_table *table, runs_row *row) {
  (void)table, (void)row;
  return false;
}

void runs_index_close(struct runs_index *self) { (void)self; }

#endif
