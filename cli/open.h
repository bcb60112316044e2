/* What nearly every command opens first. */
#ifndef CLI_OPEN_H
#define CLI_OPEN_H

#include "command.h"
#include "hedon/hedon.h"
#include "notes.h"

/* A context with the plug-ins of the command line, whose diagnoses are shown as notes. Returns an
 * exit code, and has spoken if it is not EXIT_OK. */
int open_context(const arguments *args, notes *log, hd_ctx **out);
/* The same with a log hook of one's own. */
int open_context_with(const arguments *args, hd_log_fn log, void *user, hd_ctx **out);

/* The settings a command line describes: TASK and method, then --config, then the flags. */
int open_config(hd_ctx *ctx, const arguments *args, hd_config **out);

/* Set a key to a value, "key=value" of so many characters; or several, "key=value:key=value". */
hd_status open_set_pair(hd_config *config, const char *pair, size_t length);
hd_status open_row(hd_config *config, const char *row);

/* The same of the flags: --steps, --episodes and --set. */
hd_status open_flags(hd_config *config, const arguments *args);

/* Refuse flags that exclude each other. Returns an exit code. */
int open_check_flags(const arguments *args);

/* A line on standard error before what takes a while to set up. */
void open_note_size(const arguments *args, const hd_config *config);

/* The first seed and the number of learners: of the command line, else of the file of --config,
 * else 0 and 1. */
void open_seeds(const arguments *args, const hd_config *config, uint64_t *seed, int *n);

/* Threads asked for, or one per processor. */
int open_threads(const arguments *args);

extern const char default_method[];

#endif
