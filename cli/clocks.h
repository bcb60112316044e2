/* Clocks, in seconds. */
#ifndef CLI_CLOCKS_H
#define CLI_CLOCKS_H

double clock_wall(void);    /* moves forward only */
double clock_thread(void);  /* processor time of the calling thread, */
double clock_process(void); /* and of all threads */

#endif
