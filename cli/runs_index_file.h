/* What the files of the index share. */
#ifndef CLI_RUNS_INDEX_FILE_H
#define CLI_RUNS_INDEX_FILE_H

#include "runs_sqlite.h"
#include "runs_table.h"

enum { RUNS_SQL = 4096, RUNS_BUSY_MS = 20000 };

struct runs_index {
  sqlite3 *db;
  char folder[RUN_PATH], path[RUN_PATH + 16];
  bool is_network; /* other machines may write into the folder */
};

/* Say what SQLite says. */
int runs_index_fail(const struct runs_index *self);

bool runs_index_do(struct runs_index *self, const char *sql);

/* NULL: failed. The caller finalizes it. */
sqlite3_stmt *runs_index_prepare(struct runs_index *self, const char *sql);

/* Append the names of all columns, a comma before each, with their types where `has_types`. */
void runs_index_names(char sql[RUNS_SQL], bool has_types);

/* FOLDER/RUN, kept by the table; NULL: out of memory. */
const char *runs_index_path(runs_table *out, const char *run, size_t length);

/* Fill an empty table with the folder and the id of every run. False: that cannot be read. */
bool runs_index_load(struct runs_index *self, runs_table *out);

/* Bring the index up to date with the folders below its own, by what changed or thoroughly, and
 * fill the table likewise; *n_read: runs that were read. Has spoken if it does not return EXIT_OK.
 */
int runs_index_refresh(hd_ctx *ctx, struct runs_index *self, bool is_thorough, runs_table *out,
                       int *n_read);

#endif
