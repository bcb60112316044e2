/* The ranges in which an environment's observations and actions lie, as a checkpoint keeps them:
 * what a learner has learned is about numbers of that scale. A text of 16 hexadecimal digits for
 * each component, the bits of its lowest and highest value; observations first. */
#ifndef HD_CHECKPOINT_RANGES_H
#define HD_CHECKPOINT_RANGES_H

#include "file.h"
#include "hedon/env.h"
#include "json_read.h"

void hd__ranges_write(hd__sink *sink, const hd_env_desc *env);

/* Compare what a file keeps with an environment of now. Other ranges of actions are refused, since
 * an action would be another one; of observations, which may have been found by trying, a line of
 * the log tells.  Errors  MISMATCH. */
hd_status hd__ranges_check(hd_ctx *ctx, const char *path, hd__json_text saved,
                           const hd_env_desc *env);

#endif
