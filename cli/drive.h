/* Run a study to its end, watched, and tell how it went: what train and resume share. */
#ifndef CLI_DRIVE_H
#define CLI_DRIVE_H

#include "command.h"
#include "hedon/hedon.h"
#include "notes.h"

/* dir is where the run is kept, or NULL. Returns the exit code. */
int drive(hd_ctx *ctx, notes *log, hd_study *study, const char *dir, const arguments *args);

#endif
