#include "runs_index.h"

#include "command.h"
#include "say.h"

#ifdef HEDON_SQLITE
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "network_file_system.h"
#include "runs_index_file.h"

enum { VERSION = 3, LOOK_MS = 50, NUMBER = 32 };

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

/* A write-ahead log is shared by memory, which processes of two machines do not have: on network
 * file systems changes go by a rollback journal, which needs their locks alone. A log that came
 * with the file is read by one process that nobody shares memory with. */
static bool runs_index_journal(struct runs_index *self) {
  return runs_index_do(self, self->is_network
                                 ? "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; "
                                   "PRAGMA locking_mode = NORMAL"
                                 : "PRAGMA journal_mode = WAL");
}

/* Whoever comes first makes the tables, and drops those of an older version. */
static bool runs_index_create(struct runs_index *self) {
  char sql[RUNS_SQL] =
      "DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS settings; DROP TABLE IF EXISTS folders; "
      "CREATE TABLE runs(id INTEGER PRIMARY KEY, mtime INTEGER NOT NULL, size INTEGER NOT NULL, "
      "config INTEGER NOT NULL";
  runs_index_names(sql, true);
  strcat(sql,
         "); CREATE INDEX runs_found ON runs(run, mtime, size, config); "
         "CREATE TABLE settings(run INTEGER NOT NULL, key TEXT NOT NULL, "
         "value TEXT NOT NULL, PRIMARY KEY(key, run)) WITHOUT ROWID; "
         "CREATE INDEX settings_of_run ON settings(run); "
         "CREATE TABLE folders(folder TEXT PRIMARY KEY, mtime INTEGER NOT NULL) WITHOUT ROWID; "
         "PRAGMA user_version = 3");
  if (!runs_index_journal(self) || !runs_index_do(self, "BEGIN IMMEDIATE")) {
    return false;
  }
  const bool is_mine = runs_index_version(self) < VERSION;
  return (!is_mine || runs_index_do(self, sql)) && runs_index_do(self, "COMMIT");
}

