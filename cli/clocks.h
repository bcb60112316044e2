/* Clocks, in seconds. */
#ifndef CLI_CLOCKS_H
#define CLI_CLOCKS_H

#include <stdint.h>
#include <sys/stat.h>

double clock_wall(void);    /* moves forward only */
double clock_thread(void);  /* processor time of the calling thread, */
double clock_process(void); /* and of all threads */

/* When a file was changed last, in nanoseconds. */
int64_t clock_modified(const struct stat *file);

#endif
