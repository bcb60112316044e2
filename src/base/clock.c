#include "clock.h"

#include <time.h>

static double clock_seconds(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) { /* WebAssembly counts no time of threads */
    clock_gettime(CLOCK_MONOTONIC, &now);
  }
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double hd__clock_wall(void) { return clock_seconds(CLOCK_MONOTONIC); }

double hd__clock_thread(void) { return clock_seconds(CLOCK_THREAD_CPUTIME_ID); }
