/* A run folder, which alone tells all about a run:
 *
 *   config.toml           resolved settings, first seed, number of learners; written last of all
 *                         when the folder is made, so that it marks a complete one, and again
 *                         when a run becomes longer
 *   metrics.jsonl         one JSON object a line; lines are appended, never changed
 *   checkpoint-SEED.hd    the learner's last checkpoint, replaced as a whole
 *   policy.hd             whose policy the learners' synapses began with, if somebody's
 *
 * A lock on metrics.jsonl keeps a second process out. */
#ifndef HD_RUN_FOLDER_H
#define HD_RUN_FOLDER_H

#include <pthread.h>

#include "checkpoint.h"
#include "config_text.h"

typedef struct hd__run {
  char dir[HD_PATH_SIZE];
  int metrics; /* file descriptor; -1: closed */
  pthread_mutex_t mutex;
} hd__run;

/* Make the folder, and those above it; teacher may be NULL.
 * Errors  IO (cannot be written, holds a run, or holds something else). */
hd_status hd__run_create(hd_ctx *ctx, const char *dir, const hd_config *config,
                         const hd__run_table *table, hd_session *teacher, hd__run *run);

/* Open a folder to go on in it.  Errors  IO (no run, or in use), FORMAT, as hd_config_read. */
hd_status hd__run_open(hd_ctx *ctx, const char *dir, hd__run *run, hd_config **config,
                       hd__run_table *table);
void hd__run_close(hd__run *run);

/* Make the lines appended so far safe, then replace config.toml: a run went on further than it was
 * to go at first.  Errors  IO. */
hd_status hd__run_change(hd_ctx *ctx, const hd__run *run, const hd_config *config,
                         const hd__run_table *table);

/* Append one line, ended by a line feed, whole or not at all. Any thread.  Errors  IO. */
hd_status hd__run_append(hd_ctx *ctx, hd__run *run, const void *line, size_t size);

/* Make the lines appended so far safe, then replace a checkpoint. Any thread.  Errors  IO. */
hd_status hd__run_save(hd_ctx *ctx, hd__run *run, hd_session *session, uint64_t seed,
                       hd__extra_views extra);

/* Load the checkpoint of a seed; *out is NULL if there is none yet. */
hd_status hd__run_load(hd_ctx *ctx, const hd__run *run, uint64_t seed, hd__extra_views extra,
                       hd_session **out);

/* Load whose policy the learners began with; *out is NULL if nobody's. */
hd_status hd__run_load_teacher(hd_ctx *ctx, const hd__run *run, hd_session **out);

/* Call `fn` with every line of metrics.jsonl.  Errors  IO, FORMAT, NOMEM. */
typedef void (*hd__line_fn)(void *user, const char *line, size_t size);
hd_status hd__run_read_lines(hd_ctx *ctx, const hd__run *run, hd__line_fn fn, void *user);

#endif
