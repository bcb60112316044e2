/* Files that are written as a whole or not at all. */
#ifndef CLI_WRITE_WHOLE_H
#define CLI_WRITE_WHOLE_H

#include <stdio.h>

typedef void (*write_fn)(FILE *file, const void *what);

/* Write PATH.part, then give it its name; what is there and is not a regular file stays. Returns an exit
 * code and has spoken if it is not EXIT_OK. */
int write_whole(const char *path, write_fn write, const void *what);

#endif
