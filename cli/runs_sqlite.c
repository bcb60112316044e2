#ifdef HEDON_SQLITE
#include "runs_sqlite.h"

struct runs_sqlite runs_sqlite;

static const char *const names[] = {RUNS_SQLITE(LOADED_NAME)};
enum { N_NAMES = sizeof names / sizeof *names };
_Static_assert(sizeof runs_sqlite == N_NAMES * sizeof(void *), "a pointer for each name");

bool runs_sqlite_open(void) {
  static bool is_open;
  is_open = is_open || loaded_open(HEDON_SQLITE, N_NAMES, names, &runs_sqlite);
  return is_open;
}
#endif
