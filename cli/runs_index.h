/* An index of the runs in a folder, FOLDER/runs.sqlite, which spares reading them: rows of `hedon
 * runs` and all settings. The folders are the truth: whatever changed since is read anew when the
 * index is opened. Made by `hedon runs reindex`; needs libsqlite3 when the tool is built.
 *
 * Version 1 (PRAGMA user_version):
 *   runs      id, stamp (times and sizes of config.toml and metrics.jsonl), and a column for each
 * of RUNS_COLUMNS; `run` is the path below the folder settings  run (an id), key, value: every
 * setting that something in the run reads */
#ifndef CLI_RUNS_INDEX_H
#define CLI_RUNS_INDEX_H

#include "runs_table.h"

/* Has a folder an index that this build can read? */
bool runs_index_is_there(const char *folder);

/* Open the index of a folder, made if there is none, bring it up to date, and fill an empty table
 * with its rows. Returns an exit code and has spoken if it is not EXIT_OK; *n_read: runs that were
 * read. */
int runs_index_open(hd_ctx *ctx, const char *folder, runs_table *out, int *n_read);

/* Fill the setting-th setting of a table's rows; is there a row that has it? */
bool runs_index_setting(runs_table *table, int setting);

void runs_index_close(struct runs_index *self);

#endif
