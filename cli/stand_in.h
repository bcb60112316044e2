/* A run of an environment that is not here, such as a class of a Python program: the record of what
 * it did can be read all the same. The environment's name is made known with nothing behind it:
 * whoever wants to step it is told that it is not loaded. */
#ifndef CLI_STAND_IN_H
#define CLI_STAND_IN_H

#include "hedon/hedon.h"

/* Make the name known of the task in a run's config.toml; false: it is known, or there is none. */
bool stand_in_register_of(hd_ctx *ctx, const char *path);

/* Is the task of this name known by its name alone? */
bool stand_in_is(hd_ctx *ctx, const char *task);

#endif
