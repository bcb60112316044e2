/* An index of the runs in a folder, FOLDER/runs.sqlite, which spares reading them: rows of `hedon
 * runs` and all settings. The folders are the truth: a run whose metrics.jsonl changed since is
 * read anew when the index is opened, and every run by `hedon runs reindex`, which makes the index.
 * Needs libsqlite3 when the tool is built. A table of an older version is made anew.
 *
 * Version 3 (PRAGMA user_version):
 *   runs      id; mtime (nanoseconds since 1970) and size (bytes) of metrics.jsonl, -1 where there
 *             is none; mtime of config.toml; and a column for each of RUNS_COLUMNS; `run` is the
 *             path below the folder
 *   settings  run (an id), key, value: every setting that something in the run reads
 *   folders   folder (a path below the folder; "." is itself), mtime: folders that hold no run of
 *             their own, when they were looked into; while none of them changed, there are the same
 *             runs. Empty: they have to be looked into */
#ifndef CLI_RUNS_INDEX_H
#define CLI_RUNS_INDEX_H

#include "runs_table.h"

/* Has a folder an index that this build can read? Where SQLite cannot be loaded it has not, and why
 * has been printed. */
bool runs_index_is_there(const char *folder);

/* Open the index of a folder, made if there is none, bring it up to date (thoroughly: settings
 * that somebody edited as well), and fill an empty table with a row for each run, of which columns
 * are read when they are asked for. Returns an exit code and has spoken if it is not EXIT_OK;
 * *n_read: runs that were read. */
int runs_index_open(hd_ctx *ctx, const char *folder, bool is_thorough, runs_table *out,
                    int *n_read);

/* Fill the setting-th setting of a table's rows, and whether there is a row that has it; a column
 * of all rows; what the rows that are left have not yet. */
bool runs_index_setting(runs_table *table, int setting);
bool runs_index_column(runs_table *table, int column);
bool runs_index_rows(runs_table *table);

void runs_index_close(struct runs_index *self);

#endif
