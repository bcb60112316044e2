/* What an index knows of the folders of its runs, and what brings it up to date. */
#ifndef CLI_RUNS_KNOWN_H
#define CLI_RUNS_KNOWN_H

#include "runs_index_file.h"

/* A run that was found. */
typedef struct runs_found {
  const char *path, *run; /* with the folder, and below it */
  int64_t mtime, size;    /* of metrics.jsonl: nanoseconds, bytes; -1: there is none */
  int64_t config;         /* mtime of config.toml; looked at where it is asked for */
  int64_t id;             /* in the index, of one that is not new */
  bool is_new;
} runs_found;

/* Folders that a walk looked into. */
typedef struct runs_folders {
  char **folder; /* below the index's own; "." is that */
  int64_t *mtime;
  int n, capacity;
  bool is_partial; /* out of memory, or one changed so lately that its mtime may stay as it is */
} runs_folders;

typedef struct runs_refresh {
  hd_ctx *ctx;
  struct runs_index *index;
  runs_table *out; /* keeps the texts */
  runs_found *found;
  int n, capacity, n_read, n_skipped;
  bool is_thorough; /* look at config.toml as well */
  runs_folders *folders;
} runs_refresh;

/* Append a run of this path, which the table keeps. NULL: out of memory. */
runs_found *runs_refresh_add(runs_refresh *self, const char *path);
void runs_found_look(runs_found *self, const struct stat *metrics);

/* Find the runs of the index by asking for their files, where no folder changed since it was looked
 * into. False: the folders have to be looked into. */
bool runs_known_fill(runs_refresh *self);

/* A run_walk_fn: remember a folder of a walk. */
int runs_known_folder(void *user, const char *path, const struct stat *file);

/* Write the folders of a walk into the index, if nobody else writes into it. */
void runs_known_keep(struct runs_index *self, const runs_folders *folders);
void runs_known_free(runs_folders *folders);

#endif
