/* Clocks, in seconds: one that only moves forward, and the processor time of the calling thread. */
#ifndef HD_CLOCK_H
#define HD_CLOCK_H

double hd__clock_wall(void);
double hd__clock_thread(void);

#endif
