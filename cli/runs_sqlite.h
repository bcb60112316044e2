/* SQLite, which keeps the index of hedon runs. Its functions are called by their names, once
 * runs_sqlite_open has found them. */
#ifndef CLI_RUNS_SQLITE_H
#define CLI_RUNS_SQLITE_H

#include <sqlite3.h>

#include "loaded.h"

#define RUNS_SQLITE(F)                                                                            \
  F(sqlite3_bind_int64)                                                                           \
  F(sqlite3_bind_null)                                                                            \
  F(sqlite3_bind_text)                                                                            \
  F(sqlite3_busy_timeout) F(sqlite3_close) F(sqlite3_column_bytes) F(sqlite3_column_double)       \
      F(sqlite3_column_int) F(sqlite3_column_int64) F(sqlite3_column_text) F(sqlite3_column_type) \
          F(sqlite3_errcode) F(sqlite3_errmsg) F(sqlite3_exec) F(sqlite3_file_control)            \
              F(sqlite3_finalize) F(sqlite3_last_insert_rowid) F(sqlite3_open_v2)                 \
                  F(sqlite3_prepare_v2) F(sqlite3_reset) F(sqlite3_sleep) F(sqlite3_step)

struct runs_sqlite {
  RUNS_SQLITE(LOADED_MEMBER)
};
extern struct runs_sqlite runs_sqlite;

/* Load the library, if that was not done. False: the reason has been printed. */
bool runs_sqlite_open(void);

#define sqlite3_bind_int64 runs_sqlite.sqlite3_bind_int64
#define sqlite3_bind_null runs_sqlite.sqlite3_bind_null
#define sqlite3_bind_text runs_sqlite.sqlite3_bind_text
#define sqlite3_busy_timeout runs_sqlite.sqlite3_busy_timeout
#define sqlite3_close runs_sqlite.sqlite3_close
#define sqlite3_column_bytes runs_sqlite.sqlite3_column_bytes
#define sqlite3_column_double runs_sqlite.sqlite3_column_double
#define sqlite3_column_int runs_sqlite.sqlite3_column_int
#define sqlite3_column_int64 runs_sqlite.sqlite3_column_int64
#define sqlite3_column_text runs_sqlite.sqlite3_column_text
#define sqlite3_column_type runs_sqlite.sqlite3_column_type
#define sqlite3_errcode runs_sqlite.sqlite3_errcode
#define sqlite3_errmsg runs_sqlite.sqlite3_errmsg
#define sqlite3_exec runs_sqlite.sqlite3_exec
#define sqlite3_file_control runs_sqlite.sqlite3_file_control
#define sqlite3_finalize runs_sqlite.sqlite3_finalize
#define sqlite3_last_insert_rowid runs_sqlite.sqlite3_last_insert_rowid
#define sqlite3_open_v2 runs_sqlite.sqlite3_open_v2
#define sqlite3_prepare_v2 runs_sqlite.sqlite3_prepare_v2
#define sqlite3_reset runs_sqlite.sqlite3_reset
#define sqlite3_sleep runs_sqlite.sqlite3_sleep
#define sqlite3_step runs_sqlite.sqlite3_step

#endif
