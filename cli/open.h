/* What nearly every command opens first. */
#ifndef CLI_OPEN_H
#define CLI_OPEN_H

#include "command.h"
#include "hedon/hedon.h"
#include "notes.h"

/* A context with the plug-ins of the command line, whose diagnoses are shown as notes. Returns an
 * exit code, and has spoken if it is not EXIT_OK. */
int open_context(const arguments *args, notes *log, hd_ctx **out);

/* The settings a command line describes: TASK and method, then --config, then the flags. */
int open_config(hd_ctx *ctx, const arguments *args, hd_config **out);

/* Lay pairs key=value over a configuration, with one of the characters `between` between them. */
hd_status open_row(hd_config *config, const char *row, const char *between);

/* The same of the flags: --steps, --episodes and --set. */
hd_status open_flags(hd_config *config, const arguments *args);

/* Threads asked for, or one per processor. */
int open_threads(const arguments *args);

extern const char default_method[];

#endif