/* Changing a file to write-ahead logging does not wait for others as transactions do. */
static bool runs_index_create_some_time(struct runs_index *self) {
  bool is_done = false;
  for (int waited = 0; !is_done && waited < RUNS_BUSY_MS; waited += LOOK_MS) {
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

/* The files of the log stay, empty, when the index is closed: were they made and removed by every
 * query, the folder would change each time, and its runs would have to be looked for. */
static void runs_index_keep_log(struct runs_index *self) {
  int is_kept = 1;
  sqlite3_file_control(self->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &is_kept);
  runs_index_do(self, "PRAGMA journal_size_limit = 0");
}

static int runs_index_begin(struct runs_index *self) {
  const int how = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX; /* one thread */
  if (sqlite3_open_v2(self->path, &self->db, how, NULL) != SQLITE_OK) {
    return runs_index_fail(self);
  }
  sqlite3_busy_timeout(self->db, RUNS_BUSY_MS);
  if (self->is_network && !runs_index_journal(self)) {
    return runs_index_fail(self);
  }
  runs_index_keep_log(self);
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
  if (access(path, F_OK) != 0) {
    return false;
  }
  if (!runs_sqlite_open()) {
    fprintf(stderr, "hedon: %s is left alone, and the folders are read themselves\n", path);
    return false;
  }
  return true;
}

void runs_index_close(struct runs_index *self) {
  if (self != NULL) {
    sqlite3_close(self->db);
    free(self);
  }
}

/* ---- reading ---- */

/* A whole number as text; others take printf, which is slow. */
static int runs_index_whole(char text[NUMBER], int64_t value) {
  char digits[NUMBER];
  int n = 0, length = 0;
  uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do {
    digits[n++] = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  if (value < 0) {
    text[length++] = '-';
  }
  while (n > 0) {
    text[length++] = digits[--n];
  }
  return length;
}

static const char *runs_index_number(runs_table *out, sqlite3_stmt *statement, int at) {
  char text[NUMBER];
  int length = 0;
  if (sqlite3_column_type(statement, at) != SQLITE_NULL) {
    const double value = sqlite3_column_double(statement, at);
    const bool is_whole = value > -1e15 && value < 1e15 && value == (double)(int64_t)value &&
                          !(value == 0 && signbit(value));
    length = is_whole ? runs_index_whole(text, (int64_t)value)
                      : snprintf(text, sizeof text, "%.17g", value);
  }
  return text_store_keep(&out->texts, text, (size_t)length);
}

const char *runs_index_path(runs_table *out, const char *run, size_t length) {
  const size_t before = strlen(out->index->folder);
  char *path = text_store_take(&out->texts, before + length + 2);
  if (path != NULL) {
    memcpy(path, out->index->folder, before);
    path[before] = '/';
    memcpy(path + before + 1, run, length);
    path[before + 1 + length] = '\0';
  }
  return path;
}

/* A column's value as the table keeps it; NULL: out of memory. */
static const char *runs_index_text(runs_table *out, sqlite3_stmt *statement, int at, int column) {
  if (!runs_columns[column].is_text) {
    return runs_index_number(out, statement, at);
  }
  const char *found = (const char *)sqlite3_column_text(statement, at);
  const size_t length = found != NULL ? (size_t)sqlite3_column_bytes(statement, at) : 0;
  return column == RUNS_run ? runs_index_path(out, found != NULL ? found : "", length)
                            : text_store_keep(&out->texts, found != NULL ? found : "", length);
}

bool runs_index_load(struct runs_index *self, runs_table *out) {
  sqlite3_stmt *statement = runs_index_prepare(self, "SELECT run, id FROM runs ORDER BY run");
  bool is_done = statement != NULL;
  while (is_done && sqlite3_step(statement) == SQLITE_ROW) {
    runs_row *row = runs_table_grow(out);
    is_done = row != NULL;
    if (is_done) {
      row->value[RUNS_run] = runs_index_text(out, statement, 0, RUNS_run);
      row->id = sqlite3_column_int64(statement, 1);
    }
  }
  sqlite3_finalize(statement);
  return is_done;
}

int runs_index_open(hd_ctx *ctx, const char *folder, bool is_thorough, runs_table *out,
                    int *n_read) {
  if (!runs_sqlite_open()) {
    return EXIT_RUN;
  }
  struct runs_index *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return say_failure("out of memory");
  }
  snprintf(self->folder, sizeof self->folder, "%s", folder);
  snprintf(self->path, sizeof self->path, "%s/runs.sqlite", folder);
  self->is_network = network_file_system_has(folder);
  out->index = self;
  const int code = runs_index_begin(self);
  return code == EXIT_OK ? runs_index_refresh(ctx, self, is_thorough, out, n_read) : code;
}

/* ---- columns and rows ---- */

/* The table's rows by their ids, of which *n is greater than any; the caller frees them. */
static runs_row **runs_index_by_id(runs_table *table, int64_t *n) {
  *n = 1;
  for (int k = 0; k < table->n; k++) {
    *n = table->row[k].id >= *n ? table->row[k].id + 1 : *n;
  }
  runs_row **row = calloc((size_t)*n, sizeof *row);
  for (int k = 0; row != NULL && k < table->n; k++) {
    row[table->row[k].id] = &table->row[k];
  }
  return row;
}

/* Hand each row what a query says of it, whose first column is an id. Returns of how many rows it
 * told something; finalizes the statement. */
typedef bool (*runs_spread_fn)(runs_table *table, runs_row *row, sqlite3_stmt *statement, int what);

static int runs_index_spread(runs_table *table, sqlite3_stmt *statement, runs_spread_fn fn,
                             int what) {
  int64_t n_ids;
  runs_row **row = runs_index_by_id(table, &n_ids);
  int n = 0;
  bool is_done = row != NULL && statement != NULL;
  while (is_done && sqlite3_step(statement) == SQLITE_ROW) {
    const int64_t id = sqlite3_column_int64(statement, 0);
    if (id >= 0 && id < n_ids && row[id] != NULL) {
      is_done = fn(table, row[id], statement, what);
      n += is_done;
    }
  }
  sqlite3_finalize(statement);
  free(row);
  return n;
}

static bool runs_index_take_setting(runs_table *table, runs_row *row, sqlite3_stmt *statement,
                                    int setting) {
  const char *text = (const char *)sqlite3_column_text(statement, 1);
  const size_t length = (size_t)sqlite3_column_bytes(statement, 1);
  table->chosen[setting][row->at] = text_store_keep(&table->texts, text, length);
  return table->chosen[setting][row->at] != NULL;
}

bool runs_index_setting(runs_table *table, int setting) {
  sqlite3_stmt *statement =
      runs_index_prepare(table->index, "SELECT run, value FROM settings WHERE key = ?");
  sqlite3_bind_text(statement, 1, table->setting[setting], -1, SQLITE_STATIC);
  return runs_index_spread(table, statement, runs_index_take_setting, setting) > 0;
}

static bool runs_index_take_column(runs_table *table, runs_row *row, sqlite3_stmt *statement,
                                   int column) {
  if (runs_columns[column].is_text) {
    row->value[column] = runs_index_text(table, statement, 1, column);
    return row->value[column] != NULL;
  }
  table->number[column][row->at] = sqlite3_column_type(statement, 1) != SQLITE_NULL
                                       ? sqlite3_column_double(statement, 1)
                                       : (double)NAN;
  return true;
}

bool runs_index_column(runs_table *table, int column) {
  char sql[RUNS_SQL];
  if (!runs_columns[column].is_text) {
    table->number[column] = calloc((size_t)table->n_made + 1, sizeof(double));
    if (table->number[column] == NULL) {
      return false;
    }
  }
  snprintf(sql, sizeof sql, "SELECT id, \"%s\" FROM runs", runs_columns[column].name);
  return runs_index_spread(table, runs_index_prepare(table->index, sql), runs_index_take_column,
                           column) >= table->n;
}

static bool runs_index_take_row(runs_table *table, runs_row *row, sqlite3_stmt *statement,
                                int what) {
  (void)what;
  bool is_whole = true;
  for (int c = 0; c < RUNS_WIDTH && is_whole; c++) {
    if (row->value[c] == NULL) {
      row->value[c] = runs_index_text(table, statement, c + 1, c);
      is_whole = row->value[c] != NULL;
    }
  }
  return is_whole;
}

/* Few rows are asked for one by one, many by going through all. */
static bool runs_index_few(runs_table *table, sqlite3_stmt *statement) {
  bool is_whole = statement != NULL;
  for (int i = 0; i < table->n && is_whole; i++) {
    sqlite3_reset(statement);
    is_whole = sqlite3_bind_int64(statement, 1, table->row[i].id) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW &&
               runs_index_take_row(table, &table->row[i], statement, 0);
  }
  sqlite3_finalize(statement);
  return is_whole;
}

bool runs_index_rows(runs_table *table) {
  enum { MANY = 8 };
  const bool is_few = table->n < table->n_made / MANY;
  char sql[RUNS_SQL] = "SELECT id";
  runs_index_names(sql, false);
  strcat(sql, is_few ? " FROM runs WHERE id = ?" : " FROM runs");
  sqlite3_stmt *statement = runs_index_prepare(table->index, sql);
  return is_few ? runs_index_few(table, statement)
                : runs_index_spread(table, statement, runs_index_take_row, 0) >= table->n;
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

bool runs_index_rows(runs_table *table) {
  (void)table;
  return false;
}

void runs_index_close(struct runs_index *self) { (void)self; }

#endif
