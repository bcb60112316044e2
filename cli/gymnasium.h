/* Tasks called gymnasium:NAME are environments of Python's package gymnasium. */
#ifndef CLI_GYMNASIUM_H
#define CLI_GYMNASIUM_H

#include "command.h"
#include "hedon/hedon.h"

/* Make every environment known that the command line names, or that a run or a checkpoint does
 * which it names. Returns an exit code, and has spoken if it is not EXIT_OK. */
int gymnasium_register_named(hd_ctx *ctx, const arguments *args);

/* Make the environment known that a run's config.toml names; false: it names none, or one that
 * cannot be had, of which has been spoken. */
bool gymnasium_register_of(hd_ctx *ctx, const char *path);

#endif
