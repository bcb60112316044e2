/* The manual page, hedon(1), as its text in the man macros. It is made of the same rows as the
 * help. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "command.h"

/* Print it on standard output. Returns an exit code. */
int manual_print(const command *const *commands, int n);

#endif
